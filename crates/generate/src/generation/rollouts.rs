//! Branches on forks of the cache, one token of each at a time.

use entropix::samplers::Promised;
use entropix::{Branch, BranchEnd, Decision, SamplerError, Softmax};
use entropix_engine::Tokenizer;
use entropix_protocol::{Step, TokenEntry};

use crate::ChatError;
use crate::cache::PromptCache;
use crate::entry::Record;

/// Branches in the making.
pub(super) struct Rollouts {
    decision: Decision,
    /// Of the logits where they fork.
    softmax: Softmax,
    paths: Vec<Path>,
    /// Where branches end, whatever the sampler says.
    limits: Limits,
}

/// Where branches end, whatever the sampler says.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// Most tokens of a branch.
    pub(super) most: usize,
    /// Whether they end with a line.
    pub(super) one_line: bool,
}

/// One branch.
struct Path {
    cache: PromptCache,
    branch: Branch,
    /// What is known of its tokens from the second on; the texts come when it is kept.
    entries: Vec<TokenEntry>,
    ended: bool,
}

/// The branch that was kept.
pub(super) struct Kept {
    /// Its cache, and the logits after its last token.
    pub(super) cache: PromptCache,
    /// The decision, with all branches, and the softmax it is about.
    pub(super) decision: Decision,
    pub(super) softmax: Softmax,
    /// What is known of its tokens from the second on.
    pub(super) entries: Vec<TokenEntry>,
}

impl Rollouts {
    /// Forks for each first token of `decision`.
    pub(super) fn start(
        mut decision: Decision,
        softmax: Softmax,
        cache: &PromptCache,
        tokenizer: &Tokenizer,
        limits: Limits,
    ) -> Self {
        let path = |branch: Branch| {
            let mut path = Path { cache: cache.fork(), branch, entries: Vec::new(), ended: false };
            path.end_if(tokenizer, limits);
            path
        };
        let paths = std::mem::take(&mut decision.branches).into_iter().map(path).collect();
        Self { decision, softmax, paths, limits }
    }

    /// How many branches there are, and how many tokens the longest has.
    pub(super) fn progress(&self) -> Step {
        let longest = self.paths.iter().map(|path| path.branch.tokens.len()).max();
        Step::Branch { branches: self.paths.len() as u32, tokens: longest.unwrap_or(0) as u32 }
    }

    /// The caches of the branches that go on, with the token to append to each.
    pub(super) fn unread(&mut self) -> Vec<(&mut PromptCache, u32)> {
        let live = self.paths.iter_mut().filter(|path| !path.ended);
        let unread = live.map(|path| (path.branch.tokens.last().copied(), &mut path.cache));
        unread.filter_map(|(last, cache)| Some((cache, last?))).collect()
    }

    /// Gives each branch that goes on, and whose last token was read, one more. Returns whether one still
    /// goes on.
    pub(super) fn draw(
        &mut self,
        tokenizer: &Tokenizer,
        sampler: &mut Promised,
        record: Record,
    ) -> Result<bool, ChatError> {
        let mut more = false;
        for path in self.paths.iter_mut().filter(|path| !path.ended) {
            path.draw(tokenizer, sampler, self.limits, record)?;
            more |= !path.ended;
        }
        Ok(more)
    }

    /// Chooses the branch with the best score.
    pub(super) fn keep(self, sampler: &mut Promised) -> Result<Kept, ChatError> {
        let Self { mut decision, softmax, mut paths, .. } = self;
        let branches = paths.iter().map(|path| path.branch.clone()).collect();
        let number = sampler.keep_branch(&mut decision, branches);
        if number >= paths.len() {
            return Err(SamplerError::NoCandidates.into());
        }
        let Path { cache, entries, .. } = paths.swap_remove(number);
        Ok(Kept { cache, decision, softmax, entries })
    }
}

impl Path {
    /// Ends here where H and V are low or the branch is full; draws a token otherwise.
    fn draw(
        &mut self,
        tokenizer: &Tokenizer,
        sampler: &mut Promised,
        limits: Limits,
        record: Record,
    ) -> Result<(), ChatError> {
        let softmax = Softmax::of(self.cache.logits()).ok_or(SamplerError::NoCandidates)?;
        let here = softmax.uncertainty();
        self.branch.entropies.push(here.entropy_bits);
        // The line's end was read like any other token, so that it costs a branch as much.
        if limits.one_line && self.ends_line(tokenizer) {
            self.ended = true;
            return Ok(());
        }
        if sampler.is_calm(self.cache.logits(), &softmax, self.branch.tokens.len()) {
            self.branch.end = BranchEnd::Calm;
            self.ended = true;
            return Ok(());
        }
        if self.branch.tokens.len() >= limits.most {
            self.ended = true;
            return Ok(());
        }
        let decision = sampler.continue_branch(self.cache.logits(), &softmax)?;
        let token = decision.token;
        // What was drawn has a logit above −∞.
        let logit = self.cache.logits().get(token as usize).copied().unwrap_or(f32::MIN);
        let log_probability = softmax.log_probability(logit);
        let entry = record.entry(tokenizer, &self.cache, &softmax, decision);
        self.branch.log_probabilities.push(log_probability);
        self.branch.tokens.push(token);
        self.entries.push(entry);
        self.end_if(tokenizer, Limits { most: usize::MAX, ..limits });
        Ok(())
    }

    /// Ends after a token that ends the answer, or without room for one more.
    fn end_if(&mut self, tokenizer: &Tokenizer, limits: Limits) {
        if self.branch.tokens.last().is_some_and(|&id| tokenizer.is_end(id)) {
            self.branch.end = BranchEnd::EndOfTurn;
            self.ended = true;
        } else if limits.most == 0 {
            self.ended = true;
        }
    }

    fn ends_line(&self, tokenizer: &Tokenizer) -> bool {
        self.branch.tokens.last().is_some_and(|&id| tokenizer.decode(&[id]).contains('\n'))
    }
}
