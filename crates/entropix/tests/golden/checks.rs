//! One function per golden file; each returns the number of cases it compared.
#![allow(clippy::unwrap_used, clippy::panic, clippy::float_cmp, reason = "a test")]

use std::collections::BTreeMap;

use entropix::{
    Action, Attention, AttentionMetrics, EntropixConfig, Filter, Parameters, PlainConfig, Preset,
    Quadrant, Sampler, SamplerConfig, Softmax, rules, uncertainty,
};
use serde_json::Value;

use super::case::{cases, close, logits, number, numbers, token, tokens};

const VARENTROPY: &str = include_str!("../../../../tests/golden/entropix/varentropy.json");
const METRICS: &str = include_str!("../../../../tests/golden/entropix/metrics.json");
const DECISIONS: &str = include_str!("../../../../tests/golden/entropix/decisions.json");
const FILTERED: &str = include_str!("../../../../tests/golden/entropix/filtered.json");
const ADAPTIVE: &str = include_str!("../../../../tests/golden/entropix/adaptive_scores.json");

/// H and V; where the original gives NaN, those of the float64 reference.
pub(crate) fn varentropy() -> usize {
    let (_, cases) = cases(VARENTROPY);
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        let u = uncertainty(&logits(case)).unwrap();
        let reference =
            [number(&case["ref64_entropy_bits"]), number(&case["ref64_varentropy_bits2"])];
        close(name, u.entropy_bits, reference[0], 1e-9, 1e-12);
        close(name, u.varentropy_bits2, reference[1], 1e-9, 1e-12);

        let original = [number(&case["entropy_bits"]), number(&case["varentropy_bits2"])];
        if !original.iter().any(|x| x.is_nan()) {
            close(name, u.entropy_bits, original[0], 2e-4, 1e-6);
            close(name, u.varentropy_bits2, original[1], 2e-3, 1e-6);
        }
    }
    cases.len()
}

/// The attention metrics, padding included.
pub(crate) fn metrics() -> usize {
    let (_, cases) = cases(METRICS);
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        let want = &case["metrics"];
        let u = uncertainty(&numbers(&case["logits"])).unwrap();
        close(name, u.entropy_bits, number(&want["logits_entropy"]), 2e-4, 1e-6);
        close(name, u.varentropy_bits2, number(&want["logits_varentropy"]), 2e-3, 1e-6);

        let scores = numbers(&case["attention_scores_head_major"]);
        compare_attention(name, &AttentionMetrics::of(&attention(case, &scores)).unwrap(), want);
    }
    cases.len()
}

/// Branch, action and derived numbers of a whole decision of one generation ("A_…" or "B_…").
pub(crate) fn decisions(generation: &str) -> usize {
    let preset = if generation.starts_with('A') { Preset::A } else { Preset::B };
    let (file, cases) = cases(DECISIONS);
    let mut compared = 0;
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        // A NaN logit makes the original's H NaN, and with it all that follows: tested elsewhere.
        let is_nan = number(&case["metrics"]["logits_entropy"]).is_nan();
        if case["boundary"] == true || is_nan {
            continue;
        }
        let tensor = &file["attention_tensors"][token(&case["attention"]) as usize];
        let scores = numbers(&tensor["scores_head_major"]);
        let config = SamplerConfig::Entropix(EntropixConfig::preset(preset));
        let mut sampler = Sampler::new(config, 1337).unwrap();
        let logits = logits(case);
        let attention = attention(tensor, &scores);
        let decision =
            sampler.decide(&logits, Some(attention), &tokens(&case["gen_tokens"])).unwrap();

        let run = &case["runs"][generation];
        let quadrant: Quadrant = serde_json::from_value(run["branch"].clone()).unwrap();
        assert_eq!(decision.quadrant, Some(quadrant), "{name}");
        assert_eq!(action(decision.action), run["action"], "{name}");
        let u = decision.uncertainty;
        close(name, u.entropy_bits, number(&case["metrics"]["logits_entropy"]), 2e-4, 1e-6);
        close(name, u.varentropy_bits2, number(&case["metrics"]["logits_varentropy"]), 2e-3, 1e-6);
        if let Some(metrics) = &decision.attention {
            compare_attention(name, metrics, &case["metrics"]);
        }
        assert_eq!(decision.attention.is_some(), preset == Preset::B);
        assert_eq!(decision.parameters.is_some(), !run["calls"][0].is_null(), "{name}");
        match &decision.parameters {
            Some(parameters) => compare_parameters(name, parameters, &run["calls"][0], preset),
            None => assert_eq!(run["token_jax"], decision.token, "{name}"),
        }
        let candidates = decision.candidates.map_or(0, |c| c.len());
        assert_eq!(candidates, run["candidates_jax"].as_array().map_or(0, Vec::len), "{name}");
        compared += 1;
    }
    compared
}

/// The distribution after the filters as coded.
pub(crate) fn filtered(variant: &str) -> usize {
    let (_, cases) = cases(FILTERED);
    let mut compared = 0;
    for case in cases.iter().filter(|case| case["boundary"] == false) {
        let want = &case["variants"][variant];
        if want.is_null() {
            continue;
        }
        let mut filter = Filter::new();
        let got = filter.as_coded(&logits(case), &parameters(&case["params"]));
        compare_distribution(case, got, want);
        compared += 1;
    }
    compared
}

/// The distribution after min-p and a descending nucleus.
///
/// The reference takes its nucleus before it cuts at top-k, so that cut is made here.
pub(crate) fn filtered_by_the_book() -> usize {
    let (_, cases) = cases(FILTERED);
    let mut compared = 0;
    for case in cases.iter().filter(|case| case["boundary"] == false) {
        let Parameters { temperature, top_p, top_k, min_p } = parameters(&case["params"]);
        let config = PlainConfig { temperature, top_k: 0, top_p, min_p };
        let mut filter = Filter::new();
        let nucleus = filter.by_the_book(&logits(case), &config);
        let head = &nucleus[..nucleus.len().min(top_k as usize)];
        let mass: f64 = head.iter().map(|(_, p)| p).sum();
        let got: Vec<_> = head.iter().map(|&(token, p)| (token, p / mass)).collect();
        compare_distribution(case, &got, &case["conventional_descending_nucleus_ref64"]);
        compared += 1;
    }
    compared
}

/// Most probable first, and token by token the same; a token that one list lacks has 0 there.
fn compare_distribution(case: &Value, got: &[(u32, f64)], want: &Value) {
    assert!(got.windows(2).all(|pair| pair[0].1 >= pair[1].1), "{case}");
    let got: BTreeMap<u32, f64> = got.iter().copied().collect();
    let want: BTreeMap<u32, f64> =
        want.as_array().unwrap().iter().map(|p| (token(&p[0]), number(&p[1]))).collect();
    for id in got.keys().chain(want.keys()) {
        let probability = |list: &BTreeMap<u32, f64>| list.get(id).copied().unwrap_or(0.0);
        let what = format!("{} token {id}", case["name"]);
        close(&what, probability(&got), probability(&want), 0.0, 1e-5);
    }
}

/// The scores of given candidates, and which of them wins.
pub(crate) fn adaptive_scores() -> usize {
    let (file, cases) = cases(ADAPTIVE);
    let config = EntropixConfig::preset(Preset::B);
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        let tensor = &file["attention_tensors"][token(&case["attention"]) as usize];
        let scores = numbers(&tensor["scores_head_major"]);
        let metrics = AttentionMetrics::of(&attention(tensor, &scores)).unwrap();
        let logits = logits(case);
        let softmax = Softmax::of(&logits).unwrap();
        let u = softmax.uncertainty();

        let parameters = rules::parameters(Quadrant::Adaptive, &u, &metrics, &config);
        compare_parameters(name, &parameters, &case["sample_params"], Preset::B);

        let constant = rules::confidence(&u, &metrics, &config);
        let candidates = tokens(&case["candidates_jax"]);
        let mut best = (0, f64::NEG_INFINITY);
        for (&token, want) in candidates.iter().zip(numbers(&case["scores"])) {
            let score = softmax.log_probability(logits[token as usize]) + constant;
            close(name, score, f64::from(want), 2e-4, 2e-5);
            if score > best.1 {
                best = (token, score);
            }
        }
        assert_eq!(case["chosen_jax"], best.0, "{name}");
    }
    cases.len()
}

fn attention<'a>(case: &Value, scores: &'a [f32]) -> Attention<'a> {
    Attention { heads: token(&case["heads"]) as usize, keys: token(&case["keys"]) as usize, scores }
}

fn parameters(params: &Value) -> Parameters {
    Parameters {
        temperature: number(&params["temperature"]),
        top_p: number(&params["top_p"]),
        top_k: token(&params["top_k"]),
        min_p: number(&params["min_p"]),
    }
}

fn action(action: Action) -> Value {
    serde_json::to_value(action).unwrap()
}

fn compare_attention(name: &str, got: &AttentionMetrics, want: &Value) {
    close(name, got.attn_entropy, number(&want["attn_entropy"]), 2e-4, 1e-6);
    close(name, got.attn_varentropy, number(&want["attn_varentropy"]), 2e-3, 1e-6);
    close(name, got.agreement, number(&want["agreement"]), 2e-4, 1e-6);
    close(name, got.interaction_strength, number(&want["interaction_strength"]), 2e-4, 1e-6);
}

fn compare_parameters(name: &str, got: &Parameters, want: &Value, preset: Preset) {
    close(name, got.temperature, number(&want["temperature"]), 2e-4, 1e-6);
    if preset == Preset::A {
        // The original passes a temperature only; the rest are its `_sample`'s defaults.
        assert_eq!((got.top_p, got.top_k, got.min_p), (0.9, 27, 0.0), "{name}");
    } else {
        close(name, got.top_p, number(&want["top_p"]), 2e-4, 1e-6);
        assert_eq!(got.top_k, token(&want["top_k"]), "{name}");
        close(name, got.min_p, number(&want["min_p"]), 2e-4, 1e-6);
    }
}
