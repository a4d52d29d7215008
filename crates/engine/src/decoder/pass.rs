//! Tokens on their way through the layers.

use super::Config;
use super::attend::Attend;
use super::layer::{Attention, FeedForward, Gated, Inputs, Layer};
use super::math::Math;
use super::plan::{LayerPlan, Plan};
use super::rope::Frequencies;
use super::scratch::{Scratch, split};
use crate::EngineError;
use crate::attention::AttentionSignals;
use crate::kernel::rotate;
use crate::kv_cache::KvCache;

/// Tokens that go through the layers together and belong to one sequence.
pub(super) struct Part<'a> {
    pub(super) ids: &'a [u32],
    /// Has room for them.
    pub(super) cache: &'a mut KvCache,
    /// Length of the text that they belong to.
    pub(super) positions: usize,
    /// Filled for the last of them.
    pub(super) attention: Option<&'a mut AttentionSignals>,
}

/// The tokens of all parts, one after the other. The residual stream is in `scratch`.
pub(super) struct Pass<'a, 'p> {
    pub(super) math: Math,
    pub(super) config: &'a Config,
    pub(super) plan: &'a Plan,
    pub(super) scratch: &'a mut Scratch,
    pub(super) parts: &'a mut [Part<'p>],
}

impl Pass<'_, '_> {
    /// Fills the angles by which each token's queries and keys are rotated, for each of the plan's
    /// rotary embeddings.
    pub(super) fn set_ropes(&mut self, ropes: &[Frequencies]) {
        for (frequencies, rope) in ropes.iter().zip(&mut self.scratch.ropes) {
            let mut angles = rope.iter_mut();
            for part in &*self.parts {
                let (first, tokens) = (part.cache.len(), part.ids.len());
                let turns = frequencies.of_text(part.positions);
                for position in first..first + tokens {
                    for (turn, pair) in turns.iter().zip(angles.by_ref()) {
                        // `libm`: the same digits natively and in a browser.
                        let (sin, cos) = libm::sincos(position as f64 * turn);
                        let magnitude = frequencies.magnitude;
                        *pair = ((cos * magnitude) as f32, (sin * magnitude) as f32);
                    }
                }
            }
        }
    }

    /// Takes the tokens through one layer: from the residual stream, back into it.
    pub(super) fn layer(&mut self, index: usize, layer: &Layer) -> Result<(), EngineError> {
        self.attention(index, &layer.attention)?;
        self.feed_forward(&layer.feed_forward);
        Ok(())
    }

    fn attention(&mut self, index: usize, weights: &Attention) -> Result<(), EngineError> {
        let math = self.math;
        let Scratch { residual, normed, rounded, query, key, value, fused, .. } =
            &mut *self.scratch;
        let input = match &weights.norm {
            None => math.input(residual, rounded),
            Some(norm) => {
                math.rms_norm(residual, norm, normed);
                math.input(normed, rounded)
            }
        };
        match &weights.inputs {
            Inputs::Separate { query: to_query, key: to_key, value: to_value } => {
                math.linear(to_query, input, query);
                math.linear(to_key, input, key);
                math.linear(to_value, input, value);
            }
            Inputs::Fused(all) => {
                fused.resize(query.len() + key.len() + value.len(), 0.0);
                math.linear(all, input, fused);
                let (queries, keys) = (self.config.queries(), self.config.keys());
                split(fused, &mut [(query, queries), (key, keys), (value, keys)]);
            }
        }
        math.rms_norm_in_place(weights.query_norm.as_ref(), query);
        math.rms_norm_in_place(weights.key_norm.as_ref(), key);
        self.rotate(index);
        self.attend(index)?;

        let Scratch { residual, rounded, attention_output, result, .. } = &mut *self.scratch;
        math.linear(&weights.output, math.input(attention_output, rounded), result);
        math.rms_norm_in_place(weights.post_norm.as_ref(), result);
        math.add_scaled(result, self.plan.residual_scale, residual);
        Ok(())
    }

    fn feed_forward(&mut self, weights: &FeedForward) {
        let math = self.math;
        let Scratch { residual, normed, rounded, result, gate, up, fused, .. } = &mut *self.scratch;
        let input = match &weights.norm {
            None => math.input(residual, rounded),
            Some(norm) => {
                math.rms_norm(residual, norm, normed);
                math.input(normed, rounded)
            }
        };
        match &weights.gated {
            Gated::Separate { gate: to_gate, up: to_up } => {
                math.linear(to_gate, input, gate);
                math.linear(to_up, input, up);
            }
            Gated::Fused(both) => {
                fused.resize(gate.len() + up.len(), 0.0);
                math.linear(both, input, fused);
                let width = self.config.feed_forward;
                split(fused, &mut [(gate, width), (up, width)]);
            }
        }
        math.gated(self.plan.activation, gate, up);
        math.linear(&weights.down, math.input(gate, rounded), result);
        math.rms_norm_in_place(weights.post_norm.as_ref(), result);
        math.add_scaled(result, self.plan.residual_scale, residual);
    }

    fn plan_of(&self, layer: usize) -> LayerPlan {
        self.plan.layers[layer]
    }

    /// Rotary embedding of queries and keys, in the layers that have one.
    fn rotate(&mut self, layer: usize) {
        let Some(rope) = self.plan_of(layer).rope else { return };
        let Scratch { query, key, ropes, .. } = &mut *self.scratch;
        let (queries, keys, head) = (self.config.queries(), self.config.keys(), self.config.head);
        let pairs = self.plan.ropes[rope].width / 2;
        let tokens = query.chunks_exact_mut(queries).zip(key.chunks_exact_mut(keys));
        for ((query, key), rope) in tokens.zip(ropes[rope].chunks_exact(pairs)) {
            rotate(query, head, rope, self.plan.pairs);
            rotate(key, head, rope, self.plan.pairs);
        }
    }

    /// Writes `key` and `value` into the caches, and what each query finds there into
    /// `attention_output`.
    fn attend(&mut self, layer: usize) -> Result<(), EngineError> {
        let window = self.plan_of(layer).window;
        let Self { scratch, config, plan, math, .. } = self;
        let (queries, keys) = (config.queries(), config.keys());
        let mut from = 0;
        for part in &mut *self.parts {
            let tokens = from..from + part.ids.len();
            let vectors = scratch.key.chunks_exact(keys).zip(scratch.value.chunks_exact(keys));
            let first = part.cache.len();
            for (i, (key, value)) in vectors.skip(from).take(tokens.len()).enumerate() {
                part.cache.write(layer, first + i, key, value)?;
            }
            let range = tokens.start * queries..tokens.end * queries;
            Attend {
                math: *math,
                config,
                plan,
                layer,
                window,
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
