//! Decoder-only transformers: what all architectures share, which is all but the body of a layer.

mod architecture;
mod attend;
mod config;
mod math;
mod model;
mod pass;
mod scratch;
mod sequence;
mod tensors;
mod weights;

pub(crate) use architecture::Architecture;
pub(crate) use config::Config;
pub(crate) use model::check;
pub(crate) use pass::Pass;
pub(crate) use scratch::Scratch;
pub(crate) use sequence::load;
pub(crate) use tensors::{LayerTensors, Tensors};
