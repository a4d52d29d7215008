//! The engine against independent implementations (see tests/golden/reference/README.md).
//!
//! The command line multiplies in f32, which comes out exactly. The long text is read in int8 too,
//! which is faster and what the page computes.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use serde_json::{Value, json};
use support::{MODELS, golden, ids, jsonl, model, number};

/// What summing f32 in another order explains, with slack.
mod limit {
    pub(super) const LOGPROB: f64 = 2e-3;
    pub(super) const TOP1: f64 = 5e-4;
    pub(super) const ENTROPY_NATS: f64 = 1e-3;
    pub(super) const VARENTROPY_NATS2: f64 = 2e-3;
    /// Means over a text: NLL and H in nats, V in nats².
    pub(super) const MEANS: [f64; 3] = [1e-4, 1e-4, 2e-4];
    /// The same where the input of every product is rounded to int8 (4-bit embeddings last).
    pub(super) const MEANS_INT8: [f64; 3] = [0.02, 0.03, 0.06];
    pub(super) const MEANS_INT8_Q4_0: [f64; 3] = [0.03, 0.04, 0.08];
}

const NATS: f64 = std::f64::consts::LN_2;
/// Below this difference of log-probabilities, in nats, rounding may choose the other token.
const SURE_MARGIN: f64 = 0.002;

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
            assert!(both.len() >= 19, "{name}: {} of the top 20 in common", both.len());
            let worst = both.iter().copied().fold(0.0, f64::max);
            assert!(worst <= limit::LOGPROB, "{name}: a log-probability is {worst:.5} nats off");
            let first = (ours[&top[0]] - logprobs[0]).abs();
            assert!(first <= limit::TOP1, "{name}: the first is {first:.5} nats off");
            if logprobs[0] - logprobs[1] > SURE_MARGIN {
                assert_eq!(answer["top"][0][0].as_u64(), Some(top[0]), "{name}");
            }
            let entropy =
                number(&answer["entropy_bits"]) * NATS - number(&reference["entropy_nats"]);
            let varentropy = number(&answer["varentropy_bits2"]) * NATS * NATS
                - number(&reference["varentropy_nats2"]);
            assert!(entropy.abs() <= limit::ENTROPY_NATS, "{name}: H is {entropy:.5} nats off");
            assert!(
                varentropy.abs() <= limit::VARENTROPY_NATS2,
                "{name}: V is {varentropy:.5} nats² off"
            );
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
        assert!(compared > 200, "{key}: only {compared} tokens were sure");
    }
}

fn perplexity(key: &str, activations: &str, limits: [f64; 3]) {
    for case in cases("perplexity") {
        let path = std::env::temp_dir()
            .join(format!("entropix-perplexity-{key}-{activations}-{}.txt", std::process::id()));
        std::fs::write(&path, case["text"].as_str().unwrap()).unwrap();
        let output = support::entropix()
            .args(["perplexity", "--json", "--activations", activations, "--model"])
            .arg(model(key))
            .arg(&path)
            .output()
            .unwrap();
        std::fs::remove_file(&path).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let reference = &case["models"][key]["numpy"];
        assert_eq!(answer["tokens"], reference["n_tokens"]);
        let nll = number(&answer["nll_nats_per_token"]) - number(&reference["nll_mean_nats"]);
        let entropy =
            number(&answer["mean_entropy_bits"]) * NATS - number(&reference["mean_entropy_nats"]);
        let varentropy = number(&answer["mean_varentropy_bits2"]) * NATS * NATS
            - number(&reference["mean_varentropy_nats2"]);
        println!("{key} {activations}: NLL {nll:+.6}, H {entropy:+.6}, V {varentropy:+.6}");
        for (name, off, limit) in
            [("NLL", nll, limits[0]), ("H", entropy, limits[1]), ("V", varentropy, limits[2])]
        {
            assert!(off.abs() <= limit, "{key} {activations}: {name} is {off:+.6} off");
        }
    }
}

#[test]
fn perplexity_q4_1() {
    perplexity("q4_1", "f32", limit::MEANS);
}

#[test]
fn perplexity_q4_1_int8() {
    perplexity("q4_1", "int8", limit::MEANS_INT8);
}

#[test]
fn perplexity_q8_0() {
    perplexity("q8_0", "int8", limit::MEANS_INT8);
}

#[test]
fn perplexity_q4_0() {
    perplexity("q4_0", "int8", limit::MEANS_INT8_Q4_0);
}
