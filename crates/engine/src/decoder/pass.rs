//! Tokens on their way through the layers.

use super::Config;
use super::attend::Attend;
use super::math::Math;
use super::scratch::Scratch;
use crate::EngineError;
use crate::attention::AttentionSignals;
use crate::kernel::rotate;
use crate::kv_cache::KvCache;

/// Tokens that go through the layers together and belong to one sequence.
pub(super) struct Part<'a> {
    pub(super) ids: &'a [u32],
    /// Has room for them.
    pub(super) cache: &'a mut KvCache,
    /// Filled for the last of them.
    pub(super) attention: Option<&'a mut AttentionSignals>,
}

/// The tokens of all parts, one after the other, in one layer.
pub(crate) struct Pass<'a, 'p> {
    pub(crate) math: Math,
    /// The residual stream, and what an architecture writes beside it.
    pub(crate) scratch: &'a mut Scratch,
    pub(super) config: &'a Config,
    pub(super) parts: &'a mut [Part<'p>],
    /// The layer that they are in.
    pub(super) layer: usize,
}

impl Pass<'_, '_> {
    /// Fills the angles by which each token's queries and keys are rotated.
    pub(super) fn set_rope(&mut self, frequencies: &[f64]) {
        let positions =
            self.parts.iter().flat_map(|part| (part.cache.len()..).take(part.ids.len()));
        let tokens = self.scratch.rope.chunks_exact_mut(frequencies.len());
        for (position, rope) in positions.zip(tokens) {
            for (pair, frequency) in rope.iter_mut().zip(frequencies) {
                // `libm`: the same digits natively and in a browser.
                let (sin, cos) = libm::sincos(position as f64 * frequency);
                *pair = (cos as f32, sin as f32);
            }
        }
    }

    /// Rotary embedding of queries and keys, whose pairs are neighbours.
    pub(crate) fn rope_neighbours(&mut self) {
        let Scratch { query, key, rope, .. } = &mut *self.scratch;
        let (queries, keys) = (self.config.queries(), self.config.keys());
        let tokens = query.chunks_exact_mut(queries).zip(key.chunks_exact_mut(keys));
        for ((query, key), rope) in tokens.zip(rope.chunks_exact(self.config.head / 2)) {
            rotate(query, rope);
            rotate(key, rope);
        }
    }

    /// Attention: writes `key` and `value` into the caches, and what each query finds there into
    /// `attention_output`.
    pub(crate) fn attend(&mut self) -> Result<(), EngineError> {
        let Self { scratch, config, layer, .. } = self;
        let (queries, keys) = (config.queries(), config.keys());
        let mut from = 0;
        for part in &mut *self.parts {
            let tokens = from..from + part.ids.len();
            let vectors = scratch.key.chunks_exact(keys).zip(scratch.value.chunks_exact(keys));
            let first = part.cache.len();
            for (i, (key, value)) in vectors.skip(from).take(tokens.len()).enumerate() {
                part.cache.write(*layer, first + i, key, value)?;
            }
            let range = tokens.start * queries..tokens.end * queries;
            Attend {
                kernel: self.math.kernel,
                config,
                layer: *layer,
                query: &scratch.query[range.clone()],
                cache: part.cache,
                page: &mut scratch.page,
                scores: &mut scratch.scores,
                attention: part.attention.as_deref_mut(),
                output: &mut scratch.attention_output[range],
            }
            .run();
            from = tokens.end;
        }
        Ok(())
    }
}
