//! Answers, token by token, with everything the sampler saw.

use entropix::ModelDefaults;
use entropix_generate::Chat;
use entropix_protocol::{ChatMessage, Recipe, Seed};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::clock;
use crate::failure::Failure;
use crate::sampler;

const MAX_TOKENS: u32 = 256;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    /// The prompt as token ids,
    ids: Option<Vec<u32>>,
    /// or as text, in which control tokens' names are control tokens; the file's start token is put
    /// before it where the file asks for it,
    prompt: Option<String>,
    /// or as a conversation.
    messages: Option<Vec<ChatMessage>>,
    #[serde(default)]
    sampler: Value,
    #[serde(default)]
    seed: Seed,
    /// 0 for as many as the context holds.
    #[serde(default = "max_tokens")]
    max_tokens: u32,
}

fn max_tokens() -> u32 {
    MAX_TOKENS
}

pub(crate) fn answer(
    chat: &mut Chat,
    model: &ModelDefaults,
    request: Request,
) -> Result<Value, Failure> {
    let is_text = request.messages.is_none();
    let ids = match (request.ids, request.prompt, request.messages) {
        (Some(ids), None, None) => ids,
        (None, Some(text), None) => chat.tokenizer().encode_prompt(&text, true)?,
        (None, None, Some(messages)) => chat.prompt(&messages, clock::now())?.ids,
        _ => return Err(Failure::bad_request("give one of ids, prompt and messages")),
    };
    let sampler = sampler::read(&request.sampler, model)?;
    let Request { seed, max_tokens, .. } = request;
    let recipe = Recipe { sampler, seed, max_tokens, ..Recipe::default() };
    let go = if is_text { Answer::continuing } else { Answer::to };
    let answer = go(chat, ids, recipe)?;
    let text = answer.text();
    let mut json = json!({ "ids": answer.ids, "text": text, "tokens": answer.tokens });
    if !answer.retracted.is_empty() {
        json["retracted"] = json!(answer.retracted);
    }
    Ok(json)
}
