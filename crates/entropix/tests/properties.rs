//! What holds for every input, absurd ones included.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test")]

use entropix::{
    Action, Attention, Decision, DsliderConfig, EntropixConfig, PlainConfig, Preset, Sampler,
    SamplerConfig, uncertainty,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

/// Logits with every special value, ties and ordinary numbers.
fn logit() -> impl Strategy<Value = f32> {
    prop_oneof![
        4 => -20.0_f32..20.0,
        2 => select(vec![0.0, 1.0, -0.0]),
        1 => select(vec![f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN]),
        1 => any::<f32>(),
    ]
}

fn ordinary() -> impl Strategy<Value = Vec<f32>> {
    vec(-20.0_f32..20.0, 1..300)
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![0.0..10.0, select(vec![0.0, 5e-324, 1e-9, 0.5, 1.0, 1e9, 1e308, f64::MAX]),]
}

fn count() -> impl Strategy<Value = u32> {
    prop_oneof![0..50_u32, select(vec![0, 1, u32::MAX])]
}

/// A preset in which any number may be any allowed value.
fn entropix() -> impl Strategy<Value = SamplerConfig> {
    let length = EntropixConfig::preset(Preset::A).numbers().count();
    let change = prop_oneof![3 => Just(None), 1 => (number(), count()).prop_map(Some)];
    (select(Preset::ALL.to_vec()), vec(change, length), switches()).prop_map(
        |(preset, changes, switches)| {
            let mut json = serde_json::to_value(EntropixConfig::preset(preset)).unwrap();
            let names = EntropixConfig::preset(preset).numbers().map(|(knob, _)| knob.name);
            for (name, change) in names.zip(changes) {
                let Some((number, count)) = change else { continue };
                let limit = if name == "n_adaptive_samples" { 20 } else { u32::MAX };
                let is_count = json[name].is_u64();
                json[name] =
                    if is_count { count.clamp(1, limit).into() } else { Value::from(number) };
            }
            for (name, value) in switches {
                json[name] = value;
            }
            SamplerConfig::Entropix(serde_json::from_value(json).unwrap())
        },
    )
}

/// The quirks, any way.
fn switches() -> impl Strategy<Value = Vec<(&'static str, Value)>> {
    let one = |name: &'static str, values: &[&str]| {
        let values: Vec<Value> = values.iter().map(|value| Value::from(*value)).collect();
        select(values).prop_map(move |value| (name, value))
    };
    let flag = |name: &'static str| any::<bool>().prop_map(move |on| (name, Value::from(on)));
    let words = [
        one("nucleus", &["ascending", "descending"]).boxed(),
        one("min_p_effect", &["no_effect", "undoes_temperature", "works"]).boxed(),
        one("insert", &["once", "not_twice_in_a_row", "always"]).boxed(),
        one("attention_variance", &["over_heads", "over_one_query", "unbiased"]).boxed(),
        one("noise", &["stream", "fixed"]).boxed(),
        flag("swapped_thresholds").boxed(),
        flag("attention_gates").boxed(),
        flag("agreement_gates").boxed(),
    ];
    words.to_vec()
}

fn plain() -> impl Strategy<Value = SamplerConfig> {
    let names: Vec<_> = PlainConfig::default().numbers().map(|(knob, _)| knob.name).collect();
    vec((number(), count()), names.len()).prop_map(move |changes| {
        let mut json = serde_json::to_value(PlainConfig::default()).unwrap();
        for (name, (number, count)) in names.iter().zip(changes) {
            json[*name] = match json[*name].is_u64() {
                true => count.into(),
                false if *name == "repetition_penalty" => Value::from(number.max(1e-3)),
                false => Value::from(number),
            };
        }
        SamplerConfig::Plain(serde_json::from_value(json).unwrap())
    })
}

/// The Dirichlet sampler in which any number may be any allowed value.
fn dslider() -> impl Strategy<Value = SamplerConfig> {
    let names: Vec<_> = DsliderConfig::default().numbers().map(|(knob, _)| knob.name).collect();
    let change = prop_oneof![3 => Just(None), 1 => number().prop_map(Some)];
    (vec(change, names.len()), 1..=64_u32, any::<bool>()).prop_map(move |(changes, top, wild)| {
        let mut json = serde_json::to_value(DsliderConfig::default()).unwrap();
        for (name, change) in names.iter().zip(changes) {
            let Some(number) = change else { continue };
            json[*name] = match *name {
                "outlier_topk" => top.into(),
                "noise_floor" => (-number.max(1e-3)).into(),
                _ if name.ends_with("_rate") => number.min(1.0).into(),
                _ if name.ends_with("_base") => number.max(1e-3).into(),
                _ => number.into(),
            };
        }
        json["wild"] = wild.into();
        SamplerConfig::Dslider(serde_json::from_value(json).unwrap())
    })
}

fn config() -> impl Strategy<Value = SamplerConfig> {
    prop_oneof![
        1 => Just(SamplerConfig::Greedy), 3 => plain(), 6 => entropix(), 3 => dslider(),
    ]
}

fn has_candidates(logits: &[f32]) -> bool {
    logits.iter().any(|&l| l > f32::NEG_INFINITY)
}

/// All that a decision promises about itself and the list it drew from.
fn check(decision: &Decision, sampler: &Sampler, logits: &[f32]) -> Result<(), TestCaseError> {
    let kept = sampler.filtered();
    prop_assert!(kept.iter().any(|&(token, _)| token == decision.token));
    prop_assert!((kept.iter().map(|(_, p)| p).sum::<f64>() - 1.0).abs() < 1e-9);
    prop_assert!(kept.windows(2).all(|w| w[0].1 >= w[1].1));
    if decision.action != Action::Insert {
        let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        for &(token, probability) in kept {
            prop_assert!(probability > 0.0 && probability <= 1.0 + 1e-12);
            let logit = logits[token as usize];
            prop_assert!(logit > f32::NEG_INFINITY && (max.is_finite() || logit >= max));
        }
    }
    if let Some(draw) = decision.draw {
        prop_assert!((0.0..1.0).contains(&draw.u) && (0.0..=1.0).contains(&draw.margin));
    }
    if let Some(parameters) = decision.parameters {
        prop_assert!(parameters.temperature >= 0.0 && parameters.temperature.is_finite());
        prop_assert!(!parameters.top_p.is_nan() && !parameters.min_p.is_nan());
    }
    Ok(())
}

proptest! {
    #[test]
    fn h_and_v_stay_in_their_bounds(logits in vec(logit(), 0..200)) {
        match uncertainty(&logits) {
            None => prop_assert!(!has_candidates(&logits)),
            Some(u) => {
                let limit = (logits.len() as f64).log2();
                prop_assert!((0.0..=limit + 1e-9).contains(&u.entropy_bits));
                // V ≤ ¼ ln²(n − 1) + 1 nats² (Reeb & Wolf, arXiv:1304.0036).
                let bound = (0.25 * (limit * std::f64::consts::LN_2).powi(2) + 1.0) / 0.480_453;
                prop_assert!((0.0..=bound).contains(&u.varentropy_bits2));
            }
        }
    }

    #[test]
    fn h_and_v_equal_their_definition(logits in ordinary()) {
        let weights: Vec<f64> = logits.iter().map(|&l| f64::from(l).exp()).collect();
        let total: f64 = weights.iter().sum();
        let p = || weights.iter().map(|w| w / total);
        let h = -p().map(|p| p * p.log2()).sum::<f64>();
        let v: f64 = p().map(|p| p * (p.log2() + h).powi(2)).sum();
        let u = uncertainty(&logits).unwrap();
        prop_assert!((u.entropy_bits - h).abs() < 1e-9);
        prop_assert!((u.varentropy_bits2 - v).abs() < 1e-9);
    }

    #[test]
    fn h_and_v_ignore_a_shift(logits in vec(-20..20_i8, 1..100), shift in -100..100_i8) {
        let at = |shift: i8| {
            let logits: Vec<_> = logits.iter().map(|&l| f32::from(l) + f32::from(shift)).collect();
            uncertainty(&logits).unwrap()
        };
        prop_assert_eq!(at(0), at(shift));
    }

    #[test]
    fn every_decision_keeps_its_promises(
        config in config(),
        seed in any::<u64>(),
        logits in vec(logit(), 0..200),
        scores in vec(logit(), 1..60),
        heads in 1..4_usize,
        generated in vec(select(vec![7, 2564]), 0..3),
    ) {
        let mut sampler = Sampler::new(config, seed).unwrap();
        let keys = scores.len() / heads;
        let attention = Attention { heads, keys, padding: 0, scores: &scores[..heads * keys] };
        for attention in [None, Some(attention), None] {
            let shape_is_good = attention.is_none_or(|a| a.keys > 0);
            match sampler.decide(&logits, attention, &generated) {
                Ok(decision) => check(&decision, &sampler, &logits)?,
                Err(_) => prop_assert!(!shape_is_good || !has_candidates(&logits)),
            }
        }
    }

    #[test]
    fn wrong_shapes_never_panic(
        heads in any::<usize>(), keys in any::<usize>(), scores in vec(logit(), 0..5),
    ) {
        let mut sampler = Sampler::new(SamplerConfig::default(), 0).unwrap();
        let fits = heads.checked_mul(keys) == Some(scores.len()) && !scores.is_empty();
        let attention = Attention { heads, keys, padding: 0, scores: &scores };
        prop_assert_eq!(sampler.decide(&[1.0, 2.0], Some(attention), &[]).is_ok(), fits);
    }

    #[test]
    fn the_same_seed_decides_the_same(
        config in config(), seed in any::<u64>(), logits in ordinary(),
    ) {
        let mut first = Sampler::new(config, seed).unwrap();
        let mut second = first.clone();
        for _ in 0..3 {
            prop_assert_eq!(
                first.decide(&logits, None, &[]).unwrap(),
                second.decide(&logits, None, &[]).unwrap()
            );
        }
    }

    #[test]
    fn by_the_book_agrees_with_a_full_sort(
        logits in vec(-5.0_f32..5.0, 1..400), top_k in 0..100_u32,
        top_p in 0.0..1.0_f64, min_p in 0.0..0.5_f64, temperature in 0.1..3.0_f64,
    ) {
        let weight = |l: f32| (f64::from(l) / temperature).exp();
        let mut all: Vec<_> = (0_u32..).zip(logits.iter().map(|&l| weight(l))).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        let floor = min_p * all[0].1;
        all.retain(|&(_, w)| w >= floor * (1.0 - 1e-12));
        if top_k > 0 {
            all.truncate(top_k as usize);
        }
        let total: f64 = all.iter().map(|(_, w)| w).sum();
        let mut mass = 0.0;
        let needed = all.iter().take_while(|(_, w)| {
            let more = mass < top_p * total;
            mass += w;
            more
        });
        let want: Vec<u32> = needed.map(|&(token, _)| token).collect();

        let config = PlainConfig { temperature, top_k, top_p, min_p, ..PlainConfig::default() };
        let mut sampler = Sampler::new(SamplerConfig::Plain(config), 1).unwrap();
        sampler.decide(&logits, None, &[]).unwrap();
        let got: Vec<u32> = sampler.filtered().iter().map(|&(token, _)| token).collect();
        prop_assert_eq!(got, want);
    }
}
