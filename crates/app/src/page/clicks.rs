//! The second click of a double click must not hit the button that came under the pointer meanwhile: "Stop" takes
//! the place of "Send", and "New chat" moves there when the page grows.

use gloo::events::{EventListener, EventListenerOptions};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use crate::page::browser;

/// Two clicks within this time, in ms, are one double click, whatever the browser counts.
const QUICK: f64 = 200.0;
/// Two that the browser counts as one, within this time.
const DOUBLE: f64 = 500.0;
/// So far apart, in CSS pixels, they are two.
const APART: i32 = 12;

/// A click on a button.
#[derive(Clone)]
struct Click {
    button: Element,
    at: (i32, i32),
    time: f64,
}

/// Keeps second clicks away from buttons that had no first one.
pub(super) fn guard() {
    let last = StoredValue::new_local(None::<Click>);
    let options = EventListenerOptions::run_in_capture_phase();
    let options = EventListenerOptions { passive: false, ..options };
    let clicked = move |event: &web_sys::Event| {
        let mouse: &MouseEvent = event.unchecked_ref();
        let button = browser::closest(event.target(), "button");
        // Those of the keyboard have no place.
        let Some(button) = button.filter(|_| mouse.detail() > 0) else { return };
        let click =
            Click { button, at: (mouse.client_x(), mouse.client_y()), time: event.time_stamp() };
        let limit = if mouse.detail() > 1 { DOUBLE } else { QUICK };
        let stray = last.with_value(|last| {
            last.as_ref().is_some_and(|last| {
                last.button != click.button
                    && click.time - last.time < limit
                    && click.at.0.abs_diff(last.at.0) < APART as u32
                    && click.at.1.abs_diff(last.at.1) < APART as u32
            })
        });
        if stray {
            event.stop_immediate_propagation();
            event.prevent_default();
        } else {
            last.set_value(Some(click));
        }
    };
    EventListener::new_with_options(&browser::window(), "click", options, clicked).forget();
    // With something written in between they are two.
    EventListener::new(&browser::window(), "input", move |_| last.set_value(None)).forget();
}
