//! OLMo 2 and 3: norms after attention and feed forward, none before; norms of all queries and of all
//! keys together. OLMo 3 has windows in three layers of four.

use crate::EngineError;
use crate::decoder::{
    Architecture, Attention, Config, FeedForward, Layer, LayerTensors, Plan, Rope, global_layers,
    window,
};
use crate::kernel::Pairs;
use crate::metadata::Keys;

pub(super) const OLMO2: Architecture =
    Architecture { name: "olmo2", example: "OLMo 2 1B", plan, layer };

fn plan(keys: Keys<'_>, config: &Config) -> Result<Plan, EngineError> {
    let rope = Rope::read(keys, config)?;
    // Local layers are not scaled for longer contexts.
    let local_rope = Rope { width: rope.width, ..Rope::plain(config, rope.base) };
    let global = global_layers(keys, config, 4)?;
    let plan = Plan::new(config, Pairs::Halves, rope);
    let mut plan = plan.with_windows(window(keys)?, |layer| global[layer]);
    plan.ropes.push(local_rope);
    for layer in plan.layers.iter_mut().filter(|layer| layer.window.is_some()) {
        layer.rope = Some(1);
    }
    Ok(plan)
}

fn layer(config: &Config, tensors: &mut LayerTensors<'_, '_>) -> Result<Layer, EngineError> {
    Ok(Layer {
        attention: Attention {
            query_norm: tensors.norm("attn_q_norm", config.queries())?,
            key_norm: tensors.norm("attn_k_norm", config.keys())?,
            post_norm: tensors.norm("post_attention_norm", config.hidden)?,
            ..Attention::read(config, tensors)?
        },
        feed_forward: FeedForward {
            post_norm: tensors.norm("post_ffw_norm", config.hidden)?,
            ..FeedForward::read(config, tensors)?
        },
    })
}
