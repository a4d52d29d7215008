//! Attention of one sequence's tokens in one layer.

use super::Config;
use crate::attention::AttentionSignals;
use crate::kernel::{KernelImpl, Mix, Scores, Softmax};
use crate::kv_cache::{Half, KvCache, PAGE, PageOf};

/// Each token looks at all positions up to its own; their keys and values are in the cache already.
pub(super) struct Attend<'a> {
    pub(super) kernel: KernelImpl,
    pub(super) config: &'a Config,
    pub(super) layer: usize,
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
        let Self { kernel, config, layer, query, cache, page, scores, mut attention, output } =
            self;
        let Config { heads, kv_heads, head, .. } = *config;
        let (tokens, before) = (query.len() / config.queries(), cache.len());
        let keys = before + tokens;
        let pages = || (0..keys).step_by(PAGE).map(|first| (first, PAGE.min(keys - first)));
        let scale = 1.0 / (head as f32).sqrt();
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

            for (index, (first, count)) in pages().enumerate() {
                let at = PageOf { half: Half::Keys, layer, kv_head, index, count };
                let stored = cache.page(at, kernel, page);
                for (token, row, vector) in places() {
                    let seen = count.min((before + token + 1).saturating_sub(first));
                    kernel.run(Scores {
                        query: &query[vector],
                        keys: &stored[..seen * head],
                        scale,
                        to: &mut scores[row + first..row + first + seen],
                    });
                }
            }

            for (token, row, vector) in places() {
                let scores = &mut scores[row..=row + before + token];
                let observed = attention.as_deref_mut().filter(|_| token + 1 == tokens);
                let entropy = observed
                    .map(|signals| signals.take(layer, vector.start / head % heads, scores));
                kernel.run(Softmax { scores, entropy });
            }

            for (index, (first, count)) in pages().enumerate() {
                let at = PageOf { half: Half::Values, layer, kv_head, index, count };
                let stored = cache.page(at, kernel, page);
                for (token, row, vector) in places() {
                    let seen = count.min((before + token + 1).saturating_sub(first));
                    kernel.run(Mix {
                        weights: &scores[row + first..row + first + seen],
                        values: &stored[..seen * head],
                        output: &mut output[vector],
                    });
                }
            }
        }
    }
}
