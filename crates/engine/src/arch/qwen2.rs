//! Qwen 2 and 2.5: biases of queries, keys and values.

use super::llama;
use crate::EngineError;
use crate::decoder::{Architecture, Config, Layer, LayerTensors, Plan, Rope};
use crate::kernel::Pairs;
use crate::metadata::Keys;

pub(super) const QWEN2: Architecture =
    Architecture { name: "qwen2", example: "Qwen2.5-0.5B", plan, layer };

fn plan(keys: Keys<'_>, config: &Config) -> Result<Plan, EngineError> {
    Ok(Plan::new(config, Pairs::Halves, Rope::read(keys, config)?))
}

fn layer(config: &Config, tensors: &mut LayerTensors<'_, '_>) -> Result<Layer, EngineError> {
    if tensors.has("attn_q") {
        for name in ["attn_q", "attn_k", "attn_v"] {
            tensors.needs_bias(name)?;
        }
    }
    llama::layer(config, tensors)
}
