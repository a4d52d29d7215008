//! SmolLM3: llama with layers that are not told positions.

use super::llama;
use crate::EngineError;
use crate::decoder::{Architecture, Config, Plan, Rope};
use crate::kernel::Pairs;
use crate::metadata::Keys;

pub(super) const SMOLLM3: Architecture =
    Architecture { name: "smollm3", example: "SmolLM3-3B", plan, layer: llama::layer };

/// Every so-many-th layer has no rotary embedding (`no_rope_layer_interval` of its configuration,
/// which files don't repeat).
const WITHOUT_ROPE: usize = 4;

fn plan(keys: Keys<'_>, config: &Config) -> Result<Plan, EngineError> {
    let mut plan = Plan::new(config, Pairs::Neighbours, Rope::read(keys, config)?);
    for layer in plan.layers.iter_mut().skip(WITHOUT_ROPE - 1).step_by(WITHOUT_ROPE) {
        layer.rope = None;
    }
    Ok(plan)
}
