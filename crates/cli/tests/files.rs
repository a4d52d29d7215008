//! Files that people have (tests/golden/files): what works, and what is refused in which words.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "support/patch.rs"]
mod patch;
mod support;

use std::io::Cursor;

use entropix::SamplerConfig;
use entropix_engine::{EngineOptions, Joined, PartName, load};
use entropix_generate::{Chat, problem_of_file};
use entropix_protocol::{Recipe, Step};
use patch::Gguf;
use serde_json::Value;
use support::{ids, model, workspace};

/// "What is the capital of France?" in the default model's template.
const QUESTION: [u32; 16] =
    [1, 4093, 198, 1780, 314, 260, 3575, 282, 4649, 47, 2, 198, 1, 520, 9531, 198];

fn default_model() -> Gguf {
    Gguf::read(&std::fs::read(model("q4_1")).unwrap())
}

/// The tokens of a greedy answer, and its text.
fn answer(chat: &mut Chat, prompt: Vec<u32>, most: u32) -> (Vec<u32>, String) {
    let recipe = Recipe { sampler: SamplerConfig::Greedy, max_tokens: most, ..Recipe::default() };
    let generation = chat.generate(prompt, recipe).unwrap();
    let mut text = String::new();
    let generation = chat.finish(generation, |step| {
        if let Step::Token { entry } = step {
            text.push_str(&entry.text);
        }
    });
    (generation.unwrap().ids().to_vec(), text)
}

#[test]
fn patched_models() {
    let path = workspace().join("tests/golden/files/patches.jsonl");
    let original = default_model();
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let name = case["name"].as_str().unwrap();
        let mut patched = original.clone();
        patched.patch(&case["patch"]);
        let loaded = load(&mut patched.file(), EngineOptions::default());
        if let Some(says) = case["says"].as_array() {
            let error = loaded.err().unwrap_or_else(|| panic!("{name}: loaded"));
            let problem = problem_of_file(&error, "model.gguf").to_string();
            for part in says {
                assert!(
                    problem.contains(part.as_str().unwrap()),
                    "{name}: {problem:?}, not {part}"
                );
            }
            assert!(!problem.contains("Download the file again"), "{name}: {problem}");
            continue;
        }
        let mut chat = Chat::new(loaded.unwrap_or_else(|error| panic!("{name}: {error}")));
        match case["note"].as_str() {
            None => assert!(chat.tokenizer().notes().is_empty(), "{name}"),
            Some(note) => assert!(chat.tokenizer().notes()[0].contains(note), "{name}"),
        }
        if !case["ids"].is_null() {
            assert_eq!(chat.tokenizer().encode("a", false).unwrap(), ids(&case["ids"]), "{name}");
        }
        if let Some(rules) = case["rules"].as_str() {
            let text = "Hello  1234\n\n I'LL";
            let mut same = original.clone();
            same.patch(&serde_json::json!({ "set": { "tokenizer.ggml.pre": [8, rules] } }));
            let same = load(&mut same.file(), EngineOptions::default()).unwrap().tokenizer;
            let theirs = same.encode(text, false).unwrap();
            assert_eq!(chat.tokenizer().encode(text, false).unwrap(), theirs, "{name}");
        }
        if let Some(tokens) = case["stops_after"].as_u64() {
            let (ids, text) = answer(&mut chat, QUESTION.to_vec(), 20);
            assert_eq!(ids.len() as u64, tokens, "{name}: {text:?}");
            assert_eq!(text, "The capital of France is Paris.", "{name}");
        }
    }
}

/// Thinking that the template cuts out of earlier answers is not computed either, with ids or without, and
/// whatever kind its tags have.
#[test]
fn thinking_that_is_cut_is_not_computed() {
    let reported = support::golden("templates/think-history.json");
    let template = reported["template"].as_str().unwrap();
    let tags = serde_json::json!({ "elements": {
        "tokenizer.ggml.tokens": { "5": "<think>", "6": "</think>" },
        "tokenizer.ggml.token_type": { "5": 3, "6": 3 },
    } });
    for patch in [serde_json::json!({}), tags.clone()] {
        let mut patched = default_model();
        patched.patch(&serde_json::json!({ "set": { "tokenizer.chat_template": [8, template] } }));
        patched.patch(&patch);
        let path = std::env::temp_dir().join(format!("entropix-cut-{}.gguf", std::process::id()));
        std::io::copy(&mut patched.file(), &mut std::fs::File::create(&path).unwrap()).unwrap();
        let requests = reported["requests"].as_array().unwrap();
        let answers = support::jsonl("generate", Some(&path), &[], requests);
        std::fs::remove_file(&path).unwrap();
        let entropies: Vec<f64> = answers
            .iter()
            .map(|answer| {
                support::number(&answer["tokens"][0]["decision"]["uncertainty"]["entropy_bits"])
            })
            .collect();
        let [messages, with_ids, rendered, put_back] = entropies[..] else { panic!("{answers:?}") };
        assert_eq!((messages, with_ids), (rendered, rendered));
        for (entropy, expected) in [rendered, put_back].iter().zip([2, 3]) {
            let expected = support::number(&reported["entropy_bits"][expected]);
            // Tags of one token give other numbers where the text has them.
            assert!((entropy - expected).abs() < 1e-9 || patch == tags, "{entropies:?}");
        }
    }
}

#[test]
fn a_model_in_several_files_is_the_model() {
    let whole = default_model();
    let expected = {
        let mut chat = Chat::new(load(&mut whole.file(), EngineOptions::default()).unwrap());
        answer(&mut chat, QUESTION.to_vec(), 8).0
    };
    let all = whole.tensor_count();
    // The first one may have nothing but metadata.
    for counts in [vec![90, 100, all - 190], vec![0, all]] {
        let parts = whole.split(&counts);
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.rotate_left(1);
        let files = |order: &[usize]| {
            Joined::new(order.iter().map(|&part| Cursor::new(&parts[part])).collect()).unwrap()
        };
        let loaded = load(&mut files(&order), EngineOptions::default());
        let mut chat = Chat::new(loaded.unwrap_or_else(|error| panic!("{counts:?}: {error}")));
        assert_eq!(answer(&mut chat, QUESTION.to_vec(), 8).0, expected, "{counts:?}");
        // Each part alone, and all but one.
        for part in 0..parts.len() {
            let name = PartName { model: "smol", number: 1, count: parts.len() as u32 };
            let others: Vec<_> = order.iter().copied().filter(|other| *other != part).collect();
            for given in [vec![part], others] {
                let missing: Vec<_> = (0..parts.len()).filter(|p| !given.contains(p)).collect();
                let error = load(&mut files(&given), EngineOptions::default()).err().unwrap();
                let said = problem_of_file(&error, &name.file(1)).to_string();
                for part in missing {
                    let file = name.file(part as u32 + 1);
                    assert!(said.contains(&file), "{given:?} of {counts:?}: {said}");
                }
            }
        }
        let twice = load(&mut files(&[0, 1, 1]), EngineOptions::default()).err().unwrap();
        assert!(twice.to_string().contains("is there twice"), "{twice}");
    }
    let two = || Joined::new(vec![whole.file(), whole.file()]).unwrap();
    let error = load(&mut two(), EngineOptions::default()).err().unwrap().to_string();
    assert!(error.contains("several models"), "{error}");
}

#[test]
fn the_terminal_finds_the_other_parts() {
    let folder = std::env::temp_dir().join(format!("entropix-parts-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let whole = default_model();
    let parts = whole.split(&[100, whole.tensor_count() - 100]);
    let path = |number: u32| folder.join(PartName { model: "m", number: 1, count: 2 }.file(number));
    std::fs::write(path(2), &parts[1]).unwrap();
    let run = || {
        let mut command = support::entropix();
        command.args(["tokenize", "--jsonl", "--model"]).arg(path(2));
        command.stdin(std::process::Stdio::null()).output().unwrap()
    };
    let error = String::from_utf8(run().stderr).unwrap();
    assert!(error.contains("m-00001-of-00002.gguf"), "{error}");
    std::fs::write(path(1), &parts[0]).unwrap();
    let output = run();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn blanks_between_a_prompt_and_what_follows_are_kept() {
    let request = serde_json::json!({ "prompt": "The capital of France is", "sampler": "greedy", "max_tokens": 1 });
    let answer = &support::jsonl("generate", Some(&model("q4_1")), &[], &[request])[0];
    assert!(answer["text"].as_str().unwrap().starts_with(' '), "{answer}");
}
