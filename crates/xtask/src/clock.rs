//! Measuring time. The workspace bans `std::time::Instant` because it panics in wasm; xtask is never
//! built for wasm.
#![allow(clippy::disallowed_types, reason = "xtask is never built for wasm")]

use std::time::{Duration, Instant};

/// Time since a start.
#[derive(Clone, Copy)]
pub(crate) struct Clock(Instant);

impl Clock {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    pub(crate) fn seconds(self) -> f64 {
        self.elapsed().as_secs_f64()
    }
}
