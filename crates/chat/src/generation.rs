//! One answer, in steps.

use entropix::{Attention, Decision, EntropixConfig, Sampler, SamplerConfig};
use entropix_engine::TextStream;
use entropix_protocol::{Finish, Stats, TokenEntry};
use web_time::Instant;

use crate::entry::entry;
use crate::session::Cached;
use crate::{Chat, ChatError};

/// Time one piece of prefill aims at, in ms: well below what feels like a frozen worker.
const PREFILL_MS: f64 = 60.0;
const FIRST_CHUNK: usize = 2;
const MAX_CHUNK: usize = 64;

/// What a call of [`Generation::advance`] did.
#[derive(Clone, Debug)]
pub enum Step {
    /// Read part of the prompt.
    Prefill {
        /// Tokens read, reused ones included.
        done: u32,
        /// Tokens in all.
        total: u32,
    },
    /// Chose a token.
    Token(Box<TokenEntry>),
    /// The answer is complete.
    Done(Finish),
}

/// An answer in the making.
pub struct Generation {
    prompt: Vec<u32>,
    /// `None` once the answer is complete: the caches went back to the chat.
    cached: Option<Cached>,
    sampler: Sampler,
    generated: Vec<u32>,
    text: TextStream,
    max_tokens: usize,
    chunk: usize,
    stats: Stats,
    finish: Option<Finish>,
}

impl Generation {
    pub(crate) fn start(
        chat: &mut Chat,
        prompt: Vec<u32>,
        sampler: SamplerConfig,
        seed: u64,
        max_tokens: u32,
    ) -> Result<Self, ChatError> {
        let context_length = chat.loaded.model.shape().context_length;
        if prompt.is_empty() {
            return Err(ChatError::EmptyPrompt);
        }
        if prompt.len() >= context_length {
            return Err(ChatError::PromptTooLong { tokens: prompt.len(), context_length });
        }
        let sampler = Sampler::new(sampler, seed)?;
        let mut cached = chat.session.resume(chat.loaded.model.as_ref(), &prompt)?;
        cached.observe(chat.attention || entropix(&sampler).is_some_and(|c| c.wants_attention));
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
            text: TextStream::new(chat.tokenizer()),
            max_tokens: if max_tokens == 0 { usize::MAX } else { max_tokens as usize },
            chunk: FIRST_CHUNK,
            stats,
            finish: None,
        })
    }

    /// Does the next piece of work: at most about 100 ms of prefill, or one token.
    ///
    /// # Errors
    /// The engine or the sampler failed; the generation is over then.
    pub fn advance(&mut self, chat: &mut Chat) -> Result<Step, ChatError> {
        let Some(cached) = self.cached.take() else {
            return Ok(Step::Done(self.finish.unwrap_or(Finish::Stopped)));
        };
        if cached.ids.len() < self.prompt.len() {
            self.prefill(cached)
        } else if let Some(finish) = self.end(chat, &cached) {
            self.complete(chat, cached, finish);
            Ok(Step::Done(finish))
        } else {
            self.token(chat, cached)
        }
    }

    /// Ends the answer where it stands; the caches stay usable for the next one.
    pub fn stop(&mut self, chat: &mut Chat) -> Finish {
        if let Some(cached) = self.cached.take() {
            self.complete(chat, cached, Finish::Stopped);
        }
        self.finish.unwrap_or(Finish::Stopped)
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
        if let Some(&last) = self.generated.last() {
            cached.append(&[last])?;
        }
        let decision = self.decide(&cached)?;
        let id = decision.token;
        self.generated.push(id);
        let mut text = self.text.push(chat.tokenizer(), id);
        if chat.tokenizer().is_end(id) {
            text.push_str(&self.text.finish());
        }
        let shown = cached.attention().filter(|_| chat.attention);
        let entry = entry(chat.tokenizer(), &cached.logits, decision, text, shown);
        self.stats.tokens += 1;
        self.stats.decode_ms += start.elapsed().as_secs_f64() * 1000.0;
        self.cached = Some(cached);
        Ok(Step::Token(Box::new(entry)))
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
        SamplerConfig::Greedy | SamplerConfig::Plain(_) => None,
    }
}
