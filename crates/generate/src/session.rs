//! What is kept between two answers: a cache, and the tokens it holds.

use entropix_engine::{AttentionSignals, EngineError, LanguageModel, Sequence};

/// A cache, the tokens in it, and the logits after them.
pub(crate) struct Cached {
    sequence: Box<dyn Sequence>,
    pub(crate) ids: Vec<u32>,
    pub(crate) logits: Vec<f32>,
}

impl Cached {
    fn empty(model: &dyn LanguageModel) -> Self {
        Self { sequence: model.sequence(), ids: Vec::new(), logits: Vec::new() }
    }

    /// Appends tokens.
    pub(crate) fn append(&mut self, ids: &[u32]) -> Result<(), EngineError> {
        self.sequence.append(ids, &mut self.logits)?;
        self.ids.extend_from_slice(ids);
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

    /// A copy that goes on by itself.
    pub(crate) fn fork(&self) -> Self {
        Self { sequence: self.sequence.fork(), ids: self.ids.clone(), logits: self.logits.clone() }
    }

    /// Appends one token to each of several, in one pass over the weights.
    pub(crate) fn step(
        model: &dyn LanguageModel,
        batch: &mut [&mut Self],
        ids: &[u32],
        logits: &mut Vec<f32>,
    ) -> Result<(), EngineError> {
        let mut sequences: Vec<&mut dyn Sequence> =
            batch.iter_mut().map(|cached| &mut *cached.sequence as &mut dyn Sequence).collect();
        model.step(&mut sequences, ids, logits)?;
        let rows = logits.chunks_exact(model.shape().vocabulary);
        for ((cached, &id), row) in batch.iter_mut().zip(ids).zip(rows) {
            cached.ids.push(id);
            row.clone_into(&mut cached.logits);
        }
        Ok(())
    }

    /// Forgets all but the first `len` tokens.
    pub(crate) fn truncate(&mut self, len: usize) -> Result<(), EngineError> {
        self.sequence.truncate(len)?;
        self.ids.truncate(len);
        Ok(())
    }
}

/// The cache of the last answer.
#[derive(Default)]
pub(crate) struct Session(Option<Cached>);

impl Session {
    /// A cache of the tokens that `prompt` begins with, as many as are known; of the whole prompt
    /// all but the last one, whose logits are needed.
    pub(crate) fn resume(
        &mut self,
        model: &dyn LanguageModel,
        prompt: &[u32],
    ) -> Result<Cached, EngineError> {
        let mut cached = self.0.take().unwrap_or_else(|| Cached::empty(model));
        let same = cached.ids.iter().zip(prompt).take_while(|(a, b)| a == b).count();
        cached.truncate(same.min(prompt.len().saturating_sub(1)))?;
        Ok(cached)
    }

    /// Keeps the state after an answer.
    pub(crate) fn keep(&mut self, cached: Cached) {
        self.0 = Some(cached);
    }
}
