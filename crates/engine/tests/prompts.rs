//! Prompts of conversations with the answers' own ids (tests/golden/templates/own).
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use std::io::Cursor;

use candle_core::quantized::gguf_file::Value as Entry;
use entropix_engine::{EngineOptions, Loaded, LocalTime, Message, load};
use serde_json::Value;
use support::{Entries, Random, tiny_model_with};

const NOW: LocalTime = LocalTime { year: 2026, month: 11, day: 25, hour: 15, minute: 4, second: 9 };
const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden");

/// A model with a golden vocabulary, control tokens besides, and a template.
fn model(vocabulary: &str, controls: &[&str], template: &str) -> Loaded {
    let text = std::fs::read_to_string(format!("{GOLDEN}/tokenizers/{vocabulary}.json")).unwrap();
    let golden: Value = serde_json::from_str(&text).unwrap();
    let texts = |key: &str| -> Vec<Entry> {
        let texts = golden[key].as_array().unwrap().iter();
        texts.map(|text| Entry::String(text.as_str().unwrap().to_owned())).collect()
    };
    let mut tokens = texts("tokens");
    let kinds = golden["types"].as_array().unwrap().iter();
    let mut kinds: Vec<Entry> =
        kinds.map(|kind| Entry::I32(kind.as_i64().unwrap() as i32)).collect();
    let first_control = tokens.len() as u32;
    tokens.extend(controls.iter().map(|name| Entry::String((*name).to_owned())));
    kinds.extend(controls.iter().map(|_| Entry::I32(3)));
    let mut entries: Entries = vec![("token_type".to_owned(), Entry::Array(kinds))];
    if golden["scores"].is_null() {
        entries.push(("model".to_owned(), Entry::String("gpt2".to_owned())));
        entries.push(("pre".to_owned(), Entry::String(golden["pre"].as_str().unwrap().to_owned())));
        entries.push(("merges".to_owned(), Entry::Array(texts("merges"))));
        entries.push(("bos_token_id".to_owned(), Entry::U32(first_control)));
        entries.push(("eos_token_id".to_owned(), Entry::U32(first_control + 1)));
        entries.push(("add_bos_token".to_owned(), Entry::Bool(false)));
    } else {
        let mut scores: Vec<Entry> = golden["scores"]
            .as_array()
            .unwrap()
            .iter()
            .map(|score| Entry::F32(score.as_f64().unwrap() as f32))
            .collect();
        scores.extend(controls.iter().map(|_| Entry::F32(0.0)));
        entries.push(("model".to_owned(), Entry::String("llama".to_owned())));
        entries.push(("scores".to_owned(), Entry::Array(scores)));
        entries.push(("bos_token_id".to_owned(), Entry::U32(1)));
        entries.push(("eos_token_id".to_owned(), Entry::U32(2)));
    }
    entries.push(("tokens".to_owned(), Entry::Array(tokens)));
    let mut entries: Entries =
        entries.into_iter().map(|(key, value)| (format!("tokenizer.ggml.{key}"), value)).collect();
    entries.push(("tokenizer.chat_template".to_owned(), Entry::String(template.to_owned())));
    load(
        &mut Cursor::new(tiny_model_with(entries, Vec::new(), Vec::new())),
        EngineOptions::default(),
    )
    .unwrap()
}

const CONTROLS: [&str; 4] = ["<|im_start|>", "<|im_end|>", "<think>", "</think>"];

fn own(name: &str) -> String {
    std::fs::read_to_string(format!("{GOLDEN}/templates/own/{name}.jinja")).unwrap()
}

/// What ids say, control tokens by their names.
fn said(loaded: &Loaded, ids: &[u32]) -> String {
    let bytes: Vec<u8> =
        ids.iter().flat_map(|&id| loaded.tokenizer.token_bytes(id)).copied().collect();
    String::from_utf8(bytes).unwrap()
}

fn controls(loaded: &Loaded, ids: &[u32]) -> usize {
    ids.iter().filter(|&&id| loaded.tokenizer.is_control(id)).count()
}

const PIECES: [&str; 18] = [
    "Hi",
    " ",
    "\n",
    "a b",
    "<|im_end|>",
    "<|im_start|>system\n",
    "<think>",
    "</think>",
    "\n\n",
    "Größe",
    "日本",
    "  ",
    "'",
    "\u{f0000}",
    "{{ x }}",
    "</s>",
    "I am fine",
    "\t",
];

/// Random conversations on all templates, with and without ids: text and ids say the same, and what people write
/// never becomes a control token.
#[test]
fn text_and_ids_say_the_same() {
    let names = [
        "chatml",
        "chatml-trimmed",
        "dated",
        "alternating",
        "thinking",
        "cut",
        "marked",
        "crlf",
        "macros",
        "letters",
    ];
    let mut random = Random(7);
    for name in names {
        for controls_of_file in [&CONTROLS[..2], &CONTROLS[..]] {
            let loaded = model("qwen2", controls_of_file, &own(name));
            for _ in 0..40 {
                let count = 1 + random.below(6);
                let contents: Vec<String> = (0..count)
                    .map(|_| {
                        (0..random.below(7)).map(|_| PIECES[random.below(PIECES.len())]).collect()
                    })
                    .collect();
                let ids: Vec<Vec<u32>> = contents
                    .iter()
                    .map(|content| loaded.tokenizer.encode(content, false).unwrap())
                    .collect();
                let messages: Vec<Message<'_>> = contents
                    .iter()
                    .zip(&ids)
                    .enumerate()
                    .map(|(index, (content, ids))| Message {
                        role: ["user", "assistant"][index % 2],
                        content,
                        ids: (index % 2 == 1 && random.below(3) > 0).then_some(ids.as_slice()),
                    })
                    .collect();
                let Ok(prompt) = loaded.template.prompt(&loaded.tokenizer, &messages, true, NOW)
                else {
                    continue;
                };
                assert_eq!(said(&loaded, &prompt.ids), prompt.text, "{name}: {messages:?}");
                let harmless: Vec<String> = contents
                    .iter()
                    .map(|content| content.replace("<|", "(|").replace("</s", "(/s"))
                    .collect();
                let harmless: Vec<Message<'_>> = messages
                    .iter()
                    .zip(&harmless)
                    .map(|(message, content)| Message { content, ids: None, ..*message })
                    .collect();
                let harmless =
                    loaded.template.prompt(&loaded.tokenizer, &harmless, true, NOW).unwrap();
                let turns = |text: &str| text.matches("<|im_").count();
                let of_turns = |ids: &[u32]| {
                    ids.iter()
                        .filter(|&&id| {
                            loaded.tokenizer.is_control(id)
                                && loaded.tokenizer.label(id).starts_with("<|")
                        })
                        .count()
                };
                assert_eq!(of_turns(&prompt.ids), turns(&harmless.text), "{name}: {messages:?}");
            }
        }
    }
}

/// An answer that the template passes on keeps its ids, however they cut the text.
#[test]
fn answers_keep_their_ids() {
    for name in
        ["chatml", "chatml-trimmed", "dated", "alternating", "thinking", "cut", "marked", "crlf"]
    {
        let loaded = model("qwen2", &CONTROLS[..2], &own(name));
        let letters: Vec<u32> = "Hello."
            .chars()
            .flat_map(|c| loaded.tokenizer.encode(&c.to_string(), false).unwrap())
            .collect();
        let hi = Message { role: "user", content: "Hi", ids: None };
        let answer = Message { role: "assistant", content: "Hello.", ids: Some(&letters) };
        let again = Message { role: "user", content: "<|im_end|>?", ids: None };
        let prompt =
            loaded.template.prompt(&loaded.tokenizer, &[hi, answer, again], true, NOW).unwrap();
        assert!(prompt.ids.windows(letters.len()).any(|window| window == letters), "{name}");
        assert_eq!(said(&loaded, &prompt.ids), prompt.text, "{name}");
    }
}

/// Thinking is cut out of the ids where the template cuts it out of the text, also where its marks are control tokens.
#[test]
fn thinking_is_cut_from_ids_as_from_text() {
    for name in ["thinking", "cut"] {
        for controls_of_file in [&CONTROLS[..2], &CONTROLS[..]] {
            let loaded = model("qwen2", controls_of_file, &own(name));
            let content = "<think>\nthe secret is 7\n</think>\n\nHello.";
            let ids = loaded.tokenizer.encode(content, false).unwrap();
            for ids in [None, Some(ids.as_slice())] {
                let hi = Message { role: "user", content: "Hi", ids: None };
                let answer = Message { role: "assistant", content, ids };
                let plain = Message { role: "assistant", content: "Hello.", ids: None };
                let again = Message { role: "user", content: "Again?", ids: None };
                let prompt = |messages: &[Message<'_>]| {
                    loaded.template.prompt(&loaded.tokenizer, messages, true, NOW).unwrap()
                };
                assert_eq!(prompt(&[hi, answer, again]), prompt(&[hi, plain, again]), "{name}");
            }
        }
    }
}

/// The case that was once wrong: with ids, the thinking went back into the prompt.
#[test]
fn the_reported_thinking_is_cut() {
    let text = std::fs::read_to_string(format!("{GOLDEN}/templates/think-history.json")).unwrap();
    let reported: Value = serde_json::from_str(&text).unwrap();
    let loaded = model("qwen2", &CONTROLS[..2], reported["template"].as_str().unwrap());
    let turns = reported["requests"][0]["messages"].as_array().unwrap();
    for with_ids in [false, true] {
        let contents: Vec<&str> =
            turns.iter().map(|turn| turn["content"].as_str().unwrap()).collect();
        let ids: Vec<_> = contents
            .iter()
            .map(|content| loaded.tokenizer.encode(content, false).unwrap())
            .collect();
        let messages: Vec<Message<'_>> = turns
            .iter()
            .zip(&ids)
            .map(|(turn, ids)| {
                let role = turn["role"].as_str().unwrap();
                let ids = (with_ids && role == "assistant").then_some(ids.as_slice());
                Message { role, content: turn["content"].as_str().unwrap(), ids }
            })
            .collect();
        let prompt = loaded.template.prompt(&loaded.tokenizer, &messages, true, NOW).unwrap();
        assert_eq!(prompt.text, reported["requests"][2]["prompt"].as_str().unwrap());
        assert_eq!(said(&loaded, &prompt.ids), prompt.text);
    }
}

/// The next turn begins with the one before and its answer, blanks and all.
#[test]
fn sentence_piece_answers_keep_their_blanks() {
    let loaded = model("llama", &[], &own("alternating"));
    let hi = Message { role: "user", content: "q", ids: None };
    let first = loaded.template.prompt(&loaded.tokenizer, &[hi], true, NOW).unwrap();
    let answer = loaded.tokenizer.encode("I am fine", false).unwrap();
    assert_eq!(said(&loaded, &answer), " I am fine");
    let turn = Message { role: "assistant", content: "I am fine", ids: Some(&answer) };
    let second = loaded.template.prompt(&loaded.tokenizer, &[hi, turn, hi], true, NOW).unwrap();
    let mut begins = first.ids.clone();
    begins.extend(&answer);
    assert_eq!(second.ids.get(..begins.len()), Some(begins.as_slice()));
    let plain = Message { ids: None, ..turn };
    let plain = loaded.template.prompt(&loaded.tokenizer, &[hi, plain, hi], true, NOW).unwrap();
    assert_eq!(said(&loaded, &second.ids), said(&loaded, &plain.ids));
}

/// A missing or broken template is told when it is needed, not before.
#[test]
fn a_file_without_a_sound_template_loads() {
    let loaded = model("qwen2", &CONTROLS, "{% if %}");
    let hi = [Message { role: "user", content: "Hi", ids: None }];
    assert!(loaded.tokenizer.encode("a", true).is_ok());
    assert!(loaded.template.problem().is_some());
    assert!(loaded.template.prompt(&loaded.tokenizer, &hi, true, NOW).is_err());
    assert_eq!(controls(&loaded, &loaded.tokenizer.encode("<|im_end|>", true).unwrap()), 1);
}
