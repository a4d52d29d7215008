//! The llama architecture as candle-transformers runs it.

use std::io::{Read, Seek};

use candle_core::quantized::gguf_file::{Content, Value};
use candle_core::{Device, Tensor};
use candle_transformers::models::quantized_llama::{MAX_SEQ_LEN, ModelWeights};

use crate::gguf::{Dtype, Header};
use crate::{EngineError, LanguageModel, ModelShape, Sequence};

/// llama-family weights.
pub(crate) struct CandleLlama {
    shape: ModelShape,
    weights: ModelWeights,
}

impl CandleLlama {
    /// Reads the weights of a file that [`check`] accepted.
    pub(crate) fn load<R: Read + Seek>(
        shape: ModelShape,
        content: Content,
        reader: &mut R,
    ) -> Result<Self, EngineError> {
        let weights = ModelWeights::from_gguf(content, reader, &Device::Cpu)?;
        Ok(Self { shape, weights })
    }
}

impl LanguageModel for CandleLlama {
    fn shape(&self) -> &ModelShape {
        &self.shape
    }

    fn sequence(&self) -> Box<dyn Sequence> {
        // A clone shares the tensors; only its KV cache is its own.
        Box::new(CandleSequence {
            shape: self.shape.clone(),
            weights: self.weights.clone(),
            len: 0,
        })
    }
}

#[derive(Clone)]
struct CandleSequence {
    shape: ModelShape,
    weights: ModelWeights,
    len: usize,
}

impl Sequence for CandleSequence {
    fn len(&self) -> usize {
        self.len
    }

    fn append(&mut self, ids: &[u32]) -> Result<Vec<f32>, EngineError> {
        if ids.is_empty() {
            return Err(EngineError::Ids("none given".to_owned()));
        }
        if let Some(id) = ids.iter().find(|&&id| id as usize >= self.shape.vocabulary) {
            return Err(EngineError::Ids(format!(
                "{id} is outside the vocabulary of {}",
                self.shape.vocabulary
            )));
        }
        let needed = self.len + ids.len();
        if needed > self.shape.context_length {
            return Err(EngineError::ContextFull {
                needed,
                context_length: self.shape.context_length,
            });
        }
        // One token at a time, although candle takes many: its kernels for one row and for several
        // sum in another order, which int8 activations blow up to 0.1 bits of entropy. So logits do
        // not depend on how a prompt was cut or cached, and a seed repeats.
        let mut logits = Vec::new();
        for &id in ids {
            let input = Tensor::new(&[[id]], &Device::Cpu)?;
            logits = self.weights.forward(&input, self.len)?.flatten_all()?.to_vec1()?;
            self.len += 1;
        }
        Ok(logits)
    }

    fn fork(&self) -> Box<dyn Sequence> {
        Box::new(self.clone())
    }

    fn truncate(&mut self, len: usize) -> usize {
        // candle keeps its cache private: it is kept whole or dropped.
        if len < self.len {
            self.weights.clear_kv_cache();
            self.len = 0;
        }
        self.len
    }
}

/// Everything candle would otherwise find out in the middle, or not at all.
pub(crate) fn check(header: &Header, content: &Content) -> Result<ModelShape, EngineError> {
    let layers = number(content, "llama.block_count")?;
    let hidden = number(content, "llama.embedding_length")?;
    let feed_forward = number(content, "llama.feed_forward_length")?;
    let heads = number(content, "llama.attention.head_count")?;
    let kv_heads = number(content, "llama.attention.head_count_kv")?;
    let rope = number(content, "llama.rope.dimension_count")?;
    let context = number(content, "llama.context_length")?;
    positive(content, "llama.attention.layer_norm_rms_epsilon")?;
    if content.metadata.contains_key("llama.rope.freq_base") {
        positive(content, "llama.rope.freq_base")?;
    }
    if hidden % heads != 0 || heads % kv_heads != 0 {
        return Err(EngineError::metadata(
            "llama.attention.head_count",
            format!("{heads} heads, {kv_heads} key-value heads and width {hidden} don't divide"),
        ));
    }
    let head = hidden / heads;
    if rope != head || rope % 2 != 0 {
        return Err(EngineError::Unsupported {
            what: format!("rotary embedding of {rope} out of {head} dimensions"),
            supported: "all dimensions of a head, an even number".to_owned(),
        });
    }
    unsupported(header, content)?;
    if layers > header.tensors.len() {
        return Err(EngineError::metadata(
            "llama.block_count",
            format!("{layers} layers, but the file has {} tensors", header.tensors.len()),
        ));
    }
    let embedding = tensor(header, "token_embd.weight")?;
    let vocabulary = embedding.dims.get(1).copied().unwrap_or(0) as usize;
    expect(header, "token_embd.weight", &[hidden, vocabulary])?;
    expect(header, "output_norm.weight", &[hidden])?;
    if header.tensor("output.weight").is_some() {
        expect(header, "output.weight", &[hidden, vocabulary])?;
    }
    let kv = kv_heads * head;
    for layer in 0..layers {
        for (name, dims) in [
            ("attn_norm", &[hidden][..]),
            ("attn_q", &[hidden, hidden]),
            ("attn_k", &[hidden, kv]),
            ("attn_v", &[hidden, kv]),
            ("attn_output", &[hidden, hidden]),
            ("ffn_norm", &[hidden]),
            ("ffn_gate", &[hidden, feed_forward]),
            ("ffn_up", &[hidden, feed_forward]),
            ("ffn_down", &[feed_forward, hidden]),
        ] {
            expect(header, &format!("blk.{layer}.{name}.weight"), dims)?;
        }
    }
    Ok(ModelShape {
        architecture: "llama".to_owned(),
        vocabulary,
        layers,
        heads,
        kv_heads,
        hidden,
        context_length: context.min(MAX_SEQ_LEN),
    })
}

/// Things that candle would ignore and then compute something else.
fn unsupported(header: &Header, content: &Content) -> Result<(), EngineError> {
    let supported = || "plain llama models such as SmolLM2".to_owned();
    if header.tensor("rope_freqs.weight").is_some()
        || content.metadata.contains_key("llama.rope.scaling.factor")
    {
        return Err(EngineError::Unsupported {
            what: "rope scaling".to_owned(),
            supported: supported(),
        });
    }
    if content.metadata.contains_key("llama.expert_count")
        && number(content, "llama.expert_count").is_ok()
    {
        return Err(EngineError::Unsupported {
            what: "a mixture of experts".to_owned(),
            supported: supported(),
        });
    }
    // candle's CPU kernels have no product with these as weights.
    if let Some(tensor) =
        header.tensors.iter().find(|t| matches!(t.dtype, Dtype::Q8_1 | Dtype::Q8K))
    {
        return Err(EngineError::Unsupported {
            what: format!("tensor {} of type {}", tensor.name, tensor.dtype),
            supported: "F32, F16, BF16, Q4_0 to Q8_0, Q2_K to Q6_K".to_owned(),
        });
    }
    Ok(())
}

fn number(content: &Content, key: &str) -> Result<usize, EngineError> {
    match content.metadata.get(key) {
        None => Err(EngineError::metadata(key, "missing")),
        Some(Value::U32(0)) => Err(EngineError::metadata(key, "is 0")),
        Some(Value::U32(number)) => Ok(*number as usize),
        Some(_) => Err(EngineError::metadata(key, "is not a u32")),
    }
}

fn positive(content: &Content, key: &str) -> Result<(), EngineError> {
    match content.metadata.get(key) {
        None => Err(EngineError::metadata(key, "missing")),
        Some(Value::F32(number)) if number.is_finite() && *number > 0.0 => Ok(()),
        Some(_) => Err(EngineError::metadata(key, "is not a positive f32")),
    }
}

fn tensor<'a>(
    header: &'a Header,
    name: &str,
) -> Result<&'a crate::gguf::TensorHeader, EngineError> {
    header.tensor(name).ok_or_else(|| EngineError::tensor(name, "missing"))
}

fn expect(header: &Header, name: &str, dims: &[usize]) -> Result<(), EngineError> {
    let tensor = tensor(header, name)?;
    if tensor.dims.iter().map(|&dim| dim as usize).eq(dims.iter().copied()) {
        return Ok(());
    }
    Err(EngineError::tensor(name, format!("is {:?}, {dims:?} expected", tensor.dims)))
}
