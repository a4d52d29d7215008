//! The web worker: owns the model and its caches, and answers the page.
//!
//! `worker.js` starts it and passes every message to [`handle`]. One token is one task, so that a
//! `Stop` is seen within a token.
#![cfg(target_arch = "wasm32")]

mod allocator;
mod blob_reader;
mod clock;
mod download;
mod generate;
mod load;
mod page;
mod parts;
mod score;
mod state;
mod storage;
mod task;
// Estimates are by the engine's own kernels, which the generic worker has no part of.
#[cfg(not(feature = "generic"))]
mod throughput;
mod verify;
mod what_if;
mod work;

use entropix_protocol::{About, Envelope, Event, PROTOCOL_VERSION, ProblemKind, Request};
use wasm_bindgen::prelude::*;

pub use allocator::failed_allocation;
#[cfg(not(feature = "generic"))]
pub use throughput::throughput;

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
    page::post(Event::Hello { protocol: PROTOCOL_VERSION });
}

/// Takes one message of the page, in its envelope.
#[expect(clippy::needless_pass_by_value, reason = "JavaScript passes values")]
#[wasm_bindgen]
pub fn handle(envelope: JsValue) {
    let Envelope { message: request, blob } = match Envelope::open(&envelope) {
        Ok(opened) => opened,
        Err(error) => {
            let message = format!("The engine did not understand the page: {error}");
            let advice = "Reload the page, so that page and engine are of one version.";
            return page::fail(About::Worker, ProblemKind::BadRequest, message, advice);
        }
    };
    match request {
        Request::Load { source, only_stored } => {
            wasm_bindgen_futures::spawn_local(load::load(source, only_stored, blob));
        }
        Request::Generate { id, messages, recipe, beginning } => {
            wasm_bindgen_futures::spawn_local(generate::generate(id, messages, recipe, beginning));
        }
        Request::SideBySide { id, messages, recipes } => {
            wasm_bindgen_futures::spawn_local(generate::side_by_side(id, messages, recipes));
        }
        Request::WhatIf { id, messages, recipe, answer, partings } => {
            wasm_bindgen_futures::spawn_local(what_if::what_if(
                id, messages, recipe, answer, partings,
            ));
        }
        Request::Score { id, ids, from } => {
            wasm_bindgen_futures::spawn_local(score::score(id, ids, from));
        }
        Request::Measure { id, messages } => generate::measure(id, &messages),
        Request::Ping => page::post(Event::Pong),
        Request::Stop => state::stop(false),
        Request::Pause => state::stop(true),
        Request::Verify { sha256, bytes } => {
            wasm_bindgen_futures::spawn_local(verify::verify(sha256, bytes));
        }
        Request::Forget { sha256 } => {
            wasm_bindgen_futures::spawn_local(load::forget(sha256));
        }
    }
}
