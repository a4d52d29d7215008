//! What the JSON Lines commands promise, on the real binary.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use serde_json::{Value, json};
use support::{golden, jsonl, model, number};

#[test]
fn decide_gives_the_recorded_decisions() {
    let data = golden("entropix/decisions.json");
    let tensors = data["attention_tensors"].as_array().unwrap();
    for (preset, tag) in
        [("A", "A_b030904"), ("B0", "B0_9702669"), ("B", "B_e55e9a3"), ("FROG", "FROG_8084588")]
    {
        let cases: Vec<&Value> = data["cases"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|case| {
                case["boundary"] != true
                    && case["logits"].is_array()
                    && case["entropy_bits"].is_f64()
            })
            .collect();
        let requests: Vec<Value> = cases
            .iter()
            .map(|case| {
                let attention = &tensors[case["attention"].as_u64().unwrap() as usize];
                json!({
                    "preset": preset,
                    "logits": case["logits"],
                    "attention": {
                        "heads": attention["heads"],
                        "keys": attention["keys"],
                        "scores": attention["scores_head_major"],
                    },
                    "generated": case["gen_tokens"],
                })
            })
            .collect();
        assert!(cases.len() > 30, "{}", cases.len());
        for (case, answer) in cases.iter().zip(jsonl("decide", None, &[], &requests)) {
            let name = format!("{preset} {}", case["name"]);
            let run = &case["runs"][tag];
            assert_eq!(answer["quadrant"], run["branch"], "{name}: {answer}");
            assert_eq!(answer["action"], run["action"], "{name}: {answer}");
            assert_eq!(answer["metrics"].is_null(), preset == "A", "{name}");
            let Some(call) = run["calls"].get(0) else {
                assert!(answer["temperature"].is_null(), "{name}");
                continue;
            };
            for key in ["temperature", "top_p", "top_k", "min_p"] {
                if let Some(expected) = call[key].as_f64() {
                    let ours = number(&answer[key]);
                    assert!(
                        (ours - expected).abs() <= 2e-4 * expected.abs(),
                        "{name}: {key} {ours}, not {expected}"
                    );
                }
            }
            let mass: f64 =
                answer["filtered"].as_array().unwrap().iter().map(|pair| number(&pair[1])).sum();
            assert!((mass - 1.0).abs() < 1e-9, "{name}: filtered mass {mass}");
        }
    }
}

#[test]
fn decide_survives_what_is_not_a_number() {
    let requests = [
        json!({"preset": "B", "logits": ["NaN", 1, 2, "-Infinity"]}),
        json!({"preset": "B", "logits": ["Infinity", 1]}),
        json!({"preset": "B", "logits": ["-Infinity", "NaN"]}),
        json!({"preset": "B", "logits": []}),
        json!({"preset": "Z", "logits": [1, 2]}),
        json!({"preset": "B", "logits": [1, 2], "config": {"nonsense": 1}}),
        json!({"preset": "B", "logits": [1, 2], "attention": {"heads": 3, "keys": 5, "scores": [1]}}),
        json!({"preset": "A", "logits": [1, 2], "attention": null}),
    ];
    let answers = jsonl("decide", None, &[], &requests);
    let failed: Vec<bool> =
        answers.iter().map(|answer| answer["error"]["kind"].is_string()).collect();
    assert_eq!(failed, [false, false, true, true, true, true, true, false]);
}

#[test]
fn a_seed_repeats_and_streams_go_on_after_mistakes() {
    let ask = |seed: u64| {
        json!({
            "messages": [{"role": "user", "content": "Tell me a story."}],
            "sampler": {"preset": "plain", "temperature": 1.2}, "seed": seed, "max_tokens": 12,
        })
    };
    let requests = [
        ask(5),
        json!({"messages": []  , "prompt": "two at once"}),
        json!({"ids": [4_000_000_000_u32]}),
        json!({"ids": vec![1; 9000]}),
        ask(6),
        ask(5),
    ];
    let answers = jsonl("generate", Some(&model("q4_1")), &[], &requests);
    assert_eq!(answers[0]["ids"], answers[5]["ids"]);
    assert_ne!(answers[0]["ids"], answers[4]["ids"]);
    assert_eq!(answers[1]["error"]["kind"], "bad_request");
    assert_eq!(answers[2]["error"]["kind"], "bad_request");
    assert_eq!(answers[3]["error"]["kind"], "prompt_too_long");
}

#[test]
fn decide_says_what_is_wrong_with_a_request() {
    let logits = [1.0, 2.0];
    let requests = [
        json!({}),
        json!({"logits": logits, "entry": null, "sampler": "no such"}),
        json!({"entry": {"decision": {}}, "sampler": "PROMISED"}),
        json!({"logits": logits, "sampler": {"preset": "PROMISED", "entropy_cut": -1}}),
        json!({"logits": logits, "sampler": {"preset": "DSLIDER", "nonsense": 1}}),
        json!({"logits": logits, "sampler": "PROMISED"}),
    ];
    let answers = jsonl("decide", None, &[], &requests);
    let message = |at: usize| answers[at]["error"]["message"].as_str().unwrap_or("none");
    assert_eq!(message(0), "give one of logits and entry");
    assert!(message(1).contains("there is no preset \"no such\""), "{}", message(1));
    assert!(message(2).contains("missing field"), "{}", message(2));
    assert!(message(3).contains("entropy_cut is -1"), "{}", message(3));
    assert!(message(4).contains("nonsense"), "{}", message(4));
    assert_eq!(answers[5]["action"], "argmax");
}

/// A second turn that reuses the cache gives what a fresh start gives.
#[test]
fn cache_reuse_makes_no_difference() {
    let user = |text: &str| json!({"role": "user", "content": text});
    let first =
        json!({"messages": [user("Name a colour.")], "sampler": "greedy", "max_tokens": 10});
    let path = model("q4_1");
    let answer = &jsonl("generate", Some(&path), &[], std::slice::from_ref(&first))[0];
    let second = json!({
        "messages": [
            user("Name a colour."),
            {"role": "assistant", "content": answer["text"], "ids": answer["ids"]},
            user("Another one."),
        ],
        "sampler": "greedy", "max_tokens": 10,
    });
    let reused = &jsonl("generate", Some(&path), &[], &[first, second.clone()])[1];
    let fresh = &jsonl("generate", Some(&path), &[], &[second])[0];
    assert_eq!(reused["ids"], fresh["ids"]);
}

#[test]
fn every_preset_gets_what_it_asks_for() {
    let presets = ["A", "B0", "B", "FROG", "SMOLLM-135M", "OCT31", "B alone"];
    let requests = presets.map(|preset| {
        let alone = json!({ "preset": "B", "wants_attention": false, "first_token_argmax": false });
        let preset = if preset == "B alone" { alone } else { json!(preset) };
        json!({
            "messages": [{ "role": "user", "content": "Why is the sky blue?" }],
            "sampler": preset,
            "max_tokens": 6,
        })
    });
    let answers = jsonl("generate", Some(&model("q4_1")), &[], &requests);
    for (preset, answer) in presets.iter().zip(answers) {
        let decisions: Vec<&Value> =
            answer["tokens"].as_array().unwrap().iter().map(|token| &token["decision"]).collect();
        assert_eq!(decisions.len(), 6, "{preset}");
        let first_has_a_rule = !decisions[0]["quadrant"].is_null();
        assert_eq!(first_has_a_rule, ["B alone", "SMOLLM-135M"].contains(preset), "{preset}");
        for decision in &decisions[1..] {
            assert!(!decision["because"].as_array().unwrap().is_empty(), "{preset}");
            let watched = !decision["attention"].is_null();
            assert_eq!(watched, !["A", "B alone"].contains(preset), "{preset}");
            if watched {
                // Padding makes it that large: some 40 keys alone have at most 5.4 bits.
                let entropy = number(&decision["attention"]["attn_entropy"]);
                assert!(entropy > 5.5 && entropy < 12.0, "{preset}: {entropy} bits");
            }
        }
    }
}
