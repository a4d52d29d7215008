//! Qwen 3, dense: norms of queries and keys, heads of a width of their own.

use super::llama;
use crate::EngineError;
use crate::decoder::{Architecture, Attention, Config, Layer, LayerTensors, Plan, Rope};
use crate::kernel::Pairs;
use crate::metadata::Keys;

pub(super) const QWEN3: Architecture =
    Architecture { name: "qwen3", example: "Qwen3-0.6B", plan, layer };

fn plan(keys: Keys<'_>, config: &Config) -> Result<Plan, EngineError> {
    Ok(Plan::new(config, Pairs::Halves, Rope::read(keys, config)?))
}

fn layer(config: &Config, tensors: &mut LayerTensors<'_, '_>) -> Result<Layer, EngineError> {
    let query_norm = tensors.norm("attn_q_norm", config.head)?;
    let key_norm = tensors.norm("attn_k_norm", config.head)?;
    let Layer { attention, feed_forward } = llama::layer(config, tensors)?;
    Ok(Layer { attention: Attention { query_norm, key_norm, ..attention }, feed_forward })
}
