//! What a loaded model can do.

use crate::EngineError;

/// Sizes of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelShape {
    /// GGUF architecture, such as `llama`.
    pub architecture: String,
    /// Tokens in the vocabulary.
    pub vocabulary: usize,
    /// Layers.
    pub layers: usize,
    /// Query heads in a layer.
    pub heads: usize,
    /// Key-value heads in a layer.
    pub kv_heads: usize,
    /// Width of the hidden state.
    pub hidden: usize,
    /// Positions that the implementation can hold.
    pub context_length: usize,
}

/// Weights, shared by all sequences that are decoded with them.
pub trait LanguageModel {
    /// Sizes.
    fn shape(&self) -> &ModelShape;

    /// A new sequence with an empty KV cache.
    fn sequence(&self) -> Box<dyn Sequence>;
}

/// One KV cache and the tokens it holds.
pub trait Sequence {
    /// Positions in the cache.
    fn len(&self) -> usize;

    /// Whether the cache is empty.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends tokens; returns the logits of the last one, `(vocabulary)`.
    ///
    /// # Errors
    /// No ids, an id outside the vocabulary, or more positions than the context holds. The cache
    /// is unchanged then.
    fn append(&mut self, ids: &[u32]) -> Result<Vec<f32>, EngineError>;

    /// A copy that goes on by itself; what both hold is shared where the implementation can.
    fn fork(&self) -> Box<dyn Sequence>;

    /// Shortens the cache to `len` positions, or to fewer if the implementation can't; returns the
    /// number kept.
    fn truncate(&mut self, len: usize) -> usize;
}
