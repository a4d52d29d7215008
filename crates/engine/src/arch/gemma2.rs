//! Gemma 2: norms before and after, soft caps, every other layer with a window.

use crate::EngineError;
use crate::decoder::{
    Activation, Architecture, Attention, Config, FeedForward, Layer, LayerTensors, Plan, Rope,
    global_layers, window,
};
use crate::kernel::Pairs;
use crate::metadata::Keys;

pub(super) const GEMMA2: Architecture =
    Architecture { name: "gemma2", example: "Gemma 2 2B", plan, layer };

/// The window and the caps of all Gemma 2 models, for files that don't say them.
const WINDOW: usize = 4096;
const ATTENTION_CAP: f32 = 50.0;
const LOGIT_CAP: f32 = 30.0;

/// The 27B model: its attention is scaled by another width than that of its heads.
const LAYERS_OF_27B: usize = 46;

fn plan(keys: Keys<'_>, config: &Config) -> Result<Plan, EngineError> {
    let global = global_layers(keys, config, 2)?;
    let window = window(keys)?.unwrap_or(WINDOW);
    let attention_cap = keys.optional_positive("attn_logit_softcapping")?;
    let logit_cap = keys.optional_positive("final_logit_softcapping")?;
    Ok(Plan {
        attention_cap: Some(attention_cap.unwrap_or(ATTENTION_CAP)),
        logit_cap: Some(logit_cap.unwrap_or(LOGIT_CAP)),
        ..gemma(config, Rope::read(keys, config)?, LAYERS_OF_27B)
            .with_windows(Some(window), |layer| global[layer])
    })
}

/// What Gemma 2 and 3 share.
pub(super) fn gemma(config: &Config, rope: Rope, layers_of_27b: usize) -> Plan {
    let Config { layers, hidden, heads, head, .. } = *config;
    let width = if layers == layers_of_27b { hidden / heads } else { head };
    Plan {
        embedding_scale: Some((hidden as f32).sqrt()),
        attention_scale: 1.0 / (width as f32).sqrt(),
        activation: Activation::GeluTanh,
        ..Plan::new(config, Pairs::Halves, rope)
    }
}

/// Norms have the 1 added already that the model's own definition adds to them.
pub(super) fn layer(
    config: &Config,
    tensors: &mut LayerTensors<'_, '_>,
) -> Result<Layer, EngineError> {
    Ok(Layer {
        attention: Attention {
            norm: tensors.norm("attn_norm", config.hidden)?,
            post_norm: tensors.norm("post_attention_norm", config.hidden)?,
            ..Attention::read(config, tensors)?
        },
        feed_forward: FeedForward {
            norm: tensors.norm("ffn_norm", config.hidden)?,
            post_norm: tensors.norm("post_ffw_norm", config.hidden)?,
            ..FeedForward::read(config, tensors)?
        },
    })
}
