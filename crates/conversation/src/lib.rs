#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod answer;
mod record;
mod sent;
mod store;
#[cfg(test)]
mod tests;
mod tree;

pub use answer::{Answer, Change, Made, Progress};
pub use store::{Cover, VERSION};
pub use tree::{Body, Conversation, Turn, TurnId};
