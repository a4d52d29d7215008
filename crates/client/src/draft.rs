//! Writing: what changes with the draft, and when it is measured.

use entropix_conversation::Made;
use entropix_protocol::Request;

use crate::client::{Client, Effects};
use crate::msg::{Effect, Msg, key};
use crate::state::Draft;
use crate::words;

/// Wait after the last keystroke before the draft is measured, in ms.
const REST: u32 = 300;
/// What is at least this share of a prompt that is too long is named in the advice.
const SHARE: f64 = 0.2;

impl<B: Clone> Client<B> {
    pub(crate) fn write_draft(&mut self, text: String, out: &mut Effects<B>) {
        if text != self.draft.text {
            self.draft.text = text;
            self.measure_soon(out);
        }
    }

    pub(crate) fn write_system(&mut self, text: String, out: &mut Effects<B>) {
        if text != self.draft.system {
            self.draft.system = text;
            let text = serde_json::to_string(&self.draft.system).ok();
            out.push(Effect::Keep(key::SYSTEM, text));
            self.measure_soon(out);
        }
    }

    /// Keeps and measures the draft once the person pauses.
    pub(crate) fn measure_soon(&mut self, out: &mut Effects<B>) {
        self.draft.changes += 1;
        out.push(Effect::After(REST, Msg::Rested(self.draft.changes)));
    }

    pub(crate) fn rested(&mut self, number: u32, out: &mut Effects<B>) {
        if number != self.draft.changes {
            return;
        }
        self.keep_draft(out);
        if self.draft.text.trim().is_empty() {
            self.draft.measured = None;
            return;
        }
        // A worker that answers is not asked anything else.
        let idle = self.running.is_none() && self.draining.is_none();
        if let (Some(model), Some(worker)) = (self.status.model(), self.workers.current)
            && idle
        {
            let Draft { text, system, .. } = &self.draft;
            let vocabulary = Made::vocabulary_of(model);
            let messages = self.conversation.messages_with(text, system, &vocabulary);
            let request = Box::new(Request::Measure { id: number, messages });
            out.push(Effect::Tell { worker: worker.number, request, bytes: None });
        }
    }

    pub(crate) fn keep_draft(&self, out: &mut Effects<B>) {
        let text = Some(&self.draft.text).filter(|text| !text.is_empty());
        out.push(Effect::Keep(key::DRAFT, text.and_then(|text| serde_json::to_string(text).ok())));
    }
}

impl<B> Client<B> {
    /// That the context can't hold the draft, in words, if so.
    pub fn too_long(&self) -> Option<String> {
        let (tokens, context) =
            self.draft.measured.filter(|(tokens, context)| tokens >= context)?;
        let (tokens, context) = (words::thousands(tokens), words::thousands(context));
        Some(format!(
            "Too long: {tokens} tokens, and the context holds {context}. {}",
            self.shorten()
        ))
    }

    /// What helps against a prompt that is too long: whatever is much of it.
    pub(crate) fn shorten(&self) -> String {
        let earlier = self.conversation.messages_with("", "", "");
        let earlier: usize = earlier.iter().map(|message| message.content.len()).sum();
        let parts = [
            ("shorten the system prompt", self.draft.system.len()),
            ("shorten the message", self.draft.text.len()),
            ("start a new chat", earlier),
        ];
        let total: usize = parts.iter().map(|(_, bytes)| bytes).sum();
        let much = |&(_, bytes): &(&str, usize)| bytes as f64 >= SHARE * total as f64 && bytes > 0;
        let helps: Vec<&str> = parts.iter().copied().filter(much).map(|(what, _)| what).collect();
        let text = helps.join(" or ");
        let mut letters = text.chars();
        letters.next().map_or_else(String::new, |first| {
            format!("{}{}.", first.to_uppercase(), letters.as_str())
        })
    }
}
