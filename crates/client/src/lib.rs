#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod chats;
mod client;
mod context;
pub mod copies;
pub mod dial;
mod draft;
mod file;
mod held;
pub mod knobs;
pub mod link;
mod loads;
pub mod manifest;
pub mod msg;
pub mod outline;
pub mod presets;
mod reading;
mod recordings;
pub mod replay;
pub mod rules;
mod saving;
pub mod settings;
mod shelf;
pub mod side_by_side;
mod start;
mod state;
mod status;
mod stored;
mod talk;
pub mod trial;
mod variants;
pub mod versions;
pub mod what_if;
pub mod words;
mod workers;

#[cfg(test)]
mod tests;

pub use client::{Alert, Client};
pub use context::Meter;
pub use state::{Draft, Keeping, Listed};
pub use status::ModelStatus;
pub use variants::{Architectures, Variant};
