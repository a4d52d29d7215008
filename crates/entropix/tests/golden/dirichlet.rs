//! The Dirichlet sampler against its original; each function returns the number of values compared.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use entropix::dslider::{self, Moments, Policy, State, Step};
use entropix::{DsliderConfig, Sampler, SamplerConfig};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::case::{close, hex, number, numbers, token};

const DSLIDER: &str = include_str!("../../../../tests/golden/entropix/dslider.json");

/// What f32 leaves.
const SINGLE: f64 = 2e-6;
/// What bfloat16 leaves of one number, and of a chain of them.
const HALF: f64 = 1.0 / 128.0;
const HALVES: f64 = 1.0 / 32.0;

/// What [`traces`] gives on every machine. Who changes what the sampler computes changes this.
pub(crate) const TRACES: &str = "6f752bceb2d87851e0638fd8d731bff9eba7b1a2735bf1d41ee3f76743e7e67e";

/// SHA-256 over every decision of the sampler on the recorded logits and every state, to the last bit.
pub(crate) fn traces() -> String {
    let file: Value = serde_json::from_str(DSLIDER).unwrap();
    let mut sha = Sha256::new();
    for case in file["cases"].as_array().unwrap() {
        let config = DsliderConfig::default();
        let mut sampler = Sampler::new(SamplerConfig::Dslider(config.clone()), 1337).unwrap();
        let mut state: Option<State> = None;
        for run in case["steps"].as_array().unwrap() {
            let logits = numbers(&run["logits"]);
            let decision = sampler.decide(&logits, None, &[]).unwrap();
            sha.update(serde_json::to_string(&decision).unwrap());

            let now = state.or_else(|| State::of_prefill([&logits[..]], &config)).unwrap();
            let next = Step::new(&now, &logits, &config, None).unwrap().after(0, &config);
            for number in next.alpha.iter().chain(&next.log_p).chain([&next.dirichlet_entropy]) {
                sha.update(number.to_bits().to_le_bytes());
            }
            state = Some(next);
        }
    }
    hex(&sha.finalize())
}

/// Compares, and counts.
#[derive(Default)]
struct Comparison {
    values: usize,
}

impl Comparison {
    #[track_caller]
    fn number(&mut self, what: &str, got: f64, want: &Value, relative: f64, absolute: f64) {
        let want = number(want);
        assert_eq!(got.is_nan(), want.is_nan(), "{what}: got {got}, want {want}");
        if !want.is_nan() {
            close(what, got, want, relative, absolute);
        }
        self.values += 1;
    }

    #[track_caller]
    fn list(&mut self, what: &str, got: &[f64], want: &Value, relative: f64) {
        let want = want.as_array().unwrap();
        assert_eq!(got.len(), want.len(), "{what}");
        for (got, want) in got.iter().zip(want) {
            self.number(what, *got, want, relative, 0.0);
        }
    }
}

/// The functions one by one.
pub(crate) fn units() -> usize {
    let file: Value = serde_json::from_str(DSLIDER).unwrap();
    let units = |name: &str| file["units"][name].as_array().unwrap().clone();
    let mut compare = Comparison::default();
    for case in units("normalize_logits") {
        let got = dslider::normalize(&doubles(&case["logits"]), number(&case["noise_floor"]));
        compare.list("ln p", &got, &case["out"], SINGLE);
    }
    for case in units("ent_varent") {
        let got = Moments::of(&doubles(&case["logp"]));
        compare.number("H", got.entropy_nats, &case["entropy_nats"], SINGLE, 0.0);
        compare.number("V", got.varentropy_nats2, &case["varentropy_nats2"], SINGLE, 0.0);
    }
    for case in units("ent_grad_hess") {
        let got = dslider::slopes(&doubles(&case["logp"]), number(&case["T"]));
        compare.number("H", got.entropy_nats, &case["ent"], SINGLE, 0.0);
        compare.number("first slope", got.first, &case["grad"], SINGLE, 0.0);
        compare.number("second slope", got.second, &case["hess"], SINGLE, 0.0);
    }
    for case in units("temp_tune") {
        let got = dslider::tune(&doubles(&case["logp"]), number(&case["target_entropy_nats"]));
        // The same 8 bits, converged or not.
        compare.number("T", got, &case["T_bf16"], SINGLE, 0.0);
    }
    for (case, is_floored) in units("fit_dirichlet").iter().zip([false, false, true]) {
        let target = doubles(&case["target_logprobs"]);
        let got = dslider::fit(&target);
        if is_floored {
            // α up to 782,336: there f32 has lost some of it.
            compare.list("α", &got, &case["alpha_bf16"], 3.0 * HALF);
        } else {
            // Targets that are a distribution have no α: it grows until the steps die away, in f64 to
            // 10²². In f32 it stops at 10⁷, where 1 − ψ′(Σα) Σ 1/ψ′(α), which is about n/2Σα, is no
            // more than rounding. What can be compared is the direction.
            let want = doubles(&case["alpha_bf16"]);
            let sum: f64 = want.iter().sum();
            for (got, want) in dslider::expectation(&got).iter().zip(want) {
                compare.number("α/Σα", *got, &(want / sum).into(), HALF, 0.0);
            }
        }
    }
    for case in units("dirichlet_log_likelihood") {
        let got = dslider::log_likelihood(&doubles(&case["logprobs"]), &doubles(&case["alpha"]));
        compare.number("log-likelihood", got, &case["original_value"], SINGLE, 0.0);
    }
    compare.values
}

/// Whole runs: the state from a prompt, then three steps with the tokens that were recorded.
pub(crate) fn runs() -> usize {
    let file: Value = serde_json::from_str(DSLIDER).unwrap();
    let mut compare = Comparison::default();
    for case in file["cases"].as_array().unwrap() {
        // The original computed these in bfloat16 throughout, with each number rounded many times.
        let is_half = case["logits_dtype"] == "bfloat16";
        let tolerance = if is_half { HALVES } else { SINGLE };
        let logits = |value: &Value| -> Vec<f32> {
            let round = |x: f64| if is_half { half(x as f32) } else { x as f32 };
            doubles(value).into_iter().map(round).collect()
        };
        let config = match case["config"].as_str().unwrap() {
            "f0b8ea6_defaults_f32" => DsliderConfig {
                outlier_topk: 3,
                argmax_weight: 1.0,
                argmax_bias: 5.0,
                dirichlet_weight: 1.0,
                dirichlet_bias: 5.0,
                ..DsliderConfig::default()
            },
            _ => DsliderConfig::default(),
        };
        let prompt = logits(&case["prefill_logits"]);
        let vocabulary = token(&case["prefill_logits_shape"][2]) as usize;
        let mut state = State::of_prefill(prompt.chunks(vocabulary), &config).unwrap();
        compare_state(&mut compare, &state, &case["initial_state"], tolerance);

        for run in case["steps"].as_array().unwrap() {
            let step = Step::new(&state, &logits(&run["logits"]), &config, None).unwrap();
            compare_step(&mut compare, &step, run, tolerance);
            state = step.after(token(&run["token_jax_key1337"]), &config);
            compare_state(&mut compare, &state, &run["state_after_wild_false"], tolerance);
        }
    }
    compare.values
}

fn compare_step(compare: &mut Comparison, step: &Step, want: &Value, tolerance: f64) {
    let naked = step.naked;
    compare.number("H", naked.entropy_nats, &want["naked_ent_nats"], tolerance, 0.0);
    compare.number("V", naked.varentropy_nats2, &want["naked_varent_nats2"], tolerance, 0.0);
    let threshold = &want["outlier_threshold"];
    compare.number("outlier threshold", step.outlier_threshold, threshold, tolerance, 0.0);
    compare.number("top H", step.top_entropy, &want["topk_ent"], tolerance, 0.0);
    let threshold = &want["argmax_threshold"];
    compare.number("argmax threshold", step.argmax_threshold, threshold, tolerance, 0.0);

    let (policy, is_outlier) = match step.policy {
        Policy::Argmax => ("argmax", false),
        Policy::Top => ("inlier_topk_sample", false),
        Policy::Mixture | Policy::Dirichlet => ("outlier(dirichlet/ood)", true),
    };
    assert_eq!((&want["policy"], &want["outlier"]), (&policy.into(), &is_outlier.into()));
    compare.values += 2;
    // The others depend on JAX's random numbers.
    if matches!(step.policy, Policy::Argmax | Policy::Mixture) {
        assert_eq!(want["token_jax_key1337"], step.choice[0].0);
        compare.values += 1;
    }
    if !is_outlier {
        assert_eq!(want["argmax_token"], step.choice[0].0);
        compare.values += 1;
    }
}

fn compare_state(compare: &mut Comparison, state: &State, want: &Value, tolerance: f64) {
    compare.list("α", &state.alpha, &want["emwa_dir"], tolerance);
    compare.list("ln p", &state.log_p, &want["emwa_logp_on_supp"], tolerance);
    let fields = [
        ("emwa_temp", state.temperature),
        ("emwa_ent_scaffold", state.scaffold_entropy),
        ("emwa_ent_naked", state.naked_entropy),
        ("emwa_varent_scaffold", state.scaffold_varentropy),
        ("emwa_varent_naked", state.naked_varentropy),
        ("token_cross_ent_scaffold", state.scaffold_cross_entropy),
        ("token_cross_ent_naked", state.naked_cross_entropy),
        ("token_cross_var_scaffold", state.scaffold_cross_variance),
        ("token_cross_var_naked", state.naked_cross_variance),
        ("emwa_topk_ent_naked", state.top_entropy),
    ];
    for (name, got) in fields {
        compare.number(name, got, &want[name][0], tolerance, 0.0);
    }
    // It may be near 0 as the difference of hundreds.
    let absolute = 500.0 * if tolerance > SINGLE { HALF } else { SINGLE };
    let name = "emwa_dir_ent";
    compare.number(name, state.dirichlet_entropy, &want[name][0], tolerance, absolute);
}

fn doubles(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// The nearest bfloat16 of a finite number.
fn half(x: f32) -> f32 {
    let bits = x.to_bits();
    f32::from_bits((bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff_0000)
}
