//! Branches on forks of the cache, one token of each at a time.

use entropix::{Branch, BranchEnd, Decision, Sampler, SamplerError, Softmax};
use entropix_engine::LanguageModel;
use entropix_protocol::TokenEntry;

use crate::entry::entry;
use crate::session::Cached;
use crate::{Chat, ChatError};

/// Branches in the making.
pub(super) struct Rollouts {
    decision: Decision,
    /// Of the logits where they fork.
    softmax: Softmax,
    paths: Vec<Path>,
    /// Most tokens of a branch.
    most: usize,
    logits: Vec<f32>,
}

/// One branch.
struct Path {
    cached: Cached,
    branch: Branch,
    /// What is known of its tokens from the second on; the texts come when it is kept.
    entries: Vec<TokenEntry>,
    ended: bool,
}

/// The branch that was kept.
pub(super) struct Kept {
    /// Its cache, and the logits after its last token.
    pub(super) cached: Cached,
    /// The decision, with all branches, and the softmax it is about.
    pub(super) decision: Decision,
    pub(super) softmax: Softmax,
    /// What is known of its tokens from the second on.
    pub(super) entries: Vec<TokenEntry>,
}

impl Rollouts {
    /// Forks for each first token of `decision`; no branch gets more than `most` tokens.
    pub(super) fn start(
        mut decision: Decision,
        softmax: Softmax,
        cached: &Cached,
        chat: &Chat,
        most: usize,
    ) -> Self {
        let path = |branch: Branch| {
            let mut path =
                Path { cached: cached.fork(), branch, entries: Vec::new(), ended: false };
            path.end_if(chat, most);
            path
        };
        let paths = std::mem::take(&mut decision.branches).into_iter().map(path).collect();
        Self { decision, softmax, paths, most, logits: Vec::new() }
    }

    /// How many branches there are, and how many tokens the longest has.
    pub(super) fn progress(&self) -> (u32, u32) {
        let longest = self.paths.iter().map(|path| path.branch.tokens.len()).max();
        (self.paths.len() as u32, longest.unwrap_or(0) as u32)
    }

    /// Gives each branch that goes on one more token. Returns whether one still does.
    pub(super) fn advance(
        &mut self,
        chat: &Chat,
        sampler: &mut Sampler,
        attention: bool,
    ) -> Result<bool, ChatError> {
        let model = chat.loaded.model.as_ref();
        let mut live: Vec<&mut Path> = self.paths.iter_mut().filter(|path| !path.ended).collect();
        if live.is_empty() {
            return Ok(false);
        }
        step(model, &mut live, &mut self.logits)?;
        let mut more = false;
        for path in live {
            path.draw(chat, sampler, self.most, attention)?;
            more |= !path.ended;
        }
        Ok(more)
    }

    /// Chooses the branch with the best score.
    pub(super) fn keep(self, sampler: &mut Sampler) -> Result<Kept, ChatError> {
        let Self { mut decision, softmax, mut paths, .. } = self;
        let branches = paths.iter().map(|path| path.branch.clone()).collect();
        let number = sampler.keep_branch(&mut decision, branches);
        if number >= paths.len() {
            return Err(SamplerError::NoCandidates.into());
        }
        let Path { cached, entries, .. } = paths.swap_remove(number);
        Ok(Kept { cached, decision, softmax, entries })
    }
}

/// Appends the last token of each branch to its fork, all in one pass over the weights.
fn step(
    model: &dyn LanguageModel,
    live: &mut [&mut Path],
    logits: &mut Vec<f32>,
) -> Result<(), ChatError> {
    let ids: Vec<u32> = live.iter().filter_map(|path| path.branch.tokens.last().copied()).collect();
    let mut batch: Vec<&mut Cached> = live.iter_mut().map(|path| &mut path.cached).collect();
    Ok(Cached::step(model, &mut batch, &ids, logits)?)
}

impl Path {
    /// Ends here where H and V are low or the branch is full; draws a token otherwise.
    fn draw(
        &mut self,
        chat: &Chat,
        sampler: &mut Sampler,
        most: usize,
        attention: bool,
    ) -> Result<(), ChatError> {
        let softmax = Softmax::of(&self.cached.logits).ok_or(SamplerError::NoCandidates)?;
        let here = softmax.uncertainty();
        self.branch.entropies.push(here.entropy_bits);
        if sampler.is_calm(&here) {
            self.branch.end = BranchEnd::Calm;
            self.ended = true;
            return Ok(());
        }
        if self.branch.tokens.len() >= most {
            self.ended = true;
            return Ok(());
        }
        let decision = sampler.continue_branch(&self.cached.logits, &softmax)?;
        let token = decision.token;
        // What was drawn has a logit above −∞.
        let logit = self.cached.logits.get(token as usize).copied().unwrap_or(f32::MIN);
        let log_probability = softmax.log_probability(logit);
        let shown = self.cached.attention().filter(|_| attention);
        let entry =
            entry(chat.tokenizer(), &self.cached.logits, &softmax, decision, String::new(), shown);
        self.branch.log_probabilities.push(log_probability);
        self.branch.tokens.push(token);
        self.entries.push(entry);
        self.end_if(chat, usize::MAX);
        Ok(())
    }

    /// Ends after a token that ends the answer, or without room for one more.
    fn end_if(&mut self, chat: &Chat, most: usize) {
        let last = self.branch.tokens.last();
        if last.is_some_and(|&id| chat.tokenizer().is_end(id)) {
            self.branch.end = BranchEnd::EndOfTurn;
            self.ended = true;
        } else if most == 0 {
            self.ended = true;
        }
    }
}
