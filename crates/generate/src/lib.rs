//! A conversation with a loaded model: prompt, cache reuse between turns, generation step by step.
//!
//! [`Generation::advance`] does a bounded piece of work and returns, so that a worker can look at
//! its messages in between and a terminal can print.

#![forbid(unsafe_code)]

mod chat;
mod entry;
mod error;
mod generation;
mod phrases;
mod score;
mod session;

pub use chat::{Chat, PAUSE_TEXT};
pub use error::{ChatError, problem_of_engine};
pub use generation::Generation;
pub use score::Scoring;
