//! The engine against independent implementations (see tests/golden/reference/README.md).
//!
//! candle rounds activations to int8 in every product, so the limits are those for int8 engines.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use serde_json::{Value, json};
use support::{MODELS, golden, ids, jsonl, model, number};

/// Limits for an int8 engine: about twice the worst that correct ones show.
struct Limits {
    logprob: f64,
    logprob_mean: f64,
    top1: f64,
    entropy_nats: f64,
    entropy_mean: f64,
    varentropy_nats2: f64,
    varentropy_mean: f64,
    nll: f64,
    mean_entropy_nats: f64,
    mean_varentropy_nats2: f64,
}

fn limits(key: &str) -> Limits {
    if key == "q4_0" {
        Limits {
            logprob: 1.4,
            logprob_mean: 0.5,
            top1: 0.45,
            entropy_nats: 0.6,
            entropy_mean: 0.15,
            varentropy_nats2: 1.3,
            varentropy_mean: 0.35,
            nll: 0.03,
            mean_entropy_nats: 0.04,
            mean_varentropy_nats2: 0.08,
        }
    } else {
        Limits {
            logprob: 1.0,
            logprob_mean: 0.45,
            top1: 0.45,
            entropy_nats: 0.45,
            entropy_mean: 0.12,
            varentropy_nats2: 0.8,
            varentropy_mean: 0.25,
            nll: 0.02,
            mean_entropy_nats: 0.03,
            mean_varentropy_nats2: 0.06,
        }
    }
}

const NATS: f64 = std::f64::consts::LN_2;
/// Below this difference of log-probabilities an int8 engine may choose the other token.
const SURE_MARGIN: f64 = 0.5;

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
    let answers = jsonl("tokenize", Some(&model("q4_1")), &requests);
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
    let answers = jsonl("template", Some(&model("q4_1")), &requests);
    for (case, answer) in cases.iter().zip(&answers) {
        assert_eq!(answer["text"], case["rendered"], "{}", case["name"]);
        assert_eq!(answer["ids"], case["ids_literal_content"], "{}", case["name"]);
    }
}

#[test]
fn logits() {
    let cases = cases("logits");
    for key in MODELS {
        let requests: Vec<Value> = cases.iter().map(|case| json!({"ids": case["ids"]})).collect();
        let answers = jsonl("logits", Some(&model(key)), &requests);
        let limits = limits(key);
        let (mut worst_logprobs, mut entropies, mut varentropies) =
            (Vec::new(), Vec::new(), Vec::new());
        for (case, answer) in cases.iter().zip(&answers) {
            let name = format!("{key} {}", case["name"]);
            let reference = &case["models"][key];
            let ours: std::collections::HashMap<u64, f64> = answer["top"]
                .as_array()
                .unwrap()
                .iter()
                .map(|pair| (pair[0].as_u64().unwrap(), number(&pair[1])))
                .collect();
            let top: Vec<u64> = ids(&reference["top_ids"]).into_iter().map(u64::from).collect();
            let logprobs: Vec<f64> =
                reference["top_logprobs"].as_array().unwrap().iter().map(number).collect();
            let both: Vec<f64> = top
                .iter()
                .zip(&logprobs)
                .filter_map(|(id, theirs)| ours.get(id).map(|ours| (ours - theirs).abs()))
                .collect();
            assert!(both.len() >= 16, "{name}: {} of the top 20 in common", both.len());
            let worst = both.iter().copied().fold(0.0, f64::max);
            assert!(worst <= limits.logprob, "{name}: a log-probability is {worst:.3} nats off");
            worst_logprobs.push(worst);
            let first = (ours[&top[0]] - logprobs[0]).abs();
            assert!(first <= limits.top1, "{name}: the first is {first:.3} nats off");
            if logprobs[0] - logprobs[1] > SURE_MARGIN {
                assert_eq!(answer["top"][0][0].as_u64(), Some(top[0]), "{name}");
            }
            let entropy =
                number(&answer["entropy_bits"]) * NATS - number(&reference["entropy_nats"]);
            let varentropy = number(&answer["varentropy_bits2"]) * NATS * NATS
                - number(&reference["varentropy_nats2"]);
            assert!(entropy.abs() <= limits.entropy_nats, "{name}: H is {entropy:.3} nats off");
            assert!(
                varentropy.abs() <= limits.varentropy_nats2,
                "{name}: V is {varentropy:.3} nats² off"
            );
            entropies.push(entropy.abs());
            varentropies.push(varentropy.abs());
        }
        for (what, values, limit) in [
            ("worst log-probability", worst_logprobs, limits.logprob_mean),
            ("H", entropies, limits.entropy_mean),
            ("V", varentropies, limits.varentropy_mean),
        ] {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            println!("{key}: {what} off by {mean:.4} on average (limit {limit})");
            assert!(mean <= limit, "{key}: {what} is {mean:.4} off on average");
        }
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
        let answers = jsonl("generate", Some(&model(key)), &requests);
        let mut compared = 0;
        for (case, answer) in cases.iter().zip(&answers) {
            let reference = &case["models"][key]["numpy"];
            let margins = reference["margin"].as_array().unwrap();
            let sure = margins.iter().take_while(|margin| number(margin) > SURE_MARGIN).count();
            let (ours, theirs) = (ids(&answer["ids"]), ids(&reference["ids"]));
            assert_eq!(ours[..sure], theirs[..sure], "{key} {}", case["name"]);
            compared += sure;
        }
        println!("{key}: {compared} tokens compared");
        assert!(compared > 20, "{key}: only {compared} tokens were sure");
    }
}

fn perplexity(key: &str) {
    for case in cases("perplexity") {
        let path = std::env::temp_dir()
            .join(format!("entropix-perplexity-{key}-{}.txt", std::process::id()));
        std::fs::write(&path, case["text"].as_str().unwrap()).unwrap();
        let output = support::entropix()
            .args(["perplexity", "--json", "--model"])
            .arg(model(key))
            .arg(&path)
            .output()
            .unwrap();
        std::fs::remove_file(&path).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let reference = &case["models"][key]["numpy"];
        let limits = limits(key);
        assert_eq!(answer["tokens"], reference["n_tokens"]);
        let nll = number(&answer["nll_nats_per_token"]) - number(&reference["nll_mean_nats"]);
        let entropy =
            number(&answer["mean_entropy_bits"]) * NATS - number(&reference["mean_entropy_nats"]);
        let varentropy = number(&answer["mean_varentropy_bits2"]) * NATS * NATS
            - number(&reference["mean_varentropy_nats2"]);
        println!("{key}: NLL {nll:+.4} nats, H {entropy:+.4} nats, V {varentropy:+.4} nats²");
        assert!(nll.abs() <= limits.nll, "{key}: NLL is {nll:+.4} nats off");
        assert!(entropy.abs() <= limits.mean_entropy_nats, "{key}: H is {entropy:+.4} nats off");
        assert!(
            varentropy.abs() <= limits.mean_varentropy_nats2,
            "{key}: V is {varentropy:+.4} nats² off"
        );
    }
}

#[test]
fn perplexity_q4_1() {
    perplexity("q4_1");
}

#[test]
fn perplexity_q8_0() {
    perplexity("q8_0");
}

#[test]
fn perplexity_q4_0() {
    perplexity("q4_0");
}
