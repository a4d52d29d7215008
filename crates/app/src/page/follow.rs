//! The end of a growing answer stays in view, until the reader scrolls up; and again once he goes to the end himself.

use gloo::events::{EventListener, EventListenerOptions};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{KeyboardEvent, ResizeObserver, TouchEvent, WheelEvent};

use crate::page::browser;

/// So near to the end, in CSS pixels, is at it.
const NEAR: f64 = 4.0;
/// Who goes down and comes so near, in CSS pixels, wants the end: it moved on by a line or two meanwhile.
const RESUMES: f64 = 80.0;
/// What grows within this time, in ms, grew because of the answer. Later it was something that the reader opened.
const LASTS: f64 = 500.0;

#[derive(Clone, Copy)]
struct State {
    /// Whether the end is kept in view.
    on: bool,
    /// Where the page was when it was last seen to scroll, in CSS pixels.
    at: f64,
    /// Where the finger that is down began, in CSS pixels.
    finger: Option<f64>,
    /// Until when what grows is the answer, in ms.
    until: f64,
}

/// Whether the page follows the answer.
#[derive(Clone, Copy)]
pub(super) struct Follow(StoredValue<State>);

impl Follow {
    /// Listens to what the reader does.
    pub(super) fn start() -> Self {
        let this = Self(StoredValue::new(State { on: true, at: 0.0, finger: None, until: 0.0 }));
        listen("wheel", move |event| {
            if event.unchecked_ref::<WheelEvent>().delta_y() < 0.0 {
                this.let_go();
            }
        });
        for name in ["touchstart", "touchmove", "touchend", "touchcancel"] {
            listen(name, move |event| this.touched(event.unchecked_ref()));
        }
        listen("keydown", move |event| {
            let event: &KeyboardEvent = event.unchecked_ref();
            let up = matches!(event.key().as_str(), "ArrowUp" | "PageUp" | "Home")
                || event.key() == " " && event.shift_key();
            // In a field they move the caret.
            if up && browser::closest(event.target(), "textarea, input, select").is_none() {
                this.let_go();
            }
        });
        listen("scroll", move |_| this.scrolled());
        listen("resize", move |_| this.scroll());
        // What the elements draw is there a frame after the answer has it.
        let grew = Closure::<dyn FnMut()>::new(move || this.scroll());
        let observer = ResizeObserver::new(grew.into_js_value().unchecked_ref());
        if let (Ok(observer), Some(body)) = (observer, browser::document().body()) {
            observer.observe(&body);
        }
        this
    }

    /// An answer begins: its end is shown.
    pub(super) fn begin(self) {
        self.0.update_value(|state| state.on = true);
        self.grow();
        self.scroll();
    }

    /// The answer has grown, or will when it is drawn: what is laid out then is followed. Asking how long the page
    /// is now would lay it out once more for every token.
    pub(super) fn grow(self) {
        self.0.update_value(|state| state.until = js_sys::Date::now() + LASTS);
    }

    fn scroll(self) {
        if self.0.with_value(|state| {
            state.on && state.finger.is_none() && js_sys::Date::now() < state.until
        }) {
            browser::scroll_to_end();
            // Its event comes later, and is not the reader's.
            self.0.update_value(|state| state.at = browser::scrolled());
        }
    }

    fn let_go(self) {
        // A page that fits into its window has nowhere to go.
        if browser::scrolled() > 0.0 {
            self.0.update_value(|state| state.on = false);
        }
    }

    /// The page stands still under a finger; one that went down pulled earlier text into view. Its moves may come
    /// late or never: the browser scrolls without us.
    fn touched(self, event: &TouchEvent) {
        let Some(touch) = event.changed_touches().get(0) else { return };
        let y = f64::from(touch.client_y());
        match event.type_().as_str() {
            "touchstart" => self.0.update_value(|state| state.finger = Some(y)),
            kind => {
                if self.0.with_value(|state| state.finger).is_some_and(|start| y > start + NEAR) {
                    self.let_go();
                }
                if kind != "touchmove" {
                    self.0.update_value(|state| state.finger = None);
                    self.scroll();
                }
            }
        }
    }

    /// By a scroll bar, too. A page that became shorter is pushed up to its end: that is not the reader.
    fn scrolled(self) {
        let (at, to_go) = (browser::scrolled(), browser::to_end());
        self.0.update_value(|state| {
            let (up, down) = (at < state.at, at > state.at);
            state.on = (state.on || down && to_go <= RESUMES) && !(up && to_go > NEAR);
            state.at = at;
        });
    }
}

/// For as long as the page lives, and without holding up its scrolling.
fn listen(name: &'static str, act: impl FnMut(&web_sys::Event) + 'static) {
    let options = EventListenerOptions { passive: true, ..EventListenerOptions::default() };
    EventListener::new_with_options(&browser::window(), name, options, act).forget();
}
