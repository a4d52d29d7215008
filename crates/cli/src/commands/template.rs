//! Conversation to prompt.

use entropix_engine::Message;
use entropix_generate::Chat;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock;
use crate::failure::Failure;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    messages: Vec<Turn>,
    #[serde(default = "yes")]
    add_generation_prompt: bool,
}

/// Roles are the template's business here.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Turn {
    role: String,
    content: String,
}

fn yes() -> bool {
    true
}

pub(crate) fn answer(chat: &Chat, request: &Request) -> Result<Value, Failure> {
    let messages: Vec<_> = request
        .messages
        .iter()
        .map(|turn| Message { role: &turn.role, content: &turn.content, ids: None })
        .collect();
    let template = &chat.loaded().template;
    let prompt = template.prompt(
        chat.tokenizer(),
        &messages,
        request.add_generation_prompt,
        clock::now(),
    )?;
    Ok(json!({ "text": prompt.text, "ids": prompt.ids }))
}
