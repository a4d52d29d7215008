//! One decision of an Entropix preset, without a model.

use entropix::{Attention, Comparison, Decision, Sampler, SamplerConfig};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::number::{self, Number};
use crate::sampler;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    #[serde(default = "preset")]
    preset: String,
    logits: Vec<Number>,
    #[serde(default)]
    attention: Option<Scores>,
    #[serde(default)]
    generated: Vec<u32>,
    #[serde(default)]
    config: Option<Map<String, Value>>,
    #[serde(default)]
    seed: u64,
}

fn preset() -> String {
    "B".to_owned()
}

/// Raw scores q·k/√d, head-major, and how many keys with a score of 0 each head has besides.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the request's own names")]
struct Scores {
    heads: usize,
    keys: usize,
    #[serde(default)]
    padding: usize,
    scores: Vec<Number>,
}

pub(crate) fn answer(request: Request) -> Result<Value, Failure> {
    let config = sampler::entropix(&request.preset, request.config.unwrap_or_default(), None)?;
    let mut sampler = Sampler::new(SamplerConfig::Entropix(config), request.seed)?;
    let logits = number::floats(&request.logits);
    let scores = request.attention.as_ref().map(|given| number::floats(&given.scores));
    let attention = request.attention.as_ref().zip(scores.as_deref()).map(|(given, scores)| {
        Attention { heads: given.heads, keys: given.keys, padding: given.padding, scores }
    });
    let decision = sampler.decide(&logits, attention, &request.generated)?;
    Ok(describe(&decision, sampler.filtered()))
}

fn describe(decision: &Decision, filtered: &[(u32, f64)]) -> Value {
    let uncertainty = decision.uncertainty;
    let metrics = decision.attention.map(|attention| {
        json!({
            "logits_entropy": number::json(uncertainty.entropy_bits),
            "logits_varentropy": number::json(uncertainty.varentropy_bits2),
            "attn_entropy": number::json(attention.attn_entropy),
            "attn_varentropy": number::json(attention.attn_varentropy),
            "agreement": number::json(attention.agreement),
            "interaction_strength": number::json(attention.interaction_strength),
        })
    });
    let parameters = decision.parameters;
    let filtered: Vec<Value> =
        filtered.iter().map(|&(id, p)| json!([id, number::json(p)])).collect();
    let candidates: Option<Vec<Value>> = decision.candidates.as_ref().map(|candidates| {
        let rows = candidates.iter();
        rows.map(|one| json!({ "token": one.token, "score": number::json(one.score) })).collect()
    });
    json!({
        "entropy_bits": number::json(uncertainty.entropy_bits),
        "varentropy_bits2": number::json(uncertainty.varentropy_bits2),
        "metrics": metrics,
        "quadrant": decision.quadrant,
        "because": decision.because.iter().map(because).collect::<Vec<_>>(),
        "action": decision.action,
        "temperature": parameters.map(|p| number::json(p.temperature)),
        "top_p": parameters.map(|p| number::json(p.top_p)),
        "top_k": parameters.map(|p| p.top_k),
        "min_p": parameters.map(|p| number::json(p.min_p)),
        "filtered": filtered,
        "candidates": candidates,
        "token": decision.token,
        "sentence": decision.sentence,
    })
}

fn because(one: &Comparison) -> Value {
    json!({
        "rule": one.rule,
        "metric": one.metric,
        "value": number::json(one.value),
        "above": one.above,
        "threshold": number::json(one.threshold),
        "holds": one.holds(),
    })
}
