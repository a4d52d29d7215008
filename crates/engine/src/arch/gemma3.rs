//! Gemma 3: five layers with a window for each without, which have rotary embeddings of their own;
//! norms of queries and keys.

use super::gemma2;
use crate::EngineError;
use crate::decoder::{
    Architecture, Attention, Config, Layer, LayerTensors, Plan, Rope, global_layers, rope_base,
    window,
};
use crate::metadata::Keys;

pub(super) const GEMMA3: Architecture =
    Architecture { name: "gemma3", example: "Gemma 3 270M", plan, layer };

/// The base of local layers in all Gemma 3 models; files seldom repeat it.
const LOCAL_BASE: f32 = 10_000.0;

/// The 27B model: its attention is scaled by another width than that of its heads.
const LAYERS_OF_27B: usize = 62;

fn plan(keys: Keys<'_>, config: &Config) -> Result<Plan, EngineError> {
    let mut global_rope = Rope::read(keys, config)?;
    // Ollama's files have names of their own.
    let global_base = ["rope.freq_base", "rope.global.freq_base"];
    let local_base = ["rope.freq_base_swa", "rope.local.freq_base"];
    let first = |names: [&str; 2]| {
        let bases = names.map(|name| rope_base(keys, name));
        bases.into_iter().find_map(Result::transpose).transpose()
    };
    let missing = || keys.error("rope.freq_base", "missing");
    global_rope.base = first(global_base)?.ok_or_else(missing)?;
    // Local layers are not scaled for longer contexts: they don't see that far.
    let local_rope = Rope::plain(config, first(local_base)?.unwrap_or(LOCAL_BASE));

    let window = window(keys)?;
    let global = global_layers(keys, config, 6)?;
    let plan = gemma2::gemma(config, global_rope, LAYERS_OF_27B);
    let mut plan = plan.with_windows(window, |layer| global[layer]);
    plan.ropes.push(local_rope);
    for layer in plan.layers.iter_mut().filter(|layer| layer.window.is_some()) {
        layer.rope = Some(1);
    }
    plan.logit_cap = keys.optional_positive("final_logit_softcapping")?;
    Ok(plan)
}

fn layer(config: &Config, tensors: &mut LayerTensors<'_, '_>) -> Result<Layer, EngineError> {
    let query_norm = tensors.norm("attn_q_norm", config.head)?;
    let key_norm = tensors.norm("attn_k_norm", config.head)?;
    let Layer { attention, feed_forward } = gemma2::layer(config, tensors)?;
    Ok(Layer { attention: Attention { query_norm, key_norm, ..attention }, feed_forward })
}
