//! Messages between the page and its worker, and the trace format.
//!
//! Plain structs with numbers that JavaScript can hold, sent as plain objects.
//! Bytes never travel in a message: a model is fetched inside the worker, or a `File`/`Blob`
//! handle is attached to the envelope (`Envelope`, with the feature `web`).

#![forbid(unsafe_code)]

mod beginning;
mod chat;
#[cfg(feature = "web")]
mod envelope;
mod finish;
pub mod json;
mod message;
mod model;
mod problem;
mod recipe;
#[cfg(test)]
mod schema;
mod score;
#[cfg(test)]
mod tests;
mod token;
mod trace;
mod what_if;

pub use beginning::{Beginning, Given};
pub use chat::{ChatMessage, Role};
#[cfg(feature = "web")]
pub use envelope::{Envelope, entry, object, sealed};
pub use finish::{Finish, Stats};
pub use message::{About, Event, PROTOCOL_VERSION, Phase, Request, Source, Step, Storage, Verdict};
pub use model::{ModelInfo, WeightsInfo};
pub use problem::{Problem, ProblemKind};
pub use recipe::{NotASeed, Recipe, Seed};
pub use score::PositionScore;
pub use token::{Alternative, AttentionEntropy, TokenEntry};
pub use trace::{Retracted, SCHEMA, Trace, TraceError};
pub use what_if::{Continuations, Grown, Outcomes, Parting};
