//! The worker: one envelope out, one envelope in.

use entropix_protocol::{Envelope, Event, Request, Step, entry};
use gloo::events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

/// What comes from the worker: a message, or that it broke down or speaks in a way we do not understand.
pub(super) type Incoming = Result<Arrival, String>;

/// A message that came.
pub(super) struct Arrival {
    pub(super) envelope: Envelope<Event>,
    /// The entry of a token, as it came.
    pub(super) entry: Option<JsValue>,
}

impl Arrival {
    fn open(sealed: &JsValue) -> Result<Self, String> {
        let envelope = Envelope::open(sealed)?;
        let is_token =
            matches!(envelope.message, Event::Generation { step: Step::Token { .. }, .. });
        let entry = is_token.then(|| entry(sealed)).flatten();
        Ok(Self { envelope, entry })
    }
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
                let opened = Arrival::open(&event.unchecked_ref::<MessageEvent>().data());
                let not_understood = |error| format!("a message is not understood: {error}");
                on_incoming(opened.map_err(not_understood));
            })
        };
        let error = {
            let on_incoming = on_incoming.clone();
            EventListener::new(&worker, "error", move |event| {
                let text = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
                on_incoming(Err(text.unwrap_or_default()));
            })
        };
        let unreadable = EventListener::new(&worker, "messageerror", move |_| {
            on_incoming(Err("a message could not be read".to_owned()));
        });
        Ok(Self { worker, _listeners: [message, error, unreadable] })
    }

    /// Sends a request.
    pub(super) fn send(&self, envelope: &Envelope<Request>) -> Result<(), JsValue> {
        self.worker.post_message(&envelope.seal()?)
    }

    /// Ends the worker at once; its listeners may still be running.
    pub(super) fn end(&self) {
        self.worker.terminate();
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
