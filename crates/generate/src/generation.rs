//! One answer, in steps.

mod prompt;
mod rollouts;
mod start;

use std::collections::VecDeque;

use entropix::{
    Action, Attention, Decision, Retraction, Sampler, SamplerError,
    samplers::{Entropix, Promised},
};
use entropix_engine::{EngineError, TextStream};
use entropix_protocol::{Finish, Stats, Step, TokenEntry};
use web_time::Instant;

pub use self::prompt::ReadPrompt;
use crate::cache::PromptCache;
use crate::entry::Record;
use crate::{Chat, ChatError};
use rollouts::{Limits, Rollouts};

/// Time one piece of prefill aims at, in ms: well below what feels like a frozen worker.
const PREFILL_MS: f64 = 60.0;
/// Tokens of the first piece, and most tokens of a piece.
const FIRST_PIECE: usize = 2;
const MAX_PIECE: usize = 64;

/// An answer in the making.
pub struct Generation {
    prompt: Vec<u32>,
    /// Begins with the prompt, once it is read; then the answer follows, but for its last token.
    cache: PromptCache,
    sampler: Sampler,
    stage: Stage,
    /// The answer: what was kept of an earlier one, then what was told.
    generated: Vec<u32>,
    /// What a person put after the kept tokens, until it is told.
    given: VecDeque<u32>,
    /// Whether that is a text, which is only read.
    reads: bool,
    /// How the text begins, and the part of it that is not a whole character yet.
    begins: TextStream,
    text: TextStream,
    /// What is recorded of its tokens.
    record: Record,
    /// Whether its cache goes to the pool when it is over.
    kept: bool,
    /// Whether branches end with a line.
    one_line: bool,
    /// Most tokens of the answer.
    max_tokens: usize,
    /// Tokens of the next piece of the prompt.
    piece: usize,
    stats: Stats,
}

/// What comes next.
enum Stage {
    /// Part of the prompt, or of what was kept, is to be read.
    Reading,
    /// The next token is to be chosen.
    Choosing,
    /// Tokens are to follow, whatever the logits say.
    Putting(VecDeque<u32>, Put),
    /// Branches go on, on forks of the cache.
    Branching(Box<Rollouts>),
    /// Tokens of the branch that was kept are to be told. The cache holds them.
    Telling(VecDeque<TokenEntry>),
    /// Nothing: the answer is complete, and its cache went to the pool.
    Over(Finish),
}

/// Where tokens come from that nobody chooses.
#[derive(Clone, Copy)]
enum Put {
    /// A phrase of the sampler.
    Phrase,
    /// A person.
    Given,
    /// A text that is only read.
    Read,
}

impl Stage {
    fn put(tokens: VecDeque<u32>, from: Put) -> Self {
        if tokens.is_empty() { Self::Choosing } else { Self::Putting(tokens, from) }
    }
}

impl Generation {
    /// Ends the answer where it stands; what was read of it stays cached.
    pub fn stop(&mut self, chat: &mut Chat) -> Step {
        if !matches!(self.stage, Stage::Over(_)) {
            self.close(chat, Finish::Stopped);
        }
        self.done()
    }

    /// Why it is over, if it is.
    pub(crate) fn finished(&self) -> Option<Finish> {
        if let Stage::Over(finish) = self.stage { Some(finish) } else { None }
    }

    /// Whether the prompt is read. What was read is then in the pool, too, for those that begin as this one does.
    pub(crate) fn has_read(&self, chat: &mut Chat) -> bool {
        let has = !matches!(self.stage, Stage::Reading);
        if has {
            chat.pool.keep(self.cache.fork());
        }
        has
    }

    /// Tokens of the answer so far, kept and given ones and the end token included.
    pub fn ids(&self) -> &[u32] {
        &self.generated
    }

    /// How fast it was.
    pub fn stats(&self) -> Stats {
        self.stats
    }

    /// Caches to which a token must be appended before there is anything to decide.
    pub(crate) fn unread(&mut self) -> Vec<(&mut PromptCache, u32)> {
        match &mut self.stage {
            Stage::Choosing | Stage::Putting(..) => {
                // The last token, unless a branch has already read it.
                let mut unread = self.prompt.iter().chain(&self.generated).skip(self.cache.len());
                let next = unread.next().copied();
                debug_assert!(unread.next().is_none(), "more than one token is not in the cache");
                next.map(|id| (&mut self.cache, id)).into_iter().collect()
            }
            Stage::Branching(rollouts) => rollouts.unread(),
            Stage::Reading | Stage::Telling(_) | Stage::Over(_) => Vec::new(),
        }
    }

    /// Does what comes after the pass over the weights, which took some ms or failed.
    pub(crate) fn proceed(
        &mut self,
        chat: &mut Chat,
        pass: Result<f64, EngineError>,
    ) -> Result<Step, ChatError> {
        let step = pass.map_err(ChatError::from).and_then(|ms| self.act(chat, ms));
        if step.is_err() {
            self.close(chat, Finish::Stopped);
        }
        step
    }

    fn act(&mut self, chat: &mut Chat, pass_ms: f64) -> Result<Step, ChatError> {
        let start = Instant::now();
        // The first decision's pass over the weights was the prompt's last.
        let timed = self.stats.tokens > 0 || matches!(self.stage, Stage::Branching(_));
        let (next, step) = match std::mem::replace(&mut self.stage, Stage::Choosing) {
            Stage::Reading => return self.read(chat),
            Stage::Choosing => self.choose(chat)?,
            Stage::Putting(tokens, from) => self.put(chat, tokens, from)?,
            Stage::Branching(rollouts) => self.branch(chat, rollouts)?,
            Stage::Telling(entries) => self.tell(chat, entries)?,
            Stage::Over(finish) => {
                self.stage = Stage::Over(finish);
                return Ok(self.done());
            }
        };
        self.stage = next;
        if timed {
            self.stats.decode_ms += pass_ms + start.elapsed().as_secs_f64() * 1000.0;
        }
        if let (Step::Token { .. }, Some(finish)) = (&step, self.finish(chat)) {
            self.close(chat, finish);
        }
        Ok(step)
    }

    /// Reads a piece of the prompt, or of what was kept.
    fn read(&mut self, chat: &mut Chat) -> Result<Step, ChatError> {
        let total = self.prompt.len() + self.generated.len();
        let from = self.cache.len();
        let until = total.min(from + self.piece);
        let known = self.prompt.iter().chain(&self.generated);
        let ids: Vec<u32> = known.skip(from).take(until - from).copied().collect();
        let start = Instant::now();
        let mut read = self.cache.append(&ids);
        if let Err(EngineError::OutOfMemory { .. }) = read
            && chat.pool.clear()
        {
            read = self.cache.append(&ids);
        }
        read?;
        let ms = start.elapsed().as_secs_f64() * 1000.0;
        self.stats.prompt_tokens = until as u32;
        self.stats.prefill_ms += ms;
        let fitting = self.piece as f64 * PREFILL_MS / ms.max(0.1);
        self.piece = (fitting as usize).clamp(1, (2 * self.piece).min(MAX_PIECE));
        self.stage = if until < total { Stage::Reading } else { self.first() };
        Ok(Step::Prefill { done: until as u32, total: total as u32 })
    }

    /// Chooses the next token, or another way to go on.
    fn choose(&mut self, chat: &Chat) -> Result<(Stage, Step), ChatError> {
        let sampling = Instant::now();
        let decision = self.decide()?;
        match (decision.action, decision.retraction) {
            (Action::Branch, _) => {
                let softmax = *self.sampler.softmax().ok_or(SamplerError::NoCandidates)?;
                let limits = Limits { most: self.branch_tokens(chat)?, one_line: self.one_line };
                let tokenizer = chat.tokenizer();
                let rollouts = Rollouts::start(decision, softmax, &self.cache, tokenizer, limits);
                let step = rollouts.progress();
                Ok((Stage::Branching(Box::new(rollouts)), step))
            }
            (Action::Retract, Some(retraction)) => {
                self.take_back(chat, retraction)?;
                let reason = Box::new(decision);
                Ok((Stage::Choosing, Step::Retract { to: retraction.to, reason }))
            }
            (Action::Insert, _) => {
                let promised = self.sampler.as_promised();
                let phrase = promised.map_or(&[][..], |promised| promised.phrase());
                let rest = phrase.iter().skip(1).copied().collect();
                let step = self.token(chat, decision, sampling)?;
                Ok((Stage::put(rest, Put::Phrase), step))
            }
            _ => Ok((Stage::Choosing, self.token(chat, decision, sampling)?)),
        }
    }

    /// Puts the next token of a phrase, or of what a person gave.
    fn put(
        &mut self,
        chat: &Chat,
        mut tokens: VecDeque<u32>,
        from: Put,
    ) -> Result<(Stage, Step), ChatError> {
        let sampling = Instant::now();
        let token = tokens.pop_front().ok_or(SamplerError::NoCandidates)?;
        let logits = self.cache.logits();
        let decision = match from {
            Put::Phrase => promised(&mut self.sampler)?.insert(logits, token)?,
            Put::Given => self.sampler.give(logits, token)?,
            Put::Read => self.sampler.read(logits, token)?,
        };
        let step = self.token(chat, decision, sampling)?;
        Ok((Stage::put(tokens, from), step))
    }

    /// Goes on with branches; keeps one when none goes on.
    fn branch(
        &mut self,
        chat: &Chat,
        mut rollouts: Box<Rollouts>,
    ) -> Result<(Stage, Step), ChatError> {
        let tokenizer = chat.tokenizer();
        let sampler = promised(&mut self.sampler)?;
        let more = rollouts.draw(tokenizer, sampler, self.record)?;
        let step = rollouts.progress();
        if more {
            return Ok((Stage::Branching(rollouts), step));
        }
        let kept = rollouts.keep(sampler)?;
        let first = self.record.entry(tokenizer, &self.cache, &kept.softmax, kept.decision);
        self.cache = kept.cache;
        let entries = std::iter::once(first).chain(kept.entries).collect();
        Ok((Stage::Telling(entries), step))
    }

    /// Tells of the next token of the branch that was kept.
    fn tell(
        &mut self,
        chat: &Chat,
        mut entries: VecDeque<TokenEntry>,
    ) -> Result<(Stage, Step), ChatError> {
        let entry = entries.pop_front().ok_or(SamplerError::NoCandidates)?;
        let step = self.commit(chat, entry);
        let next = if entries.is_empty() { Stage::Choosing } else { Stage::Telling(entries) };
        Ok((next, step))
    }

    /// The decision that the logits after the last token lead to.
    fn decide(&mut self) -> Result<Decision, ChatError> {
        let logits = self.cache.logits();
        let config = self.sampler.as_coded().map(Entropix::config);
        if self.generated.is_empty() && config.is_some_and(|config| config.first_token_argmax) {
            return Ok(self.sampler.first(logits)?);
        }
        // As coded: the last layer's scores, and zeros up to the length of the original's cache. What
        // is outside a window counts as such a zero.
        let signals = config.filter(|config| config.wants_attention).zip(self.cache.attention());
        let attention = signals.map(|(config, signals)| {
            let last = signals.layers.saturating_sub(1);
            let keys = signals.seen(last);
            Attention {
                heads: signals.heads,
                keys,
                padding: (config.attention_buffer as usize).saturating_sub(keys),
                scores: signals.layer(last),
            }
        });
        Ok(self.sampler.decide(logits, attention, &self.generated)?)
    }

    /// Puts the token of a decision at the end of the answer. `sampling` is when the decision began.
    fn token(
        &mut self,
        chat: &Chat,
        decision: Decision,
        sampling: Instant,
    ) -> Result<Step, ChatError> {
        let softmax = self.sampler.softmax().ok_or(SamplerError::NoCandidates)?;
        let entry = self.record.entry(chat.tokenizer(), &self.cache, softmax, decision);
        self.stats.sampler_ms += sampling.elapsed().as_secs_f64() * 1000.0;
        Ok(self.commit(chat, entry))
    }

    /// Puts a token at the end of the answer, and gives its entry the text.
    fn commit(&mut self, chat: &Chat, entry: TokenEntry) -> Step {
        let id = entry.decision.token;
        self.generated.push(id);
        self.stats.tokens += 1;
        let text = self.complete_text(chat, id);
        Step::Token { entry: Box::new(TokenEntry { text, ..entry }) }
    }

    /// The text that a token completes. An end token has none of its own, whatever kind it is of.
    fn complete_text(&mut self, chat: &Chat, id: u32) -> String {
        if chat.tokenizer().is_end(id) {
            self.text.finish()
        } else {
            self.text.push(chat.tokenizer(), id)
        }
    }

    /// Most tokens that a branch may have here.
    fn branch_tokens(&mut self, chat: &Chat) -> Result<usize, ChatError> {
        let most = promised(&mut self.sampler)?.config().branch_tokens as usize;
        let context = chat.loaded.model.shape().context_length;
        let room = context.saturating_sub(self.cache.len());
        Ok(most.min(self.max_tokens - self.generated.len()).min(room))
    }

    /// Forgets tokens of the answer. The last one that stays is read again, for its logits.
    fn take_back(&mut self, chat: &Chat, retraction: Retraction) -> Result<(), ChatError> {
        self.generated.truncate(retraction.to as usize);
        self.spell(chat);
        Ok(self.cache.truncate(self.prompt.len() + self.generated.len() - 1)?)
    }

    /// Whether the answer is complete.
    fn finish(&self, chat: &Chat) -> Option<Finish> {
        let context_length = chat.loaded.model.shape().context_length;
        if self.generated.last().is_some_and(|&id| chat.tokenizer().is_end(id)) {
            Some(Finish::EndOfTurn)
        } else if self.generated.len() >= self.max_tokens {
            Some(Finish::MaxTokens)
        } else if self.prompt.len() + self.generated.len() >= context_length {
            Some(Finish::ContextFull)
        } else {
            None
        }
    }

    /// Ends the answer, and gives what was read to the pool.
    fn close(&mut self, chat: &mut Chat, finish: Finish) {
        self.stage = Stage::Over(finish);
        let empty = PromptCache::empty(chat.loaded.model.as_ref());
        let mut cache = std::mem::replace(&mut self.cache, empty);
        // A pass that failed may have left something behind.
        if self.kept && cache.restore().is_ok() {
            chat.pool.keep(cache);
        }
    }

    pub(crate) fn done(&self) -> Step {
        let finish = self.finished().unwrap_or(Finish::Stopped);
        Step::Done { finish, stats: self.stats }
    }
}

/// The sampler that asked for a phrase or for branches; no other does.
fn promised(sampler: &mut Sampler) -> Result<&mut Promised, SamplerError> {
    sampler.as_promised().ok_or(SamplerError::NoCandidates)
}
