//! What holds for the Dirichlet sampler on every input, absurd ones included.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::collections::BTreeSet;

use entropix::dslider::{Policy, State, Step, fit, log_likelihood, normalize, slopes, tune};
use entropix::{Action, DsliderConfig, Sampler, SamplerConfig, SamplerError};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// Logits with every special value, ties and ordinary numbers.
fn logit() -> impl Strategy<Value = f32> + Clone {
    prop_oneof![
        4 => -20.0_f32..20.0,
        2 => select(vec![0.0, 1.0, -0.0]),
        1 => select(vec![f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN]),
        1 => any::<f32>(),
    ]
}

/// Vocabularies smaller than what a top list holds, and larger ones.
fn steps(logit: impl Strategy<Value = f32> + Clone) -> impl Strategy<Value = Vec<Vec<f32>>> {
    prop_oneof![1..8_usize, 8..100_usize]
        .prop_flat_map(move |vocabulary| vec(vec(logit.clone(), vocabulary), 1..5))
}

/// Noise that repeats.
fn uniforms(seed: u32) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) * 2_f64.powi(-24)
    }
}

/// What is drawn from is a distribution over tokens that there are, the most probable first.
fn check(step: &Step, logits: &[f32]) -> Result<(), TestCaseError> {
    prop_assert!(!step.choice.is_empty());
    prop_assert!((step.choice.iter().map(|(_, p)| p).sum::<f64>() - 1.0).abs() < 1e-9);
    prop_assert!(step.choice.windows(2).all(|pair| pair[0].1 >= pair[1].1));
    prop_assert!(step.choice.iter().all(|&(token, p)| (token as usize) < logits.len() && p >= 0.0));
    prop_assert_eq!(step.temperature.is_none(), step.policy == Policy::Argmax);
    Ok(())
}

proptest! {
    #[test]
    fn finite_logits_give_finite_numbers(
        steps in steps(-20.0_f32..20.0), wild in any::<bool>(), seed in any::<u32>(),
    ) {
        let config = DsliderConfig { wild, ..DsliderConfig::default() };
        let mut uniforms = uniforms(seed);
        let mut state = State::of_prefill(steps.iter().map(Vec::as_slice), &config).unwrap();
        prop_assert!(state.naked_cross_entropy.is_finite());
        for (number, logits) in steps.iter().enumerate() {
            let step = Step::new(&state, logits, &config, Some(&mut uniforms)).unwrap();
            check(&step, logits)?;
            // The first step is an outlier; none is after one whose token was not certain.
            let is_outlier = matches!(step.policy, Policy::Mixture | Policy::Dirichlet);
            prop_assert_eq!(is_outlier, step.outlier_threshold > 0.0);
            if number == 0 {
                prop_assert!(is_outlier);
            } else if state.naked_cross_entropy.is_nan() {
                prop_assert!(!is_outlier);
            }
            let token = step.choice[0].0;
            state = step.after(token, &config);
            prop_assert!(state.alpha.iter().chain(&state.log_p).all(|x| x.is_finite()));
            prop_assert!(state.alpha.iter().all(|&alpha| alpha > 0.0));
            prop_assert!(state.temperature.is_finite() && state.temperature > 0.0);
            let others = [
                state.naked_entropy, state.naked_varentropy, state.scaffold_entropy,
                state.scaffold_varentropy, state.scaffold_cross_entropy,
                state.scaffold_cross_variance, state.dirichlet_entropy, state.top_entropy,
            ];
            prop_assert!(others.iter().all(|x| x.is_finite()), "{others:?}");
        }
    }

    #[test]
    fn absurd_logits_never_panic(steps in steps(logit()), wild in any::<bool>()) {
        let config = DsliderConfig { wild, ..DsliderConfig::default() };
        let mut uniforms = uniforms(7);
        let mut state = steps.iter().find_map(|one| State::of_prefill([&one[..]], &config));
        for logits in &steps {
            let Some(now) = &state else { break };
            let has_candidates = logits.iter().any(|&logit| logit > f32::NEG_INFINITY);
            let step = Step::new(now, logits, &config, Some(&mut uniforms));
            prop_assert_eq!(step.is_some(), has_candidates);
            let Some(step) = step else { continue };
            check(&step, logits)?;
            state = Some(step.after(u32::MAX, &config));
        }
    }

    #[test]
    fn other_vocabularies_never_panic(
        first in vec(logit(), 0..9), second in vec(logit(), 0..9), token in any::<u32>(),
    ) {
        let config = DsliderConfig::default();
        let state = State::of_prefill([&first[..], &second[..]], &config);
        let Some(state) = state.or_else(|| State::of_prefill([&first[..]], &config)) else {
            return Ok(());
        };
        if let Some(step) = Step::new(&state, &second, &config, None) {
            prop_assert!(!step.choice.is_empty());
            step.after(token, &config);
        }
    }

    #[test]
    fn parts_never_panic(
        values in vec(prop_oneof![any::<f64>(), -20.0..20.0_f64], 0..9),
        target in any::<f64>(),
        temperature in any::<f64>(),
    ) {
        let log_p = normalize(&values, -12.0);
        prop_assert!(tune(&log_p, target) > 0.0);
        slopes(&values, temperature);
        tune(&values, target);
        log_likelihood(&values, &fit(&values));
    }

    #[test]
    fn tuned_temperatures_are_within_ten_steps(
        logits in vec(-20.0_f64..20.0, 1..50), target in -1.0..20.0_f64,
    ) {
        let temperature = tune(&normalize(&logits, -12.0), target);
        prop_assert!((2_f64.powi(-10)..=1.01 * 1.5_f64.powi(10)).contains(&temperature));
    }
}

#[test]
fn nothing_to_choose() {
    let config = DsliderConfig::default();
    assert_eq!(State::of_prefill([], &config), None);
    assert_eq!(State::of_prefill([&[][..]], &config), None);
    assert_eq!(State::of_prefill([&[f32::NAN][..]], &config), None);
    let state = State::of_prefill([&[1.0, 2.0][..]], &config).unwrap();
    assert_eq!(Step::new(&state, &[], &config, None), None);
    assert_eq!(Step::new(&state, &[f32::NEG_INFINITY, f32::NAN], &config, None), None);
}

#[test]
fn as_a_sampler() {
    let mut sampler = Sampler::new(SamplerConfig::Dslider(DsliderConfig::default()), 42).unwrap();
    let logits = [3.0, 2.0, 1.0, 1.0, 0.5, 0.0, -1.0, -2.0, -5.0, f32::NEG_INFINITY];
    let mut decide = |logits: &[f32]| {
        let decision = sampler.decide(logits, None, &[]).unwrap();
        assert!(sampler.filtered().iter().any(|&(token, _)| token == decision.token));
        decision
    };
    // The first is always an outlier, and none is after it.
    let first = decide(&logits);
    assert_eq!(first.action, Action::Sample);
    assert_eq!(
        first.sentence,
        "outlier (26.19 > 0), minus log-likelihood 3.29e10 nats is not < −3.20e9: \
         draw from the Dirichlet distribution, fitted at temperature 0.71"
    );
    let second = decide(&[0.2; 10]);
    assert_eq!((second.action, second.parameters.unwrap().top_k), (Action::Sample, 6));
    assert_eq!(
        second.sentence,
        "no outlier (NaN is not > 0), H of the top tokens 1.79 nats is not < 1.33: \
         draw from the top 6 at temperature 0.35, tuned towards the average H of 1.29 nats"
    );
    let third = decide(&[9.0, 1.0, 0.0, 0.0]);
    assert_eq!((third.action, third.token, third.parameters), (Action::Argmax, 0, None));
    assert_eq!(
        third.sentence,
        "no outlier (NaN is not > 0), H of the top tokens 0.01 nats < 1.36: \
         take the most probable token"
    );
}

#[test]
fn the_configuration_survives_json() {
    let config = SamplerConfig::Dslider(DsliderConfig { outlier_topk: 3, ..Default::default() });
    assert_eq!(config.name(), "DSLIDER");
    let json = json!({ "kind": "dslider", "outlier_topk": 3 });
    assert_eq!(serde_json::from_value::<SamplerConfig>(json).unwrap(), config);
    let text = serde_json::to_string(&config).unwrap();
    assert_eq!(serde_json::from_str::<SamplerConfig>(&text).unwrap(), config);
    let unknown = json!({ "kind": "dslider", "warmth": 1 });
    let error = serde_json::from_value::<SamplerConfig>(unknown).unwrap_err();
    assert!(error.to_string().contains("`warmth`"), "{error}");

    let config = DsliderConfig::default();
    config.check().unwrap();
    let names: BTreeSet<_> = config.numbers().map(|(knob, _)| knob.name).collect();
    let Value::Object(json) = serde_json::to_value(&config).unwrap() else { panic!("no object") };
    let numeric = json.iter().filter(|(_, value)| value.is_number());
    assert_eq!(names, numeric.map(|(name, _)| name.as_str()).collect());
}

#[test]
fn numbers_out_of_range_are_named() {
    for (name, value) in [
        ("noise_floor", json!(0.5)),
        ("outlier_topk", json!(0)),
        ("outlier_topk", json!(65)),
        ("naked_rate", json!(1.1)),
        ("perturb_base", json!(0)),
        ("log_p_exponent", json!(-1)),
    ] {
        let mut json = serde_json::to_value(DsliderConfig::default()).unwrap();
        json[name] = value;
        let config = SamplerConfig::Dslider(serde_json::from_value(json).unwrap());
        let error = Sampler::new(config, 0).unwrap_err();
        let SamplerError::InvalidConfig { field, .. } = error else { panic!("{error}") };
        assert_eq!(field, name);
    }
    let config = DsliderConfig { outlier_bias: f64::NAN, ..DsliderConfig::default() };
    assert!(config.check().is_err());
}
