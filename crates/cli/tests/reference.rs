//! The engine against independent implementations (see tests/golden/reference/README.md).
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use support::{MODELS, golden, ids, jsonl, model, number};

/// How the engine computes, and how far off that may be. Nats and nats².
struct Mode {
    options: &'static [&'static str],
    /// Every log-probability of the top 20.
    logprob: f64,
    /// The most probable one's.
    first: f64,
    /// Of the top 20 in common, at least.
    overlap: usize,
    /// Differences of log-probabilities below this may come out the other way round.
    margin: f64,
    entropy: f64,
    varentropy: f64,
    /// Entropy of each head's attention.
    attention: f64,
    /// Means over a long text: NLL, H and V.
    means: [f64; 3],
}

/// What summing f32 in another order explains, with slack.
const EXACT: Mode = Mode {
    options: &["--kernel", "scalar", "--activations", "f32", "--kv", "f32"],
    logprob: 2e-3,
    first: 5e-4,
    overlap: 19,
    margin: 0.002,
    entropy: 1e-3,
    varentropy: 2e-3,
    attention: 1e-3,
    means: [1e-4, 1e-4, 2e-4],
};

/// What keys and values in half precision explain, with slack: the default.
const DEFAULT: Mode = Mode {
    options: &[],
    logprob: 0.03,
    first: 0.01,
    overlap: 19,
    margin: 0.02,
    entropy: 0.01,
    varentropy: 0.02,
    attention: 0.01,
    means: [2e-3, 3e-3, 5e-3],
};

/// Keys and values in 8 bits: what int8 arithmetic would be allowed.
const SMALL: Mode = Mode {
    options: &["--kv", "q8"],
    logprob: 1.0,
    first: 0.45,
    overlap: 16,
    margin: 0.5,
    entropy: 0.45,
    varentropy: 0.8,
    attention: 0.35,
    means: [0.02, 0.03, 0.06],
};

/// candle's f32, and its own sums.
const CANDLE: Mode = Mode { options: &["--engine", "candle"], ..EXACT };

const NATS: f64 = std::f64::consts::LN_2;

fn cases(name: &str) -> Vec<Value> {
    let data = golden(&format!("reference/{name}.json"));
    let cases = data.get("cases").unwrap_or(&data);
    cases.as_array().unwrap().clone()
}

#[test]
fn token_ids() {
    let cases = cases("tokenizer");
    assert!(cases.len() > 200);
    let requests: Vec<Value> = cases
        .iter()
        .map(|case| json!({"text": case["text"], "special": case["special"]}))
        .collect();
    let answers = jsonl("tokenize", Some(&model("q4_1")), &[], &requests);
    for (case, answer) in cases.iter().zip(&answers) {
        assert_eq!(answer["ids"], case["ids"], "{}", case["text"]);
    }
}

#[test]
fn templates_and_literal_content() {
    let cases = cases("template");
    assert!(cases.len() > 10);
    let requests: Vec<Value> = cases
        .iter()
        .map(|case| json!({"messages": case["messages"], "add_generation_prompt": case["add_generation_prompt"]}))
        .collect();
    let answers = jsonl("template", Some(&model("q4_1")), &[], &requests);
    for (case, answer) in cases.iter().zip(&answers) {
        assert_eq!(answer["text"], case["rendered"], "{}", case["name"]);
        assert_eq!(answer["ids"], case["ids_literal_content"], "{}", case["name"]);
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

fn worst(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

fn logits(key: &str, mode: &Mode) {
    let cases = cases("logits");
    let requests: Vec<Value> = cases.iter().map(|case| json!({"ids": case["ids"]})).collect();
    let answers = jsonl("logits", Some(&model(key)), mode.options, &requests);
    let mut largest = BTreeMap::new();
    for (case, answer) in cases.iter().zip(&answers) {
        let name = format!("{key} {:?} {}", mode.options, case["name"]);
        let reference = &case["models"][key];
        let top = answer["top"].as_array().unwrap();
        let ours: HashMap<u32, f64> =
            top.iter().map(|pair| (pair[0].as_u64().unwrap() as u32, number(&pair[1]))).collect();
        let theirs = ids(&reference["top_ids"]);
        let logprobs = numbers(&reference["top_logprobs"]);
        let both: Vec<(f64, f64)> = theirs
            .iter()
            .zip(&logprobs)
            .filter_map(|(id, theirs)| Some((*ours.get(id)?, *theirs)))
            .collect();
        assert!(both.len() >= mode.overlap, "{name}: {} of the top 20 in common", both.len());
        let first = (ours[&theirs[0]] - logprobs[0]).abs();
        if logprobs[0] - logprobs[1] > mode.margin {
            assert_eq!(top[0][0].as_u64(), Some(u64::from(theirs[0])), "{name}");
        }
        let entropy = number(&answer["entropy_bits"]) * NATS - number(&reference["entropy_nats"]);
        let varentropy = number(&answer["varentropy_bits2"]) * NATS * NATS
            - number(&reference["varentropy_nats2"]);
        let mut checks = vec![
            ("a log-probability", worst(both.into_iter()), mode.logprob),
            ("the first", first, mode.first),
            ("H", entropy.abs(), mode.entropy),
            ("V", varentropy.abs(), mode.varentropy),
        ];
        if let Some(layers) = answer["attention_entropy_nats"].as_array() {
            let flat = |layers: &[Value]| layers.iter().flat_map(numbers).collect::<Vec<_>>();
            let (ours, theirs) =
                (flat(layers), flat(reference["attn_entropy_nats"].as_array().unwrap()));
            assert_eq!((ours.len(), theirs.len()), (270, 270), "{name}");
            checks.push(("attention", worst(ours.into_iter().zip(theirs)), mode.attention));
        } else {
            assert_eq!(mode.options, CANDLE.options, "{name}: no attention");
        }
        for (what, off, limit) in checks {
            assert!(off <= limit, "{name}: {what} is {off:.5} off");
            let most = largest.entry(what).or_insert(0.0_f64);
            *most = most.max(off);
        }
    }
    println!("{key} {:?}: at most {largest:.5?} off", mode.options);
}

#[test]
fn logits_exact() {
    for key in MODELS {
        logits(key, &EXACT);
    }
}

#[test]
fn logits_default() {
    for key in MODELS {
        logits(key, &DEFAULT);
    }
}

#[test]
fn logits_with_a_small_cache() {
    logits("q4_1", &SMALL);
}

#[test]
fn logits_of_candle() {
    logits("q4_1", &CANDLE);
}

#[test]
fn kernels_agree_to_the_last_bit() {
    let cases = cases("logits");
    let requests: Vec<Value> = cases.iter().map(|case| json!({"ids": case["ids"]})).collect();
    for key in MODELS {
        let answers = |kernel| jsonl("logits", Some(&model(key)), &["--kernel", kernel], &requests);
        assert_eq!(answers("simd"), answers("scalar"), "{key}");
    }
}

#[test]
fn greedy_answers() {
    let cases = cases("greedy");
    for key in MODELS {
        let requests: Vec<Value> = cases
            .iter()
            .map(|case| json!({"ids": case["prompt_ids"], "sampler": "greedy", "max_tokens": 64}))
            .collect();
        let answers = jsonl("generate", Some(&model(key)), DEFAULT.options, &requests);
        let mut compared = 0;
        for (case, answer) in cases.iter().zip(&answers) {
            let reference = &case["models"][key]["numpy"];
            let margins = numbers(&reference["margin"]);
            let sure = margins.iter().take_while(|margin| **margin > DEFAULT.margin).count();
            let (ours, theirs) = (ids(&answer["ids"]), ids(&reference["ids"]));
            assert_eq!(ours[..sure], theirs[..sure], "{key} {}", case["name"]);
            compared += sure;
        }
        println!("{key}: {compared} tokens compared");
        assert!(compared > 200, "{key}: only {compared} tokens were sure");
    }
}

fn perplexity(key: &str, mode: &Mode) {
    for case in cases("perplexity") {
        let path = std::env::temp_dir().join(format!(
            "entropix-perplexity-{key}-{}-{}.txt",
            mode.options.concat(),
            std::process::id()
        ));
        std::fs::write(&path, case["text"].as_str().unwrap()).unwrap();
        let output = support::entropix()
            .args(["perplexity", "--json", "--model"])
            .arg(model(key))
            .args(mode.options)
            .arg(&path)
            .output()
            .unwrap();
        std::fs::remove_file(&path).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let reference = &case["models"][key]["numpy"];
        assert_eq!(answer["tokens"], reference["n_tokens"]);
        let off = |ours: &str, unit: f64, theirs: &str| {
            number(&answer[ours]) * unit - number(&reference[theirs])
        };
        let offs = [
            ("NLL", off("nll_nats_per_token", 1.0, "nll_mean_nats")),
            ("H", off("mean_entropy_bits", NATS, "mean_entropy_nats")),
            ("V", off("mean_varentropy_bits2", NATS * NATS, "mean_varentropy_nats2")),
        ];
        println!("{key} {:?}: {offs:?}", mode.options);
        for ((name, off), limit) in offs.into_iter().zip(mode.means) {
            assert!(off.abs() <= limit, "{key} {:?}: {name} is {off:+.6} off", mode.options);
        }
    }
}

#[test]
fn perplexity_exact() {
    perplexity("q4_1", &EXACT);
}

#[test]
fn perplexity_default() {
    for key in MODELS {
        perplexity(key, &DEFAULT);
    }
}

#[test]
fn perplexity_with_a_small_cache() {
    perplexity("q4_1", &SMALL);
}
