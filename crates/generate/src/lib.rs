//! From a conversation to an answer: prompt, reuse of what was read before, generation step by step.
//!
//! [`Generation::advance`] does a bounded piece of work and returns, so that a worker can look at
//! its messages in between and a terminal can print.

#![forbid(unsafe_code)]

pub mod batch;
mod cache;
mod chat;
mod entry;
mod error;
mod generation;
mod info;
pub mod outcome;
mod phrases;
mod pool;
mod score;
mod side_by_side;
mod what_if;

pub use chat::Chat;
pub use error::{ChatError, problem_of_engine, problem_of_file};
pub use generation::{Generation, ReadPrompt};
pub use info::{PAUSE_TEXT, known};
pub use pool::PoolLimits;
pub use score::Scoring;
pub use side_by_side::SideBySide;
pub use what_if::WhatIf;
