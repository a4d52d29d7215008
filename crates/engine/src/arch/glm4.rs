//! GLM 4 of 2025, dense: norms before and after, half of a head rotated, gate and up in one matrix.

use crate::EngineError;
use crate::decoder::{
    Architecture, Attention, Config, FeedForward, Layer, LayerTensors, Plan, Rope,
};
use crate::kernel::Pairs;
use crate::metadata::Keys;

pub(super) const GLM4: Architecture =
    Architecture { name: "glm4", example: "GLM-4-9B-0414", plan, layer };

fn plan(keys: Keys<'_>, config: &Config) -> Result<Plan, EngineError> {
    Ok(Plan::new(config, Pairs::Neighbours, Rope::read(keys, config)?))
}

fn layer(config: &Config, tensors: &mut LayerTensors<'_, '_>) -> Result<Layer, EngineError> {
    Ok(Layer {
        attention: Attention {
            norm: tensors.norm("attn_norm", config.hidden)?,
            post_norm: tensors.norm("post_attention_norm", config.hidden)?,
            ..Attention::read(config, tensors)?
        },
        feed_forward: FeedForward {
            norm: tensors.norm("ffn_norm", config.hidden)?,
            post_norm: tensors.norm("post_ffw_norm", config.hidden)?,
            ..FeedForward::read_fused(config, tensors)?
        },
    })
}
