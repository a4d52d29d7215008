//! Questions to a chat model, for measurements that should repeat.

use std::path::Path;

use anyhow::ensure;
use entropix_generate::Chat;
use entropix_protocol::{ChatMessage, Role};

use crate::clock;
use crate::text;

/// Twenty of them, one per line.
const OURS: &str = include_str!("prompts.txt");

/// The lines of a file, or ours.
pub(crate) fn read(path: Option<&Path>) -> anyhow::Result<Vec<String>> {
    let text = match path {
        None => OURS.to_owned(),
        Some(path) => text::read(path)?,
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let prompts: Vec<String> = lines.map(str::to_owned).collect();
    ensure!(!prompts.is_empty(), "there is no prompt: give a file with one per line");
    Ok(prompts)
}

/// The token ids that ask `question` in a new conversation.
pub(crate) fn ids(chat: &Chat, question: &str) -> anyhow::Result<Vec<u32>> {
    let message = ChatMessage { role: Role::User, content: question.to_owned(), ids: None };
    chat.prompt(&[message], clock::now())
        .map(|prompt| prompt.ids)
        .map_err(|error| anyhow::anyhow!("{}", error.problem()))
}
