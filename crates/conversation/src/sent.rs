//! What of a conversation a model is given.

use entropix_protocol::{ChatMessage, Role};

use crate::answer::TurnId;
use crate::tree::{Body, Conversation, Turn};

impl Conversation {
    /// The messages that an answer answers: instructions, then questions and answers in turn. Token ids go along
    /// where they are of the same vocabulary.
    pub fn messages(&self, answer: TurnId) -> Vec<ChatMessage> {
        let Some(turn) = self.turn(answer) else { return Vec::new() };
        let Body::Answer(body) = &turn.body else { return Vec::new() };
        let mut messages = lead(&body.made.system);
        self.extend(&mut messages, turn.parent, &body.made.vocabulary);
        messages
    }

    /// The messages that would be sent if `draft` were asked now. Whoever is not understood for it, as nothing was
    /// sent yet, is asked with `system` and the ids of `vocabulary`.
    pub fn messages_with(&self, draft: &str, system: &str, vocabulary: &str) -> Vec<ChatMessage> {
        let mut messages = lead(system);
        if !self.recorded {
            self.extend(&mut messages, self.base(), vocabulary);
        }
        let content = draft.trim().to_owned();
        messages.push(ChatMessage { role: Role::User, content, ids: None });
        messages
    }

    fn extend(&self, messages: &mut Vec<ChatMessage>, last: Option<TurnId>, vocabulary: &str) {
        let path = self.up_from(last);
        // A conversation that was cut short for want of room may begin with an answer.
        let first = path.iter().position(|turn| turn.role() == Role::User);
        let path = if self.recorded {
            &path
        } else {
            path.get(first.unwrap_or(path.len())..).unwrap_or(&[])
        };
        messages.extend(path.iter().map(|turn| message(turn, vocabulary)));
    }
}

fn lead(system: &str) -> Vec<ChatMessage> {
    let system = system.trim();
    let message = || ChatMessage { role: Role::System, content: system.to_owned(), ids: None };
    (!system.is_empty()).then(message).into_iter().collect()
}

fn message(turn: &Turn, vocabulary: &str) -> ChatMessage {
    match &turn.body {
        Body::Said(message) => message.clone(),
        Body::Answer(answer) => ChatMessage {
            role: Role::Assistant,
            content: answer.text(),
            ids: (answer.made.vocabulary == vocabulary).then(|| answer.ids()),
        },
    }
}
