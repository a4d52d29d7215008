//! The keyboard's focus. Where what has it is taken away, browsers give it to the page, and whoever goes by keyboard is at
//! the top again.

use leptos::prelude::request_animation_frame;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::page::browser::document;

/// What can take it over.
const ROOMS: &str = ".turn, .panel, .rail";
/// The answer that was said last.
const LAST: &str = ".turn.model:last-of-type";

/// What has the focus, and the rooms that it is in, from the inside out.
pub(super) struct Focus {
    at: Option<Element>,
    rooms: Vec<Element>,
}

impl Focus {
    pub(super) fn now() -> Self {
        let at = document().active_element();
        let room = |of: &Element| of.closest(ROOMS).ok().flatten();
        let outer = |inner: &Element| inner.parent_element().and_then(|it| room(&it));
        let rooms = std::iter::successors(at.as_ref().and_then(room), outer).collect();
        Self { at, rooms }
    }

    /// Gives it to the room, if what had it is gone when the page is drawn again, and to the last answer if that is
    /// gone, too.
    pub(super) fn keep(self) {
        request_animation_frame(move || {
            if self.at.is_none_or(|at| at.is_connected()) || !is_lost() {
                return;
            }
            let room = self.rooms.into_iter().find(|room| room.is_connected());
            let last = || document().query_selector(LAST).ok().flatten();
            if let Some(room) = room.or_else(last).and_then(|it| it.dyn_into::<HtmlElement>().ok())
            {
                room.set_tab_index(-1);
                drop(room.focus());
            }
        });
    }
}

/// Whether nothing has it.
fn is_lost() -> bool {
    document().active_element().is_none_or(|at| at.tag_name() == "BODY")
}
