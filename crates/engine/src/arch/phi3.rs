//! Phi 3, 3.5 and Phi 4: fused matrices, and rotations of two kinds, for short texts and for long ones.

use crate::EngineError;
use crate::decoder::{
    Architecture, Attention, Config, FeedForward, Layer, LayerTensors, Plan, Rope,
};
use crate::kernel::Pairs;
use crate::metadata::Keys;

pub(super) const PHI3: Architecture =
    Architecture { name: "phi3", example: "Phi-3.5-mini", plan, layer };

fn plan(keys: Keys<'_>, config: &Config) -> Result<Plan, EngineError> {
    let rope = Rope::read(keys, config)?.with_long_and_short_divisors(keys, config)?;
    // Here a window of 0 is none: so the converter tells Phi 4 from the others.
    let window = keys.optional_count("attention.sliding_window")?.filter(|&window| window > 0);
    Ok(Plan::new(config, Pairs::Halves, rope).with_windows(window, |_| false))
}

fn layer(config: &Config, tensors: &mut LayerTensors<'_, '_>) -> Result<Layer, EngineError> {
    Ok(Layer {
        attention: Attention {
            norm: tensors.norm("attn_norm", config.hidden)?,
            ..Attention::read(config, tensors)?
        },
        feed_forward: FeedForward {
            norm: tensors.norm("ffn_norm", config.hidden)?,
            ..FeedForward::read_fused(config, tensors)?
        },
    })
}
