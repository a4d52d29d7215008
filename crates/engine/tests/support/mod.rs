//! A llama model of 40 KB with random weights, for tests that need many loads.
#![allow(dead_code, clippy::unwrap_used, missing_docs, unreachable_pub)]

use std::io::Cursor;
use std::path::PathBuf;

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};

/// The linear congruential generator of Numerical Recipes; its upper bits are good enough here.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.next() as usize % limit
    }

    fn weights(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| (self.next() as f32 / (1_u64 << 31) as f32 - 0.5) * 0.5).collect()
    }
}

const HIDDEN: usize = 32;
const FEED_FORWARD: usize = 64;
const HEADS: usize = 2;
const LAYERS: usize = 2;

/// Entries of a file's header, by key.
pub type Entries = Vec<(String, Value)>;

/// Bytes of the model file.
pub fn tiny_model() -> Vec<u8> {
    tiny_model_with(byte_alphabet(), Vec::new(), Vec::new())
}

/// The same with another tokenizer, and with more entries and tensors, which replace those of the
/// same name.
pub fn tiny_model_with(
    tokenizer: Entries,
    entries: Entries,
    more: Vec<(String, QTensor)>,
) -> Vec<u8> {
    let Some(Value::Array(tokens)) =
        tokenizer.iter().find(|(key, _)| key == "tokenizer.ggml.tokens").map(|(_, value)| value)
    else {
        panic!("no tokens");
    };
    let vocabulary = tokens.len();
    let mut random = Random(1);
    let mut tensors = vec![
        ("token_embd.weight".to_owned(), quantized(&mut random, &[vocabulary, HIDDEN])),
        ("output_norm.weight".to_owned(), ones()),
    ];
    for layer in 0..LAYERS {
        let mut add =
            |name: &str, tensor| tensors.push((format!("blk.{layer}.{name}.weight"), tensor));
        add("attn_norm", ones());
        add("attn_q", quantized(&mut random, &[HIDDEN, HIDDEN]));
        add("attn_k", quantized(&mut random, &[HIDDEN / HEADS, HIDDEN]));
        add("attn_v", quantized(&mut random, &[HIDDEN / HEADS, HIDDEN]));
        add("attn_output", quantized(&mut random, &[HIDDEN, HIDDEN]));
        add("ffn_norm", ones());
        add("ffn_gate", quantized(&mut random, &[FEED_FORWARD, HIDDEN]));
        add("ffn_up", quantized(&mut random, &[FEED_FORWARD, HIDDEN]));
        add("ffn_down", quantized(&mut random, &[HIDDEN, FEED_FORWARD]));
    }
    let text = |text: &str| Value::String(text.to_owned());
    let number = |number: usize| Value::U32(number as u32);
    let metadata = [
        ("general.architecture", text("llama")),
        ("general.name", text("Tiny")),
        ("llama.block_count", number(LAYERS)),
        ("llama.context_length", number(128)),
        ("llama.embedding_length", number(HIDDEN)),
        ("llama.feed_forward_length", number(FEED_FORWARD)),
        ("llama.attention.head_count", number(HEADS)),
        ("llama.attention.head_count_kv", number(1)),
        ("llama.attention.layer_norm_rms_epsilon", Value::F32(1e-5)),
        ("llama.rope.dimension_count", number(HIDDEN / HEADS)),
        ("llama.rope.freq_base", Value::F32(10_000.0)),
        (
            "tokenizer.chat_template",
            text(
                "{% for m in messages %}<s>{{ m['role'] }}\n{{ m['content'] }}<e>{% endfor %}{% if add_generation_prompt %}<s>{% endif %}",
            ),
        ),
    ];
    let metadata = metadata.map(|(key, value)| (key.to_owned(), value));
    let mut all: Entries = Vec::new();
    for (key, value) in metadata.into_iter().chain(tokenizer).chain(entries) {
        all.retain(|(known, _)| *known != key);
        all.push((key, value));
    }
    for (name, tensor) in more {
        tensors.retain(|(known, _)| *known != name);
        tensors.push((name, tensor));
    }
    let metadata: Vec<_> = all.iter().map(|(key, value)| (key.as_str(), value)).collect();
    let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    let mut file = Cursor::new(Vec::new());
    gguf_file::write(&mut file, &metadata, &tensors).unwrap();
    file.into_inner()
}

/// Two control tokens, the byte alphabet, and what three merges make.
pub fn byte_alphabet() -> Entries {
    // GPT-2's: printable bytes as themselves, then the others from U+0100 on.
    let printable = (0x21..=0x7E).chain(0xA1..=0xAC).chain(0xAE..=0xFF);
    let alphabet = printable.chain(0x100..0x144).filter_map(char::from_u32);
    let mut tokens = vec!["<s>".to_owned(), "<e>".to_owned()];
    tokens.extend(alphabet.map(String::from));
    tokens.extend(["he", "ll", "hell"].map(str::to_owned));
    let kinds = (0..tokens.len()).map(|id| Value::I32(if id < 2 { 3 } else { 1 })).collect();
    let text = |text: &str| Value::String(text.to_owned());
    let entries = [
        ("model", text("gpt2")),
        ("pre", text("smollm")),
        ("tokens", Value::Array(tokens.into_iter().map(Value::String).collect())),
        ("token_type", Value::Array(kinds)),
        ("merges", Value::Array(vec![text("h e"), text("l l"), text("he ll")])),
        ("eos_token_id", Value::U32(1)),
    ];
    entries.map(|(key, value)| (format!("tokenizer.ggml.{key}"), value)).to_vec()
}

pub fn quantized(random: &mut Random, shape: &[usize]) -> QTensor {
    let weights = random.weights(shape.iter().product());
    QTensor::quantize(&Tensor::from_vec(weights, shape, &Device::Cpu).unwrap(), GgmlDType::Q8_0)
        .unwrap()
}

fn ones() -> QTensor {
    let ones = Tensor::ones(HIDDEN, candle_core::DType::F32, &Device::Cpu).unwrap();
    QTensor::quantize(&ones, GgmlDType::F32).unwrap()
}

/// The default model.
pub fn real_model() -> Vec<u8> {
    let folder = std::env::var_os("ENTROPIX_MODELS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../models"),
        PathBuf::from,
    );
    let path = folder.join("SmolLM2-135M-Instruct.Q4_1.gguf");
    std::fs::read(&path).unwrap_or_else(|error| {
        panic!("{}: {error} (`cargo xtask models --test` fetches it)", path.display())
    })
}
