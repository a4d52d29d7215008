//! The architectures, and what each needs of a header.

use std::io::{Read, Seek};

use candle_core::quantized::gguf_file::Content;
use candle_core::{Device, Tensor};
use candle_transformers::models::{quantized_llama, quantized_phi, quantized_qwen3};
use entropix_engine::metadata::Keys;
use entropix_engine::{EngineError, ModelFile, ModelShape};

/// A file, or what stands for one in a browser.
pub(crate) trait ReadSeek: Read + Seek {}

impl<R: Read + Seek> ReadSeek for R {}

/// One of candle-transformers' implementations.
pub(crate) struct Architecture {
    /// `general.architecture` of its files.
    name: &'static str,
    /// Most positions that candle can do.
    positions: usize,
    /// Refuses what candle would ignore; the width of a head is given.
    check: fn(Keys<'_>, usize) -> Result<(), EngineError>,
    /// Reads the weights.
    pub(crate) load: fn(Content, &mut dyn ReadSeek) -> candle_core::Result<Weights>,
}

/// From one row for each architecture: its name, the module of candle-transformers, the most
/// positions, and the check.
macro_rules! architectures {
    ($($variant:ident($name:literal, $module:ident, $positions:expr, $check:expr),)*) => {
        const ARCHITECTURES: &[Architecture] = &[$(Architecture {
            name: $name,
            positions: $positions,
            check: $check,
            load: |content, mut reader| {
                let weights =
                    $module::ModelWeights::from_gguf(content, &mut reader, &Device::Cpu)?;
                Ok(Weights::$variant(weights))
            },
        }),*];

        /// Weights with a KV cache inside. A clone shares the tensors.
        #[derive(Clone)]
        pub(crate) enum Weights {
            $($variant($module::ModelWeights),)*
        }

        impl Weights {
            /// Appends one token at `position`; returns its logits, (vocabulary).
            pub(crate) fn forward(
                &mut self,
                id: u32,
                position: usize,
            ) -> candle_core::Result<Vec<f32>> {
                let input = &Tensor::new(&[[id]], &Device::Cpu)?;
                let logits = match self {
                    $(Self::$variant(weights) => weights.forward(input, position),)*
                }?;
                logits.flatten_all()?.to_vec1()
            }
        }
    };
}

// What candle-transformers computes right, and forks: its glm4 and phi3 write into caches that clones
// share, its lfm2 and qwen2 can't be cloned. Its gemma3 is left out because it is another model: SiLU
// where Gemma has GELU, and no window where tokens come one by one.
architectures! {
    Llama("llama", quantized_llama, quantized_llama::MAX_SEQ_LEN, plain_llama),
    // Tables of that many positions are made at once.
    Qwen3("qwen3", quantized_qwen3, 1 << 17, |_, _| Ok(())),
    Phi2("phi2", quantized_phi, quantized_phi::MAX_SEQ_LEN, plain_phi2),
}

/// Whether there is a row of this name.
pub(crate) fn knows(name: &str) -> bool {
    ARCHITECTURES.iter().any(|row| row.name == name)
}

impl Architecture {
    pub(crate) fn named(name: &str) -> Result<&'static Self, EngineError> {
        ARCHITECTURES.iter().find(|row| row.name == name).ok_or_else(|| {
            // Whoever asks here has asked the engine.
            let mut names: Vec<_> = entropix_engine::architectures().collect();
            names.extend(ARCHITECTURES.iter().map(|row| row.name));
            names.sort_unstable();
            names.dedup();
            EngineError::Architecture { name: name.to_owned(), supported: names.join(", ") }
        })
    }

    /// Sizes; refuses what candle would find out in the middle, or ignore and compute something else.
    pub(crate) fn shape(&self, file: &ModelFile) -> Result<ModelShape, EngineError> {
        const EMBEDDING: &str = "token_embd.weight";
        let header = file.header();
        let keys = Keys::new(&header.metadata, self.name);
        let heads = keys.number("attention.head_count")?;
        let hidden = keys.number("embedding_length")?;
        let kv_heads = keys.number("attention.head_count_kv")?;
        let layers = keys.number("block_count")?;
        let head = keys.optional_number("attention.key_length")?.unwrap_or(hidden / heads);
        if heads % kv_heads != 0 || head == 0 || head % 2 != 0 {
            let problem = format!("{heads} heads of {head}, {kv_heads} KV heads, width {hidden}");
            return Err(keys.error("attention.head_count", problem));
        }
        if layers > header.tensors.len() {
            let problem = format!("{layers}, but the file has {} tensors", header.tensors.len());
            return Err(keys.error("block_count", problem));
        }
        let embedding = header.tensor(EMBEDDING);
        let embedding = embedding.ok_or_else(|| EngineError::tensor(EMBEDDING, "missing"))?;
        let &[columns, rows] = embedding.dims.as_slice() else {
            return Err(EngineError::tensor(EMBEDDING, "is no matrix"));
        };
        if columns != hidden as u64 {
            let problem = format!("has {columns} columns, {hidden} expected");
            return Err(EngineError::tensor(EMBEDDING, problem));
        }
        let context = keys.number("context_length")?;
        if context > 1 << 20 {
            let problem = format!("{context} positions, at most 1048576 are supported");
            return Err(keys.error("context_length", problem));
        }
        let scaled = keys.optional_positive("rope.scaling.factor")?.is_some()
            && keys.optional_text("rope.scaling.type")? != Some("none");
        if scaled || header.tensor("rope_freqs.weight").is_some() {
            return Err(unsupported("rope scaling".to_owned()));
        }
        (self.check)(keys, head)?;
        Ok(ModelShape {
            architecture: self.name.to_owned(),
            vocabulary: rows as usize,
            layers,
            heads,
            kv_heads,
            hidden,
            context_length: context.min(self.positions),
            kernel: "candle",
        })
    }
}

fn plain_llama(keys: Keys<'_>, head: usize) -> Result<(), EngineError> {
    let rope = keys.number("rope.dimension_count")?;
    if keys.number("attention.head_count")? * head != keys.number("embedding_length")? {
        Err(unsupported("a head width of its own".to_owned()))
    } else if rope != head {
        Err(unsupported(format!("rotary embedding of {rope} out of {head} dimensions")))
    } else if keys.number("expert_count").is_ok() {
        Err(unsupported("a mixture of experts".to_owned()))
    } else {
        Ok(())
    }
}

fn plain_phi2(keys: Keys<'_>, head: usize) -> Result<(), EngineError> {
    // What candle's code has as constants.
    const BASE: f32 = 10_000.0;
    let rope = keys.number("rope.dimension_count")?;
    let base = keys.optional_positive("rope.freq_base")?.unwrap_or(BASE);
    if keys.number("attention.head_count")? * head != keys.number("embedding_length")? {
        Err(unsupported("a head width of its own".to_owned()))
    } else if keys.number("attention.head_count_kv")? != keys.number("attention.head_count")? {
        Err(unsupported("KV heads that query heads share".to_owned()))
    } else if rope > head || rope % 2 != 0 {
        Err(keys.error("rope.dimension_count", format!("{rope} of a head's {head} dimensions")))
    } else if base.to_bits() != BASE.to_bits() {
        Err(unsupported(format!("a rotary base of {base}")))
    } else {
        Ok(())
    }
}

fn unsupported(what: String) -> EngineError {
    EngineError::unsupported(what, "plain models on candle")
}
