//! One answer, in steps.

mod rollouts;

use std::collections::VecDeque;

use entropix::{
    Action, Attention, Decision, EntropixConfig, Retraction, Sampler, SamplerConfig, SamplerError,
};
use entropix_engine::TextStream;
use entropix_protocol::{Finish, Recipe, Stats, Step, TokenEntry};
use web_time::Instant;

use crate::entry::entry;
use crate::phrases;
use crate::session::Cached;
use crate::{Chat, ChatError};
use rollouts::Rollouts;

/// Time one piece of prefill aims at, in ms: well below what feels like a frozen worker.
const PREFILL_MS: f64 = 60.0;
const FIRST_CHUNK: usize = 2;
const MAX_CHUNK: usize = 64;

/// An answer in the making.
pub struct Generation {
    prompt: Vec<u32>,
    /// `None` once the answer is complete: the caches went back to the chat.
    cached: Option<Cached>,
    sampler: Sampler,
    generated: Vec<u32>,
    /// What is left of a phrase that is being inserted.
    phrase: VecDeque<u32>,
    rollouts: Option<Rollouts>,
    /// Tokens of a branch that was kept, of which nobody was told yet.
    kept: VecDeque<TokenEntry>,
    text: TextStream,
    /// Whether entries tell of the attention.
    attention: bool,
    max_tokens: usize,
    chunk: usize,
    stats: Stats,
    finish: Option<Finish>,
}

impl Generation {
    pub(crate) fn start(
        chat: &mut Chat,
        prompt: Vec<u32>,
        recipe: Recipe,
    ) -> Result<Self, ChatError> {
        let Recipe { sampler, seed, max_tokens, attention } = recipe;
        let context_length = chat.loaded.model.shape().context_length;
        if prompt.is_empty() {
            return Err(ChatError::EmptyPrompt);
        }
        if prompt.len() >= context_length {
            return Err(ChatError::PromptTooLong { tokens: prompt.len(), context_length });
        }
        let mut sampler = Sampler::new(sampler, seed.0)?;
        let phrases = sampler.promised().map(|config| phrases::tokens(chat.tokenizer(), config));
        sampler.set_phrases(phrases.transpose()?.unwrap_or_default());
        let mut cached = chat.session.resume(chat.loaded.model.as_ref(), &prompt)?;
        cached.observe(attention || entropix(&sampler).is_some_and(|c| c.wants_attention));
        let stats = Stats {
            prompt_tokens: prompt.len() as u32,
            reused_tokens: cached.ids.len() as u32,
            ..Stats::default()
        };
        Ok(Self {
            prompt,
            cached: Some(cached),
            sampler,
            generated: Vec::new(),
            phrase: VecDeque::new(),
            rollouts: None,
            kept: VecDeque::new(),
            text: TextStream::new(chat.tokenizer()),
            attention,
            max_tokens: if max_tokens == 0 { usize::MAX } else { max_tokens as usize },
            chunk: FIRST_CHUNK,
            stats,
            finish: None,
        })
    }

    /// Does the next piece of work: at most about 100 ms of prefill, or one token (of each branch).
    ///
    /// # Errors
    /// The engine or the sampler failed; the generation is over then.
    pub fn advance(&mut self, chat: &mut Chat) -> Result<Step, ChatError> {
        let Some(cached) = self.cached.take() else {
            return Ok(self.done(self.finish.unwrap_or(Finish::Stopped)));
        };
        if cached.ids.len() < self.prompt.len() {
            self.prefill(cached)
        } else if let Some(entry) = self.kept.pop_front() {
            self.cached = Some(cached);
            Ok(Step::Token { entry: Box::new(entry) })
        } else if let Some(rollouts) = self.rollouts.take() {
            self.branch(chat, cached, rollouts)
        } else if let Some(finish) = self.end(chat, &cached) {
            self.complete(chat, cached, finish);
            Ok(self.done(finish))
        } else {
            self.token(chat, cached)
        }
    }

    /// Ends the answer where it stands; the caches stay usable for the next one.
    pub fn stop(&mut self, chat: &mut Chat) -> Step {
        // Nobody saw these.
        self.generated.truncate(self.generated.len() - self.kept.len());
        self.kept.clear();
        if let Some(cached) = self.cached.take() {
            self.complete(chat, cached, Finish::Stopped);
        }
        self.done(self.finish.unwrap_or(Finish::Stopped))
    }

    fn done(&self, finish: Finish) -> Step {
        Step::Done { finish, stats: self.stats }
    }

    /// Tokens chosen so far, the end token included.
    pub fn ids(&self) -> &[u32] {
        &self.generated
    }

    /// How fast it was.
    pub fn stats(&self) -> Stats {
        self.stats
    }

    fn prefill(&mut self, mut cached: Cached) -> Result<Step, ChatError> {
        let from = cached.ids.len();
        let until = self.prompt.len().min(from + self.chunk);
        let ids = self.prompt.get(from..until).unwrap_or(&[]);
        let start = Instant::now();
        cached.append(ids)?;
        let ms = start.elapsed().as_secs_f64() * 1000.0;
        self.stats.prefill_ms += ms;
        let fitting = self.chunk as f64 * PREFILL_MS / ms.max(0.1);
        self.chunk = (fitting as usize).clamp(1, (2 * self.chunk).min(MAX_CHUNK));
        self.cached = Some(cached);
        Ok(Step::Prefill { done: until as u32, total: self.prompt.len() as u32 })
    }

    /// Whether the answer is complete.
    fn end(&self, chat: &Chat, cached: &Cached) -> Option<Finish> {
        if self.generated.last().is_some_and(|&id| chat.tokenizer().is_end(id)) {
            Some(Finish::EndOfTurn)
        } else if self.generated.len() >= self.max_tokens {
            Some(Finish::MaxTokens)
        } else if !self.generated.is_empty()
            && cached.ids.len() >= chat.loaded.model.shape().context_length
        {
            Some(Finish::ContextFull)
        } else {
            None
        }
    }

    fn token(&mut self, chat: &mut Chat, mut cached: Cached) -> Result<Step, ChatError> {
        let start = Instant::now();
        // The last token, unless a branch has already read it.
        let known = cached.ids.len() - self.prompt.len();
        if let Some(unread @ [_, ..]) = self.generated.get(known..) {
            cached.append(unread)?;
        }
        let sampling = Instant::now();
        let decision = if let Some(token) = self.phrase.pop_front() {
            self.sampler.insert(&cached.logits, token)?
        } else {
            let decision = self.decide(&cached)?;
            if decision.action == Action::Insert {
                self.phrase.extend(self.sampler.phrase().iter().skip(1));
            }
            decision
        };
        let softmax = *self.sampler.softmax().ok_or(SamplerError::NoCandidates)?;
        let step = match (decision.action, decision.retraction) {
            (Action::Branch, _) => {
                let room = self.room(chat, &cached);
                let rollouts = Rollouts::start(decision, softmax, &cached, chat, room);
                let (branches, tokens) = rollouts.progress();
                self.rollouts = Some(rollouts);
                Step::Branch { branches, tokens }
            }
            (Action::Retract, Some(retraction)) => {
                self.take_back(chat, &mut cached, retraction)?;
                Step::Retract { to: retraction.to, reason: Box::new(decision) }
            }
            _ => {
                let shown = cached.attention().filter(|_| self.attention);
                let (tokenizer, logits) = (chat.tokenizer(), &cached.logits);
                let entry = entry(tokenizer, logits, &softmax, decision, String::new(), shown);
                self.stats.sampler_ms += sampling.elapsed().as_secs_f64() * 1000.0;
                Step::Token { entry: Box::new(self.commit(chat, entry)) }
            }
        };
        self.stats.decode_ms += start.elapsed().as_secs_f64() * 1000.0;
        self.cached = Some(cached);
        Ok(step)
    }

    /// Puts a token at the end of the answer, and gives its entry the text.
    fn commit(&mut self, chat: &Chat, entry: TokenEntry) -> TokenEntry {
        let id = entry.decision.token;
        self.generated.push(id);
        self.stats.tokens += 1;
        TokenEntry { text: self.complete_text(chat, id), ..entry }
    }

    /// The text that a token completes.
    fn complete_text(&mut self, chat: &Chat, id: u32) -> String {
        let mut text = self.text.push(chat.tokenizer(), id);
        if chat.tokenizer().is_end(id) {
            text.push_str(&self.text.finish());
        }
        text
    }

    /// Goes on with branches; keeps one when none goes on.
    fn branch(
        &mut self,
        chat: &Chat,
        cached: Cached,
        mut rollouts: Rollouts,
    ) -> Result<Step, ChatError> {
        let start = Instant::now();
        let more = rollouts.advance(chat, &mut self.sampler, self.attention);
        let (branches, tokens) = rollouts.progress();
        let step = Step::Branch { branches, tokens };
        if more? {
            self.rollouts = Some(rollouts);
            self.cached = Some(cached);
        } else {
            let kept = rollouts.keep(&mut self.sampler)?;
            let shown = cached.attention().filter(|_| self.attention);
            let (tokenizer, logits) = (chat.tokenizer(), &cached.logits);
            let first =
                entry(tokenizer, logits, &kept.softmax, kept.decision, String::new(), shown);
            for entry in std::iter::once(first).chain(kept.entries) {
                let entry = self.commit(chat, entry);
                self.kept.push_back(entry);
            }
            self.cached = Some(kept.cached);
        }
        self.stats.decode_ms += start.elapsed().as_secs_f64() * 1000.0;
        Ok(step)
    }

    /// Most tokens that a branch may have here.
    fn room(&self, chat: &Chat, cached: &Cached) -> usize {
        let most = self.sampler.promised().map_or(0, |config| config.branch_tokens as usize);
        let context = chat.loaded.model.shape().context_length;
        most.min(self.max_tokens - self.generated.len()).min(context - cached.ids.len())
    }

    /// Forgets tokens of the answer, and finds the logits where it then ends.
    fn take_back(
        &mut self,
        chat: &Chat,
        cached: &mut Cached,
        retraction: Retraction,
    ) -> Result<(), ChatError> {
        self.generated.truncate(retraction.to as usize);
        self.text = TextStream::new(chat.tokenizer());
        for id in self.generated.clone() {
            self.complete_text(chat, id);
        }
        let ends = [&self.prompt, &self.generated].into_iter().rev().find_map(|ids| ids.last());
        if let Some(&last) = ends {
            cached.truncate(self.prompt.len() + self.generated.len() - 1)?;
            cached.append(&[last])?;
        }
        Ok(())
    }

    fn decide(&mut self, cached: &Cached) -> Result<Decision, ChatError> {
        let config = entropix(&self.sampler);
        if self.generated.is_empty() && config.is_some_and(|config| config.first_token_argmax) {
            return Ok(self.sampler.first(&cached.logits)?);
        }
        // As coded: the last layer's scores, and zeros up to the length of the original's cache.
        let signals = config.filter(|config| config.wants_attention).zip(cached.attention());
        let attention = signals.map(|(config, signals)| Attention {
            heads: signals.heads,
            keys: signals.keys,
            padding: (config.attention_buffer as usize).saturating_sub(signals.keys),
            scores: signals.layer(signals.layers.saturating_sub(1)),
        });
        Ok(self.sampler.decide(&cached.logits, attention, &self.generated)?)
    }

    fn complete(&mut self, chat: &mut Chat, cached: Cached, finish: Finish) {
        chat.session.keep(cached);
        self.finish = Some(finish);
    }
}

fn entropix(sampler: &Sampler) -> Option<&EntropixConfig> {
    match sampler.config() {
        SamplerConfig::Entropix(config) => Some(config),
        _ => None,
    }
}
