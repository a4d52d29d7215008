//! What a loaded model can do.

use std::any::Any;

use crate::EngineError;
use crate::attention::AttentionSignals;

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
    /// What does the arithmetic: `scalar`, `avx2`, `simd128` or `candle`.
    pub kernel: &'static str,
}

impl ModelShape {
    /// Whether tokens can be appended to `len` positions.
    ///
    /// # Errors
    /// No ids, an id outside the vocabulary, or more positions than the context holds.
    pub fn check_append(&self, len: usize, ids: &[u32]) -> Result<(), EngineError> {
        if ids.is_empty() {
            return Err(EngineError::Ids("none given".to_owned()));
        }
        if let Some(id) = ids.iter().find(|&&id| id as usize >= self.vocabulary) {
            let problem = format!("{id} is outside the vocabulary of {}", self.vocabulary);
            return Err(EngineError::Ids(problem));
        }
        let (needed, context_length) = (len + ids.len(), self.context_length);
        if needed > context_length {
            return Err(EngineError::ContextFull { needed, context_length });
        }
        Ok(())
    }
}

/// Weights, shared by all sequences that are decoded with them, whatever computes with them.
pub trait LanguageModel {
    /// Sizes.
    fn shape(&self) -> &ModelShape;

    /// A new sequence with an empty KV cache.
    fn sequence(&self) -> Box<dyn Sequence>;

    /// Appends one token to each of several sequences of this model, in one pass over the weights
    /// where the implementation can; `logits` becomes (sequences, vocabulary), the same as one by
    /// one.
    ///
    /// # Errors
    /// As of [`Sequence::append`], not one id for each sequence, or a sequence of another model. A
    /// sequence may have its token then or not.
    fn step(
        &self,
        batch: &mut [&mut dyn Sequence],
        ids: &[u32],
        logits: &mut Vec<f32>,
    ) -> Result<(), EngineError>;
}

/// One implementation of [`LanguageModel`], which knows the type of its sequences.
pub trait Backend {
    /// Its sequences.
    type Sequence: Sequence + 'static;

    /// Sizes.
    fn shape(&self) -> &ModelShape;

    /// A new sequence with an empty KV cache.
    fn sequence(&self) -> Self::Sequence;

    /// Whether a sequence is one of this model.
    fn owns(&self, sequence: &Self::Sequence) -> bool;

    /// [`LanguageModel::step`] with sequences that this model owns.
    ///
    /// # Errors
    /// As of [`Sequence::append`].
    fn step(
        &self,
        batch: &mut [(&mut Self::Sequence, u32)],
        logits: &mut Vec<f32>,
    ) -> Result<(), EngineError>;
}

impl<B: Backend> LanguageModel for B {
    fn shape(&self) -> &ModelShape {
        Backend::shape(self)
    }

    fn sequence(&self) -> Box<dyn Sequence> {
        Box::new(Backend::sequence(self))
    }

    fn step(
        &self,
        batch: &mut [&mut dyn Sequence],
        ids: &[u32],
        logits: &mut Vec<f32>,
    ) -> Result<(), EngineError> {
        if batch.len() != ids.len() {
            let problem = format!("{} for {} sequences", ids.len(), batch.len());
            return Err(EngineError::Ids(problem));
        }
        let own = batch.iter_mut().zip(ids).map(|(sequence, &id)| {
            let sequence = (**sequence).as_any().downcast_mut().filter(|own| self.owns(own));
            let foreign = || EngineError::Ids("a sequence of another model".to_owned());
            Ok((sequence.ok_or_else(foreign)?, id))
        });
        Backend::step(self, &mut own.collect::<Result<Vec<_>, EngineError>>()?, logits)
    }
}

/// The type of a value behind `dyn`. Every type has it.
pub trait AsAny {
    /// As itself.
    fn as_any(&mut self) -> &mut dyn Any;
}

impl<T: Any> AsAny for T {
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// One KV cache and the tokens it holds.
pub trait Sequence: AsAny {
    /// Positions in the cache.
    fn len(&self) -> usize;

    /// Whether the cache is empty.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends tokens; `logits` becomes those of the last one, (vocabulary). However the tokens are
    /// cut into calls, the result is the same to the last bit.
    ///
    /// # Errors
    /// No ids, an id outside the vocabulary, more positions than the context holds, or than there
    /// is memory for. The cache is unchanged then.
    fn append(&mut self, ids: &[u32], logits: &mut Vec<f32>) -> Result<(), EngineError>;

    /// Appends tokens; `logits` becomes those of each of them, (tokens, vocabulary).
    ///
    /// # Errors
    /// As of [`Self::append`].
    fn append_all(&mut self, ids: &[u32], logits: &mut Vec<f32>) -> Result<(), EngineError>;

    /// A copy that goes on by itself; what both hold is shared where the implementation can.
    fn fork(&self) -> Box<dyn Sequence>;

    /// Forgets all but the first `len` positions.
    ///
    /// # Errors
    /// The implementation had to read tokens again, and failed.
    fn truncate(&mut self, len: usize) -> Result<(), EngineError>;

    /// Switches [`Self::attention`] on or off for the calls that follow; returns whether it is on,
    /// which not every implementation can. Off at first, kept by forks.
    fn observe(&mut self, on: bool) -> bool;

    /// Attention of the last position, if it was observed.
    fn attention(&self) -> Option<&AttentionSignals>;
}
