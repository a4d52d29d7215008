//! Sizes that every decoder has, as the header says them, held against what this engine can do.

use crate::gguf::{Array, Header, Value};
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
        let layers = keys.number("block_count")?;
        let hidden = keys.number("embedding_length")?;
        let shared = |entry| number_of_all_layers(keys, entry, layers);
        let needed = |entry| shared(entry)?.ok_or_else(|| keys.error(entry, "missing"));
        let heads = needed("attention.head_count")?;
        let kv_heads = shared("attention.head_count_kv")?.unwrap_or(heads);
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
            layers,
            hidden,
            feed_forward: needed("feed_forward_length")?,
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
        // 0, where some dense files have the entry, is no positive number.
        if keys.number("expert_count").is_ok() {
            return Err(EngineError::unsupported("a mixture of experts".into(), "dense models"));
        }
        if !keys.flag("attention.causal", true)? {
            let what = "attention to later tokens".to_owned();
            return Err(EngineError::unsupported(what, "models that continue a text"));
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

/// A number of layers that are all alike, which some files repeat for each of them.
fn number_of_all_layers(
    keys: Keys<'_>,
    entry: &str,
    layers: usize,
) -> Result<Option<usize>, EngineError> {
    let Some(Value::Array(array)) = keys.get(entry) else { return keys.optional_number(entry) };
    let numbers: Vec<i64> = match array {
        Array::U32(numbers) => numbers.iter().map(|&number| number.into()).collect(),
        Array::I32(numbers) => numbers.iter().map(|&number| number.into()).collect(),
        _ => return Err(keys.error(entry, "has entries that are no whole numbers")),
    };
    if numbers.len() != layers {
        let problem = format!("has {} entries for {layers} layers", numbers.len());
        return Err(keys.error(entry, problem));
    }
    match numbers.as_slice() {
        [first, rest @ ..] if rest.iter().all(|number| number == first) => {
            let positive = usize::try_from(*first).ok().filter(|&number| number > 0);
            positive.map(Some).ok_or_else(|| keys.error(entry, format!("is {first}")))
        }
        _ => {
            let what = format!("{entry} that differs from layer to layer");
            Err(EngineError::unsupported(what, "the same number in all layers"))
        }
    }
}
