//! Real quantized files against a float64 pass over their weights: the 20 likeliest tokens, one after the other.
//! `cargo xtask test --models` gets the files (745 MB) and runs this.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};

use entropix_engine::{EngineOptions, Kernel, KvType, Precision, load};
use serde_json::Value;

/// Most nats between a log-probability and the reference's.
const LIMITS: [(EngineOptions, f64); 2] = [
    (EngineOptions { kernel: Kernel::Auto, precision: Precision::F32, kv: KvType::F32 }, 0.01),
    (EngineOptions { kernel: Kernel::Auto, precision: Precision::Int16, kv: KvType::F16 }, 0.02),
];

fn folder() -> PathBuf {
    let models = std::env::var_os("ENTROPIX_MODELS").map(PathBuf::from);
    models.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models"))
}

fn ids(list: &Value) -> Vec<u32> {
    list.as_array().unwrap().iter().map(|id| id.as_u64().unwrap() as u32).collect()
}

fn log_probability(logits: &[f32], id: u32) -> f64 {
    let most = f64::from(logits.iter().copied().fold(f32::MIN, f32::max));
    let total: f64 = logits.iter().map(|&logit| (f64::from(logit) - most).exp()).sum();
    f64::from(logits[id as usize]) - most - total.ln()
}

fn check(name: &str) {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/golden/architectures/real")
        .join(format!("{name}.json"));
    let golden: Value = serde_json::from_str(&std::fs::read_to_string(golden).unwrap()).unwrap();
    let path = folder().join(golden["file"].as_str().unwrap());
    let expected = golden["log_probabilities"].as_array().unwrap();
    for (options, limit) in LIMITS {
        let mut file = std::fs::File::open(&path).unwrap_or_else(|error| {
            panic!("{}: {error} (`cargo xtask test --models` fetches it)", path.display())
        });
        let loaded = load(&mut file, options).unwrap();
        let prompt = golden["prompt"].as_str().unwrap();
        assert_eq!(loaded.tokenizer.encode_prompt(prompt, false).unwrap(), ids(&golden["ids"]));
        let mut sequence = loaded.model.sequence();
        let mut logits = Vec::new();
        sequence.append(&ids(&golden["ids"]), &mut logits).unwrap();
        let mut worst = 0.0_f64;
        // The reference's own tokens: a margin may be less than what rounding explains.
        for ((token, expected), margin) in ids(&golden["tokens"])
            .into_iter()
            .zip(expected)
            .zip(golden["margins"].as_array().unwrap())
        {
            worst = worst.max((log_probability(&logits, token) - expected.as_f64().unwrap()).abs());
            let likeliest = (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
            if margin.as_f64().unwrap() > 2.0 * limit {
                assert_eq!(likeliest, Some(token as usize), "{name}, {options:?}");
            }
            sequence.append(&[token], &mut logits).unwrap();
        }
        println!("{name}, {:?}: {worst:.5} nats", options.precision);
        assert!(worst <= limit, "{name}, {options:?}: {worst} nats, at most {limit}");
    }
}

#[test]
#[ignore = "needs a file of 253 MB: `cargo xtask test --models`"]
fn gemma_3_270m() {
    check("gemma-3-270m");
}

#[test]
#[ignore = "needs a file of 491 MB: `cargo xtask test --models`"]
fn qwen_2_5_coder() {
    check("qwen2.5-coder-0.5b");
}
