//! Buffers of the forward pass.

use super::Config;
use super::plan::Plan;
use crate::kernel::{ActivationBlock, BLOCK};
use crate::kv_cache::PAGE;

/// Buffers that are used again for every token. Shapes: tokens first.
#[derive(Default)]
pub(super) struct Scratch {
    /// The residual stream, (tokens, hidden).
    pub(super) residual: Vec<f32>,
    /// What a sublayer reads of the residual stream, and what it adds to it, (tokens, hidden).
    pub(super) normed: Vec<f32>,
    pub(super) result: Vec<f32>,
    /// The input of the next matrix product, rounded: (tokens, its width / 32).
    pub(super) rounded: Vec<ActivationBlock>,
    /// (tokens, heads · head)
    pub(super) query: Vec<f32>,
    pub(super) attention_output: Vec<f32>,
    /// (tokens, KV heads · head)
    pub(super) key: Vec<f32>,
    pub(super) value: Vec<f32>,
    /// (tokens, feed forward)
    pub(super) gate: Vec<f32>,
    pub(super) up: Vec<f32>,
    /// What one product gives for several of these, side by side; as long as the last one.
    pub(super) fused: Vec<f32>,
    /// For each of the plan's rotary embeddings: cosine and sine of each pair's angle, (tokens,
    /// pairs).
    pub(super) ropes: Vec<Vec<(f32, f32)>>,
    /// One KV head's keys or values of a page, (page, head).
    pub(super) page: Vec<f32>,
    /// Attention scores, then weights, of the query heads that share a KV head,
    /// (tokens, heads / KV heads, keys).
    pub(super) scores: Vec<f32>,
}

impl Scratch {
    /// Sets the sizes for so many tokens. Capacity is kept: nothing is allocated twice.
    pub(super) fn fit(&mut self, config: &Config, plan: &Plan, tokens: usize) {
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
        self.ropes.resize_with(plan.ropes.len(), Vec::new);
        for (angles, rope) in self.ropes.iter_mut().zip(&plan.ropes) {
            angles.resize(tokens * rope.width / 2, (0.0, 0.0));
        }
        self.page.resize(PAGE * head, 0.0);
        let widest = hidden.max(feed_forward).max(config.queries());
        self.rounded.resize(tokens * widest / BLOCK, ActivationBlock::ZERO);
    }
}

/// Cuts each row of `fused` into the rows of `parts`, which have these widths.
pub(super) fn split(fused: &[f32], parts: &mut [(&mut Vec<f32>, usize)]) {
    let width = parts.iter().map(|(_, width)| width).sum();
    let mut from = 0;
    for (part, columns) in parts {
        for (to, row) in part.chunks_exact_mut(*columns).zip(fused.chunks_exact(width)) {
            to.copy_from_slice(&row[from..from + *columns]);
        }
        from += *columns;
    }
}
