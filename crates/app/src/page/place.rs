//! Where a person is in the page.

use entropix_conversation::TurnId;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/js/place.js")]
extern "C" {
    /// Keeps the keyboard's focus near, if what is done next takes away what has it.
    pub(super) fn hold();

    #[wasm_bindgen(js_name = show)]
    fn show_part(id: &str);
}

/// Brings a turn into view.
pub(super) fn show(turn: TurnId) {
    show_part(&id(turn));
}

/// The id of a turn's element.
pub(super) fn id(turn: TurnId) -> String {
    format!("turn-{turn}")
}
