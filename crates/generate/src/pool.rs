//! What was read stays, so that a conversation that goes on need not be read again.

use entropix_engine::{EngineError, LanguageModel, ModelShape};

use crate::cache::PromptCache;

/// How much a pool may hold. What was used last always stays, even alone beyond these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolLimits {
    /// Most caches: one for each conversation, and for each answer that was made anew.
    pub caches: usize,
    /// Most positions in all; those that caches have in common are held once and count once.
    pub positions: usize,
}

impl PoolLimits {
    const CACHES: usize = 8;
    /// Memory for keys and values, in bytes: one and a half full contexts of the default model.
    const BYTES: usize = 256 << 20;

    /// What suits a model: 8 caches and 256 MiB, with two bytes for each number of a key or value.
    pub fn of(shape: &ModelShape) -> Self {
        let head = shape.hidden / shape.heads.max(1);
        let position = 2 * 2 * shape.layers * shape.kv_heads * head;
        Self { caches: Self::CACHES, positions: Self::BYTES / position.max(1) }
    }
}

/// Caches of what was read, the least recently used first.
pub(crate) struct Pool {
    limits: PoolLimits,
    caches: Vec<PromptCache>,
}

impl Pool {
    pub(crate) fn new(limits: PoolLimits) -> Self {
        Self { limits, caches: Vec::new() }
    }

    /// A cache of the tokens that `prompt` begins with, as many as are known; of the whole prompt all
    /// but the last one, whose logits are needed.
    ///
    /// # Errors
    /// The engine had to read tokens again, and failed.
    pub(crate) fn resume(
        &mut self,
        model: &dyn LanguageModel,
        prompt: &[u32],
    ) -> Result<PromptCache, EngineError> {
        let reusable = prompt.len().saturating_sub(1);
        let known = |cache: &PromptCache| common(cache.ids(), prompt).min(reusable);
        // Of equals the one used last, which is the one most likely to be there the next time.
        let best = (0..self.caches.len()).max_by_key(|&at| known(&self.caches[at]));
        let Some(at) = best.filter(|&at| known(&self.caches[at]) > 0) else {
            return Ok(PromptCache::empty(model));
        };
        let cache = self.caches.remove(at);
        let mut fork = cache.fork();
        let len = known(&cache);
        self.caches.push(cache);
        fork.truncate(len)?;
        Ok(fork)
    }

    /// Keeps a cache, and lets go of those that are no longer worth their place.
    pub(crate) fn keep(&mut self, mut cache: PromptCache) {
        cache.drop_logits();
        // Whatever begins with a cache's tokens does all that the cache could.
        let longer = self.caches.iter().position(|kept| kept.ids().starts_with(cache.ids()));
        if let Some(at) = longer {
            cache = self.caches.remove(at);
        }
        self.caches.retain(|kept| !cache.ids().starts_with(kept.ids()));
        if cache.len() > 0 {
            self.caches.push(cache);
        }
        while self.caches.len() > 1 && !self.fits() {
            self.caches.remove(0);
        }
    }

    /// Lets go of everything. Returns whether there was anything.
    pub(crate) fn clear(&mut self) -> bool {
        let any = !self.caches.is_empty();
        self.caches.clear();
        any
    }

    fn fits(&self) -> bool {
        self.caches.len() <= self.limits.caches && self.positions() <= self.limits.positions
    }

    /// Positions held. Caches that begin alike are forks of each other, and share what they have in
    /// common.
    pub(crate) fn positions(&self) -> usize {
        let mut ids: Vec<&[u32]> = self.caches.iter().map(PromptCache::ids).collect();
        // Sorted, each has most in common with a neighbour.
        ids.sort_unstable();
        let shared: usize = ids.windows(2).map(|pair| common(pair[0], pair[1])).sum();
        ids.iter().map(|ids| ids.len()).sum::<usize>() - shared
    }
}

/// Tokens with which both begin.
fn common(a: &[u32], b: &[u32]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}
