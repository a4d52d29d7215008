//! What comes from outside of the views: dropped files, the address, and the page's end.

use entropix_client::msg::Msg;
use gloo::events::{EventListener, EventListenerOptions};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::page::browser;
use crate::page::run::Run;
use crate::page::state::{Notices, Talk};

/// Listens for as long as the page lives.
pub(super) fn listen(run: Run) {
    let on = window_event_listener(leptos::ev::hashchange, move |_| {
        run.tell(Msg::Moved(browser::hash()));
    });
    on_cleanup(move || on.remove());
    accept_drops(run);
    before_the_end(run);
}

/// A file dropped anywhere on the page is opened.
fn accept_drops(run: Run) {
    let Notices { dropping, .. } = expect_context();
    // Text and links go where they are dropped.
    let has_files = |event: &web_sys::DragEvent| {
        let types = event.data_transfer().map(|transfer| transfer.types());
        types.is_some_and(|types| types.includes(&"Files".into(), 0))
    };
    let over = window_event_listener(leptos::ev::dragover, move |event| {
        if !has_files(&event) {
            return;
        }
        // Without this the browser would open the file instead.
        event.prevent_default();
        dropping.set(true);
    });
    let leave = window_event_listener(leptos::ev::dragleave, move |event| {
        if event.related_target().is_none() {
            dropping.set(false);
        }
    });
    let dropped = window_event_listener(leptos::ev::drop, move |event| {
        if !has_files(&event) {
            return;
        }
        event.prevent_default();
        dropping.set(false);
        let files = event.data_transfer().and_then(|transfer| transfer.files());
        run.open(&browser::files(files));
    });
    on_cleanup(move || {
        over.remove();
        leave.remove();
        dropped.remove();
    });
}

/// What was said is kept when the page goes, and it does not go in the middle of an answer without a question.
fn before_the_end(run: Run) {
    let Talk { running, .. } = expect_context();
    let window = browser::window();
    EventListener::new(&window, "pagehide", move |_| run.tell(Msg::Leaving)).forget();
    // Phones may never say more than this.
    EventListener::new(&browser::document(), "visibilitychange", move |_| {
        if browser::document().hidden() {
            run.tell(Msg::Leaving);
        }
    })
    .forget();
    let options = EventListenerOptions { passive: false, ..EventListenerOptions::default() };
    EventListener::new_with_options(&window, "beforeunload", options, move |event| {
        if running.get_untracked() {
            event.prevent_default();
            // Older browsers ask only then.
            drop(js_sys::Reflect::set(event, &"returnValue".into(), &JsValue::TRUE));
        }
    })
    .forget();
}
