//! Writing: what changes with the draft, and when it is measured.

use entropix_conversation::Made;
use entropix_protocol::Request;

use crate::client::{Client, Effects};
use crate::msg::{Effect, Msg, key};
use crate::state::Draft;

/// Wait after the last keystroke before the draft is measured, in ms.
const REST: u32 = 300;

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
            if self.chats.open.id.is_empty() {
                let text = serde_json::to_string(&self.draft.system).ok();
                out.push(Effect::Keep(key::SYSTEM, text));
            }
            self.chats.open.dirty = true;
            self.keep_soon(out);
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
        let idle = self.running.is_none() && self.draining.is_empty();
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
        if self.chats.erased {
            return;
        }
        let text = Some(&self.draft.text).filter(|text| !text.is_empty());
        let text = text.and_then(|text| serde_json::to_string(text).ok());
        out.push(Effect::KeepDraft(self.chats.open.id.clone(), text));
    }
}
