//! Entries of tokens as they came from the worker, until their strip takes them: nothing is made anew for it.

use entropix_conversation::TurnId;
use wasm_bindgen::JsValue;

/// What came and was not taken yet. What is not here, as of a recording, the strip gets from our own copy.
#[derive(Default)]
pub(super) struct Arrivals {
    /// Of the message that the client is being told.
    coming: Option<JsValue>,
    /// With turn and index: a few, since strips take them within a frame.
    waiting: Vec<(TurnId, usize, JsValue)>,
}

impl Arrivals {
    /// The client is about to be told of this entry, or of none.
    pub(super) fn come(&mut self, entry: Option<JsValue>) {
        self.coming = entry;
    }

    /// The answer of `turn` went on and has `count` tokens: the entry that came is its last one. After a retraction
    /// it takes the place of the one that went. Returns whether one came.
    pub(super) fn settle(&mut self, turn: TurnId, count: usize) -> bool {
        if let Some(entry) = self.coming.take()
            && let Some(index) = count.checked_sub(1)
        {
            drop(self.take(turn, index));
            self.waiting.push((turn, index, entry));
            return true;
        }
        false
    }

    /// Hands out the entry of a token, once.
    pub(super) fn take(&mut self, turn: TurnId, index: usize) -> Option<JsValue> {
        let at = self.waiting.iter().position(|it| (it.0, it.1) == (turn, index))?;
        Some(self.waiting.swap_remove(at).2)
    }

    /// Turns came or went: a name may mean another one now.
    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }
}
