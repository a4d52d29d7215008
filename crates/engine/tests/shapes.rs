//! Files that differ from SmolLM2 in something: what works, and what is refused by name.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use std::io::Cursor;

use candle_core::quantized::gguf_file::Value;
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use entropix_engine::{EngineOptions, Kernel, KvType, Precision, load};
use support::{Random, byte_alphabet, quantized, tiny_model_with};

const IDS: [u32; 40] = {
    let mut ids = [0; 40];
    let mut i = 0;
    while i < ids.len() {
        ids[i] = 2 + (i as u32 * 37) % 250;
        i += 1;
    }
    ids
};

fn exact() -> EngineOptions {
    EngineOptions { kernel: Kernel::Scalar, precision: Precision::F32, kv: KvType::F32 }
}

fn file(entries: &[(&str, Value)], tensors: Vec<(&str, QTensor)>) -> Vec<u8> {
    let entries = entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    let tensors = tensors.into_iter().map(|(name, tensor)| (name.to_owned(), tensor)).collect();
    tiny_model_with(byte_alphabet(), entries, tensors)
}

fn logits(file: &[u8], options: EngineOptions) -> Vec<f32> {
    let loaded = load(&mut Cursor::new(file), options).unwrap();
    let mut logits = Vec::new();
    loaded.model.sequence().append(&IDS, &mut logits).unwrap();
    logits
}

fn error(entries: &[(&str, Value)], tensors: Vec<(&str, QTensor)>) -> String {
    load(&mut Cursor::new(file(entries, tensors)), exact()).err().unwrap().to_string()
}

fn apart(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

fn vector(values: Vec<f32>) -> QTensor {
    let length = values.len();
    let tensor = Tensor::from_vec(values, length, &Device::Cpu).unwrap();
    QTensor::quantize(&tensor, GgmlDType::F32).unwrap()
}

fn array(key: &'static str, numbers: &[u32]) -> (&'static str, Value) {
    (key, Value::Array(numbers.iter().map(|&number| Value::U32(number)).collect()))
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

#[test]
fn rounding_to_16_bits_is_fine() {
    let file = file(&[], vec![]);
    let exact = logits(&file, self::exact());
    let rounded = logits(&file, EngineOptions { precision: Precision::Int16, ..self::exact() });
    let size = exact.iter().map(|x| x.abs()).fold(0.0, f32::max);
    assert!(apart(&exact, &rounded) < 2e-4 * size);
}

#[test]
fn every_type_of_weights() {
    let mut random = Random(5);
    let weights = quantized(&mut random, &[64, 32]).dequantize(&Device::Cpu).unwrap();
    let with = |dtype| {
        let up = QTensor::quantize(&weights, dtype).unwrap();
        // What the type itself loses is not ours to answer for.
        let same = up.dequantize(&Device::Cpu).unwrap();
        let f32 = QTensor::quantize(&same, GgmlDType::F32).unwrap();
        let name = "blk.1.ffn_up.weight";
        (
            logits(&file(&[], vec![(name, up)]), exact()),
            logits(&file(&[], vec![(name, f32)]), exact()),
        )
    };
    for dtype in [
        GgmlDType::F32,
        GgmlDType::F16,
        GgmlDType::BF16,
        GgmlDType::Q4_0,
        GgmlDType::Q4_1,
        GgmlDType::Q5_0,
        GgmlDType::Q5_1,
        GgmlDType::Q8_0,
    ] {
        let (packed, as_f32) = with(dtype);
        let size = packed.iter().map(|x| x.abs()).fold(0.0, f32::max);
        let off = apart(&packed, &as_f32) / size;
        assert!(off < 2e-6, "{dtype:?}: {off}");
    }
}

#[test]
fn output_of_its_own() {
    let tied = logits(&file(&[], vec![]), exact());
    let output = quantized(&mut Random(9), &[tied.len(), 32]);
    let untied = logits(&file(&[], vec![("output.weight", output)]), exact());
    assert_eq!(untied.len(), tied.len());
    assert!(apart(&tied, &untied) > 0.01);
}

#[test]
fn rope_scaling() {
    let plain = logits(&file(&[], vec![]), exact());
    let factor = |factor| ("llama.rope.scaling.factor", Value::F32(factor));
    let linear = ("llama.rope.scaling.type", text("linear"));
    let scaled = logits(&file(&[linear.clone(), factor(4.0)], vec![]), exact());
    assert!(apart(&plain, &scaled) > 1e-3);
    assert!(apart(&plain, &logits(&file(&[linear, factor(1.0)], vec![]), exact())) == 0.0);
    let none = ("llama.rope.scaling.type", text("none"));
    assert!(apart(&plain, &logits(&file(&[none, factor(4.0)], vec![]), exact())) == 0.0);
    // Llama 3's factors, all alike, are linear scaling.
    let factors = |values| vec![("rope_freqs.weight", vector(values))];
    assert!(apart(&scaled, &logits(&file(&[], factors(vec![4.0; 8])), exact())) < 1e-5);
    let llama_3 =
        logits(&file(&[], factors(vec![1.0, 1.0, 1.0, 1.5, 3.0, 8.0, 8.0, 8.0])), exact());
    assert!(apart(&plain, &llama_3) > 1e-4 && apart(&scaled, &llama_3) > 1e-4);
}

#[test]
fn heads_of_their_own_width() {
    // Four query heads of 16 on a width of 32, all on one KV head.
    let mut random = Random(3);
    let tensors = vec![
        ("blk.0.attn_q.weight", quantized(&mut random, &[64, 32])),
        ("blk.0.attn_output.weight", quantized(&mut random, &[32, 64])),
        ("blk.1.attn_q.weight", quantized(&mut random, &[64, 32])),
        ("blk.1.attn_output.weight", quantized(&mut random, &[32, 64])),
    ];
    let entries = [
        ("llama.attention.head_count", Value::U32(4)),
        ("llama.attention.key_length", Value::U32(16)),
        ("llama.attention.value_length", Value::U32(16)),
    ];
    let file = file(&entries, tensors);
    let ours = logits(&file, exact());
    assert!(ours.iter().all(|logit| logit.is_finite()));
    let fast = EngineOptions { kernel: Kernel::Simd, ..exact() };
    assert!(apart(&ours, &logits(&file, fast)) == 0.0);
}

#[test]
fn biases_are_added() {
    let plain = logits(&file(&[], vec![]), exact());
    for (name, rows) in [
        ("blk.0.attn_q", 32),
        ("blk.0.attn_k", 16),
        ("blk.1.attn_v", 16),
        ("blk.1.attn_output", 32),
        ("blk.0.ffn_gate", 64),
        ("blk.0.ffn_up", 64),
        ("blk.1.ffn_down", 32),
    ] {
        let name = format!("{name}.bias");
        let with = |bias: Vec<f32>| logits(&file(&[], vec![(&name, vector(bias))]), exact());
        assert!(apart(&plain, &with(vec![0.0; rows])) == 0.0, "{name}");
        let mut bias = vec![0.0; rows];
        bias[rows - 1] = 0.5;
        assert!(apart(&plain, &with(bias)) > 1e-4, "{name}");
    }
}

#[test]
fn numbers_that_are_repeated_for_each_layer() {
    let plain = logits(&file(&[], vec![]), exact());
    let entries = [
        array("llama.attention.head_count", &[2, 2]),
        array("llama.attention.head_count_kv", &[1, 1]),
        array("llama.feed_forward_length", &[64, 64]),
    ];
    assert!(apart(&plain, &logits(&file(&entries, vec![]), exact())) == 0.0);
}

#[test]
fn what_does_not_fit_is_named() {
    let number = |key, number| (key, Value::U32(number));
    let base = |base| ("llama.rope.freq_base", Value::F32(base));
    let cases = [
        (error(&[("llama.rope.scaling.type", text("su"))], vec![]), "\"su\""),
        (error(&[("llama.rope.scaling.type", text("yarn"))], vec![]), "factor: missing"),
        (error(&[("llama.rope.scaling.type", text("linear"))], vec![]), "factor: missing"),
        (error(&[("llama.rope.scaling.factor", Value::F32(-1.0))], vec![]), "not a positive f32"),
        (error(&[], vec![("rope_freqs.weight", vector(vec![1.0; 4]))]), "[8] expected"),
        (error(&[], vec![("blk.0.attn_q.bias", vector(vec![0.0; 16]))]), "[32] expected"),
        (error(&[], vec![("blk.0.attn_sinks.weight", vector(vec![0.0; 32]))]), "blk.0.attn_sinks"),
        (error(&[number("llama.expert_count", 8)], vec![]), "mixture of experts"),
        (error(&[number("llama.attention.head_count", 3)], vec![]), "don't divide"),
        (error(&[number("llama.attention.head_count_kv", 3)], vec![]), "head_count_kv"),
        (error(&[number("llama.attention.value_length", 8)], vec![]), "value heads of 8"),
        (error(&[number("llama.rope.dimension_count", 18)], vec![]), "18 of a head's 16"),
        (error(&[number("llama.rope.dimension_count", 7)], vec![]), "7 of a head's 16"),
        (error(&[base(0.0)], vec![]), "rope.freq_base: is not a positive f32"),
        (error(&[base(f32::NAN)], vec![]), "rope.freq_base: is not a positive f32"),
        (error(&[base(0.5)], vec![]), "rope.freq_base: is 0.5, not above 1"),
        (error(&[number("llama.attention.sliding_window", 0)], vec![]), "sliding_window: is 0"),
        (error(&[array("llama.attention.head_count_kv", &[1, 2])], vec![]), "layer to layer"),
        (error(&[array("llama.attention.head_count_kv", &[1])], vec![]), "1 entries for 2 layers"),
        (error(&[array("llama.attention.head_count_kv", &[0, 0])], vec![]), "head_count_kv: is 0"),
        (error(&[array("llama.attention.head_count", &[])], vec![]), "0 entries for 2 layers"),
        (error(&[("llama.attention.causal", Value::Bool(false))], vec![]), "later tokens"),
        (error(&[number("llama.block_count", 3)], vec![]), "blk.2.attn_norm.weight: missing"),
        (error(&[number("llama.block_count", 1)], vec![]), "the tensor blk.1"),
        (error(&[("general.architecture", text("mamba"))], vec![]), "\"mamba\""),
        (
            error(&[], vec![("output_norm.weight", vector(vec![1.0; 16]))]),
            "output_norm.weight: is [16], [32] expected",
        ),
    ];
    for (error, expected) in cases {
        assert!(error.contains(expected), "{error:?} does not say {expected:?}");
    }
    let bad = vec![("rope_freqs.weight", vector(vec![0.0; 8]))];
    assert!(error(&[], bad).contains("not positive"));
}

/// The llama file as one of another architecture, with that architecture's entries.
fn disguised(architecture: &str, more: &[(&str, Value)]) -> String {
    let number = Value::U32;
    let mut entries = vec![("general.architecture".to_owned(), text(architecture))];
    for (key, value) in [
        ("block_count", number(2)),
        ("context_length", number(128)),
        ("embedding_length", number(32)),
        ("feed_forward_length", number(64)),
        ("attention.head_count", number(2)),
        ("attention.head_count_kv", number(1)),
        ("attention.layer_norm_rms_epsilon", Value::F32(1e-5)),
        ("rope.freq_base", Value::F32(1e4)),
        ("logit_scale", Value::F32(8.0)),
    ] {
        entries.push((format!("{architecture}.{key}"), value));
    }
    for (key, value) in more {
        entries.push((format!("{architecture}.{key}"), value.clone()));
    }
    let file = tiny_model_with(byte_alphabet(), entries, vec![]);
    load(&mut Cursor::new(file), exact()).err().map_or_else(String::new, |e| e.to_string())
}

#[test]
fn tensors_that_contradict_the_architecture_are_named() {
    for (architecture, expected) in [
        ("qwen2", "blk.0.attn_q.bias: missing"),
        ("qwen3", "blk.0.attn_q_norm.weight: missing"),
        ("gemma2", "blk.0.post_attention_norm.weight: missing"),
        ("gemma3", "blk.0.attn_q_norm.weight: missing"),
        ("phi3", "blk.0.ffn_up.weight: is [32, 64], [32, 128] expected"),
        ("olmo2", "blk.0.attn_q_norm.weight: missing"),
        ("glm4", "blk.0.post_attention_norm.weight: missing"),
        // These are llama with other numbers.
        ("smollm3", ""),
        ("granite", ""),
    ] {
        let error = disguised(architecture, &[]);
        assert!(error.contains(expected) && error.is_empty() == expected.is_empty(), "{error:?}");
    }
}

#[test]
fn entries_of_other_architectures_that_make_no_sense() {
    let (number, float) = (Value::U32, Value::F32);
    let flags = |count| Value::Array(vec![Value::Bool(true); count]);
    for (architecture, key, value, expected) in [
        ("gemma3", "attention.sliding_window", number(0), "sliding_window: is 0"),
        ("gemma3", "attention.sliding_window", float(16.0), "sliding_window: is not a number"),
        ("gemma3", "attention.sliding_window_pattern", flags(3), "3 entries for 2 layers"),
        ("gemma3", "attention.sliding_window_pattern", float(6.0), "sliding_window_pattern"),
        ("gemma3", "rope.freq_base_swa", float(f32::NAN), "rope.freq_base_swa: is not a positive"),
        ("gemma3", "final_logit_softcapping", float(0.0), "softcapping: is not a positive"),
        (
            "gemma2",
            "attn_logit_softcapping",
            float(f32::INFINITY),
            "softcapping: is not a positive",
        ),
        ("granite", "logit_scale", float(0.0), "logit_scale: is not a positive"),
        ("granite", "residual_scale", float(-1.0), "residual_scale: is not a positive"),
        ("granite", "attention.scale", number(1), "attention.scale: is not a positive"),
        ("qwen2", "rope.scaling.type", text("dynamic"), "\"dynamic\""),
        ("qwen3", "expert_count", number(4), "mixture of experts"),
    ] {
        let error = disguised(architecture, &[(key, value)]);
        assert!(error.contains(expected), "{architecture}, {key}: {error:?}");
    }
}
