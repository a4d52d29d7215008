//! Files of the llama family that differ from SmolLM2: what works, and what is refused by name.
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
fn what_does_not_fit_is_named() {
    let number = |key, number| (key, Value::U32(number));
    let cases = [
        (error(&[("llama.rope.scaling.type", text("yarn"))], vec![]), "\"yarn\""),
        (error(&[("llama.rope.scaling.type", text("linear"))], vec![]), "factor: missing"),
        (error(&[("llama.rope.scaling.factor", Value::F32(-1.0))], vec![]), "not a positive f32"),
        (error(&[], vec![("rope_freqs.weight", vector(vec![1.0; 4]))]), "[8] expected"),
        (error(&[], vec![("blk.0.attn_q.bias", vector(vec![0.0; 32]))]), "blk.0.attn_q.bias"),
        (error(&[number("llama.expert_count", 8)], vec![]), "mixture of experts"),
        (error(&[number("llama.attention.head_count", 3)], vec![]), "don't divide"),
        (error(&[number("llama.attention.head_count_kv", 3)], vec![]), "head_count_kv"),
        (error(&[number("llama.attention.value_length", 8)], vec![]), "value heads of 8"),
        (error(&[number("llama.rope.dimension_count", 8)], vec![]), "8 out of 16"),
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
