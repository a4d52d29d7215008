//! One decision of an Entropix sampler, without a model.

use entropix::{
    Attention, Comparison, Decision, ModelDefaults, Parameters, Rule, Sampler, SamplerConfig,
    conditions, promised, rules,
};
use entropix_protocol::{Seed, TokenEntry};
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
    /// What there is to decide about: logits,
    logits: Option<Vec<Number>>,
    /// or the recorded numbers of a token of a trace.
    entry: Option<TokenEntry>,
    /// The sampler, as traces have it; otherwise `preset` and `config`.
    sampler: Option<Value>,
    #[serde(default)]
    attention: Option<Scores>,
    #[serde(default)]
    generated: Vec<u32>,
    #[serde(default)]
    config: Option<Map<String, Value>>,
    #[serde(default)]
    seed: Seed,
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
    let named = json!({ "preset": request.preset, "config": request.config.unwrap_or_default() });
    let config = sampler::read(&request.sampler.unwrap_or(named), &ModelDefaults::default())?;
    let logits = match (request.logits, request.entry) {
        (Some(logits), None) => number::floats(&logits),
        (None, Some(entry)) => return Ok(again(&entry, &config)),
        _ => return Err(Failure::bad_request("give one of logits and entry")),
    };
    let mut sampler = Sampler::new(config, request.seed.0)?;
    let scores = request.attention.as_ref().map(|given| number::floats(&given.scores));
    let attention = request.attention.as_ref().zip(scores.as_deref()).map(|(given, scores)| {
        Attention { heads: given.heads, keys: given.keys, padding: given.padding, scores }
    });
    let decision = sampler.decide(&logits, attention, &request.generated)?;
    Ok(describe(&decision, sampler.filtered()))
}

/// The rule that recorded numbers give.
fn again(entry: &TokenEntry, config: &SamplerConfig) -> Value {
    let (uncertainty, attention) = (&entry.decision.uncertainty, entry.decision.attention);
    let (rule, reasons, parameters) = match config {
        SamplerConfig::Greedy | SamplerConfig::Plain(_) | SamplerConfig::Dslider(_) => {
            (None, Vec::new(), None)
        }
        SamplerConfig::Promised(config) => {
            let (rule, because) = promised::rule(uncertainty, config);
            (Some(rule), because, None)
        }
        SamplerConfig::Entropix(config) => {
            let (rule, because) = conditions::decide(uncertainty, attention.as_ref(), config);
            let metrics = attention.unwrap_or_default();
            let draws = rule != Rule::Lelv;
            let parameters = draws.then(|| rules::parameters(rule, uncertainty, &metrics, config));
            (Some(rule), because, parameters)
        }
    };
    let mut json = json!({
        "entropy_bits": number::json(uncertainty.entropy_bits),
        "varentropy_bits2": number::json(uncertainty.varentropy_bits2),
        "quadrant": rule,
        "because": reasons.iter().map(because).collect::<Vec<_>>(),
    });
    put_parameters(&mut json, parameters);
    json
}

fn put_parameters(json: &mut Value, parameters: Option<Parameters>) {
    json["temperature"] = json!(parameters.map(|p| number::json(p.temperature)));
    json["top_p"] = json!(parameters.map(|p| number::json(p.top_p)));
    json["top_k"] = json!(parameters.map(|p| p.top_k));
    json["min_p"] = json!(parameters.map(|p| number::json(p.min_p)));
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
    let filtered: Vec<Value> =
        filtered.iter().map(|&(id, p)| json!([id, number::json(p)])).collect();
    let candidates: Option<Vec<Value>> = decision.candidates.as_ref().map(|candidates| {
        let rows = candidates.iter();
        rows.map(|one| json!({ "token": one.token, "score": number::json(one.score) })).collect()
    });
    let mut json = json!({
        "entropy_bits": number::json(uncertainty.entropy_bits),
        "varentropy_bits2": number::json(uncertainty.varentropy_bits2),
        "metrics": metrics,
        "quadrant": decision.rule,
        "because": decision.because.iter().map(because).collect::<Vec<_>>(),
        "action": decision.action,
        "filtered": filtered,
        "candidates": candidates,
        "token": decision.token,
        "sentence": decision.sentence,
    });
    put_parameters(&mut json, decision.parameters);
    json
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
