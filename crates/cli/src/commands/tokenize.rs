//! Text to token ids.

use entropix_generate::Chat;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::failure::Failure;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    text: String,
    #[serde(default)]
    special: bool,
}

pub(crate) fn answer(chat: &Chat, request: &Request) -> Result<Value, Failure> {
    Ok(json!({ "ids": chat.tokenizer().encode(&request.text, request.special)? }))
}
