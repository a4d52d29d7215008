//! Recorded answers of every schema can be opened.
#![allow(clippy::unwrap_used, missing_docs)]

use std::path::{Path, PathBuf};

use entropix::SamplerConfig;
use entropix_protocol::{Continuations, Seed, Trace};
use serde_json::{Value, json};

const SCHEMA_1: &str = include_str!("schema-1.json");

/// What is recorded in `www/traces`, but for its index.
fn recorded() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/traces");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let traces = |path: &PathBuf| {
        path.extension().is_some_and(|e| e == "json") && !path.ends_with("index.json")
    };
    files.filter(traces).collect()
}

#[test]
fn recorded_traces_open_and_stay_what_they_are() {
    let files = recorded();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let trace: Trace = serde_json::from_str(&text).unwrap();
        trace.check().unwrap();
        assert_eq!(trace.schema, 2);
        assert!(!trace.text().is_empty());
        let (written, read): (Value, Value) =
            (serde_json::to_value(&trace).unwrap(), serde_json::from_str(&text).unwrap());
        // Numbers that were added since have their defaults in the configuration.
        let all_but_sampler = |mut trace: Value| {
            trace.as_object_mut().unwrap().remove("sampler");
            trace
        };
        assert_eq!(all_but_sampler(written), all_but_sampler(read), "{}", file.display());
    }
}

#[test]
fn recorded_continuations_are_those_of_their_trace() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/traces");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let index: Vec<Value> = serde_json::from_str(&read("index.json")).unwrap();
    let recorded: Vec<&Value> = index.iter().filter(|entry| !entry["what_if"].is_null()).collect();
    assert!(!recorded.is_empty());
    for entry in recorded {
        let trace: Trace = serde_json::from_str(&read(entry["file"].as_str().unwrap())).unwrap();
        let text = read(entry["what_if"].as_str().unwrap());
        let Continuations { partings, grown } = serde_json::from_str(&text).unwrap();
        let numbers: Vec<u32> = grown.iter().map(|grown| grown.number).collect();
        assert_eq!(numbers, (0..partings.len() as u32).collect::<Vec<_>>());
        for parting in partings {
            let top = &trace.tokens[parting.at as usize].top;
            assert!(top.iter().any(|other| other.id == parting.token), "{parting:?}");
        }
        assert!(grown.iter().all(|grown| grown.finish.is_some()));
    }
}

#[test]
fn a_trace_of_the_first_schema_opens() {
    let trace: Trace = serde_json::from_str(SCHEMA_1).unwrap();
    trace.check().unwrap();
    assert_eq!((trace.schema, trace.tokens.len()), (1, 6));
    assert!(matches!(trace.sampler, SamplerConfig::Entropix(_)), "{:?}", trace.sampler);
    assert!(trace.tokens.iter().all(|token| token.decision.rule.is_some()));
    // Nothing was recorded of these then.
    assert!(trace.tokens.iter().all(|token| token.sketch.is_none() && token.attention.is_none()));
    assert!(trace.retracted.is_empty());
}

#[test]
fn a_trace_of_a_later_schema_is_refused_by_its_number() {
    let mut later: Value = serde_json::from_str(SCHEMA_1).unwrap();
    later["schema"] = json!(3);
    let trace: Trace = serde_json::from_value(later).unwrap();
    let error = trace.check().unwrap_err().to_string();
    assert_eq!(error, "this trace has schema 3, this program reads schemas up to 2");
}

#[test]
fn seeds_of_traces_have_64_bits() {
    for (seed, expected) in [(json!(7), 7), (json!(u64::MAX), u64::MAX), (json!("12"), 12)] {
        let mut trace: Value = serde_json::from_str(SCHEMA_1).unwrap();
        trace["seed"] = seed;
        assert_eq!(serde_json::from_value::<Trace>(trace).unwrap().seed, Seed(expected));
    }
}
