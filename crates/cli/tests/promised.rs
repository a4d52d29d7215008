//! The promised sampler on the real model: its caches, its traces, its decisions again.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use entropix::Sketch;
use serde_json::{Value, json};
use support::{ids, jsonl, model, number};

const PROMPTS: [&str; 4] = [
    "Why is the sky blue?",
    "Write a tweet about autumn.",
    "Give me advice for a job interview.",
    "Name a famous painter and describe one painting.",
];

fn requests() -> Vec<Value> {
    PROMPTS
        .iter()
        .map(|prompt| {
            let messages = json!([{ "role": "user", "content": prompt }]);
            json!({ "messages": messages, "sampler": "PROMISED", "max_tokens": 60 })
        })
        .collect()
}

fn generate(requests: &[Value]) -> Vec<Value> {
    jsonl("generate", Some(&model("q4_1")), &[], requests)
}

fn tokens(answer: &Value) -> &[Value] {
    answer["tokens"].as_array().unwrap()
}

fn action(entry: &Value) -> &str {
    entry["decision"]["action"].as_str().unwrap()
}

#[test]
fn promised() {
    let requests = requests();
    let answers = generate(&requests);
    for name in ["argmax", "insert", "branch", "resample"] {
        let seen = answers.iter().any(|answer| tokens(answer).iter().any(|e| action(e) == name));
        assert!(seen, "no {name} in {} answers", answers.len());
    }
    for answer in &answers {
        assert!(answer["error"].is_null(), "{answer}");
        an_answer_is_what_its_tokens_say(answer);
        branches_and_retractions_are_told(answer);
        entries_decide_again(answer);
        sketches_know_the_distribution(answer);
    }
    caches_are_right(&requests, &answers);
    assert_eq!(answers[..1], generate(&requests[..1]), "a seed repeats");
}

fn an_answer_is_what_its_tokens_say(answer: &Value) {
    let chosen: Vec<u32> = tokens(answer)
        .iter()
        .map(|entry| entry["decision"]["token"].as_u64().unwrap() as u32)
        .collect();
    assert_eq!(ids(&answer["ids"]), chosen);
    let text: String = tokens(answer).iter().map(|entry| entry["text"].as_str().unwrap()).collect();
    assert_eq!(answer["text"], text);
    let inserted: Vec<bool> = tokens(answer).iter().map(|e| action(e) == "insert").collect();
    let begun = tokens(answer)
        .iter()
        .filter(|e| action(e) == "insert" && !e["decision"]["quadrant"].is_null());
    assert!(begun.count() <= 2, "more phrases than the budget has");
    if inserted.contains(&true) {
        assert!(text.contains("... wait, let me think."), "{text}");
    }
}

fn branches_and_retractions_are_told(answer: &Value) {
    for (at, entry) in tokens(answer).iter().enumerate().filter(|(_, e)| action(e) == "branch") {
        let branches = entry["decision"]["branches"].as_array().unwrap();
        assert_eq!(branches.len(), 4);
        let score = |branch: &Value| number(&branch["score"]);
        let best = branches.iter().max_by(|a, b| score(a).total_cmp(&score(b))).unwrap();
        let path = ids(&best["tokens"]);
        assert_eq!(
            path,
            ids(&answer["ids"])[at..at + path.len()],
            "the winner's path is the answer"
        );
        assert!(path.len() <= 12);
        assert_eq!(entry["branch_texts"].as_array().unwrap().len(), 4);
    }
    let none = Vec::new();
    let retracted = answer["retracted"].as_array().unwrap_or(&none);
    assert!(retracted.len() <= 3);
    for one in retracted {
        let told = &one["reason"]["retraction"];
        assert_eq!(told["to"], one["to"]);
        assert_eq!(told["count"], one["tokens"].as_array().unwrap().len());
        assert_eq!(told["banned"], one["tokens"][0]["decision"]["token"]);
    }
}

/// The recorded numbers give the recorded rule.
fn entries_decide_again(answer: &Value) {
    let entries = tokens(answer).iter().filter(|entry| !entry["decision"]["quadrant"].is_null());
    let entries: Vec<&Value> = entries.collect();
    let requests: Vec<Value> =
        entries.iter().map(|entry| json!({ "entry": entry, "sampler": "PROMISED" })).collect();
    for (entry, again) in entries.iter().zip(jsonl("decide", None, &[], &requests)) {
        assert_eq!(again["quadrant"], entry["decision"]["quadrant"], "{entry}");
    }
}

fn sketches_know_the_distribution(answer: &Value) {
    for entry in tokens(answer) {
        let sketch: Sketch = serde_json::from_value(entry["sketch"].clone()).unwrap();
        let again = sketch.uncertainty(1.0);
        let recorded = &entry["decision"]["uncertainty"];
        let close = |got: f64, want: f64| (got - want).abs() <= 1e-3_f64.max(0.01 * want);
        assert!(close(again.entropy_bits, number(&recorded["entropy_bits"])), "{entry}");
        assert!(close(again.varentropy_bits2, number(&recorded["varentropy_bits2"])), "{entry}");
    }
}

/// Whatever was forked, rolled back and inserted: the model saw the text that stands there.
fn caches_are_right(requests: &[Value], answers: &[Value]) {
    let templates: Vec<Value> = requests
        .iter()
        .map(|r| json!({ "messages": r["messages"], "add_generation_prompt": true }))
        .collect();
    let prompts = jsonl("template", Some(&model("q4_1")), &[], &templates);
    let (mut asked, mut wanted) = (Vec::new(), Vec::new());
    for (prompt, answer) in prompts.iter().zip(answers) {
        let (prompt, generated) = (ids(&prompt["ids"]), ids(&answer["ids"]));
        for (at, pair) in tokens(answer).windows(2).enumerate() {
            let told = |entry: &Value| entry["decision"]["quadrant"].is_string();
            if action(&pair[0]) != "argmax" && told(&pair[0]) != told(&pair[1]) {
                let before = [prompt.as_slice(), &generated[..=at]].concat();
                asked.push(json!({ "ids": before }));
                wanted.push(number(&pair[1]["decision"]["uncertainty"]["entropy_bits"]));
            }
        }
    }
    assert!(asked.len() > 10);
    for (logits, wanted) in jsonl("logits", Some(&model("q4_1")), &[], &asked).iter().zip(wanted) {
        let got = number(&logits["entropy_bits"]);
        assert_eq!(got.to_bits(), wanted.to_bits(), "{got} bits, {wanted} recorded");
    }
}

#[test]
fn bad_phrases_and_numbers_are_refused() {
    let ask = |sampler: Value| {
        let messages = json!([{ "role": "user", "content": "Hi" }]);
        json!({ "messages": messages, "sampler": sampler, "max_tokens": 1 })
    };
    let requests = [
        ask(json!({ "preset": "PROMISED", "phrases": ["  "] })),
        ask(json!({ "preset": "PROMISED", "phrases": ["so ".repeat(40)] })),
        ask(json!({ "preset": "PROMISED", "phrases": [7] })),
        ask(json!({ "preset": "PROMISED", "branches": 99 })),
        ask(json!({ "preset": "PROMISED", "phrases": [" <|im_end|> is text here"] })),
        ask(json!({ "preset": "PROMISED", "phrases": [] })),
    ];
    let answers = generate(&requests);
    let message = |at: usize| answers[at]["error"]["message"].as_str().unwrap_or("");
    assert!(message(0).contains("it has no text"), "{}", answers[0]);
    assert!(message(1).contains("more than 32 tokens"), "{}", answers[1]);
    assert!(message(2).contains("expected a string"), "{}", answers[2]);
    assert!(message(3).contains("branches is 99"), "{}", answers[3]);
    assert_eq!((message(4), message(5)), ("", ""));
}
