//! Messages to the page.

use entropix_protocol::{About, Envelope, Event, Problem, ProblemKind, sealed};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DedicatedWorkerGlobalScope;

/// The worker's global scope.
pub(crate) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Sends an event.
pub(crate) fn post(event: Event) {
    send(&Envelope::of(event));
}

/// Sends an event, with a file if there is one.
pub(crate) fn send(envelope: &Envelope<Event>) {
    if let Ok(object) = object(envelope) {
        // It fails only for things that can't be cloned, and these can.
        let _ = scope().post_message(&object);
    }
}

/// Without the detour over text that the page takes: there is an event for each token.
fn object(envelope: &Envelope<Event>) -> Result<JsValue, JsValue> {
    let message = envelope.message.serialize(&Serializer::json_compatible())?;
    sealed(&message, envelope.blob.as_ref())
}

/// Tells the page what went wrong.
pub(crate) fn fail(about: About, kind: ProblemKind, message: impl Into<String>, advice: &str) {
    failed(about, Problem::new(kind, message, advice));
}

/// Tells the page what went wrong.
pub(crate) fn failed(about: About, problem: Problem) {
    post(Event::Failed { about, problem });
}
