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

/// The header's entries for a golden file's vocabulary under the name of other rules.
fn with_rules(golden: &Value, rules: Option<&str>) -> Entries {
    let mut entries = entries(golden);
    entries.retain(|(key, _)| key != "tokenizer.ggml.pre");
    entries.extend(
        rules.map(|name| ("tokenizer.ggml.pre".to_owned(), Entry::String(name.to_owned()))),
    );
    entries
}

#[test]
fn every_family_cuts_as_its_own_tokenizer() {
    let golden = golden("pre-tokenizers");
    let texts = golden["texts"].as_array().unwrap();
    let families = golden["families"].as_object().unwrap();
    assert_eq!(families.len(), 17);
    for (name, rows) in families {
        let tokenizer = tokenizer(with_rules(&golden, Some(name)));
        assert!(tokenizer.notes().is_empty());
        for (text, ids) in texts.iter().zip(rows.as_array().unwrap()) {
            let ours =
                serde_json::to_value(tokenizer.encode(text.as_str().unwrap(), false).unwrap());
            assert_eq!(ours.unwrap(), *ids, "{name}: {text}");
        }
    }
    // The texts tell families apart, but for those that differ in something else.
    let twins = ["stablelm2", "smaug-bpe", "minicpm5"];
    let own = families.iter().filter(|(name, _)| !twins.contains(&name.as_str()));
    let distinct: std::collections::HashSet<_> = own.map(|(_, rows)| rows.to_string()).collect();
    assert_eq!(distinct.len(), families.len() - twins.len());
}

#[test]
fn other_names_of_the_same_rules_and_none() {
    let golden = golden("pre-tokenizers");
    let encode = |rules: Option<&str>| {
        let tokenizer = tokenizer(with_rules(&golden, rules));
        let texts = golden["texts"].as_array().unwrap().iter();
        let ids = texts.map(|text| tokenizer.encode(text.as_str().unwrap(), false).unwrap());
        (ids.collect::<Vec<_>>(), tokenizer.notes().to_vec())
    };
    for (name, other) in [
        ("llama-bpe", "falcon3"),
        ("llama-bpe", "lfm2"),
        ("smaug-bpe", "dbrx"),
        ("smollm", "refact"),
        ("gpt-4o", "llama4"),
        ("gpt-2", "granite-docling"),
    ] {
        assert_eq!(encode(Some(name)), encode(Some(other)), "{other}");
    }
    let (ids, notes) = encode(None);
    assert_eq!(ids, encode(Some("default")).0);
    assert!(notes[0].contains("tokenizer.ggml.pre"), "{notes:?}");
}

#[test]
fn a_million_blanks_end_before_the_next_word() {
    for name in ["smollm", "qwen2", "llama-bpe"] {
        let tokenizer = tokenizer(with_rules(&golden("pre-tokenizers"), Some(name)));
        for blank in [" ", "\n"] {
            let words = |count: usize| {
                tokenizer.encode(&(blank.repeat(count) + "the hills"), false).unwrap()
            };
            let (few, many) = (words(16), words(1_200_000));
            assert_eq!(few[few.len() - 4..], many[many.len() - 4..], "{name}");
        }
    }
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

/// The byte alphabet with more tokens of some kind, and with entries changed.
fn extended(names: &[&str], kind: i32, set: &[(&str, Entry)]) -> Entries {
    let mut entries = byte_alphabet();
    for (key, value) in &mut entries {
        if let Entry::Array(list) = value {
            if key.ends_with("tokens") {
                list.extend(names.iter().map(|name| Entry::String((*name).to_owned())));
            } else if key.ends_with("token_type") {
                list.extend(names.iter().map(|_| Entry::I32(kind)));
            }
        }
    }
    for (key, value) in set {
        let key = format!("tokenizer.ggml.{key}");
        entries.retain(|(known, _)| *known != key);
        entries.push((key, value.clone()));
    }
    entries
}

#[test]
fn ends_are_known_by_name_whatever_their_kind() {
    const FIRST: u32 = 261;
    for name in [
        "<EOT>",
        "<end_of_utterance>",
        "<|return|>",
        "<|call|>",
        "<｜end▁of▁sentence｜>",
        "<eos>",
        "[EOS]",
        "<turn|>",
        "<|eot|>",
        "<|eos|>",
        "</s>",
        "<|eot_id|>",
        "<|im_end|>",
        "<|eom_id|>",
        "<|end|>",
    ] {
        for kind in [1, 3, 4, 5] {
            let tokenizer = tokenizer(extended(&[name], kind, &[]));
            assert_eq!(tokenizer.end_ids(), [1, FIRST], "{name} of kind {kind}");
            assert!(tokenizer.is_control(FIRST));
            assert_eq!(tokenizer.decode(&[FIRST]), "");
            assert_eq!(tokenizer.encode(name, true).unwrap(), [FIRST]);
            assert!(!tokenizer.encode(name, false).unwrap().contains(&FIRST), "{name} was typed");
        }
    }
    // A word that merges make of what people write is a word.
    let merges =
        ["h e", "l l", "he ll", "< /", "s >", "</ s>"].map(|m| Entry::String(m.to_owned()));
    let merges = [("merges", Entry::Array(merges.to_vec()))];
    let qwen = tokenizer(extended(&["</", "s>", "</s>"], 1, &merges));
    assert_eq!(qwen.end_ids(), [1]);
    assert_eq!(qwen.encode("</s>", false).unwrap().len(), 3, "words are cut at the s");
    assert_eq!(qwen.decode(&[FIRST + 2]), "</s>");
    // Where it is one message of several, it is no end.
    let harmony = tokenizer(extended(&["<|end|>", "<|return|>", "<|call|>"], 3, &[]));
    assert_eq!(harmony.end_ids(), [1, FIRST + 1, FIRST + 2]);
}

#[test]
fn an_end_that_the_file_names_can_t_be_typed() {
    let entry = [("eos_token_id", Entry::U32(261))];
    let tokenizer = tokenizer(extended(&["<over>"], 4, &entry));
    assert_eq!(tokenizer.end_ids(), [261]);
    assert!(!tokenizer.encode("<over>", false).unwrap().contains(&261));
}

#[test]
fn ids_that_no_token_has_are_ignored_and_told() {
    for entry in ["bos_token_id", "eos_token_id", "eot_token_id", "eom_token_id"] {
        for id in [Entry::U32(u32::MAX), Entry::U32(261), Entry::I32(-1), Entry::U64(1 << 40)] {
            let tokenizer = tokenizer(extended(&[], 1, &[(entry, id)]));
            assert!(tokenizer.notes()[0].contains(entry), "{:?}", tokenizer.notes());
            assert_eq!(tokenizer.encode("hell", false).unwrap(), [260]);
        }
    }
    let tokenizer = tokenizer(extended(&[], 1, &[("eos_token_id", Entry::I32(0))]));
    assert_eq!(tokenizer.end_ids(), [0]);
    assert!(tokenizer.notes().is_empty());
}

#[test]
fn kinds_are_guessed_where_the_file_has_none() {
    let without = |mut entries: Entries| {
        entries.retain(|(key, _)| !key.ends_with("token_type"));
        tokenizer(entries)
    };
    let bytes = without(extended(&["<|im_start|>"], 1, &[]));
    assert!(bytes.is_control(261) && bytes.is_control(0) && !bytes.is_control(260));
    assert_eq!(bytes.encode("<|im_start|>hell", true).unwrap(), [261, 260]);
    let golden = golden("llama");
    let pieces = without(entries(&golden));
    assert_eq!(pieces.end_ids(), [2]);
    for case in golden["cases"].as_array().unwrap() {
        let ids =
            serde_json::to_value(pieces.encode(case["text"].as_str().unwrap(), false).unwrap());
        assert_eq!(ids.unwrap(), case["ids"], "{}", case["text"]);
    }
}

#[test]
fn a_prompt_begins_with_the_start_token_where_the_file_asks_for_it() {
    let bos = |add: bool| {
        let set = [
            ("bos_token_id", Entry::U32(0)),
            ("add_bos_token", Entry::Bool(add)),
            ("add_eos_token", Entry::Bool(true)),
        ];
        tokenizer(extended(&[], 1, &set))
    };
    assert_eq!(bos(true).encode_prompt("hell", false).unwrap(), [0, 260]);
    assert_eq!(bos(true).encode_prompt("<s>hell", true).unwrap(), [0, 260]);
    assert_eq!(bos(false).encode_prompt("hell", false).unwrap(), [260]);
    assert_eq!(bos(true).encode("hell", false).unwrap(), [260]);
}

/// As llama.cpp does, and as `tokenizers` does where it is a special token.
#[test]
fn the_unknown_token_has_a_name_like_control_tokens() {
    let tokenizer = tokenizer(entries(&golden("llama")));
    assert_eq!(tokenizer.encode("<unk>", true).unwrap(), [0]);
    assert!(!tokenizer.encode("<unk>", false).unwrap().contains(&0));
}

#[test]
fn a_text_that_goes_on_keeps_its_blank() {
    let tokenizer = tokenizer(entries(&golden("llama")));
    let ids = tokenizer.encode("the hills", false).unwrap();
    let mut stream = TextStream::continued();
    let text: String = ids.iter().map(|&id| stream.push(&tokenizer, id)).collect();
    assert_eq!(text, " the hills");
    assert_eq!(tokenizer.decode(&ids), "the hills");
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
