//! Every architecture: loads, does what every sequence must do, and refuses what does not fit.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "../../engine/tests/support/checks.rs"]
mod checks;
#[path = "../../engine/tests/support/mod.rs"]
mod support;

use std::io::Cursor;

use candle_core::quantized::gguf_file::Value;
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use checks::{from_scratch, ids};
use entropix_engine::{EngineOptions, Kernel, KvType, Precision};
use support::{Entries, Random, byte_alphabet, quantized, tiny_model, tiny_model_with};

const LAYERS: usize = 2;
const HIDDEN: usize = 32;
const HEAD: usize = 16;
const FEED_FORWARD: usize = 64;

fn load(file: Vec<u8>) -> entropix_engine::Loaded {
    entropix_generic::load(&mut Cursor::new(file)).unwrap()
}

fn ones(length: usize) -> QTensor {
    let ones = Tensor::ones(length, candle_core::DType::F32, &Device::Cpu).unwrap();
    QTensor::quantize(&ones, GgmlDType::F32).unwrap()
}

/// The llama file's entries under another name, and what each layer of this architecture has besides.
fn file(architecture: &str, more: &[(&str, Value)], extra: &[(&str, &[usize])]) -> Vec<u8> {
    let mut entries: Entries =
        vec![("general.architecture".to_owned(), Value::String(architecture.to_owned()))];
    for (key, number) in [
        ("block_count", LAYERS),
        ("context_length", 128),
        ("embedding_length", HIDDEN),
        ("feed_forward_length", FEED_FORWARD),
        ("attention.head_count", HIDDEN / HEAD),
        ("attention.head_count_kv", 1),
        ("attention.key_length", HEAD),
        ("attention.value_length", HEAD),
        ("rope.dimension_count", HEAD),
    ] {
        entries.push((format!("{architecture}.{key}"), Value::U32(number as u32)));
    }
    for (key, number) in [("attention.layer_norm_rms_epsilon", 1e-5), ("rope.freq_base", 1e4)] {
        entries.push((format!("{architecture}.{key}"), Value::F32(number)));
    }
    for (key, value) in more {
        entries.push((format!("{architecture}.{key}"), value.clone()));
    }
    let mut random = Random(4);
    let mut tensors = Vec::new();
    for layer in 0..LAYERS {
        for (name, shape) in extra {
            let tensor = match shape {
                [length] => ones(*length),
                shape => quantized(&mut random, shape),
            };
            tensors.push((format!("blk.{layer}.{name}.weight"), tensor));
        }
    }
    tiny_model_with(byte_alphabet(), entries, tensors)
}

fn qwen3() -> Vec<u8> {
    file("qwen3", &[], &[("attn_q_norm", &[HEAD]), ("attn_k_norm", &[HEAD])])
}

fn gemma3() -> Vec<u8> {
    file(
        "gemma3",
        &[("attention.sliding_window", Value::U32(64))],
        &[
            ("attn_q_norm", &[HEAD]),
            ("attn_k_norm", &[HEAD]),
            ("post_attention_norm", &[HIDDEN]),
            ("post_ffw_norm", &[HIDDEN]),
        ],
    )
}

#[test]
fn llama() {
    checks::all(load(tiny_model()).model.as_ref());
}

#[test]
fn qwen_3() {
    checks::all(load(qwen3()).model.as_ref());
}

#[test]
fn gemma_3() {
    checks::all(load(gemma3()).model.as_ref());
}

/// The browser tests load it. `ENTROPIX_BLESS=1` writes it anew.
#[test]
fn the_stored_file_is_qwen_3() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/models/tiny-qwen3.gguf");
    if std::env::var_os("ENTROPIX_BLESS").is_some() {
        std::fs::write(path, qwen3()).unwrap();
    }
    assert!(std::fs::read(path).unwrap() == qwen3(), "{path} is another model");
}

#[test]
fn the_engine_computes_the_same() {
    let options =
        EngineOptions { kernel: Kernel::Scalar, precision: Precision::F32, kv: KvType::F32 };
    let ours = entropix_engine::load(&mut Cursor::new(tiny_model()), options).unwrap();
    let (ours, theirs) = (
        from_scratch(ours.model.as_ref(), &ids()),
        from_scratch(load(tiny_model()).model.as_ref(), &ids()),
    );
    let size = ours.iter().map(|x| x.abs()).fold(0.0, f32::max);
    // candle rounds the input of products to 8 bits.
    let off = ours.iter().zip(&theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(off < 0.03 * size, "{off} of {size}");
}

#[test]
fn the_engine_says_that_another_may_run_it() {
    let error =
        entropix_engine::load(&mut Cursor::new(qwen3()), EngineOptions::default()).err().unwrap();
    assert!(matches!(error, entropix_engine::EngineError::Architecture { .. }), "{error}");
}

#[test]
fn sequences_of_another_model_are_refused() {
    let (one, two) = (load(tiny_model()).model, load(qwen3()).model);
    let engine = entropix_engine::load(&mut Cursor::new(tiny_model()), EngineOptions::default());
    for other in [two, load(tiny_model()).model, engine.unwrap().model] {
        let mut sequence = other.sequence();
        let error = one.step(&mut [sequence.as_mut()], &[5], &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("another model"), "{error}");
        assert!(sequence.is_empty());
    }
}

#[test]
fn what_does_not_fit_is_named() {
    let norms: &[(&str, &[usize])] = &[("attn_q_norm", &[HEAD]), ("attn_k_norm", &[HEAD])];
    let with = |key: &'static str, number| file("qwen3", &[(key, Value::U32(number))], norms);
    let scaled = file("qwen3", &[("rope.scaling.factor", Value::F32(4.0))], norms);
    let cases = [
        (file("mamba", &[], &[]), "\"mamba\""),
        (with("attention.head_count", 0), "head_count: is 0"),
        (with("attention.head_count_kv", 3), "3 KV heads"),
        (with("block_count", 99), "block_count"),
        (with("embedding_length", 64), "64 expected"),
        (with("context_length", 1 << 30), "positions"),
        (scaled, "rope scaling"),
        // A tensor that is missing: candle's own words.
        (file("qwen3", &[], &[]), "attn_q_norm"),
    ];
    for (file, expected) in cases {
        let error = entropix_generic::load(&mut Cursor::new(file)).err().unwrap().to_string();
        assert!(error.contains(expected), "{error:?} does not say {expected:?}");
    }
}
