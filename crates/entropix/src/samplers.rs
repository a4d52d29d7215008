//! The samplers, each with its state: [`Sampler`](crate::Sampler) is one of them.

mod dslider;
mod entropix;
mod greedy;
mod plain;
mod promised;
mod tools;

pub use dslider::Dslider;
pub use entropix::Entropix;
pub(crate) use entropix::{Act, plan};
pub use greedy::Greedy;
pub use plain::Plain;
pub use promised::{Gate, Place, Promised};
pub(crate) use tools::{Input, Tools};
