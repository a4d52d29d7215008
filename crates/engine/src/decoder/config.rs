//! Sizes that every decoder has, as the header says them, held against what this engine can do.

use crate::gguf::Header;
use crate::kv_cache::{KvShape, KvType};
use crate::metadata::Keys;
use crate::{EngineError, ModelShape};

/// Sizes and constants that all architectures share.
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
    /// In positions.
    pub(crate) context_length: usize,
    /// Added to the mean square before its root is taken.
    pub(crate) epsilon: f32,
}

impl Config {
    /// Reads and checks the header's entries; `keys` are the architecture's.
    pub(crate) fn read(keys: Keys<'_>, header: &Header) -> Result<Self, EngineError> {
        let hidden = keys.number("embedding_length")?;
        let heads = keys.number("attention.head_count")?;
        let kv_heads = keys.optional_number("attention.head_count_kv")?.unwrap_or(heads);
        let head = match keys.optional_number("attention.key_length")? {
            Some(head) => head,
            None if hidden % heads == 0 => hidden / heads,
            None => {
                let problem = format!("{heads} heads don't divide a width of {hidden}");
                return Err(keys.error("attention.head_count", problem));
            }
        };
        let embedding = header
            .tensor("token_embd.weight")
            .ok_or_else(|| EngineError::tensor("token_embd.weight", "missing"))?;
        let config = Self {
            layers: keys.number("block_count")?,
            hidden,
            feed_forward: keys.number("feed_forward_length")?,
            heads,
            kv_heads,
            head,
            // A tensor of another rank is refused when it is asked for.
            vocabulary: embedding.dims.get(1).map_or(0, |&rows| rows as usize),
            context_length: keys.number("context_length")?,
            epsilon: keys.positive("attention.layer_norm_rms_epsilon")?,
        };
        config.check(keys, header)?;
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

    pub(crate) fn shape(&self, architecture: &str, kernel: &'static str) -> ModelShape {
        ModelShape {
            architecture: architecture.to_owned(),
            vocabulary: self.vocabulary,
            layers: self.layers,
            heads: self.heads,
            kv_heads: self.kv_heads,
            hidden: self.hidden,
            context_length: self.context_length,
            kernel,
        }
    }

    pub(crate) fn kv_shape(&self, kind: KvType) -> KvShape {
        KvShape { layers: self.layers, kv_heads: self.kv_heads, head: self.head, kind }
    }

    fn check(&self, keys: Keys<'_>, header: &Header) -> Result<(), EngineError> {
        let Self { layers, heads, kv_heads, head, .. } = *self;
        if heads % kv_heads != 0 {
            let problem = format!("{heads} heads can't share {kv_heads} KV heads evenly");
            return Err(keys.error("attention.head_count_kv", problem));
        }
        if head % 8 != 0 {
            let what = format!("a head of {head} dimensions");
            return Err(EngineError::unsupported(what, "multiples of 8"));
        }
        let values = keys.optional_number("attention.value_length")?.unwrap_or(head);
        if values != head {
            let what = format!("value heads of {values} beside key heads of {head} dimensions");
            return Err(EngineError::unsupported(what, "equal ones"));
        }
        // An overflow would pass for a small model.
        let sizes = [heads, head, self.hidden, self.feed_forward, layers];
        if sizes.iter().any(|&size| size > 1 << 24) || self.context_length > 1 << 30 {
            let problem = format!("{self:?} is too large to be true");
            return Err(keys.error("block_count", problem));
        }
        if layers > header.tensors.len() {
            let problem = format!("{layers}, but the file has {} tensors", header.tensors.len());
            return Err(keys.error("block_count", problem));
        }
        Ok(())
    }
}
