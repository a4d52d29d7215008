//! Attention of one sequence's tokens in one layer.

use super::Config;
use super::math::Math;
use super::plan::Plan;
use crate::attention::AttentionSignals;
use crate::kernel::{Mix, Scores, Softmax};
use crate::kv_cache::{Half, KvCache, PAGE, PageOf};

/// Each token looks at the positions up to its own, or at the last of them; their keys and values are
/// in the cache already.
pub(super) struct Attend<'a> {
    pub(super) math: Math,
    pub(super) config: &'a Config,
    pub(super) plan: &'a Plan,
    pub(super) layer: usize,
    /// How many positions a token sees, its own the last; none: all.
    pub(super) window: Option<usize>,
    /// (tokens, heads · head)
    pub(super) query: &'a [f32],
    pub(super) cache: &'a KvCache,
    /// (page, head)
    pub(super) page: &'a mut [f32],
    pub(super) scores: &'a mut Vec<f32>,
    pub(super) attention: Option<&'a mut AttentionSignals>,
    /// (tokens, heads · head)
    pub(super) output: &'a mut [f32],
}

impl Attend<'_> {
    pub(super) fn run(self) {
        let Self { math, config, plan, layer, window, query, cache, page, scores, .. } = self;
        let Self { mut attention, output, .. } = self;
        let kernel = math.kernel;
        let Config { heads, kv_heads, head, .. } = *config;
        let (tokens, before) = (query.len() / config.queries(), cache.len());
        let keys = before + tokens;
        // What a token sees.
        let start =
            |token: usize| (before + token + 1).saturating_sub(window.unwrap_or(usize::MAX));
        let end = |token: usize| before + token + 1;
        // What it sees of a page: the page's positions from … to.
        let part = |token: usize, first: usize, count: usize| {
            let from = count.min(start(token).saturating_sub(first));
            from..count.min(end(token).saturating_sub(first)).max(from)
        };
        // Pages before the first token's window are not looked at.
        let pages = || {
            let pages = (0..keys).step_by(PAGE).enumerate().skip(start(0) / PAGE);
            pages.map(|(index, first)| (index, first, PAGE.min(keys - first)))
        };
        // Query heads that share a KV head go over its pages together.
        let sharing = heads / kv_heads;
        scores.resize(tokens * sharing * keys, 0.0);
        output.fill(0.0);

        for kv_head in 0..kv_heads {
            // For each token and query head: its place in `scores`, and in `query` and `output`.
            let places = || {
                (0..tokens * sharing).map(move |row| {
                    let (token, sharer) = (row / sharing, row % sharing);
                    let vector = (token * heads + kv_head * sharing + sharer) * head;
                    (token, row * keys, vector..vector + head)
                })
            };

            for (index, first, count) in pages() {
                let at = PageOf { half: Half::Keys, layer, kv_head, index, count };
                let stored = cache.page(at, kernel, page);
                for (token, row, vector) in places() {
                    let seen = part(token, first, count);
                    kernel.run(Scores {
                        query: &query[vector],
                        keys: &stored[seen.start * head..seen.end * head],
                        scale: plan.attention_scale,
                        to: &mut scores[row + first + seen.start..row + first + seen.end],
                    });
                }
            }

            for (token, row, vector) in places() {
                let scores = &mut scores[row + start(token)..row + end(token)];
                math.soft_cap(scores, plan.attention_cap);
                let observed = attention.as_deref_mut().filter(|_| token + 1 == tokens);
                let entropy = observed
                    .map(|signals| signals.take(layer, vector.start / head % heads, scores));
                kernel.run(Softmax { scores, entropy });
            }

            for (index, first, count) in pages() {
                let at = PageOf { half: Half::Values, layer, kv_head, index, count };
                let stored = cache.page(at, kernel, page);
                for (token, row, vector) in places() {
                    let seen = part(token, first, count);
                    kernel.run(Mix {
                        weights: &scores[row + first + seen.start..row + first + seen.end],
                        values: &stored[seen.start * head..seen.end * head],
                        output: &mut output[vector],
                    });
                }
            }
        }
    }
}
