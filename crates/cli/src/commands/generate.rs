//! Answers, token by token, with everything the sampler saw.

use entropix_chat::{Chat, Step};
use entropix_protocol::{ChatMessage, TokenEntry};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::sampler;

const MAX_TOKENS: u32 = 256;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    /// The prompt as token ids,
    ids: Option<Vec<u32>>,
    /// or as text, in which control tokens' names are control tokens,
    prompt: Option<String>,
    /// or as a conversation.
    messages: Option<Vec<ChatMessage>>,
    #[serde(default)]
    sampler: Value,
    #[serde(default)]
    seed: u64,
    #[serde(default = "max_tokens")]
    max_tokens: u32,
}

fn max_tokens() -> u32 {
    MAX_TOKENS
}

pub(crate) fn answer(chat: &mut Chat, request: Request) -> Result<Value, Failure> {
    let ids = match (request.ids, request.prompt, request.messages) {
        (Some(ids), None, None) => ids,
        (None, Some(text), None) => chat.tokenizer().encode(&text, true)?,
        (None, None, Some(messages)) => chat.prompt(&messages)?.ids,
        _ => return Err(Failure::bad_request("give one of ids, prompt and messages")),
    };
    let sampler = sampler::read(&request.sampler, pause_token(chat))?;
    let generation = chat.generate(ids, sampler, request.seed, request.max_tokens)?;
    let mut tokens = Vec::new();
    let generation = chat.finish(generation, |step| {
        if let Step::Token(entry) = step {
            tokens.push(TokenEntry::clone(entry));
        }
    })?;
    let text: String = tokens.iter().map(|token| token.text.as_str()).collect();
    Ok(json!({ "ids": generation.ids(), "text": text, "tokens": tokens }))
}

/// The pause token of the model's own vocabulary.
pub(crate) fn pause_token(chat: &Chat) -> Option<u32> {
    chat.tokenizer().token(entropix_chat::PAUSE_TEXT)
}
