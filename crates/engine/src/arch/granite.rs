//! Granite, dense: llama with four multipliers.

use super::llama;
use crate::EngineError;
use crate::decoder::{Architecture, Config, Plan, Rope};
use crate::kernel::Pairs;
use crate::metadata::Keys;

pub(super) const GRANITE: Architecture =
    Architecture { name: "granite", example: "Granite 3.3 2B", plan, layer: llama::layer };

fn plan(keys: Keys<'_>, config: &Config) -> Result<Plan, EngineError> {
    let rope = Rope::read(keys, config)?.with_divisors(llama::DIVISORS);
    let mut plan = Plan::new(config, Pairs::Neighbours, rope);
    plan.embedding_scale = keys.optional_positive("embedding_scale")?;
    plan.residual_scale = keys.optional_positive("residual_scale")?;
    if let Some(scale) = keys.optional_positive("attention.scale")? {
        plan.attention_scale = scale;
    }
    // The entry is what logits are divided by.
    plan.logit_scale = Some(1.0 / keys.positive("logit_scale")?);
    // Here the entry says whether there is a rotary embedding at all.
    if !keys.flag("rope.scaling.finetuned", true)? {
        plan.layers.iter_mut().for_each(|layer| layer.rope = None);
    }
    Ok(plan)
}
