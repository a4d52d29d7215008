//! How an answer ended, and how fast it was.

use serde::{Deserialize, Serialize};

/// Why a generation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Finish {
    /// The model produced an end-of-generation token.
    EndOfTurn,
    /// `max_tokens` were produced.
    MaxTokens,
    /// The context is full.
    ContextFull,
    /// The person stopped it.
    Stopped,
}

/// How fast a generation was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stats {
    /// Tokens of the prompt, and of an answer that goes on from another one those that were kept, that were
    /// read, now or for an earlier answer: all of them, unless the answer was stopped before.
    pub prompt_tokens: u32,
    /// Of these, tokens that were read for an earlier answer and still cached.
    pub reused_tokens: u32,
    /// Time spent on the prompt's other tokens, in ms.
    pub prefill_ms: f64,
    /// Tokens produced.
    pub tokens: u32,
    /// Time spent on those after the first, sampler included, in ms; of a pass that several answers share, all
    /// of it. The first one's pass is the prompt's.
    pub decode_ms: f64,
    /// Time spent on decisions and on what is recorded of them, in ms; inside branches it is not
    /// counted.
    #[serde(default)]
    pub sampler_ms: f64,
    /// WebAssembly memory, in bytes; 0 outside the browser.
    pub memory_bytes: f64,
}

impl Stats {
    /// Prompt tokens per second, or `None` if nothing was prefilled.
    pub fn prefill_tokens_per_second(&self) -> Option<f64> {
        rate(self.prompt_tokens.saturating_sub(self.reused_tokens), self.prefill_ms)
    }

    /// Produced tokens per second, or `None` if there was one at most.
    pub fn decode_tokens_per_second(&self) -> Option<f64> {
        rate(self.tokens.saturating_sub(1), self.decode_ms)
    }
}

fn rate(tokens: u32, ms: f64) -> Option<f64> {
    (tokens > 0 && ms > 0.0).then(|| f64::from(tokens) * 1000.0 / ms)
}
