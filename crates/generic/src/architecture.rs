//! The architectures, and what each needs of a header.

use std::io::{Read, Seek};

use candle_core::quantized::gguf_file::Content;
use candle_core::{Device, Tensor};
use candle_transformers::models::{quantized_gemma3, quantized_llama, quantized_qwen3};
use entropix_engine::metadata::{
    number, optional_number, optional_positive, optional_text, tensor,
};
use entropix_engine::{EngineError, ModelFile, ModelShape};

/// What candle-transformers has, whose clones do not share a cache that is written in place
/// (as phi3's do), and what is tested here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Architecture {
    Llama,
    Qwen3,
    Gemma3,
}

const NAMES: [(&str, Architecture); 3] = [
    ("llama", Architecture::Llama),
    ("qwen3", Architecture::Qwen3),
    ("gemma3", Architecture::Gemma3),
];

/// Weights with a KV cache inside. A clone shares the tensors.
#[derive(Clone)]
pub(crate) enum Weights {
    Llama(quantized_llama::ModelWeights),
    Qwen3(quantized_qwen3::ModelWeights),
    Gemma3(quantized_gemma3::ModelWeights),
}

impl Architecture {
    pub(crate) fn of(file: &ModelFile) -> Result<Self, EngineError> {
        let name = file.architecture()?;
        let known = NAMES.iter().find(|(known, _)| *known == name).map(|(_, known)| *known);
        known.ok_or_else(|| EngineError::Architecture {
            name: name.to_owned(),
            supported: NAMES.map(|(name, _)| name).join(", "),
        })
    }

    fn name(self) -> &'static str {
        NAMES.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }

    /// Sizes; refuses what candle would find out in the middle, or ignore and compute something else.
    pub(crate) fn shape(self, file: &ModelFile) -> Result<ModelShape, EngineError> {
        let (header, content) = (file.header(), file.content());
        let key = |entry: &str| format!("{}.{entry}", self.name());
        let heads = number(content, &key("attention.head_count"))?;
        let hidden = number(content, &key("embedding_length"))?;
        let kv_heads = number(content, &key("attention.head_count_kv"))?;
        let layers = number(content, &key("block_count"))?;
        let head = match optional_number(content, &key("attention.key_length"))? {
            Some(head) => head,
            None => hidden / heads,
        };
        if heads % kv_heads != 0 || head == 0 || head % 2 != 0 {
            let problem = format!("{heads} heads of {head}, {kv_heads} KV heads, width {hidden}");
            return Err(EngineError::metadata(&key("attention.head_count"), problem));
        }
        if layers > header.tensors.len() {
            let problem = format!("{layers}, but the file has {} tensors", header.tensors.len());
            return Err(EngineError::metadata(&key("block_count"), problem));
        }
        let embedding = tensor(header, "token_embd.weight")?;
        let &[columns, rows] = embedding.dims.as_slice() else {
            return Err(EngineError::tensor("token_embd.weight", "is no matrix"));
        };
        if columns != hidden as u64 {
            let problem = format!("has {columns} columns, {hidden} expected");
            return Err(EngineError::tensor("token_embd.weight", problem));
        }
        let context = number(content, &key("context_length"))?;
        let scaled = optional_positive(content, &key("rope.scaling.factor"))?.is_some()
            && optional_text(content, &key("rope.scaling.type"))? != Some("none");
        if scaled || header.tensor("rope_freqs.weight").is_some() {
            return Err(unsupported("rope scaling".to_owned()));
        }
        let context_length = match self {
            Self::Llama => {
                plain_llama(content, hidden, heads, head)?;
                context.min(quantized_llama::MAX_SEQ_LEN)
            }
            // Tables of that many positions are made at once.
            Self::Qwen3 => context.min(1 << 17),
            Self::Gemma3 => context.min(quantized_gemma3::MAX_SEQ_LEN),
        };
        if context > 1 << 20 {
            return Err(EngineError::metadata(
                &key("context_length"),
                format!("{context} positions, at most 1048576 are supported"),
            ));
        }
        Ok(ModelShape {
            architecture: self.name().to_owned(),
            vocabulary: rows as usize,
            layers,
            heads,
            kv_heads,
            hidden,
            context_length,
            kernel: "candle",
        })
    }

    pub(crate) fn load<R: Read + Seek>(
        self,
        content: Content,
        reader: &mut R,
    ) -> Result<Weights, EngineError> {
        let device = &Device::Cpu;
        Ok(match self {
            Self::Llama => {
                Weights::Llama(quantized_llama::ModelWeights::from_gguf(content, reader, device)?)
            }
            Self::Qwen3 => {
                Weights::Qwen3(quantized_qwen3::ModelWeights::from_gguf(content, reader, device)?)
            }
            Self::Gemma3 => {
                Weights::Gemma3(quantized_gemma3::ModelWeights::from_gguf(content, reader, device)?)
            }
        })
    }
}

fn plain_llama(
    content: &Content,
    hidden: usize,
    heads: usize,
    head: usize,
) -> Result<(), EngineError> {
    let rope = number(content, "llama.rope.dimension_count")?;
    let experts = optional_number(content, "llama.expert_count");
    if heads * head != hidden {
        Err(unsupported("a head width of its own".to_owned()))
    } else if rope != head {
        Err(unsupported(format!("rotary embedding of {rope} out of {head} dimensions")))
    } else if experts.is_ok_and(|count| count.is_some()) {
        Err(unsupported("a mixture of experts".to_owned()))
    } else {
        Ok(())
    }
}

fn unsupported(what: String) -> EngineError {
    EngineError::Unsupported { what, supported: "plain models on candle".to_owned() }
}

impl Weights {
    /// Appends one token at `position`; returns its logits.
    pub(crate) fn forward(&mut self, id: u32, position: usize) -> candle_core::Result<Vec<f32>> {
        let input = &Tensor::new(&[[id]], &Device::Cpu)?;
        let logits = match self {
            Self::Llama(weights) => weights.forward(input, position),
            Self::Qwen3(weights) => weights.forward(input, position),
            Self::Gemma3(weights) => weights.forward(input, position),
        }?;
        logits.flatten_all()?.to_vec1()
    }
}
