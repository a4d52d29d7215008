//! A person has the answer go on from another word: an alternative, by a click or its number, or one of his own.

use entropix_protocol::Given;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::CustomEvent;

use crate::page::state::{Choice, Loading, Spot, Talk};
use crate::page::{browser, run};
use entropix_client::msg::Msg;

/// Listens to the inspector and to the keys 1 to 7. Returns whether the alternatives that are shown can be taken.
pub(super) fn listen() -> Memo<bool> {
    let run = run();
    let (choice, talk): (Choice, Talk) = (expect_context(), expect_context());
    let Loading { status, .. } = expect_context();
    let can = Memo::new(move |_| {
        status.track();
        talk.rows.track();
        let turn = choice.shown_turn(talk).filter(|_| !talk.running.get());
        turn.is_some_and(|turn| run.client(|client| client.can_part(turn)))
    });
    let go = move |Spot { turn, index }: Spot, given: Given| {
        run.tell(Msg::Fork { turn, at: index, given });
    };
    let steered = window_event_listener_untyped("steer", move |event| {
        let detail = event.unchecked_ref::<CustomEvent>().detail();
        let get = |name: &str| js_sys::Reflect::get(&detail, &name.into()).unwrap_or_default();
        let token = get("token").as_f64().map(|id| Given::Token(id as u32));
        let given = token.or_else(|| get("text").as_string().map(Given::Text));
        let spot = choice.shown().filter(|spot| get("index") == spot.index);
        if let (Some(spot), Some(given)) = (spot, given) {
            go(spot, given);
        }
    });
    let pressed = window_event_listener(leptos::ev::keydown, move |event| {
        let number = event.key().parse::<usize>().ok().filter(|number| (1..=7).contains(number));
        let plain = !(event.ctrl_key() || event.alt_key() || event.meta_key() || event.repeat());
        let field = "input, textarea, select, [contenteditable]";
        let typing = event.composed_path().get(0).dyn_into::<web_sys::EventTarget>().ok();
        let typing = browser::closest(typing, field).is_some();
        let spot =
            choice.selected.get_untracked().filter(|_| plain && !typing && can.get_untracked());
        let (Some(number), Some(spot)) = (number, spot) else { return };
        let token = run.answer(spot.turn, |answer| {
            let entry = answer.entries.get(spot.index as usize)?;
            entry.top.get(number - 1).map(|other| other.id)
        });
        if let Some(token) = token.flatten() {
            event.prevent_default();
            go(spot, Given::Token(token));
        }
    });
    on_cleanup(move || {
        steered.remove();
        pressed.remove();
    });
    can
}
