//! Does the sampler help? Tasks with exact checkers, samplers and their controls, runs that can be interrupted, and
//! statistics.
//!
//! Nothing here opens a file: what is read and written are texts, so that a page can run it as well.

#![forbid(unsafe_code)]

pub mod analysis;
pub mod arms;
pub mod expected;
pub mod families;
pub mod gates;
pub mod item;
pub mod outcome;
pub mod plan;
pub mod questions;
pub mod random;
pub mod results;
pub mod run;
pub mod shard;
pub mod split;
pub mod statistics;
pub mod tuning;

pub use arms::{Arm, Method};
pub use expected::{Expected, Verdict};
pub use families::Family;
pub use item::Item;
pub use outcome::Outcome;
pub use split::{Part, Split};
