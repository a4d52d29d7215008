//! A person turns the dial of a word: what its numbers make of the distribution goes back to the inspector.

use js_sys::{Float64Array, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::CustomEvent;

use crate::page::run;
use crate::page::state::Choice;
use entropix_client::dial;

/// Listens to the inspector.
pub(super) fn listen() {
    let run = run();
    let choice: Choice = expect_context();
    let turned = window_event_listener_untyped("turn", move |event| {
        let detail = event.unchecked_ref::<CustomEvent>().detail();
        let get = |name: &str| Reflect::get(&detail, &name.into()).unwrap_or_default();
        let spot = choice.shown().filter(|spot| get("index") == spot.index);
        let numbers = Float64Array::new(&get("numbers")).to_vec();
        let told = spot.and_then(|spot| {
            run.answer(spot.turn, |answer| {
                let entry = answer.entries.get(spot.index as usize)?;
                Some((dial::path(entry, &numbers)?, dial::turn(entry, &numbers)?.list()))
            })
        });
        if let (Some(inspector), Some((path, turned))) = (event.target(), told.flatten()) {
            for (name, list) in [("path", path), ("turned", turned)] {
                let list = Float64Array::from(list.as_slice());
                drop(Reflect::set(&inspector, &JsValue::from_str(name), &list));
            }
        }
    });
    on_cleanup(move || turned.remove());
}
