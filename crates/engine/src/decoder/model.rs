//! A loaded model, and the forward pass from token ids to logits.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use super::Config;
use super::architecture::Architecture;
use super::math::Math;
use super::pass::{Part, Pass};
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
pub(super) struct Model<A: Architecture> {
    pub(super) shape: ModelShape,
    pub(super) config: Config,
    pub(super) kv: KvType,
    pub(super) scratch: RefCell<Scratch>,
    architecture: A,
    weights: Weights<A::Layer>,
    math: Math,
}

/// What a header says, checked.
fn read<A: Architecture>(header: &Header) -> Result<(A, Config), EngineError> {
    let keys = Keys::new(&header.metadata, A::NAME);
    let config = Config::read(keys, header)?;
    Ok((A::read(keys, &config)?, config))
}

/// Checks everything about a file but its weights; returns the tokens that it has embeddings of.
pub(crate) fn check<A: Architecture>(header: &Header) -> Result<usize, EngineError> {
    let (architecture, config) = read::<A>(header)?;
    Weights::read(&architecture, &config, Tensors::new(header, None))?;
    Ok(config.vocabulary)
}

impl<A: Architecture> Model<A> {
    /// Reads the weights of a file that [`check`] accepted.
    pub(super) fn load(
        header: &Header,
        options: EngineOptions,
        reader: &mut dyn ReadSeek,
    ) -> Result<Rc<Self>, EngineError> {
        let (architecture, config) = read::<A>(header)?;
        let weights = Weights::read(&architecture, &config, Tensors::new(header, Some(reader)))?;
        let EngineOptions { kernel, precision, kv } = options;
        let kernel = kernel.find()?;
        Ok(Rc::new(Self {
            shape: config.shape(A::NAME, kernel.name()),
            math: Math { kernel, precision, epsilon: config.epsilon },
            config,
            kv,
            scratch: RefCell::default(),
            architecture,
            weights,
        }))
    }

    /// Takes the parts' tokens through all layers and into their caches. What comes out stays in
    /// `scratch`, for [`Self::logits`]; tokens are numbered through the parts.
    pub(super) fn forward(
        &self,
        scratch: &mut Scratch,
        parts: &mut [Part<'_>],
    ) -> Result<(), EngineError> {
        let Weights { embedding, layers, frequencies, .. } = &self.weights;
        scratch.fit(&self.config, parts.iter().map(|part| part.ids.len()).sum());

        let ids = parts.iter().flat_map(|part| part.ids);
        for (id, row) in ids.zip(scratch.residual.chunks_exact_mut(self.config.hidden)) {
            embedding.row(*id as usize, row);
        }
        let mut pass = Pass { math: self.math, scratch, config: &self.config, parts, layer: 0 };
        pass.set_rope(frequencies);
        for (index, layer) in layers.iter().enumerate() {
            pass.layer = index;
            self.architecture.forward(layer, &mut pass)?;
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
        let Config { hidden, vocabulary, .. } = self.config;
        let Scratch { residual, normed, rounded, .. } = scratch;
        let range = tokens.start * hidden..tokens.end * hidden;
        let normed = &mut normed[range.clone()];
        self.math.rms_norm(&residual[range], &self.weights.norm, normed);
        let first = logits.len();
        logits.resize(first + tokens.len() * vocabulary, 0.0);
        let input = self.math.input(normed, rounded);
        self.math.product(self.weights.output(), input, &mut logits[first..]);
    }
}
