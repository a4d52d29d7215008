//! What the header says about a llama model, held against what this engine can do.

use candle_core::quantized::gguf_file::Content;

use crate::gguf::{Dtype, Header};
use crate::kernel::CHUNK;
use crate::kv_cache::KvShape;
use crate::metadata::{
    number, optional_number, optional_positive, optional_text, positive, shaped, tensor,
};
use crate::{EngineError, EngineOptions, ModelShape};

/// Sizes and constants of a llama model.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Config {
    pub(crate) layers: usize,
    /// Width of the residual stream.
    pub(crate) hidden: usize,
    pub(crate) feed_forward: usize,
    pub(crate) heads: usize,
    pub(crate) kv_heads: usize,
    /// Width of a head.
    pub(crate) head: usize,
    pub(crate) vocabulary: usize,
    pub(crate) context_length: usize,
    /// Added to the mean square before its root is taken.
    pub(crate) epsilon: f32,
    /// Angle per position of the first pair's frequency, 1; the i-th pair's is base^(−2i/head).
    pub(crate) rope_base: f32,
    /// Positions are divided by this (`linear` scaling; 1 for none).
    pub(crate) rope_factor: f32,
}

impl Config {
    /// Reads and checks the header.
    pub(crate) fn read(header: &Header, content: &Content) -> Result<Self, EngineError> {
        let hidden = number(content, "llama.embedding_length")?;
        let heads = number(content, "llama.attention.head_count")?;
        let kv_heads = optional_number(content, "llama.attention.head_count_kv")?.unwrap_or(heads);
        let head = match optional_number(content, "llama.attention.key_length")? {
            Some(head) => head,
            None if hidden % heads == 0 => hidden / heads,
            None => {
                let problem = format!("{heads} heads don't divide a width of {hidden}");
                return Err(EngineError::metadata("llama.attention.head_count", problem));
            }
        };
        let config = Self {
            layers: number(content, "llama.block_count")?,
            hidden,
            feed_forward: number(content, "llama.feed_forward_length")?,
            heads,
            kv_heads,
            head,
            vocabulary: tensor(header, "token_embd.weight")?.dims.get(1).copied().unwrap_or(0)
                as usize,
            context_length: number(content, "llama.context_length")?,
            epsilon: positive(content, "llama.attention.layer_norm_rms_epsilon")?,
            rope_base: optional_positive(content, "llama.rope.freq_base")?.unwrap_or(10_000.0),
            rope_factor: rope_factor(content)?,
        };
        config.check(content)?;
        config.check_tensors(header)?;
        Ok(config)
    }

    /// Width of all query heads.
    pub(crate) fn queries(&self) -> usize {
        self.heads * self.head
    }

    /// Width of all key (or value) heads.
    pub(crate) fn keys(&self) -> usize {
        self.kv_heads * self.head
    }

    pub(crate) fn shape(&self) -> ModelShape {
        ModelShape {
            architecture: "llama".to_owned(),
            vocabulary: self.vocabulary,
            layers: self.layers,
            heads: self.heads,
            kv_heads: self.kv_heads,
            hidden: self.hidden,
            context_length: self.context_length,
            kernel: "",
        }
    }

    pub(crate) fn kv_shape(&self, options: EngineOptions) -> KvShape {
        KvShape { layers: self.layers, kv_heads: self.kv_heads, head: self.head, kind: options.kv }
    }

    fn check(&self, content: &Content) -> Result<(), EngineError> {
        let Self { heads, kv_heads, head, .. } = *self;
        if heads % kv_heads != 0 {
            let problem = format!("{heads} heads can't share {kv_heads} KV heads evenly");
            return Err(EngineError::metadata("llama.attention.head_count_kv", problem));
        }
        if head % 8 != 0 {
            return Err(unsupported(format!("a head of {head} dimensions"), "multiples of 8"));
        }
        let values = optional_number(content, "llama.attention.value_length")?.unwrap_or(head);
        if values != head {
            let what = format!("value heads of {values} beside key heads of {head} dimensions");
            return Err(unsupported(what, "equal ones"));
        }
        let rope = optional_number(content, "llama.rope.dimension_count")?.unwrap_or(head);
        if rope != head {
            let what = format!("rotary embedding of {rope} out of {head} dimensions");
            return Err(unsupported(what, "all dimensions of a head"));
        }
        if content.metadata.contains_key("llama.expert_count")
            && number(content, "llama.expert_count").is_ok()
        {
            return Err(unsupported("a mixture of experts".to_owned(), "dense models"));
        }
        // An overflow would pass for a small model.
        let sizes = [self.heads, head, self.hidden, self.feed_forward, self.layers];
        if sizes.iter().any(|&size| size > 1 << 24) || self.context_length > 1 << 30 {
            let problem = format!("{self:?} is too large to be true");
            return Err(EngineError::metadata("llama.block_count", problem));
        }
        Ok(())
    }

    fn check_tensors(&self, header: &Header) -> Result<(), EngineError> {
        let Self { layers, hidden, feed_forward, vocabulary, .. } = *self;
        if layers > header.tensors.len() {
            let problem = format!("{layers}, but the file has {} tensors", header.tensors.len());
            return Err(EngineError::metadata("llama.block_count", problem));
        }
        shaped(header, "token_embd.weight", &[hidden, vocabulary])?;
        shaped(header, "output_norm.weight", &[hidden])?;
        let mut known = 2;
        if header.tensor("output.weight").is_some() {
            shaped(header, "output.weight", &[hidden, vocabulary])?;
            known += 1;
        }
        if header.tensor("rope_freqs.weight").is_some() {
            shaped(header, "rope_freqs.weight", &[self.head / 2])?;
            known += 1;
        }
        let (queries, keys) = (self.queries(), self.keys());
        for layer in 0..layers {
            for (name, dims) in [
                ("attn_norm", &[hidden][..]),
                ("attn_q", &[hidden, queries]),
                ("attn_k", &[hidden, keys]),
                ("attn_v", &[hidden, keys]),
                ("attn_output", &[queries, hidden]),
                ("ffn_norm", &[hidden]),
                ("ffn_gate", &[hidden, feed_forward]),
                ("ffn_up", &[hidden, feed_forward]),
                ("ffn_down", &[feed_forward, hidden]),
            ] {
                shaped(header, &layer_tensor(layer, name), dims)?;
                known += 1;
            }
        }
        // A tensor left out, such as a bias, would be another model.
        if known != header.tensors.len() {
            let strange = header.tensors.iter().find(|tensor| !self.has(&tensor.name));
            let name = strange.map_or("", |tensor| &tensor.name);
            return Err(unsupported(format!("the tensor {name}"), "plain llama layers"));
        }
        for width in [hidden, queries, feed_forward] {
            if width % CHUNK != 0 {
                return Err(unsupported(format!("a width of {width}"), "multiples of 32"));
            }
        }
        // candle can't dequantize these: they are made while a model runs.
        match header.tensors.iter().find(|t| matches!(t.dtype, Dtype::Q8_1 | Dtype::Q8K)) {
            None => Ok(()),
            Some(t) => Err(unsupported(
                format!("tensor {} of type {}", t.name, t.dtype),
                "F32, F16, BF16, Q4_0 to Q8_0, Q2_K to Q6_K",
            )),
        }
    }

    fn has(&self, name: &str) -> bool {
        const WHOLE: [&str; 4] =
            ["token_embd.weight", "output_norm.weight", "output.weight", "rope_freqs.weight"];
        const PARTS: [&str; 9] = [
            "attn_norm",
            "attn_q",
            "attn_k",
            "attn_v",
            "attn_output",
            "ffn_norm",
            "ffn_gate",
            "ffn_up",
            "ffn_down",
        ];
        let part = || {
            let (layer, part) = name.strip_prefix("blk.")?.split_once('.')?;
            let layer: usize = layer.parse().ok()?;
            Some(layer < self.layers && PARTS.contains(&part.strip_suffix(".weight")?))
        };
        WHOLE.contains(&name) || part() == Some(true)
    }
}

/// Name of a layer's tensor.
pub(crate) fn layer_tensor(layer: usize, name: &str) -> String {
    format!("blk.{layer}.{name}.weight")
}

/// What positions are divided by.
fn rope_factor(content: &Content) -> Result<f32, EngineError> {
    const TYPE: &str = "llama.rope.scaling.type";
    let factor = optional_positive(content, "llama.rope.scaling.factor")?;
    let linear = optional_positive(content, "llama.rope.scale_linear")?;
    match optional_text(content, TYPE)? {
        None => Ok(factor.or(linear).unwrap_or(1.0)),
        Some("none") => Ok(1.0),
        Some("linear") => factor
            .or(linear)
            .ok_or_else(|| EngineError::metadata("llama.rope.scaling.factor", "missing")),
        Some(other) => Err(unsupported(
            format!("rope scaling of type {other:?}"),
            "none, linear, and Llama 3's factors in rope_freqs.weight",
        )),
    }
}

fn unsupported(what: String, supported: &str) -> EngineError {
    EngineError::Unsupported { what, supported: supported.to_owned() }
}
