//! Every kind of tokenizer against an independent implementation (tests/golden/tokenizers/make.py).
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use std::io::Cursor;

use candle_core::quantized::gguf_file::Value as Entry;
use entropix_engine::{EngineOptions, LocalTime, TextStream, Tokenizer, load};
use serde_json::Value;
use support::{Entries, byte_alphabet, tiny_model_with};

fn golden(name: &str) -> Value {
    let path = format!("{}/../../tests/golden/tokenizers/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn list(value: &Value, entry: impl Fn(&Value) -> Entry) -> Entry {
    Entry::Array(value.as_array().unwrap().iter().map(entry).collect())
}

fn text(value: &Value) -> Entry {
    Entry::String(value.as_str().unwrap().to_owned())
}

/// The header's entries for a golden file's vocabulary.
fn entries(golden: &Value) -> Entries {
    let mut entries = vec![
        ("tokens", list(&golden["tokens"], text)),
        ("token_type", list(&golden["types"], |kind| Entry::I32(kind.as_i64().unwrap() as i32))),
    ];
    if golden["scores"].is_null() {
        entries.push(("model", Entry::String("gpt2".to_owned())));
        entries.push(("pre", text(&golden["pre"])));
        entries.push(("merges", list(&golden["merges"], text)));
    } else {
        entries.push(("model", Entry::String("llama".to_owned())));
        let score = |score: &Value| Entry::F32(score.as_f64().unwrap() as f32);
        entries.push(("scores", list(&golden["scores"], score)));
        let prefix = Entry::Bool(golden["add_space_prefix"].as_bool().unwrap());
        entries.push(("add_space_prefix", prefix));
    }
    entries.into_iter().map(|(key, value)| (format!("tokenizer.ggml.{key}"), value)).collect()
}

fn tokenizer(entries: Entries) -> Tokenizer {
    let file = tiny_model_with(entries, Vec::new(), Vec::new());
    load(&mut Cursor::new(file), EngineOptions::default()).unwrap().tokenizer
}

/// A token's part of a text may be half a character.
fn streamed(tokenizer: &Tokenizer, ids: &[u32]) -> String {
    let mut stream = TextStream::new(tokenizer);
    let text: String = ids.iter().map(|&id| stream.push(tokenizer, id)).collect();
    text + &stream.finish()
}

fn check(name: &str) {
    let golden = golden(name);
    let tokenizer = tokenizer(entries(&golden));
    let cases = golden["cases"].as_array().unwrap();
    assert!(cases.len() > 30);
    for case in cases {
        let text = case["text"].as_str().unwrap();
        let ids: Vec<u32> =
            case["ids"].as_array().unwrap().iter().map(|id| id.as_u64().unwrap() as u32).collect();
        assert_eq!(tokenizer.encode(text, false).unwrap(), ids, "{name}: {text:?}");
        // Qwen's texts are composed first, and a SentencePiece space has no other form.
        if !text.contains(['\u{301}', '▁']) {
            assert_eq!(tokenizer.decode(&ids), text, "{name}");
            assert_eq!(streamed(&tokenizer, &ids), text, "{name}");
        }
    }
}

#[test]
fn llama_3() {
    check("llama-bpe");
}

#[test]
fn qwen_2() {
    check("qwen2");
}

#[test]
fn sentence_piece() {
    check("llama");
    check("llama-no-prefix");
}

const NOW: LocalTime = LocalTime { year: 2026, month: 11, day: 25, hour: 15, minute: 4, second: 9 };

#[test]
fn start_tokens_where_the_file_does_not_say() {
    let first = |mut entries: Entries| {
        entries.push(("tokenizer.ggml.bos_token_id".to_owned(), Entry::U32(1)));
        let file = tiny_model_with(entries, Vec::new(), Vec::new());
        let loaded = load(&mut Cursor::new(file), EngineOptions::default()).unwrap();
        let message = entropix_engine::Message { role: "user", content: "a", ids: None };
        loaded.template.prompt(&loaded.tokenizer, &[message], false, NOW).unwrap().ids[0]
    };
    assert_eq!(first(entries(&golden("llama-bpe"))), 1);
    assert_eq!(first(entries(&golden("llama"))), 1);
    assert_ne!(first(entries(&golden("qwen2"))), 1);
}

#[test]
fn ends_of_an_answer_are_a_set() {
    let mut entries = entries(&golden("llama"));
    for (key, id) in [("eos", 2), ("eot", 7), ("eom", 9)] {
        entries.push((format!("tokenizer.ggml.{key}_token_id"), Entry::U32(id)));
    }
    assert_eq!(tokenizer(entries).end_ids(), [2, 7, 9]);
}

#[test]
fn tokens_that_the_makers_added_are_found_in_plain_text() {
    let mut entries = byte_alphabet();
    for (key, value) in &mut entries {
        match value {
            Entry::Array(list) if key.ends_with("tokens") => {
                list.push(Entry::String("<tool>".to_owned()));
            }
            Entry::Array(list) if key.ends_with("token_type") => list.push(Entry::I32(4)),
            _ => {}
        }
    }
    let tokenizer = tokenizer(entries);
    let id = tokenizer.len() as u32 - 1;
    let ids = tokenizer.encode("a<tool>b<s>", false).unwrap();
    assert_eq!(ids.iter().position(|&each| each == id), Some(1));
    assert_eq!(tokenizer.decode(&ids), "a<tool>b<s>");
}

#[test]
fn broken_vocabularies_are_named() {
    let broken = |name: &str, change: &dyn Fn(&mut Entries)| {
        let mut entries = entries(&golden(name));
        change(&mut entries);
        let file = tiny_model_with(entries, Vec::new(), Vec::new());
        load(&mut Cursor::new(file), EngineOptions::default()).err().unwrap().to_string()
    };
    let set = |entries: &mut Entries, key: &str, value: Entry| {
        entries.retain(|(known, _)| !known.ends_with(key));
        entries.push((format!("tokenizer.ggml.{key}"), value));
    };
    let error = broken("qwen2", &|e| set(e, "pre", Entry::String("chameleon".to_owned())));
    assert!(error.contains("\"chameleon\"") && error.contains("llama-bpe"), "{error}");
    let error = broken("qwen2", &|e| set(e, "model", Entry::String("bert".to_owned())));
    assert!(error.contains("\"bert\""), "{error}");
    let error = broken("llama", &|e| set(e, "scores", Entry::Array(vec![Entry::F32(0.0)])));
    assert!(error.contains("1 scores for 480"), "{error}");
    let error = broken("llama", &|e| e.retain(|(key, _)| !key.ends_with("scores")));
    assert!(error.contains("scores: missing"), "{error}");
    let error = broken("llama", &|e| set(e, "add_space_prefix", Entry::U32(1)));
    assert!(error.contains("not a bool"), "{error}");
}
