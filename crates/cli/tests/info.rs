//! What `entropix info` says of files that run, and of files that don't.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;
#[path = "support/tiny.rs"]
mod tiny;

use std::path::Path;

use serde_json::Value;

fn info(path: &Path, options: &[&str]) -> String {
    let output = support::entropix().arg("info").arg(path).args(options).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&info(path, &["--json"])).unwrap()
}

#[test]
fn the_default_model_is_described() {
    let path = support::model("q4_1");
    let facts = json(&path);
    assert_eq!(facts["architecture"], "llama");
    assert!(facts["known"].as_str().unwrap().contains("nats"));
    assert_eq!((&facts["bytes"], &facts["layers"]), (&98_362_432.into(), &30.into()));
    assert_eq!((&facts["context_length"], &facts["vocabulary"]), (&8192.into(), &49152.into()));
    // 134.5 million: 49,152 × 576 for the embedding, and 30 layers.
    assert_eq!(facts["parameters"], 134_515_008);
    assert_eq!((&facts["quantization"], &facts["tokenizer"]), (&"Q4_1".into(), &"gpt2".into()));
    assert_eq!(facts["template"]["format"], "ChatML");
    // 30 layers, 3 KV heads of 64, key and value, 2 bytes each, 1,000 times.
    assert_eq!(facts["memory"]["cache_of_1000_tokens"], 23_040_000);
    assert_eq!((&facts["engine"], &facts["problem"]), (&"llama".into(), &Value::Null));
    let weights = facts["weights"].as_array().unwrap();
    let types: Vec<_> = weights.iter().map(|of_type| of_type["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["Q4_1", "Q8_0", "F32"]);
    assert!(weights.iter().all(|of_type| of_type["kept"] == "exactly"));
    let bytes: f64 = weights.iter().map(|of_type| support::number(&of_type["bytes"])).sum();
    assert!(bytes > 0.9 * 98_362_432.0 && bytes < 98_362_432.0);
    let text = info(&path, &[]);
    assert!(text.contains("Q4_1: 210 tensors, 66.4 MB, kept exactly"), "{text}");
}

#[test]
fn other_files_are_described_as_far_as_they_say() {
    let folder = tiny::folder("info");
    let path = folder.join("tiny.gguf");
    tiny::write(&path, Some("{{ nothing }}"));
    let facts = json(&path);
    assert_eq!((&facts["name"], &facts["licence"]), (&"Tiny".into(), &Value::Null));
    assert_eq!(facts["template"]["format"], Value::Null);
    // 2 layers, 1 KV head of 16.
    assert_eq!(facts["memory"]["cache_of_1000_tokens"], 128_000);
    let golden = |path| json(&support::workspace().join("tests/golden").join(path));
    for (path, architecture, engine) in [
        ("architectures/gemma3.gguf", "gemma3", "llama"),
        ("models/tiny-phi2.gguf", "phi2", "candle"),
    ] {
        let facts = golden(path);
        assert_eq!(facts["architecture"], architecture);
        assert_eq!(facts["engine"], engine, "{facts}");
    }

    // What nothing runs is described all the same, with the reason.
    let bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(5).position(|window| window == b"llama").unwrap();
    let mut other = bytes.clone();
    other[at..at + 5].copy_from_slice(b"mamba");
    let path = folder.join("mamba.gguf");
    std::fs::write(&path, other).unwrap();
    let facts = json(&path);
    assert_eq!((&facts["architecture"], &facts["engine"]), (&"mamba".into(), &Value::Null));
    assert!(facts["problem"]["message"].as_str().unwrap().contains("mamba"), "{facts}");
    assert!(info(&path, &[]).contains("no: "), "{}", info(&path, &[]));

    let page = folder.join("page.gguf");
    std::fs::write(&page, "<!doctype html>").unwrap();
    let output = support::entropix().arg("info").arg(&page).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("hint: "));
}
