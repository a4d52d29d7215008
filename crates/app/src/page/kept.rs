//! The browser's storage, which it may deny: then nothing is kept, and nothing fails.

use entropix_client::msg::{Kept, key};
use web_sys::Storage;

use crate::page::browser::window;

/// Where a tab finds what was its own, then where all tabs do.
fn places() -> [Option<Storage>; 2] {
    [window().session_storage(), window().local_storage()].map(|place| place.ok().flatten())
}

/// Whether a thing belongs to the tab: two tabs show two chats, and write two drafts. A new tab begins with the last.
fn is_of_tab(name: &str) -> bool {
    matches!(name, key::CONVERSATION | key::CHAT) || name.starts_with(key::DRAFT)
}

/// What is kept under a name.
pub(super) fn get(name: &str) -> Option<String> {
    let [tab, all] = places();
    let at = |place: Option<Storage>| place?.get_item(name).ok().flatten();
    at(tab.filter(|_| is_of_tab(name))).or_else(|| at(all))
}

/// Keeps a text, or forgets it.
pub(super) fn set(name: &str, text: Option<&str>) {
    let [tab, all] = places();
    for place in [tab.filter(|_| is_of_tab(name)), all].into_iter().flatten() {
        // What does not fit must not leave an older state behind.
        let kept = text.is_some_and(|text| place.set_item(name, text).is_ok());
        if !kept {
            drop(place.remove_item(name));
        }
    }
}

/// All that earlier visits left.
pub(super) fn all() -> Kept {
    Kept {
        settings: get(key::SETTINGS),
        system: get(key::SYSTEM),
        draft: get(key::DRAFT),
        chat: get(key::CHAT),
        conversation: get(key::CONVERSATION),
        model: get(key::MODEL),
        partial: get(key::PARTIAL),
        by_itself: get(key::BY_ITSELF),
    }
}
