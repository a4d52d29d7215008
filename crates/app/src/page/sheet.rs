//! On a narrow page the lens is a sheet over the conversation. It has three stops, for a hand, buttons and keys.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, PointerEvent};

use crate::page::browser;
use crate::page::elements::Strip;
use crate::page::live::{live, press};
use crate::page::state::Choice;
use crate::page::stop::Stop;

/// What moves the sheet: pulled by hand, or stepped by buttons and arrow keys.
#[component]
pub(super) fn Handle() -> impl IntoView {
    let choice: Choice = expect_context();
    let sheet = choice.sheet;
    let pulled = StoredValue::new(None::<f64>);
    let lens = |event: &PointerEvent| {
        browser::closest(event.current_target(), ".lens")
            .and_then(|lens| lens.dyn_into::<HtmlElement>().ok())
    };
    let down = move |event: PointerEvent| {
        if browser::closest(event.target(), "button").is_some() {
            return;
        }
        if let Some(grip) = event.current_target().and_then(|it| it.dyn_into::<HtmlElement>().ok())
        {
            drop(grip.set_pointer_capture(event.pointer_id()));
            pulled.set_value(Some(f64::from(event.client_y())));
        }
    };
    let moved = move |event: PointerEvent| {
        if let (Some(start), Some(lens)) = (pulled.get_value(), lens(&event)) {
            let by = start - f64::from(event.client_y());
            let height = sheet.get_untracked().height(window_height()) + by;
            drop(lens.style().set_property("height", &format!("{}px", height.max(0.0) as u32)));
        }
    };
    let up = move |event: PointerEvent| {
        let Some(start) = pulled.get_value() else { return };
        pulled.set_value(None);
        if let Some(lens) = lens(&event) {
            drop(lens.style().remove_property("height"));
        }
        let window = window_height();
        let by = start - f64::from(event.client_y());
        let now = sheet.get_untracked();
        let stop = if by.abs() < 24.0 {
            now
        } else {
            let near = Stop::nearest(now.height(window) + by, window);
            // A short, clear pull is a step.
            match (near == now, by > 0.0) {
                (true, true) => now.above(),
                (true, false) => now.below(),
                (false, _) => near,
            }
        };
        if stop == Stop::Closed { close(choice) } else { sheet.set(stop) }
    };
    let pressed = move |event: KeyboardEvent| {
        let stop = match event.key().as_str() {
            "ArrowUp" => sheet.get_untracked().above(),
            "ArrowDown" => sheet.get_untracked().below(),
            _ => return,
        };
        event.prevent_default();
        if stop == Stop::Closed { close(choice) } else { sheet.set(stop) }
    };
    view! {
        <div
            class="handle"
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=up
            on:pointercancel=up
            on:keydown=pressed
        >
            <button
                aria-label=live(move || if sheet.get() == Stop::Full { "Smaller" } else { "Larger" })
                on:click=press(move || {
                    sheet.update(|stop| {
                        *stop = if *stop == Stop::Full { stop.below() } else { stop.above() };
                    });
                })
            >
                {live(move || if sheet.get() == Stop::Full { "⌄" } else { "⌃" })}
            </button>
            <span class="bar" aria-hidden="true"></span>
            <button class="close" aria-label="Close" on:click=press(move || close(choice))>"×"</button>
        </div>
    }
}

/// Closes the sheet and gives the focus back to the token.
pub(super) fn close(choice: Choice) {
    if choice.sheet.get_untracked() == Stop::Closed {
        return;
    }
    choice.sheet.set(Stop::Closed);
    if browser::is_narrow()
        && let Some(strip) = Strip::chosen()
    {
        strip.focus();
    }
}

/// In CSS px.
fn window_height() -> f64 {
    browser::window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(0.0)
}
