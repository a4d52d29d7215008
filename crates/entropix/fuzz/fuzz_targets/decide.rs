//! No input makes a decision panic, and every decision comes from the list it was drawn from.
#![no_main]

use entropix::tempered::temperature_for_entropy;
use entropix::{
    Action, Attention, AttentionMetrics, EntropixConfig, NormalisedMetrics, Preset, Sampler,
    SamplerConfig, uncertainty,
};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, json};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    seed: u64,
    config: Config<'a>,
    overrides: Vec<(u8, Setting<'a>)>,
    heads: u8,
    shape: Shape,
    generated: Vec<u8>,
    bits: f64,
    scores: Vec<f32>,
    logits: Vec<Logit>,
}

#[derive(Arbitrary, Debug)]
enum Config<'a> {
    Entropix(u8),
    Plain,
    Promised,
    Dslider,
    /// Any JSON.
    Json(&'a str),
}

#[derive(Arbitrary, Debug)]
enum Setting<'a> {
    Number(f64),
    /// One that is likely to be in range.
    Tenths(u8),
    Count(u32),
    Switch(bool),
    /// One of [`WORDS`].
    Word(u8),
    Text(&'a str),
}

#[derive(Arbitrary, Debug)]
enum Shape {
    None,
    /// As many keys as there are scores for.
    Fits {
        padding: usize,
    },
    Any {
        heads: usize,
        keys: usize,
        padding: usize,
    },
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Logit {
    Any(f32),
    Tenths(i8),
    NaN,
    Infinite(bool),
}

const WORDS: [&str; 11] = [
    "ascending",
    "descending",
    "no_effect",
    "undoes_temperature",
    "works",
    "once",
    "not_twice_in_a_row",
    "always",
    "over_one_query",
    "unbiased",
    "fixed",
];
/// More draws per token only take time.
const MAX_SAMPLES: u32 = 16;

fn pick<T>(list: &[T], at: u8) -> &T {
    &list[usize::from(at) % list.len()]
}

/// A configuration with any of its settings replaced; `None` for one that cannot be read.
fn config(input: &Input<'_>) -> Option<SamplerConfig> {
    let with = |settings: &Value| {
        let names = settings.as_object().into_iter().flat_map(Map::keys);
        let names: Vec<String> = names.cloned().collect();
        let change = |(at, setting): &(u8, Setting<'_>)| {
            let value = match *setting {
                Setting::Number(number) => json!(number),
                Setting::Tenths(number) => json!(f64::from(number) / 10.0),
                Setting::Count(count) => json!(count),
                Setting::Switch(on) => json!(on),
                Setting::Word(at) => json!(pick(&WORDS, at)),
                Setting::Text(text) => json!(text),
            };
            (pick(&names, *at).clone(), value)
        };
        Value::Object(input.overrides.iter().map(change).collect())
    };
    let config = match input.config {
        Config::Entropix(preset) => {
            let preset = *pick(&Preset::ALL, preset);
            let settings = serde_json::to_value(EntropixConfig::preset(preset)).ok()?;
            SamplerConfig::Entropix(EntropixConfig::with_overrides(preset, with(&settings)).ok()?)
        }
        Config::Plain => {
            let settings = serde_json::to_value(entropix::PlainConfig::default()).ok()?;
            SamplerConfig::Plain(serde_json::from_value(with(&settings)).ok()?)
        }
        Config::Promised => {
            let settings = serde_json::to_value(entropix::PromisedConfig::default()).ok()?;
            SamplerConfig::Promised(serde_json::from_value(with(&settings)).ok()?)
        }
        Config::Dslider => {
            let settings = serde_json::to_value(entropix::DsliderConfig::default()).ok()?;
            SamplerConfig::Dslider(serde_json::from_value(with(&settings)).ok()?)
        }
        Config::Json(text) => serde_json::from_str(text).ok()?,
    };
    Some(match config {
        SamplerConfig::Entropix(mut config) => {
            config.n_adaptive_samples = config.n_adaptive_samples.min(MAX_SAMPLES);
            SamplerConfig::Entropix(config)
        }
        other => other,
    })
}

fuzz_target!(|input: Input<'_>| {
    let Some(config) = config(&input) else { return };
    let mut generated: Vec<u32> = input.generated.iter().map(|&id| id.into()).collect();
    let phrases = vec![generated.clone(), vec![1, 2], Vec::new()];
    let Ok(mut sampler) = Sampler::with_phrases(config, phrases, input.seed) else { return };
    let logit = |logit: &Logit| match *logit {
        Logit::Any(logit) => logit,
        Logit::Tenths(tenths) => f32::from(tenths) / 10.0,
        Logit::NaN => f32::NAN,
        Logit::Infinite(true) => f32::INFINITY,
        Logit::Infinite(false) => f32::NEG_INFINITY,
    };
    let logits: Vec<f32> = input.logits.iter().map(logit).collect();
    let heads = usize::from(input.heads % 8).max(1);
    let keys = input.scores.len() / heads;
    let attention = match input.shape {
        Shape::None => None,
        Shape::Fits { padding } => {
            Some(Attention { heads, keys, padding, scores: &input.scores[..heads * keys] })
        }
        Shape::Any { heads, keys, padding } => {
            Some(Attention { heads, keys, padding, scores: &input.scores })
        }
    };
    if let Some(attention) = &attention {
        let fits = attention.check().is_ok();
        assert_eq!(AttentionMetrics::of(attention).is_ok(), fits);
        assert_eq!(NormalisedMetrics::of(attention).is_ok(), fits);
    }
    let possible = uncertainty(&logits).is_some();
    assert_eq!(
        temperature_for_entropy(&logits, input.bits).is_some(),
        possible && !input.bits.is_nan()
    );
    if sampler.as_promised().is_some() {
        generated.clear();
    }
    for _ in 0..6 {
        match sampler.decide(&logits, attention, &generated) {
            Ok(decision) => {
                let list = sampler.filtered();
                assert!(list.iter().any(|&(token, _)| token == decision.token));
                let total: f64 = list.iter().map(|(_, probability)| probability).sum();
                assert!((total - 1.0).abs() < 1e-9, "{total}");
                assert!(!decision.sentence.is_empty());
                let stays = decision.retraction.map_or(usize::MAX, |back| back.to as usize);
                generated.truncate(stays);
                if decision.action != Action::Retract {
                    generated.push(decision.token);
                }
            }
            Err(_) => assert!(!possible || attention.is_some_and(|a| a.check().is_err())),
        }
    }
    assert_eq!(sampler.first(&logits).is_ok(), possible);
});
