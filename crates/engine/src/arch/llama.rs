//! The llama family: SmolLM2, Llama 3, TinyLlama, Mistral.

use crate::EngineError;
use crate::decoder::{
    Architecture, Attention, Config, FeedForward, Layer, LayerTensors, Plan, Rope, window,
};
use crate::kernel::Pairs;
use crate::metadata::Keys;

/// Pre-normed attention and a feed-forward network gated by SiLU: what the others start from.
pub(super) const LLAMA: Architecture =
    Architecture { name: "llama", example: "SmolLM2", plan, layer };

/// One divisor for each frequency: Llama 3's way to reach beyond its first context length.
pub(super) const DIVISORS: &str = "rope_freqs.weight";

fn plan(keys: Keys<'_>, config: &Config) -> Result<Plan, EngineError> {
    let rope = Rope::read(keys, config)?.with_divisors(DIVISORS);
    // The first Mistral has a window in all layers.
    Ok(Plan::new(config, Pairs::Neighbours, rope).with_windows(window(keys)?, |_| false))
}

/// A norm before attention, and one before the feed-forward network.
pub(super) fn layer(
    config: &Config,
    tensors: &mut LayerTensors<'_, '_>,
) -> Result<Layer, EngineError> {
    Ok(Layer {
        attention: Attention {
            norm: tensors.norm("attn_norm", config.hidden)?,
            ..Attention::read(config, tensors)?
        },
        feed_forward: FeedForward {
            norm: tensors.norm("ffn_norm", config.hidden)?,
            ..FeedForward::read(config, tensors)?
        },
    })
}
