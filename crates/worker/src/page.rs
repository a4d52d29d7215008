//! Messages to and from the page.

use entropix_protocol::{BLOB, Event, Problem, ProblemKind, Request};
use js_sys::{Object, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, DedicatedWorkerGlobalScope};

/// The worker's global scope.
pub(crate) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Sends an event.
pub(crate) fn post(event: &Event) {
    post_with(event, None);
}

/// Sends an event with a handle to a file.
pub(crate) fn post_with(event: &Event, blob: Option<&Blob>) {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    let Ok(message) = event.serialize(&serializer) else { return };
    let envelope = Object::new();
    let mut ok = Reflect::set(&envelope, &"message".into(), &message).is_ok();
    if let Some(blob) = blob {
        ok &= Reflect::set(&envelope, &BLOB.into(), blob).is_ok();
    }
    if ok {
        // It fails only for things that can't be cloned, and these can.
        let _ = scope().post_message(&envelope);
    }
}

/// Tells the page what went wrong.
pub(crate) fn fail(id: Option<u32>, kind: ProblemKind, message: impl Into<String>, advice: &str) {
    failed(id, Problem::new(kind, message, advice));
}

/// Tells the page what went wrong.
pub(crate) fn failed(id: Option<u32>, problem: Problem) {
    post(&Event::Failed { id, problem });
}

/// Request and file handle of an envelope.
pub(crate) fn open(envelope: &JsValue) -> Result<(Request, Option<Blob>), String> {
    let get = |name: &str| Reflect::get(envelope, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let request = serde_wasm_bindgen::from_value(get("message"))
        .map_err(|error| format!("The engine did not understand the page: {error}"))?;
    Ok((request, get(BLOB).dyn_into().ok()))
}
