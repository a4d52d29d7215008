//! Buffers of the forward pass.

use super::Config;
use crate::kernel::{ActivationBlock, BLOCK};
use crate::kv_cache::PAGE;

/// Buffers that are used again for every token. Shapes: tokens first.
#[derive(Default)]
pub(crate) struct Scratch {
    /// The residual stream, (tokens, hidden).
    pub(crate) residual: Vec<f32>,
    /// What a sublayer reads of the residual stream, and what it adds to it, (tokens, hidden).
    pub(crate) normed: Vec<f32>,
    pub(crate) result: Vec<f32>,
    /// The input of the next matrix product, rounded: (tokens, its width / 32).
    pub(crate) rounded: Vec<ActivationBlock>,
    /// (tokens, heads · head)
    pub(crate) query: Vec<f32>,
    pub(crate) attention_output: Vec<f32>,
    /// (tokens, KV heads · head)
    pub(crate) key: Vec<f32>,
    pub(crate) value: Vec<f32>,
    /// (tokens, feed forward)
    pub(crate) gate: Vec<f32>,
    pub(crate) up: Vec<f32>,
    /// Cosine and sine of each pair's angle, (tokens, head / 2).
    pub(super) rope: Vec<(f32, f32)>,
    /// One KV head's keys or values of a page, (page, head).
    pub(super) page: Vec<f32>,
    /// Attention scores, then weights, of the query heads that share a KV head,
    /// (tokens, heads / KV heads, keys).
    pub(super) scores: Vec<f32>,
}

impl Scratch {
    /// Sets the sizes for so many tokens. Capacity is kept: nothing is allocated twice.
    pub(super) fn fit(&mut self, config: &Config, tokens: usize) {
        let Config { hidden, feed_forward, head, .. } = *config;
        self.residual.resize(tokens * hidden, 0.0);
        self.normed.resize(tokens * hidden, 0.0);
        self.result.resize(tokens * hidden, 0.0);
        self.query.resize(tokens * config.queries(), 0.0);
        self.attention_output.resize(tokens * config.queries(), 0.0);
        self.key.resize(tokens * config.keys(), 0.0);
        self.value.resize(tokens * config.keys(), 0.0);
        self.gate.resize(tokens * feed_forward, 0.0);
        self.up.resize(tokens * feed_forward, 0.0);
        self.rope.resize(tokens * head / 2, (0.0, 0.0));
        self.page.resize(PAGE * head, 0.0);
        let widest = hidden.max(feed_forward).max(config.queries());
        self.rounded.resize(tokens * widest / BLOCK, ActivationBlock::ZERO);
    }
}
