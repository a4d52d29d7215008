//! Answers go on: one, or several side by side with one pass over the weights for all.

use entropix_engine::EngineError;
use entropix_protocol::Step;
use web_time::Instant;

use crate::cache::PromptCache;
use crate::{Chat, ChatError, Generation};

/// Takes each of several answers one step further. Those that need a token read (or one for each of their
/// branches) share a pass over the weights; those that are still reading their prompt read a piece of it.
///
/// Samplers, seeds and states may differ. Each gives the tokens, decisions and digits that it gives alone;
/// one that fails is over, and the others go on.
pub fn advance(
    chat: &mut Chat,
    generations: &mut [&mut Generation],
) -> Vec<Result<Step, ChatError>> {
    let start = Instant::now();
    let passes = pass(chat, generations);
    let ms = start.elapsed().as_secs_f64() * 1000.0;
    let each = generations.iter_mut().zip(passes);
    each.map(|(generation, pass)| generation.proceed(chat, pass.map(|()| ms))).collect()
}

impl Generation {
    /// Does the next piece of work: at most about 100 ms of prefill, or one token (of each branch).
    /// [`advance`] does it for several answers at once.
    ///
    /// # Errors
    /// The engine or the sampler failed; the answer is over then, what was read of it stays cached.
    pub fn advance(&mut self, chat: &mut Chat) -> Result<Step, ChatError> {
        let step = advance(chat, &mut [&mut *self]).pop();
        step.unwrap_or_else(|| Ok(self.done()))
    }
}

impl Chat {
    /// Runs an answer to its end.
    ///
    /// # Errors
    /// See [`Generation::advance`].
    pub fn finish(
        &mut self,
        mut generation: Generation,
        mut on_step: impl FnMut(&Step),
    ) -> Result<Generation, ChatError> {
        loop {
            let step = generation.advance(self)?;
            on_step(&step);
            if matches!(step, Step::Done { .. }) {
                return Ok(generation);
            }
        }
    }
}

/// Reads what each has to read before it can decide.
fn pass(chat: &mut Chat, generations: &mut [&mut Generation]) -> Vec<Result<(), EngineError>> {
    let model = chat.loaded.model.as_ref();
    let mut unread: Vec<_> = generations.iter_mut().flat_map(|each| each.unread()).collect();
    let Err(error) = PromptCache::step(model, &mut unread, &mut chat.scratch) else {
        return generations.iter().map(|_| Ok(())).collect();
    };
    // What is kept for later must not be in the way of what is going on.
    if let EngineError::OutOfMemory { .. } = error {
        chat.pool.clear();
    }
    // One of them may be at fault, which is no reason to end the others.
    let each = generations.iter_mut();
    each.map(|generation| {
        let mut unread = generation.unread();
        unread.iter_mut().try_for_each(|(cache, _)| cache.restore())?;
        PromptCache::step(model, &mut unread, &mut chat.scratch)
    })
    .collect()
}
