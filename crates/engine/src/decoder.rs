//! Decoder-only transformers: the forward pass of all of them. What an architecture has that others
//! have not is a [`Plan`], and the tensors of its layers.

mod architecture;
mod attend;
mod config;
mod layer;
mod linear;
mod math;
mod model;
mod pass;
mod plan;
mod rope;
mod scratch;
mod sequence;
mod tensors;
mod weights;
mod windows;

pub(crate) use architecture::Architecture;
pub(crate) use config::Config;
pub(crate) use layer::{Attention, FeedForward, Layer};
pub(crate) use plan::{Activation, Plan};
pub(crate) use rope::{Rope, base as rope_base};
pub(crate) use tensors::LayerTensors;
pub(crate) use windows::{global_layers, window};
