//! A loaded model, and the forward pass from token ids to logits.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use super::Config;
use super::architecture::Architecture;
use super::math::Math;
use super::pass::{Part, Pass};
use super::plan::Plan;
use super::scratch::Scratch;
use super::tensors::Tensors;
use super::weights::Weights;
use crate::gguf::Header;
use crate::matrix::ReadSeek;
use crate::metadata::Keys;
use crate::{EngineError, EngineOptions, KvType, ModelShape};

/// Most tokens of a prompt that go through the layers together.
pub(super) const PREFILL_BATCH: usize = 32;

/// Weights of a model, and how to compute with them: what its sequences share.
pub(super) struct Model {
    pub(super) shape: ModelShape,
    pub(super) config: Config,
    pub(super) kv: KvType,
    pub(super) scratch: RefCell<Scratch>,
    /// Longer ones are rotated otherwise.
    pub(super) most_of_short_texts: usize,
    plan: Plan,
    weights: Weights,
    math: Math,
}

/// What a header says, checked.
fn read(architecture: &Architecture, header: &Header) -> Result<(Config, Plan), EngineError> {
    let keys = Keys::new(&header.metadata, architecture.name);
    let config = Config::read(keys, header)?;
    let plan = (architecture.plan)(keys, &config)?;
    Ok((config, plan))
}

impl Architecture {
    /// Checks everything about a file but its weights; returns the tokens that it has embeddings
    /// of.
    pub(crate) fn check(&self, header: &Header) -> Result<usize, EngineError> {
        let (config, plan) = read(self, header)?;
        Weights::read(self, &config, &plan, Tensors::new(header, None))?;
        Ok(config.vocabulary)
    }
}

impl Model {
    /// Reads the weights of a file that [`Architecture::check`] accepted.
    pub(super) fn load(
        architecture: &Architecture,
        header: &Header,
        options: EngineOptions,
        reader: &mut dyn ReadSeek,
    ) -> Result<Rc<Self>, EngineError> {
        let (config, plan) = read(architecture, header)?;
        let tensors = Tensors::new(header, Some(reader));
        let weights = Weights::read(architecture, &config, &plan, tensors)?;
        let EngineOptions { kernel, precision, kv } = options;
        let kernel = kernel.find()?;
        Ok(Rc::new(Self {
            shape: config.shape(architecture.name, kernel.name()),
            math: Math { kernel, precision, epsilon: config.epsilon },
            config,
            kv,
            scratch: RefCell::default(),
            most_of_short_texts: plan.most_of_short_texts(),
            plan,
            weights,
        }))
    }

    /// Whether a text of so many positions is rotated as a long one.
    pub(super) fn is_long(&self, positions: usize) -> bool {
        positions > self.most_of_short_texts
    }

    /// Takes the parts' tokens through all layers and into their caches. What comes out stays in
    /// `scratch`, for [`Self::logits`]; tokens are numbered through the parts.
    pub(super) fn forward(
        &self,
        scratch: &mut Scratch,
        parts: &mut [Part<'_>],
    ) -> Result<(), EngineError> {
        let Self { config, plan, math, .. } = self;
        let Weights { embedding, layers, ropes, .. } = &self.weights;
        scratch.fit(config, plan, parts.iter().map(|part| part.ids.len()).sum());

        let ids = parts.iter().flat_map(|part| part.ids);
        for (id, row) in ids.zip(scratch.residual.chunks_exact_mut(config.hidden)) {
            embedding.row(*id as usize, row);
        }
        math.scale(&mut scratch.residual, plan.embedding_scale);
        let mut pass = Pass { math: *math, config, plan, scratch, parts };
        pass.set_ropes(ropes);
        for (index, layer) in layers.iter().enumerate() {
            pass.layer(index, layer)?;
        }
        for part in parts {
            part.cache.advance(part.ids.len());
        }
        Ok(())
    }

    /// Empties `logits` and makes room in it for those of so many tokens.
    pub(super) fn reserve_logits(
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
        let Self { config, plan, math, .. } = self;
        let Weights { embedding, norm, output, .. } = &self.weights;
        let Config { hidden, vocabulary, .. } = *config;
        let Scratch { residual, normed, rounded, .. } = scratch;
        let range = tokens.start * hidden..tokens.end * hidden;
        let normed = &mut normed[range.clone()];
        math.rms_norm(&residual[range], norm, normed);
        let first = logits.len();
        logits.resize(first + tokens.len() * vocabulary, 0.0);
        let logits = &mut logits[first..];
        let input = math.input(normed, rounded);
        match output {
            Some(output) => math.linear(output, input, logits),
            None => math.product(embedding, input, logits),
        }
        math.scale(logits, plan.logit_scale);
        math.soft_cap(logits, plan.logit_cap);
    }
}
