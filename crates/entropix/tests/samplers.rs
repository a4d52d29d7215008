//! Published truncations against vectors computed from their definitions (tests/golden/samplers).
#![allow(clippy::unwrap_used, reason = "a test")]
#![cfg(not(target_arch = "wasm32"))]

use entropix::{Filter, PlainConfig, Sampler, SamplerConfig};
use proptest::collection::vec;
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    settings: PlainConfig,
    logits: Vec<f32>,
    kept: Vec<(u32, f64)>,
}

#[test]
fn what_is_kept_is_what_the_definition_keeps() {
    let text = include_str!("../../../tests/golden/samplers/vectors.json");
    let cases: Vec<Case> = serde_json::from_str(text).unwrap();
    assert!(cases.len() >= 36);
    let mut filter = Filter::new();
    for Case { name, settings, logits, kept } in cases {
        let got = filter.by_the_book(&logits, &settings);
        let tokens = |list: &[(u32, f64)]| list.iter().map(|(token, _)| *token).collect::<Vec<_>>();
        assert_eq!(tokens(got), tokens(&kept), "{name}: {settings:?}");
        for ((_, got), (_, wanted)) in got.iter().zip(&kept) {
            assert!((got - wanted).abs() < 1e-9, "{name}: {got} is not {wanted}");
        }
    }
}

/// 0.672 nats: two tokens of 0.6 and 0.4 have H = 0.673, of 0.61 and 0.39 H = 0.669.
#[test]
fn forks_have_a_temperature_of_their_own() {
    let config = PlainConfig { temperature: 0.5, fork_temperature: 1.5, ..PlainConfig::default() };
    for (p, wanted) in [(0.6_f32, 1.5), (0.61, 0.5), (0.99, 0.5)] {
        let logits = [p.ln(), (1.0 - p).ln()];
        for (config, wanted) in [
            (config.clone(), wanted),
            (PlainConfig { fork_temperature: 0.0, ..config.clone() }, 0.5),
            (PlainConfig { fork_entropy: 1.0, ..config.clone() }, 0.5),
        ] {
            let mut sampler = Sampler::new(SamplerConfig::Plain(config), 1).unwrap();
            let decision = sampler.decide(&logits, None, &[]).unwrap();
            let used = decision.parameters.unwrap().temperature;
            assert!((used - wanted).abs() < 1e-12, "{p}: {used}");
            assert!(decision.sentence.contains(&format!("temperature {wanted:.2}")));
        }
    }
}

/// Nothing but the truncation.
fn only() -> PlainConfig {
    PlainConfig { top_k: 0, top_p: 1.0, ..PlainConfig::default() }
}

fn kept(logits: &[f32], config: &PlainConfig) -> Vec<u32> {
    Filter::new().by_the_book(logits, config).iter().map(|(token, _)| *token).collect()
}

proptest! {
    /// The most probable token is never dropped, nor one as probable as it, at any temperature.
    #[test]
    fn something_is_always_kept(
        logits in vec(-60.0..60.0_f32, 1..200),
        temperature in 0.01..20.0_f64,
        sigmas in 0.0..5.0_f64,
        p_less: bool,
    ) {
        let config = PlainConfig { temperature, p_less, top_n_sigma: sigmas, ..only() };
        let kept = kept(&logits, &config);
        let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        for (token, &logit) in (0..).zip(&logits) {
            prop_assert!(logit < most || kept.contains(&token));
        }
    }

    /// What top-nσ keeps does not depend on the temperature, nor on what is added to all logits.
    #[test]
    fn top_n_sigma_is_invariant(
        logits in vec(-640..640_i16, 2..200),
        temperature in 0.5..8.0_f64,
        shift in -64..64_i16,
    ) {
        let logits: Vec<f32> = logits.into_iter().map(|l| f32::from(l) / 64.0).collect();
        let shifted: Vec<f32> = logits.iter().map(|l| l + f32::from(shift)).collect();
        // Not where a logit lies on the cut itself, up to rounding.
        let of = |logits: &[f32], temperature| {
            kept(logits, &PlainConfig { temperature, top_n_sigma: 1.003, ..only() })
        };
        prop_assert_eq!(of(&logits, temperature), of(&logits, 1.0));
        prop_assert_eq!(of(&shifted, 1.0), of(&logits, 1.0));
    }

    /// P-less keeps what is at least as probable as that two draws agree.
    #[test]
    fn p_less_keeps_what_its_definition_says(
        logits in vec(-20.0..20.0_f32, 1..200),
        temperature in 0.1..20.0_f64,
    ) {
        let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let weight = |&l: &f32| (f64::from(l - most) / temperature).exp();
        let total: f64 = logits.iter().map(weight).sum();
        let p: Vec<f64> = logits.iter().map(|l| weight(l) / total).collect();
        let agree: f64 = p.iter().map(|p| p * p).sum();
        let kept = kept(&logits, &PlainConfig { temperature, p_less: true, ..only() });
        for (token, p) in (0..).zip(p) {
            // Not on the cut itself, up to rounding.
            if (p / agree - 1.0).abs() > 1e-5 {
                prop_assert_eq!(kept.contains(&token), p > agree);
            }
        }
    }
}
