//! What is said as plain text and as Markdown, for the clipboard.

use entropix_conversation::{Body, Conversation, TurnId};
use entropix_protocol::Role;

use crate::versions::made;

/// The text of an answer, without marks; it is Markdown as far as the model wrote such.
pub fn answer(conversation: &Conversation, turn: TurnId) -> Option<String> {
    Some(conversation.answer(turn)?.text().trim().to_owned())
}

/// The turns that are shown, as Markdown: who spoke, and how each answer was made.
pub fn chat(conversation: &Conversation) -> String {
    let turns = conversation.path().into_iter().map(|turn| {
        let how = match &turn.body {
            Body::Answer(answer) => {
                let made = made(conversation, turn.id).unwrap_or_default();
                format!("**{}** ({} · {made})", speaker(answer.is_text()), answer.made.model)
            }
            Body::Said(message) if message.role == Role::User => "**You**".to_owned(),
            Body::Said(_) => format!("**{}**", speaker(false)),
        };
        format!("{how}\n\n{}\n", turn.words().trim())
    });
    turns.collect::<Vec<_>>().join("\n")
}

/// What stands above what the model said or read.
pub fn speaker(is_text: bool) -> &'static str {
    if is_text { "Text" } else { "Model" }
}
