#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod answer;
mod catch_up;
mod difference;
mod partings;
mod record;
mod sent;
mod store;
#[cfg(test)]
mod tests;
mod tree;

pub use answer::{Answer, Change, Fork, Made, Progress, TurnId};
pub use catch_up::{Shown, Stroke};
pub use difference::{Difference, difference};
pub use partings::{CONTINUATION_TOKENS, partings};
pub use store::{Cover, VERSION};
pub use tree::{Body, Conversation, Turn};
