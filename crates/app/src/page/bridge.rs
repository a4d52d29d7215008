//! The worker: one envelope out, one envelope in.

use entropix_protocol::{BLOB, Event, Request};
use gloo::events::EventListener;
use js_sys::{Object, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

/// What comes from the worker.
pub(super) enum Incoming {
    /// A message, with the model's bytes if they are attached.
    Event(Box<Event>, Option<Blob>),
    /// The worker broke down, or speaks in a way we do not understand.
    Broken(String),
}

/// A running worker. Dropping it ends the worker.
pub(super) struct Bridge {
    worker: Worker,
    _listeners: [EventListener; 3],
}

impl Bridge {
    /// Starts the worker whose script is at `url`.
    pub(super) fn start(
        url: &str,
        on_incoming: impl Fn(Incoming) + Clone + 'static,
    ) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(url, &options)?;
        let message = {
            let on_incoming = on_incoming.clone();
            EventListener::new(&worker, "message", move |event| {
                let data = event.unchecked_ref::<MessageEvent>().data();
                on_incoming(open(&data).unwrap_or_else(Incoming::Broken));
            })
        };
        let error = {
            let on_incoming = on_incoming.clone();
            EventListener::new(&worker, "error", move |event| {
                let text = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
                on_incoming(Incoming::Broken(text.unwrap_or_default()));
            })
        };
        let unreadable = EventListener::new(&worker, "messageerror", move |_| {
            on_incoming(Incoming::Broken("a message could not be read".to_owned()));
        });
        Ok(Self { worker, _listeners: [message, error, unreadable] })
    }

    /// Sends a request.
    pub(super) fn send(&self, request: &Request, blob: Option<&Blob>) -> Result<(), JsValue> {
        let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
        let envelope = Object::new();
        Reflect::set(&envelope, &"message".into(), &request.serialize(&serializer)?)?;
        if let Some(blob) = blob {
            Reflect::set(&envelope, &BLOB.into(), blob)?;
        }
        self.worker.post_message(&envelope)
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

fn open(envelope: &JsValue) -> Result<Incoming, String> {
    let part = |name: &str| Reflect::get(envelope, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let event = serde_wasm_bindgen::from_value(part("message"))
        .map_err(|error| format!("a message is not understood: {error}"))?;
    Ok(Incoming::Event(Box::new(event), part(BLOB).dyn_into().ok()))
}
