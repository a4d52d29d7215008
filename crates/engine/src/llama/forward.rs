//! The forward pass, top to bottom.

use std::ops::Range;

use super::{Config, Llama};
use crate::attention::AttentionSignals;
use crate::kernel::{Add, CHUNK, Chunk, Quantize, Rms, SwiGlu, rotate};
use crate::kv_cache::{KvCache, PAGE};
use crate::matrix::Input;
use crate::{EngineError, Precision};

/// Most tokens of a prompt that go through the layers together.
pub(super) const CHUNK_TOKENS: usize = 32;

/// Tokens that go through the layers together and belong to one sequence.
pub(super) struct Part<'a> {
    pub(super) ids: &'a [u32],
    /// Has room for them.
    pub(super) cache: &'a mut KvCache,
    /// Filled for the last of them.
    pub(super) attention: Option<&'a mut AttentionSignals>,
}

/// Buffers of the forward pass, used again for every token. Shapes: tokens first.
#[derive(Default)]
pub(super) struct Scratch {
    /// The residual stream, (tokens, hidden).
    stream: Vec<f32>,
    /// What a block reads of the stream, and what it adds to it, (tokens, hidden).
    normed: Vec<f32>,
    result: Vec<f32>,
    /// The input of the next matrix product, rounded: (tokens, its width / 32).
    rounded: Vec<Chunk>,
    /// (tokens, heads · head)
    query: Vec<f32>,
    mixed: Vec<f32>,
    /// (tokens, KV heads · head)
    key: Vec<f32>,
    value: Vec<f32>,
    /// (tokens, feed forward)
    gate: Vec<f32>,
    up: Vec<f32>,
    /// Cosine and sine of each pair's angle, (tokens, head / 2).
    turns: Vec<(f32, f32)>,
    /// One KV head's keys or values of a page, (page, head).
    pub(super) page: Vec<f32>,
    /// Attention of the query heads that share a KV head, (tokens, heads / KV heads, keys).
    pub(super) scores: Vec<f32>,
}

impl Scratch {
    /// Sets the sizes for so many tokens. Capacity is kept: nothing is allocated twice.
    fn fit(&mut self, config: &Config, tokens: usize) {
        let Config { hidden, feed_forward, head, .. } = *config;
        self.stream.resize(tokens * hidden, 0.0);
        self.normed.resize(tokens * hidden, 0.0);
        self.result.resize(tokens * hidden, 0.0);
        self.query.resize(tokens * config.queries(), 0.0);
        self.mixed.resize(tokens * config.queries(), 0.0);
        self.key.resize(tokens * config.keys(), 0.0);
        self.value.resize(tokens * config.keys(), 0.0);
        self.gate.resize(tokens * feed_forward, 0.0);
        self.up.resize(tokens * feed_forward, 0.0);
        self.turns.resize(tokens * head / 2, (0.0, 0.0));
        self.page.resize(PAGE * head, 0.0);
        let widest = hidden.max(feed_forward).max(config.queries());
        self.rounded.resize(tokens * widest / CHUNK, Chunk::ZERO);
    }
}

impl Llama {
    /// Takes the parts' tokens through all layers and into their caches. What comes out stays in
    /// `scratch`, for [`Self::logits`]; tokens are numbered through the parts.
    pub(super) fn forward(&self, scratch: &mut Scratch, parts: &mut [Part<'_>]) {
        let (config, kernel) = (&self.config, self.kernel);
        let (hidden, epsilon) = (config.hidden, config.epsilon);
        scratch.fit(config, parts.iter().map(|part| part.ids.len()).sum());

        let ids = parts.iter().flat_map(|part| part.ids);
        for (id, stream) in ids.zip(scratch.stream.chunks_exact_mut(hidden)) {
            self.weights.embedding.row(*id as usize, stream);
        }
        self.turn(scratch, parts);

        for (index, layer) in self.weights.layers.iter().enumerate() {
            let Scratch { stream, normed, rounded, .. } = scratch;

            // Attention: each token asks (query) what the earlier ones offer (keys, values).
            let weight = &layer.attention_norm;
            kernel.run(Rms { from: stream, weight, epsilon, to: normed });
            let input = self.input(normed, rounded);
            layer.query.multiply(kernel, input, &mut scratch.query);
            layer.key.multiply(kernel, input, &mut scratch.key);
            layer.value.multiply(kernel, input, &mut scratch.value);
            self.attend(index, scratch, parts);
            let Scratch { stream, normed, rounded, .. } = scratch;
            layer.output.multiply(kernel, self.input(&scratch.mixed, rounded), &mut scratch.result);
            kernel.run(Add { from: &scratch.result, to: stream });

            // Feed forward: each token by itself.
            let weight = &layer.feed_forward_norm;
            kernel.run(Rms { from: stream, weight, epsilon, to: normed });
            let input = self.input(normed, rounded);
            layer.gate.multiply(kernel, input, &mut scratch.gate);
            layer.up.multiply(kernel, input, &mut scratch.up);
            kernel.run(SwiGlu { gate: &mut scratch.gate, up: &scratch.up });
            layer.down.multiply(kernel, self.input(&scratch.gate, rounded), &mut scratch.result);
            kernel.run(Add { from: &scratch.result, to: stream });
        }
        for part in parts {
            part.cache.advance(part.ids.len());
        }
    }

    /// Empties `logits` and makes room in it for those of so many tokens.
    pub(super) fn make_room(
        &self,
        logits: &mut Vec<f32>,
        tokens: usize,
    ) -> Result<(), EngineError> {
        let needed = tokens * self.config.vocabulary;
        logits.clear();
        logits.try_reserve(needed).map_err(|_| EngineError::OutOfMemory { bytes: 4 * needed })
    }

    /// Appends the logits of some of the last [`Self::forward`]'s tokens: (tokens, vocabulary).
    pub(super) fn logits(
        &self,
        scratch: &mut Scratch,
        tokens: Range<usize>,
        logits: &mut Vec<f32>,
    ) {
        let hidden = self.config.hidden;
        let Scratch { stream, normed, rounded, .. } = scratch;
        let range = tokens.start * hidden..tokens.end * hidden;
        let (from, to) = (&stream[range.clone()], &mut normed[range]);
        let (weight, epsilon) = (&self.weights.norm, self.config.epsilon);
        self.kernel.run(Rms { from, weight, epsilon, to });
        let first = logits.len();
        logits.resize(first + tokens.len() * self.config.vocabulary, 0.0);
        let input = self.input(to, rounded);
        self.weights.output().multiply(self.kernel, input, &mut logits[first..]);
    }

    /// The input of a matrix product.
    fn input<'a>(&self, from: &'a [f32], rounded: &'a mut [Chunk]) -> Input<'a> {
        match self.options.precision {
            Precision::F32 => Input::Exact(from),
            Precision::Int16 => {
                let to = &mut rounded[..from.len() / CHUNK];
                self.kernel.run(Quantize { from, to });
                Input::Rounded(to)
            }
        }
    }

    /// The angles by which each token's queries and keys are turned.
    fn turn(&self, scratch: &mut Scratch, parts: &[Part<'_>]) {
        let positions = parts.iter().flat_map(|part| (part.cache.len()..).take(part.ids.len()));
        let pairs = self.config.head / 2;
        for (position, turns) in positions.zip(scratch.turns.chunks_exact_mut(pairs)) {
            for (turn, frequency) in turns.iter_mut().zip(&self.weights.frequencies) {
                // `libm`: the same digits natively and in a browser.
                let (sin, cos) = libm::sincos(position as f64 * frequency);
                *turn = (cos as f32, sin as f32);
            }
        }
    }

    /// Turns queries and keys, writes keys and values into the caches, and mixes the values.
    fn attend(&self, layer: usize, scratch: &mut Scratch, parts: &mut [Part<'_>]) {
        let (queries, keys) = (self.config.queries(), self.config.keys());
        let pairs = self.config.head / 2;
        for ((query, key), turns) in scratch
            .query
            .chunks_exact_mut(queries)
            .zip(scratch.key.chunks_exact_mut(keys))
            .zip(scratch.turns.chunks_exact(pairs))
        {
            rotate(query, turns);
            rotate(key, turns);
        }
        let mut from = 0;
        for part in parts {
            let tokens = from..from + part.ids.len();
            let vectors = scratch.key.chunks_exact(keys).zip(scratch.value.chunks_exact(keys));
            let first = part.cache.len();
            for (i, (key, value)) in vectors.skip(from).take(tokens.len()).enumerate() {
                part.cache.write(layer, first + i, key, value);
            }
            let range = tokens.start * queries..tokens.end * queries;
            super::attend::Attend {
                kernel: self.kernel,
                config: &self.config,
                layer,
                query: &scratch.query[range.clone()],
                cache: part.cache,
                page: &mut scratch.page,
                scores: &mut scratch.scores,
                attention: part.attention.as_deref_mut(),
                mixed: &mut scratch.mixed[range],
            }
            .run();
            from = tokens.end;
        }
    }
}
