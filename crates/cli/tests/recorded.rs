//! The recorded chats of the page come out again.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use serde_json::{Value, json};
use support::{ids, jsonl, model, number, workspace};

/// Processors differ in the last digits; a draw this close to another token, or two tokens this
/// close to each other, may fall either way.
const CLOSE: f64 = 0.03;

#[test]
fn recorded_chats_are_reproducible() {
    let folder = workspace().join("www/traces");
    let read = |name: &str| -> Value {
        serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap()
    };
    let index = read("index.json");
    let traces: Vec<Value> = index
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| read(entry["file"].as_str().unwrap()))
        .collect();
    assert!(!traces.is_empty());
    let requests: Vec<Value> = traces
        .iter()
        .map(|trace| {
            let length = trace["tokens"].as_array().unwrap().len();
            json!({"messages": trace["messages"], "sampler": trace["sampler"], "seed": trace["seed"], "max_tokens": length})
        })
        .collect();
    let answers = jsonl("generate", Some(&model("q4_1")), &[], &requests);
    for (trace, answer) in traces.iter().zip(&answers) {
        compare(trace["tokens"].as_array().unwrap(), answer);
    }
}

fn compare(recorded: &[Value], answer: &Value) {
    let again = ids(&answer["ids"]);
    for (at, entry) in recorded.iter().enumerate() {
        let decision = &entry["decision"];
        if again.get(at).copied() != decision["token"].as_u64().map(|id| id as u32) {
            let margin = decision["draw"]["margin"].as_f64().unwrap_or(f64::INFINITY);
            let gap = (number(&entry["top"][0]["p"]) / number(&entry["top"][1]["p"])).ln();
            println!("another token from {at} on: margin {margin}, gap {gap}");
            assert!(
                margin < CLOSE || gap < CLOSE,
                "token {at} differs, and rounding does not explain it"
            );
            return;
        }
        for key in ["entropy_bits", "varentropy_bits2"] {
            let (a, b) = (
                &decision["uncertainty"][key],
                &answer["tokens"][at]["decision"]["uncertainty"][key],
            );
            let (a, b) = (number(a), number(b));
            assert!((a - b).abs() < 0.1 + 0.1 * a, "{key} of token {at}: {a} recorded, {b} now");
        }
        assert_eq!(entry["text"], answer["tokens"][at]["text"]);
    }
}
