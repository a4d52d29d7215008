//! A prompt that is read once, for many answers.

use entropix::{Softmax, filter};
use entropix_engine::EngineError;
use entropix_protocol::{Beginning, Given, Recipe};

use super::Generation;
use crate::cache::PromptCache;
use crate::{Chat, ChatError};

/// A prompt that was read. Answers begin on forks of its cache and read nothing of it.
pub struct ReadPrompt {
    ids: Vec<u32>,
    cache: PromptCache,
}

impl ReadPrompt {
    /// Its tokens.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// The tokens that most probably come first, the most probable one first.
    pub fn first_tokens(&self, count: usize) -> Vec<u32> {
        let logits = self.cache.logits();
        let Some(softmax) = Softmax::of(logits) else { return Vec::new() };
        let top = filter::most_probable(logits, &softmax, count);
        top.into_iter().map(|(token, _)| token).collect()
    }
}

impl Chat {
    /// Reads a prompt, all of it at once: for programs that nobody waits for.
    ///
    /// # Errors
    /// An empty prompt, one that does not fit, or the engine failed.
    pub fn read_prompt(&mut self, ids: Vec<u32>) -> Result<ReadPrompt, ChatError> {
        let (tokens, context_length) = (ids.len(), self.loaded.model.shape().context_length);
        if ids.is_empty() {
            return Err(ChatError::EmptyPrompt);
        }
        if tokens >= context_length {
            return Err(ChatError::PromptTooLong { tokens, context_length });
        }
        let mut cache = self.pool.resume(self.loaded.model.as_ref(), &ids)?;
        // For samplers that look at it; those that do not switch it off.
        cache.observe(true);
        let rest = ids.get(cache.len()..).unwrap_or_default();
        let mut read = cache.append(rest);
        if let Err(EngineError::OutOfMemory { .. }) = read
            && self.pool.clear()
        {
            read = cache.append(rest);
        }
        read?;
        self.pool.keep(cache.fork());
        Ok(ReadPrompt { ids, cache })
    }

    /// Starts an answer to a prompt that was read: the same as that of [`Chat::generate`].
    ///
    /// # Errors
    /// A sampler configuration out of range.
    pub fn answer(&mut self, prompt: &ReadPrompt, recipe: Recipe) -> Result<Generation, ChatError> {
        self.answer_after(prompt, Given::Nothing, recipe)
    }

    /// Starts an answer that begins with something given: the same as that of [`Chat::go_on`].
    ///
    /// # Errors
    /// A sampler configuration out of range, or what is given does not fit.
    pub fn answer_after(
        &mut self,
        prompt: &ReadPrompt,
        then: Given,
        recipe: Recipe,
    ) -> Result<Generation, ChatError> {
        let ReadPrompt { ids, cache } = prompt;
        let beginning = Beginning { kept: Vec::new(), then };
        self.begin(ids.clone(), Some(cache.fork()), beginning, recipe)
    }
}
