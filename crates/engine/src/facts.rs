//! What a file says of itself, from its header alone.

use crate::gguf::{Array, Dtype, Header, Metadata, Value};
use crate::inventory::{Weights, inventory};

/// Facts of a header; what it does not say, or says wrongly, is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// `general.name`.
    pub name: Option<String>,
    /// `general.architecture`.
    pub architecture: Option<String>,
    /// `general.license`.
    pub licence: Option<String>,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// Elements of all tensors.
    pub parameters: u64,
    /// Layers.
    pub layers: Option<u64>,
    /// Positions that the model was made for.
    pub context_length: Option<u64>,
    /// The type that holds most of the file's bytes.
    pub quantization: Option<Dtype>,
    /// Its weights by type: what takes most of the file first.
    pub weights: Vec<Weights>,
    /// `tokenizer.ggml.model`, such as `gpt2`.
    pub tokenizer: Option<String>,
    /// `tokenizer.ggml.pre`, such as `smollm`.
    pub pre_tokenizer: Option<String>,
    /// Tokens of the vocabulary.
    pub vocabulary: Option<u64>,
    /// The chat template.
    pub template: Option<TemplateFacts>,
    /// Bytes that keys and values of a position take, with 2 bytes a number.
    pub cache_bytes: Option<u64>,
}

/// A chat template at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TemplateFacts {
    /// The known format that it writes, such as `ChatML`.
    pub format: Option<&'static str>,
    /// Its length.
    pub characters: usize,
}

/// Architectures whose results were compared with independent implementations, and the largest difference of
/// a log-probability by default, in nats (`crates/engine/README.md`).
const COMPARED: [(&str, f64); 10] = [
    ("llama", 0.0066),
    ("smollm3", 0.0186),
    ("qwen2", 0.005),
    ("qwen3", 0.0124),
    ("gemma2", 0.003),
    ("gemma3", 0.0133),
    ("phi3", 0.013),
    ("granite", 0.0054),
    ("olmo2", 0.0111),
    ("glm4", 0.0036),
];

/// The largest difference from an independent implementation, in nats, if there was a comparison.
pub fn compared(architecture: &str) -> Option<f64> {
    COMPARED.iter().find(|(name, _)| *name == architecture).map(|&(_, difference)| difference)
}

/// Formats by a text that only their templates have; the first that fits.
const FORMATS: [(&str, &str); 7] = [
    ("<|im_start|>", "ChatML"),
    ("<|start_header_id|>", "Llama 3"),
    ("<start_of_turn>", "Gemma"),
    ("<|start_of_role|>", "Granite"),
    ("[INST]", "Llama 2 or Mistral"),
    ("<|end|>", "Phi-3"),
    ("<|user|>", "Zephyr"),
];

impl Facts {
    /// Reads the facts of a header.
    pub fn of(header: &Header) -> Self {
        let metadata = &header.metadata;
        let architecture = text(metadata, "general.architecture");
        let of_architecture = |entry: &str| {
            let key = format!("{}.{entry}", architecture.as_deref().unwrap_or_default());
            metadata.get(&key).and_then(number)
        };
        let vocabulary = match metadata.get("tokenizer.ggml.tokens") {
            Some(Value::Array(Array::String(tokens))) => Some(tokens.len() as u64),
            _ => None,
        };
        Self {
            name: text(metadata, "general.name"),
            licence: text(metadata, "general.license"),
            bytes: header.length,
            parameters: header.tensors.iter().map(|tensor| elements(&tensor.dims)).sum(),
            layers: of_architecture("block_count"),
            context_length: of_architecture("context_length"),
            quantization: header.main_dtype(),
            weights: inventory(header),
            tokenizer: text(metadata, "tokenizer.ggml.model"),
            pre_tokenizer: text(metadata, "tokenizer.ggml.pre"),
            vocabulary,
            template: text(metadata, "tokenizer.chat_template").map(|text| template(&text)),
            cache_bytes: architecture.as_deref().and_then(|name| cache_bytes(metadata, name)),
            architecture,
        }
    }
}

fn elements(dims: &[u64]) -> u64 {
    dims.iter().fold(1, |count, &dim| count.saturating_mul(dim))
}

fn template(text: &str) -> TemplateFacts {
    let known = FORMATS.iter().find(|(mark, _)| text.contains(mark));
    TemplateFacts { format: known.map(|&(_, name)| name), characters: text.chars().count() }
}

/// Of all layers: KV heads times the width of a key and of a value, 2 bytes a number.
fn cache_bytes(metadata: &Metadata, architecture: &str) -> Option<u64> {
    let entry = |entry: &str| metadata.get(&format!("{architecture}.{entry}"));
    let layers = number(entry("block_count")?)?;
    let heads = entry("attention.head_count")?;
    let kv_heads = entry("attention.head_count_kv").unwrap_or(heads);
    let width = |name: &str| {
        let given = entry(name).and_then(number);
        let shared = || {
            let heads = number(heads).filter(|&heads| heads > 0)?;
            Some(number(entry("embedding_length")?)? / heads)
        };
        given.or_else(shared)
    };
    let width = width("attention.key_length")?.checked_add(width("attention.value_length")?)?;
    let all_heads = match kv_heads {
        Value::Array(Array::U32(each)) => each.iter().map(|&heads| u64::from(heads)).sum(),
        Value::Array(Array::I32(each)) => each.iter().map(|&heads| heads.max(0) as u64).sum(),
        one => number(one)?.checked_mul(layers)?,
    };
    all_heads.checked_mul(width)?.checked_mul(2)
}

fn text(metadata: &Metadata, key: &str) -> Option<String> {
    match metadata.get(key) {
        Some(Value::String(text)) => Some(text.clone()),
        _ => None,
    }
}

/// A whole number of any type.
fn number(value: &Value) -> Option<u64> {
    match *value {
        Value::U8(number) => Some(u64::from(number)),
        Value::U16(number) => Some(u64::from(number)),
        Value::U32(number) => Some(u64::from(number)),
        Value::U64(number) => Some(number),
        Value::I8(number) => u64::try_from(number).ok(),
        Value::I16(number) => u64::try_from(number).ok(),
        Value::I32(number) => u64::try_from(number).ok(),
        Value::I64(number) => u64::try_from(number).ok(),
        _ => None,
    }
}
