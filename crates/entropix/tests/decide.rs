//! Whole decisions: rules, sentences, draws, configurations.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a test")]

use std::collections::BTreeSet;

use entropix::{
    Action, Attention, EntropixConfig, Filter, Metric, MinP, Nucleus, Parameters, PlainConfig,
    Preset, Rule, Sampler, SamplerConfig, SamplerError, classify,
};
use serde_json::{Value, json};

/// Favourite with probability `p` at token 3, the rest shared equally among `n − 1`.
fn spike(p: f32, n: usize) -> Vec<f32> {
    let mut logits = vec![((1.0 - p) / (n - 1) as f32).ln(); n];
    logits[3] = p.ln();
    logits
}

fn entropix(preset: Preset, overrides: Value) -> SamplerConfig {
    SamplerConfig::Entropix(EntropixConfig::with_overrides(preset, overrides).unwrap())
}

fn sampler(config: SamplerConfig) -> Sampler {
    Sampler::new(config, 42).unwrap()
}

#[test]
fn sentences_of_preset_b() {
    let mut sampler = sampler(SamplerConfig::default());
    let mut sentence = |logits: &[f32], generated: &[u32]| {
        sampler.decide(logits, None, generated).unwrap().sentence
    };
    assert_eq!(
        sentence(&spike(0.9999, 8), &[]),
        "H 0.00 bits < 0.10 and V 0.03 bits² < 0.10: take the most probable token"
    );
    assert_eq!(
        sentence(&[0.0; 64], &[5]),
        "H 6.00 bits > 5.00 and V 0.00 bits² < 0.10: insert the pause token"
    );
    assert_eq!(
        sentence(&[0.0; 64], &[5, 2564, 9]),
        "H 6.00 bits > 5.00 and V 0.00 bits² < 0.10, pause token already inserted: \
         draw at temperature 0.87 from the top 27 (logits only)"
    );
    assert_eq!(
        sentence(&spike(0.7, 128), &[]),
        "H 2.98 bits < 5.00 and V 14.16 bits² > 5.00: \
         draw at temperature 0.80 from the top 40 (logits only)"
    );
    assert_eq!(
        sentence(&spike(0.4, 128), &[]),
        "H 5.16 bits > 3.00 and V 9.84 bits² > 5.00: \
         draw at temperature 2.00 from the top 27 (logits only)"
    );
    assert_eq!(
        sentence(&spike(0.97, 128), &[]),
        "H 0.40 bits, V 4.19 bits²: no quadrant matches, \
         best of 5 draws at temperature 1.58 from the top 27 (logits only)"
    );
}

#[test]
fn sentences_of_preset_a() {
    let mut sampler = sampler(entropix(Preset::A, json!({})));
    let mut sentence = |logits: &[f32]| sampler.decide(logits, None, &[]).unwrap().sentence;
    assert_eq!(
        sentence(&spike(0.7, 128)),
        "H 2.98 bits < 5.00 and V 14.16 bits² > 5.00: draw at temperature 1.00 from the top 27"
    );
    assert_eq!(
        sentence(&spike(0.97, 128)),
        "H 0.40 bits, V 4.19 bits²: no quadrant matches, draw at temperature 0.33 from the top 27"
    );
}

#[test]
fn every_condition_is_told() {
    let scores = [1.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 2.0];
    let attention = Attention { heads: 2, keys: 4, padding: 4092, scores: &scores };
    let mut frog =
        sampler(entropix(Preset::Frog, json!({ "low_attention_entropy_threshold": 12 })));
    let decision = frog.decide(&spike(0.9999, 8), Some(attention), &[]).unwrap();
    assert_eq!(
        decision.sentence,
        "H 0.00 bits < 0.01, V 0.03 bits² < 0.05, AE 11.998 bits < 12.000, \
         AV 0.000 bits² < 0.001, AG 0.000000 < 0.000002 and IS 0.00 < 0.20: \
         take the most probable token"
    );
    let decision = frog.decide(&spike(0.5, 8), Some(attention), &[]).unwrap();
    let failed: Vec<_> = decision.because.iter().map(|one| (one.rule, one.metric)).collect();
    assert_eq!(
        failed,
        [
            (Rule::Lelv, Metric::H),
            (Rule::Helv, Metric::V),
            (Rule::Lehv, Metric::H),
            (Rule::Hehv, Metric::V),
        ]
    );
    let decision = frog.decide(&spike(0.7, 128), Some(attention), &[]).unwrap();
    assert_eq!(
        decision.sentence,
        "H 2.98 bits, V 14.16 bits²: no quadrant matches (HEHV: AV 0.000 bits² is not > 0.009), \
         best of 5 draws at temperature 2.86 from the top 27"
    );
    // Without attention nothing is asked of it.
    let decision = frog.decide(&spike(0.9999, 8), None, &[]).unwrap();
    assert_eq!((decision.rule, decision.because.len()), (Some(Rule::Lelv), 2));
}

#[test]
fn quirks_are_switches() {
    let flat = [0.0; 64];
    let inserts = |insert: &str, generated: &[u32]| {
        let config = entropix(Preset::B, json!({ "insert": insert }));
        sampler(config).decide(&flat, None, generated).unwrap().action == Action::Insert
    };
    for (insert, expected) in [
        ("once", [true, false, false]),
        ("not_twice_in_a_row", [true, true, false]),
        ("always", [true, true, true]),
    ] {
        let histories: [&[u32]; 3] = [&[], &[2564, 9], &[9, 2564]];
        assert_eq!(histories.map(|history| inserts(insert, history)), expected, "{insert}");
    }

    // 0.4, 0.3, 0.2, 0.1 at temperature 2: the rest of min-p is taken at temperature 1, or at 2.
    let logits = [0.4_f32, 0.3, 0.2, 0.1].map(f32::ln);
    let parameters = Parameters { temperature: 2.0, top_p: 1.0, top_k: 4, min_p: 0.6 };
    let mut filter = Filter::new();
    let mut first = |min_p, nucleus, parameters| {
        let kept = filter.with_quirks(&logits, parameters, min_p, nucleus);
        (kept.len(), (kept[0].1 * 1e4).round() / 1e4)
    };
    assert_eq!(first(MinP::NoEffect, Nucleus::Ascending, &parameters), (4, 0.3254));
    assert_eq!(first(MinP::UndoesTemperature, Nucleus::Ascending, &parameters), (3, 0.4444));
    assert_eq!(first(MinP::Works, Nucleus::Ascending, &parameters), (3, 0.3886));
    let narrow = Parameters { temperature: 1.0, top_p: 0.5, ..parameters };
    assert_eq!(first(MinP::NoEffect, Nucleus::Ascending, &narrow), (3, 0.5));
    assert_eq!(first(MinP::NoEffect, Nucleus::Descending, &narrow), (2, 0.5714));

    // One logit of −∞ is a zero, or ruins everything.
    let logits = [5.0, 1.0, f32::NEG_INFINITY];
    let decision = sampler(SamplerConfig::default()).decide(&logits, None, &[]).unwrap();
    assert!(decision.uncertainty.entropy_bits > 0.0);
    let faithful = entropix(Preset::B, json!({ "faithful_nan": true }));
    let decision = sampler(faithful).decide(&logits, None, &[]).unwrap();
    assert!(decision.uncertainty.entropy_bits.is_nan());
    assert!(decision.parameters.unwrap().temperature.is_nan());
    assert_eq!((decision.rule, decision.token), (Some(Rule::Adaptive), 0));
}

#[test]
fn the_first_token_may_be_taken_without_a_rule() {
    let mut sampler = sampler(SamplerConfig::default());
    let decision = sampler.first(&spike(0.4, 128)).unwrap();
    assert_eq!((decision.token, decision.action, decision.rule), (3, Action::Argmax, None));
    assert_eq!(decision.sentence, "the first token, without a rule: take the most probable token");
    assert!(sampler.first(&[f32::NAN]).is_err());
}

#[test]
fn a_nucleus_that_drops_the_head_is_told() {
    // AE = log₂ 16 = 4 bits lowers top-p from 0.9 to 0.9 − 0.8, that is, to its floor of 0.5. At
    // T = 2 token 0 has 20 %, 29 others 2.7 % each: 19 of those hold more than half.
    let scores = [0.0; 32];
    let attention = Attention { heads: 2, keys: 16, padding: 0, scores: &scores };
    let mut logits = vec![0.0; 30];
    logits[0] = 4.0;
    let mut sampler = sampler(entropix(Preset::B, json!({ "med_ent": 2, "high_ent": 2 })));
    let decision = sampler.decide(&logits, Some(attention), &[]).unwrap();
    assert_eq!(
        decision.sentence,
        "H 2.62 bits > 2.00 and V 7.54 bits² > 5.00: \
         draw at temperature 2.00 from the top 27 without the 8 most probable (top-p 0.50)"
    );
    assert!(sampler.filtered().iter().map(|kept| kept.0).eq(8..27));
    assert_eq!(decision.attention.map(|metrics| metrics.attn_entropy), Some(4.0));
}

#[test]
fn plain_samplers() {
    let logits = spike(0.7, 128);
    let mut greedy = sampler(SamplerConfig::Greedy);
    let decision = greedy.decide(&logits, None, &[]).unwrap();
    assert_eq!((decision.token, decision.action), (3, Action::Argmax));
    assert_eq!(decision.sentence, "take the most probable token");
    assert_eq!(greedy.filtered(), [(3, 1.0)]);

    let cold = PlainConfig { temperature: 0.0, ..PlainConfig::default() };
    let decision = sampler(SamplerConfig::Plain(cold)).decide(&logits, None, &[]).unwrap();
    assert_eq!((decision.token, decision.action), (3, Action::Argmax));

    let mut plain = sampler(SamplerConfig::Plain(PlainConfig::default()));
    let decision = plain.decide(&logits, None, &[]).unwrap();
    assert_eq!(decision.action, Action::Sample);
    assert_eq!(decision.sentence, "draw at temperature 0.70 from the top 40 (top-p 0.90)");
    assert_eq!((decision.rule, decision.candidates), (None, None));
}

#[test]
fn the_stream_of_random_numbers_never_changes() {
    let first = |seed: u64| {
        let config = PlainConfig {
            temperature: 1.0,
            top_k: 0,
            top_p: 1.0,
            min_p: 0.0,
            ..PlainConfig::default()
        };
        let mut sampler = Sampler::new(SamplerConfig::Plain(config), seed).unwrap();
        [(); 4].map(|()| sampler.decide(&[0.0; 10], None, &[]).unwrap().draw.unwrap().u)
    };
    // Checked against an independent PCG XSL RR 128/64.
    #[rustfmt::skip]
    assert_eq!(first(0), [0.798_758_590_618_665_8, 0.572_639_096_499_862_8, 0.500_202_268_684_761_8, 0.831_052_474_244_615_1]);
    #[rustfmt::skip]
    assert_eq!(first(42), [0.497_413_715_680_894, 0.555_254_011_866_867_8, 0.530_653_052_459_332_4, 0.284_603_389_324_218_14]);
    assert_eq!(first(u64::MAX)[..2], [0.683_840_216_005_658_5, 0.742_821_583_452_803_6]);
}

#[test]
fn tokens_come_as_often_as_their_probability() {
    let config = PlainConfig {
        temperature: 1.0,
        top_k: 0,
        top_p: 1.0,
        min_p: 0.0,
        ..PlainConfig::default()
    };
    let mut sampler = sampler(SamplerConfig::Plain(config));
    let logits = [0.2_f32.ln(), 0.5_f32.ln(), 0.3_f32.ln()];
    let mut counts = [0; 3];
    for _ in 0..20_000 {
        let decision = sampler.decide(&logits, None, &[]).unwrap();
        counts[decision.token as usize] += 1;
        // Most probable first: token 1 below 0.5, token 2 below 0.8, then token 0.
        let draw = decision.draw.unwrap();
        let want = if draw.u < 0.5 {
            1
        } else if draw.u < 0.8 {
            2
        } else {
            0
        };
        assert!(decision.token == want || draw.margin < 1e-6);
    }
    for (count, p) in counts.iter().zip([0.2, 0.5, 0.3]) {
        assert!((f64::from(*count) / 20_000.0 - p).abs() < 0.01, "{counts:?}");
    }
}

#[test]
fn best_of_n_is_the_most_probable_of_the_draws() {
    let mut sampler = sampler(SamplerConfig::default());
    let logits: Vec<f32> = (0..64_u8).map(|i| f32::from(i) * 0.02).collect();
    for _ in 0..100 {
        let decision = sampler.decide(&logits, None, &[]).unwrap();
        assert_eq!(decision.action, Action::BestOfN);
        let candidates = decision.candidates.unwrap();
        assert_eq!(candidates.len(), 5);
        assert_eq!(candidates.iter().map(|c| c.token).max(), Some(decision.token));
        assert!(candidates.iter().all(|c| sampler.filtered().iter().any(|f| f.0 == c.token)));
    }
}

#[test]
fn rules_follow_their_order_and_strict_inequalities() {
    let b = EntropixConfig::preset(Preset::B);
    let rule = |h, v| classify(h, v, &b.thresholds());
    assert_eq!(rule(0.05, 0.05), Rule::Lelv);
    assert_eq!(rule(0.1, 0.05), Rule::Adaptive);
    assert_eq!(rule(5.0, 0.05), Rule::Adaptive);
    assert_eq!(rule(5.1, 0.05), Rule::Helv);
    assert_eq!(rule(5.1, 0.1), Rule::Adaptive);
    assert_eq!(rule(4.0, 5.1), Rule::Lehv);
    assert_eq!(rule(4.0, 5.0), Rule::Adaptive);
    // Exactly 5 bits: B's HEHV starts at 3, A's above 5.
    assert_eq!(rule(5.0, 5.1), Rule::Hehv);
    assert_eq!(classify(5.0, 5.1, &EntropixConfig::preset(Preset::A).thresholds()), Rule::Adaptive);
}

#[test]
fn overrides() {
    let map = json!({
        "temp": 1, "high_ent": 4.5, "low_vent_thresh": 0.2, "medium_logits_entropy_threshold": 2.5,
        "pause_token": 2026, "ada_score_int": 0
    });
    let map = map.as_object().unwrap();
    let config = EntropixConfig::with_overrides(Preset::B, map).unwrap();
    let want = EntropixConfig {
        temperature: 1.0,
        high_logits_entropy_threshold: 4.5,
        low_logits_varentropy_threshold: 0.2,
        medium_logits_entropy_threshold: 2.5,
        pause_token: 2026,
        ada_score_int: 0.0,
        ..EntropixConfig::preset(Preset::B)
    };
    assert_eq!(config, want);

    let unknown = EntropixConfig::with_overrides(Preset::B, json!({ "hihg_ent": 4 })).unwrap_err();
    assert!(unknown.to_string().contains("`hihg_ent`"), "{unknown}");
    let twice = json!({ "high_ent": 4, "high_logits_entropy_threshold": 5 });
    assert!(EntropixConfig::with_overrides(Preset::B, twice).is_err());
}

#[test]
fn configurations_survive_json() {
    let plain = json!({ "kind": "plain", "temperature": 1 });
    let configs = [
        (json!({ "kind": "greedy" }), SamplerConfig::Greedy),
        (plain, SamplerConfig::Plain(PlainConfig { temperature: 1.0, ..PlainConfig::default() })),
        (json!({ "kind": "entropix" }), SamplerConfig::default()),
        (
            json!({ "kind": "entropix", "preset": "A", "top_k": 9 }),
            entropix(Preset::A, json!({ "top_k": 9 })),
        ),
    ];
    for (json, config) in configs {
        assert_eq!(serde_json::from_value::<SamplerConfig>(json).unwrap(), config);
        let text = serde_json::to_string(&config).unwrap();
        assert_eq!(serde_json::from_str::<SamplerConfig>(&text).unwrap(), config);
    }
    let unknown = json!({ "kind": "entropix", "warmth": 1 });
    let error = serde_json::from_value::<SamplerConfig>(unknown).unwrap_err();
    assert!(error.to_string().contains("`warmth`"), "{error}");
}

#[test]
fn decisions_survive_json() {
    let mut sampler = sampler(SamplerConfig::default());
    for logits in [spike(0.97, 128), spike(0.7, 128), vec![0.0; 64]] {
        let decision = sampler.decide(&logits, None, &[]).unwrap();
        let text = serde_json::to_string(&decision).unwrap();
        // serde_json's reader may be off by the last bit of an f64.
        let copy: entropix::Decision = serde_json::from_str(&text).unwrap();
        let (got, want) = (copy.uncertainty.entropy_bits, decision.uncertainty.entropy_bits);
        assert!((got - want).abs() < 1e-12);
        assert_eq!((copy.rule, copy.action), (decision.rule, decision.action));
        assert_eq!((copy.token, copy.sentence), (decision.token, decision.sentence));
    }
}

#[test]
fn names() {
    let names = [
        SamplerConfig::Greedy,
        SamplerConfig::Plain(PlainConfig::default()),
        entropix(Preset::A, json!({})),
        SamplerConfig::default(),
    ]
    .map(|config| config.name());
    assert_eq!(names, ["greedy", "plain", "A", "B"]);

    let config = EntropixConfig::preset(Preset::B);
    let names: BTreeSet<_> = config.numbers().map(|(knob, _)| knob.name).collect();
    let Value::Object(json) = serde_json::to_value(&config).unwrap() else { panic!("no object") };
    let numeric: BTreeSet<_> =
        json.iter().filter(|(_, value)| value.is_number()).map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, numeric);
    for preset in Preset::ALL {
        assert_eq!(Preset::named(preset.name()), Some(preset));
        assert_eq!(serde_json::to_value(preset).unwrap(), preset.name());
        let config = EntropixConfig::preset(preset);
        config.check().unwrap();
        assert_eq!(config.thresholds(), preset.thresholds());
    }
}

#[test]
fn numbers_out_of_range_are_named() {
    for (name, value) in [
        ("helv_temperature_max", -1.0),
        ("temperature", f64::NAN),
        ("ada_score_int", f64::INFINITY),
        ("top_k", 0.0),
        ("n_adaptive_samples", 0.0),
        ("n_adaptive_samples", 1025.0),
    ] {
        let mut config = EntropixConfig::preset(Preset::B);
        match name {
            "helv_temperature_max" => config.helv_temperature_max = value,
            "temperature" => config.temperature = value,
            "ada_score_int" => config.ada_score_int = value,
            "top_k" => config.top_k = value as u32,
            _ => config.n_adaptive_samples = value as u32,
        }
        let error = Sampler::new(SamplerConfig::Entropix(config), 0).unwrap_err();
        let SamplerError::InvalidConfig { field, .. } = error else { panic!("{error}") };
        assert_eq!(field, name);
    }
    let plain = PlainConfig { min_p: -0.1, ..PlainConfig::default() };
    let error = Sampler::new(SamplerConfig::Plain(plain), 0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "sampler setting min_p is -0.1, but must be finite and not negative"
    );
}

#[test]
fn nothing_to_choose_and_wrong_shapes_are_errors() {
    for config in [
        SamplerConfig::Greedy,
        SamplerConfig::Plain(PlainConfig::default()),
        SamplerConfig::default(),
    ] {
        let mut sampler = sampler(config);
        for logits in [&[][..], &[f32::NAN], &[f32::NEG_INFINITY; 3]] {
            let error = sampler.decide(logits, None, &[]).unwrap_err();
            assert_eq!(error, SamplerError::NoCandidates);
        }
        let attention = Attention { heads: 3, keys: 5, padding: 0, scores: &[0.0; 14] };
        let error = sampler.decide(&[1.0], Some(attention), &[]).unwrap_err();
        assert_eq!(error.to_string(), "attention has 14 scores for 3 heads × 5 keys");
    }
}
