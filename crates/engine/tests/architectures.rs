//! Every architecture against float64 forward passes that share no code with the engine
//! (`tests/golden/architectures`), and what every sequence must do on the same files.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "support/checks.rs"]
mod checks;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use checks::{assert_same, from_scratch, ids};
use entropix_engine::{EngineOptions, Kernel, KvType, LanguageModel, Precision, load};
use serde_json::Value;

const EXACT: EngineOptions =
    EngineOptions { kernel: Kernel::Auto, precision: Precision::F32, kv: KvType::F32 };
const DEFAULT: EngineOptions =
    EngineOptions { kernel: Kernel::Auto, precision: Precision::Int16, kv: KvType::F16 };

/// Most nats between a log-probability and the reference's.
const EXACT_LIMIT: f64 = 0.01;
const DEFAULT_LIMIT: f64 = 0.02;

/// The files without their ending.
fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/architectures");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let json = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "json");
    let mut cases: Vec<PathBuf> = files.filter(json).map(|path| path.with_extension("")).collect();
    // Of some that the engine lacks there are golden cases for candle.
    cases.retain(|case| {
        let architecture = &reference(case)["architecture"];
        entropix_engine::architectures().any(|known| architecture == known)
    });
    cases.sort();
    cases
}

fn name(case: &Path) -> &str {
    case.file_name().unwrap().to_str().unwrap()
}

fn reference(case: &Path) -> Value {
    let text = std::fs::read_to_string(case.with_extension("json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn model(case: &Path, options: EngineOptions) -> Box<dyn LanguageModel> {
    let mut file = std::fs::File::open(case.with_extension("gguf")).unwrap();
    let loaded = load(&mut file, options);
    loaded.unwrap_or_else(|error| panic!("{}: {error}", name(case))).model
}

/// Log-probabilities in nats.
fn log_softmax(logits: &[f32]) -> Vec<f64> {
    let most = f64::from(logits.iter().copied().fold(f32::MIN, f32::max));
    let total: f64 = logits.iter().map(|&logit| (f64::from(logit) - most).exp()).sum();
    logits.iter().map(|&logit| f64::from(logit) - most - total.ln()).collect()
}

/// For each length of the reference: tokens, and the largest difference of its log-probabilities.
fn differences(case: &Path, reference: &Value, options: EngineOptions) -> Vec<(usize, f64)> {
    let model = model(case, options);
    let numbers = |value: &Value| value.as_array().unwrap().clone();
    let ids: Vec<u32> =
        numbers(&reference["ids"]).iter().map(|id| id.as_u64().unwrap() as u32).collect();
    let (mut sequence, mut logits) = (model.sequence(), Vec::new());
    let mut differences = Vec::new();
    for length in numbers(&reference["lengths"]) {
        let tokens = length["tokens"].as_u64().unwrap() as usize;
        sequence.append(&ids[sequence.len()..tokens], &mut logits).unwrap();
        let ours = log_softmax(&logits);
        let best = numbers(&length["best"]).into_iter().zip(numbers(&length["log_probabilities"]));
        let off = best.map(|(id, expected)| {
            (ours[id.as_u64().unwrap() as usize] - expected.as_f64().unwrap()).abs()
        });
        differences.push((tokens, off.fold(0.0, f64::max)));
    }
    differences
}

/// `cargo test -p entropix-engine --test architectures -- --nocapture float64` prints the table of
/// the README.
#[test]
fn differences_from_float64() {
    let mut table = String::new();
    let mut too_far = Vec::new();
    for case in cases() {
        let reference = reference(&case);
        for (how, options, limit) in
            [("exact", EXACT, EXACT_LIMIT), ("default", DEFAULT, DEFAULT_LIMIT)]
        {
            let differences = differences(&case, &reference, options);
            write!(table, "| {} | {how} |", name(&case)).unwrap();
            for (tokens, off) in differences {
                write!(table, " {off:.5} |").unwrap();
                if off.is_nan() || off > limit {
                    too_far.push(format!("{} ({how}) at {tokens} tokens: {off:.4}", name(&case)));
                }
            }
            table.push('\n');
        }
    }
    println!("{table}");
    assert!(too_far.is_empty(), "more than {EXACT_LIMIT} or {DEFAULT_LIMIT} nats: {too_far:#?}");
}

/// Two files that were once computed wrongly, with float64 values that others made (`tests/golden/files`).
#[test]
fn files_that_were_computed_wrongly() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/files");
    for name in ["gemma3-tiny", "qwen3-tiny"] {
        let case = folder.join(name);
        let lengths = reference(&case);
        for (options, limit) in [(EXACT, EXACT_LIMIT), (DEFAULT, DEFAULT_LIMIT)] {
            let model = model(&case, options);
            for length in lengths.as_array().unwrap() {
                let ids = length["ids"].as_array().unwrap();
                let ids: Vec<u32> = ids.iter().map(|id| id.as_u64().unwrap() as u32).collect();
                let mut logits = Vec::new();
                model.sequence().append(&ids, &mut logits).unwrap();
                let ours = log_softmax(&logits);
                for pair in length["top"].as_array().unwrap() {
                    let (id, expected) = (pair[0].as_u64().unwrap(), pair[1].as_f64().unwrap());
                    let off = (ours[id as usize] - expected).abs();
                    assert!(off <= limit, "{name}, {} tokens, token {id}: {off}", ids.len());
                }
            }
        }
    }
}

#[test]
fn every_architecture_is_compared() {
    let compared: BTreeSet<String> = cases()
        .iter()
        .map(|case| reference(case)["architecture"].as_str().unwrap().to_owned())
        .collect();
    let known: BTreeSet<String> = entropix_engine::architectures().map(str::to_owned).collect();
    let missing: Vec<_> = known.difference(&compared).collect();
    assert!(missing.is_empty(), "no golden case: {missing:?}");
}

/// Cuts, forks, truncation, batches and attention.
#[test]
fn sequences_of_every_architecture() {
    for case in cases() {
        println!("{}", name(&case));
        for options in [EXACT, DEFAULT, EngineOptions { kv: KvType::Q8, ..DEFAULT }] {
            checks::all(model(&case, options).as_ref());
        }
    }
}

#[test]
fn kernels_agree_to_the_last_bit() {
    for case in cases() {
        for options in [EXACT, DEFAULT] {
            let run = |kernel| {
                let model = model(&case, EngineOptions { kernel, ..options });
                from_scratch(model.as_ref(), &ids())
            };
            assert_same(&run(Kernel::Simd), &run(Kernel::Scalar));
        }
    }
}
