//! One function per golden file; each returns the number of cases it compared.
#![allow(clippy::unwrap_used, clippy::panic, clippy::float_cmp, reason = "a test")]

use std::collections::BTreeMap;
use std::f64::consts::LN_2;

use entropix::{
    Action, Attention, AttentionMetrics, EntropixConfig, Filter, MinP, Noise, Nucleus, Parameters,
    PlainConfig, Preset, PromisedConfig, Rule, Sampler, SamplerConfig, Sketch, Softmax,
    fixed_noise, rules, tempered, uncertainty,
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::case::{cases, close, hex, logits, number, numbers, token, tokens};

const VARENTROPY: &str = include_str!("../../../../tests/golden/entropix/varentropy.json");
const METRICS: &str = include_str!("../../../../tests/golden/entropix/metrics.json");
const DECISIONS: &str = include_str!("../../../../tests/golden/entropix/decisions.json");
const FILTERED: &str = include_str!("../../../../tests/golden/entropix/filtered.json");
const FROG_GATES: &str =
    include_str!("../../../../tests/golden/entropix/decisions_frog_gates.json");
const OCT31: &str = include_str!("../../../../tests/golden/entropix/decisions_oct31.json");
const NOISE: &str = include_str!("../../../../tests/golden/entropix/rng_noise.json");
const DSLIDER: &str = include_str!("../../../../tests/golden/entropix/dslider.json");
const ADAPTIVE: &str = include_str!("../../../../tests/golden/entropix/adaptive_scores.json");

/// What [`traces`] gives on every machine. Who changes what the sampler computes changes this.
pub(crate) const TRACES: &str = "9b91f08852b69374660645953802c8d77f8dfa8058b5583e258df3b41648ac32";

/// SHA-256 over every decision of every sampler on every recorded vector of logits, to the last digit.
pub(crate) fn traces() -> String {
    let promised = PromisedConfig { entropy_cut: 2.0, varentropy_cut: 2.0, ..Default::default() };
    let plain = PlainConfig {
        typical_p: 0.9,
        repetition_penalty: 1.2,
        dry_multiplier: 0.8,
        ..PlainConfig::default()
    };
    let presets = Preset::ALL.map(|preset| SamplerConfig::Entropix(EntropixConfig::preset(preset)));
    let others = [SamplerConfig::Plain(plain), SamplerConfig::Promised(promised)];
    let mut sha = Sha256::new();
    for config in presets.into_iter().chain(others) {
        let mut sampler = Sampler::with_phrases(config, vec![vec![1, 2]], 1337).unwrap();
        let mut generated = Vec::new();
        let (file, cases) = cases(DECISIONS);
        for case in cases {
            let logits = logits(&case);
            let tensor = &file["attention_tensors"][token(&case["attention"]) as usize];
            let scores = numbers(&tensor["scores_head_major"]);
            let attention = attention(tensor, &scores);
            let decision = sampler.decide(&logits, Some(attention), &generated).unwrap();
            generated.truncate(decision.retraction.map_or(usize::MAX, |back| back.to as usize));
            generated.push(decision.token);
            let sketch = Sketch::of(&logits, 64);
            sha.update(serde_json::to_string(&(decision, sketch)).unwrap());
        }
    }
    hex(&sha.finalize())
}

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
        let metrics = AttentionMetrics::of(&attention(case, &scores)).unwrap();
        compare_attention(name, &metrics, want, Preset::B);
    }
    cases.len()
}

/// Branch, action, derived numbers and token of a whole decision of one generation ("A_…", …).
pub(crate) fn decisions(generation: &str) -> usize {
    let (preset, _) = generation.split_once('_').unwrap();
    let preset = Preset::named(preset).unwrap();
    let (file, cases) = cases(DECISIONS);
    let mut compared = 0;
    for case in &cases {
        // A NaN logit makes the original's H NaN, and with it all that follows: tested elsewhere.
        let is_nan = number(&case["metrics"]["logits_entropy"]).is_nan();
        if case["boundary"] == true || is_nan {
            continue;
        }
        let logits = logits(case);
        decision(&file, case, &case["runs"][generation], &logits, &EntropixConfig::preset(preset));
        compared += 1;
    }
    compared
}

/// FROG with its gates loosened, so that every quadrant is hit.
pub(crate) fn frog_gates() -> usize {
    let (file, cases) = cases(FROG_GATES);
    for case in &cases {
        let overrides = case["config_overrides"].clone();
        let config = EntropixConfig::with_overrides(Preset::Frog, overrides).unwrap();
        decision(&file, case, case, &numbers(&case["logits"]), &config);
    }
    cases.len()
}

/// 31 October.
pub(crate) fn oct31() -> usize {
    let (file, cases) = cases(OCT31);
    let mut compared = 0;
    for case in cases.iter().filter(|case| case["boundary"] != true) {
        let mut logits = numbers(&case["logits"]);
        logits.resize(token(&case["pad_to"]) as usize, number(&case["pad_value"]) as f32);
        decision(&file, case, case, &logits, &EntropixConfig::preset(Preset::Oct31));
        compared += 1;
    }
    compared
}

/// With the original's noise, even the tokens are the original's.
fn decision(file: &Value, case: &Value, run: &Value, logits: &[f32], config: &EntropixConfig) {
    let name = case["name"].as_str().unwrap();
    let preset = config.preset;
    let tensor = &file["attention_tensors"][token(&case["attention"]) as usize];
    let scores = numbers(&tensor["scores_head_major"]);
    let config = SamplerConfig::Entropix(EntropixConfig { noise: Noise::Fixed, ..config.clone() });
    let mut sampler = Sampler::new(config, 1337).unwrap();
    let generated =
        case["gen_tokens"].as_array().map_or(Vec::new(), |_| tokens(&case["gen_tokens"]));
    let decision = sampler.decide(logits, Some(attention(tensor, &scores)), &generated).unwrap();

    let rule: Rule = serde_json::from_value(run["branch"].clone()).unwrap();
    assert_eq!(decision.rule, Some(rule), "{name}: {:?}", decision.because);
    let holds = rule != Rule::Adaptive;
    assert!(decision.because.iter().all(|one| one.holds() == holds), "{:?}", decision.because);
    if run["action"].is_string() {
        assert_eq!(action(decision.action), run["action"], "{name}");
    }
    let u = decision.uncertainty;
    close(name, u.entropy_bits, number(&case["metrics"]["logits_entropy"]), 2e-4, 1e-6);
    close(name, u.varentropy_bits2, number(&case["metrics"]["logits_varentropy"]), 2e-3, 1e-6);
    if let Some(metrics) = &decision.attention {
        compare_attention(name, metrics, &case["metrics"], preset);
    }
    assert_eq!(decision.attention.is_some(), preset.uses_attention());
    assert_eq!(decision.parameters.is_some(), !run["calls"][0].is_null(), "{name}");
    if let Some(parameters) = &decision.parameters {
        compare_parameters(name, parameters, &run["calls"][0], preset);
    }
    if run["candidates_jax"].is_array() {
        let drawn = match (decision.candidates, decision.parameters) {
            (Some(candidates), _) => candidates.iter().map(|one| one.token).collect(),
            (None, Some(_)) => vec![decision.token],
            (None, None) => Vec::new(),
        };
        assert_eq!(drawn, tokens(&run["candidates_jax"]), "{name}");
    }
    assert_eq!(run["token_jax"], decision.token, "{name}");
}

/// The temperature for an entropy, done right, where the original's reaches it.
pub(crate) fn tempered() -> usize {
    let file: Value = serde_json::from_str(DSLIDER).unwrap();
    let mut compared = 0;
    for case in file["units"]["temp_tune"].as_array().unwrap() {
        let target = number(&case["target_entropy_nats"]);
        let logits = numbers(&case["logp"]);
        let temperature = tempered::temperature_for_entropy(&logits, target / LN_2).unwrap();
        let reached = tempered::at(&logits, temperature).unwrap().entropy_nats;
        close("H", reached, target, 1e-9, 1e-9);
        if case["converged"] == true {
            // The original keeps 8 bits of it.
            close("T", temperature, number(&case["T_bf16"]), 1.0 / 128.0, 0.0);
            compared += 1;
        }
    }
    compared
}

/// The noise of one draw, and of each of five.
pub(crate) fn noise() -> usize {
    let file: Value = serde_json::from_str(NOISE).unwrap();
    let mut compared = 0;
    let mut compare = |lists: &Value, draw: u32, draws: u32| {
        for (len, want) in lists.as_object().unwrap() {
            let got = fixed_noise(draw, draws, len.parse().unwrap());
            let want = numbers(want);
            assert_eq!(got.len(), want.len());
            for (got, want) in got.iter().zip(want) {
                close("noise", *got, f64::from(want), 1e-6, 1e-7);
            }
            compared += 1;
        }
    };
    compare(&file["PRNGKey(1337)"], 0, 1);
    for (draw, lists) in (0..).zip(file["split5"].as_array().unwrap()) {
        compare(lists, draw, 5);
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
        let min_p = if variant.ends_with("minp_applied") { MinP::Works } else { MinP::NoEffect };
        let parameters = parameters(&case["params"]);
        let got = filter.with_quirks(&logits(case), &parameters, min_p, Nucleus::Ascending);
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
        let config = PlainConfig { temperature, top_k: 0, top_p, min_p, ..PlainConfig::default() };
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

        let parameters = rules::parameters(Rule::Adaptive, &u, &metrics, &config);
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
    let (heads, keys) = (token(&case["heads"]) as usize, token(&case["keys"]) as usize);
    Attention { heads, keys, padding: 0, scores }
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

fn compare_attention(name: &str, got: &AttentionMetrics, want: &Value, preset: Preset) {
    close(name, got.attn_entropy, number(&want["attn_entropy"]), 2e-4, 1e-6);
    // B0 reads it along an axis of length 1.
    let want_variance = if preset == Preset::B0 { 0.0 } else { number(&want["attn_varentropy"]) };
    close(name, got.attn_varentropy, want_variance, 2e-3, 1e-6);
    if preset != Preset::Oct31 {
        close(name, got.agreement, number(&want["agreement"]), 2e-4, 1e-6);
        close(name, got.interaction_strength, number(&want["interaction_strength"]), 2e-4, 1e-6);
    }
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
