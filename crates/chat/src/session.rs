//! What is kept between two answers: caches, and the tokens they hold.

use entropix_engine::{LanguageModel, Sequence};

/// A cache, the tokens in it, and the logits after them.
pub(crate) struct Cached {
    pub(crate) sequence: Box<dyn Sequence>,
    pub(crate) ids: Vec<u32>,
    pub(crate) logits: Vec<f32>,
}

impl Cached {
    fn empty(model: &dyn LanguageModel) -> Self {
        Self { sequence: model.sequence(), ids: Vec::new(), logits: Vec::new() }
    }

    fn fork(&self) -> Self {
        Self { sequence: self.sequence.fork(), ids: self.ids.clone(), logits: self.logits.clone() }
    }

    /// Leading tokens shared with `prompt` that this cache can go on from.
    fn usable(&self, prompt: &[u32]) -> usize {
        if prompt.starts_with(&self.ids) { self.ids.len() } else { 0 }
    }
}

/// Two caches: the conversation as it stands, and as it stood before the last answer, for another
/// answer to the same prompt.
#[derive(Default)]
pub(crate) struct Session {
    latest: Option<Cached>,
    before_answer: Option<Cached>,
}

impl Session {
    /// The cache that already holds most of `prompt`, or an empty one.
    pub(crate) fn resume(&mut self, model: &dyn LanguageModel, prompt: &[u32]) -> Cached {
        let latest = self.latest.take();
        let before_answer = self.before_answer.take();
        [latest, before_answer]
            .into_iter()
            .flatten()
            .max_by_key(|cached| cached.usable(prompt))
            .filter(|cached| cached.usable(prompt) > 0)
            .unwrap_or_else(|| Cached::empty(model))
    }

    /// Keeps the state after the prompt.
    pub(crate) fn keep_prompt(&mut self, cached: &Cached) {
        self.before_answer = Some(cached.fork());
    }

    /// Keeps the state after the answer.
    pub(crate) fn keep_answer(&mut self, cached: Cached) {
        self.latest = Some(cached);
    }
}
