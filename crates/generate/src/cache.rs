//! A KV cache with the tokens it holds.

use entropix_engine::{AttentionSignals, EngineError, LanguageModel, Sequence};

/// A cache, the tokens in it, and the logits after them.
pub(crate) struct PromptCache {
    sequence: Box<dyn Sequence>,
    ids: Vec<u32>,
    logits: Vec<f32>,
}

impl PromptCache {
    /// A cache of nothing.
    pub(crate) fn empty(model: &dyn LanguageModel) -> Self {
        Self { sequence: model.sequence(), ids: Vec::new(), logits: Vec::new() }
    }

    /// The tokens in it.
    pub(crate) fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// How many tokens are in it.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The logits after the last token, (vocabulary); after [`Self::truncate`] those of a token that is gone.
    pub(crate) fn logits(&self) -> &[f32] {
        &self.logits
    }

    /// Lets go of the logits, which whoever appends does not need.
    pub(crate) fn drop_logits(&mut self) {
        self.logits = Vec::new();
    }

    /// Appends tokens.
    ///
    /// # Errors
    /// As of [`Sequence::append`]; the cache is unchanged then.
    pub(crate) fn append(&mut self, ids: &[u32]) -> Result<(), EngineError> {
        self.sequence.append(ids, &mut self.logits)?;
        self.ids.extend_from_slice(ids);
        debug_assert_eq!(self.sequence.len(), self.ids.len(), "the cache and its tokens differ");
        Ok(())
    }

    /// Switches [`Self::attention`] on or off.
    pub(crate) fn observe(&mut self, on: bool) {
        self.sequence.observe(on);
    }

    /// Attention of the last position.
    pub(crate) fn attention(&self) -> Option<&AttentionSignals> {
        self.sequence.attention()
    }

    /// A copy that goes on by itself; memory for what both hold is shared where the engine can.
    pub(crate) fn fork(&self) -> Self {
        Self { sequence: self.sequence.fork(), ids: self.ids.clone(), logits: self.logits.clone() }
    }

    /// Appends one token to each of several, in one pass over the weights. `scratch` is for their logits.
    ///
    /// # Errors
    /// As of [`LanguageModel::step`]. Each must be [restored](Self::restore) then.
    pub(crate) fn step(
        model: &dyn LanguageModel,
        batch: &mut [(&mut Self, u32)],
        scratch: &mut Vec<f32>,
    ) -> Result<(), EngineError> {
        match batch {
            [] => return Ok(()),
            // Its logits need no copy.
            [(cache, id)] => return cache.append(&[*id]),
            _ => {}
        }
        let ids: Vec<u32> = batch.iter().map(|(_, id)| *id).collect();
        let mut sequences: Vec<&mut dyn Sequence> =
            batch.iter_mut().map(|(cache, _)| cache.sequence.as_mut() as _).collect();
        model.step(&mut sequences, &ids, scratch)?;
        let rows = scratch.chunks_exact(model.shape().vocabulary);
        debug_assert_eq!(rows.len(), batch.len(), "one row of logits for each sequence");
        for ((cache, id), row) in batch.iter_mut().zip(rows) {
            cache.ids.push(*id);
            row.clone_into(&mut cache.logits);
        }
        Ok(())
    }

    /// Takes away what a failed [`Self::step`] may have appended.
    ///
    /// # Errors
    /// As of [`Sequence::truncate`]; the cache is of no use then.
    pub(crate) fn restore(&mut self) -> Result<(), EngineError> {
        self.sequence.truncate(self.ids.len())
    }

    /// Forgets all but the first `len` tokens.
    ///
    /// # Errors
    /// As of [`Sequence::truncate`]; the cache is of no use then.
    pub(crate) fn truncate(&mut self, len: usize) -> Result<(), EngineError> {
        self.sequence.truncate(len)?;
        self.ids.truncate(len);
        Ok(())
    }
}
