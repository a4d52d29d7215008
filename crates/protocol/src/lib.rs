//! Messages between the page and its worker, and the trace format.
//!
//! Plain structs with numbers that JavaScript can hold, sent as JSON.
//! Bytes never travel in a message: a model is fetched inside the worker, or a `File`/`Blob`
//! handle is attached to the envelope (`Envelope`, with the feature `web`).

#![forbid(unsafe_code)]

#[cfg(feature = "web")]
mod envelope;
mod message;
mod problem;
mod recipe;
#[cfg(test)]
mod schema;
mod score;
mod trace;

#[cfg(feature = "web")]
pub use envelope::{Envelope, object};
pub use message::{
    About, ChatMessage, Event, Finish, ModelInfo, PROTOCOL_VERSION, Phase, Request, Role, Source,
    Stats, Step, Storage,
};
pub use problem::{Problem, ProblemKind};
pub use recipe::{Recipe, Seed};
pub use score::PositionScore;
pub use trace::{Alternative, AttentionEntropy, Retracted, SCHEMA, TokenEntry, Trace, TraceError};
