//! The llama family: SmolLM2, Llama 3, TinyLlama, Mistral. A forward pass of our own, which has what
//! the sampler asks for: forks, batches, logits at every position, attention.

mod attend;
mod config;
mod forward;
mod sequence;
mod weights;

use std::cell::RefCell;
use std::io::{Read, Seek};
use std::rc::Rc;

use crate::gguf::Header;
use crate::kernel::Found;
use crate::{EngineError, EngineOptions, LanguageModel, ModelShape, Sequence};

pub(crate) use config::Config;
use forward::Scratch;
use sequence::LlamaSequence;
use weights::Weights;

/// Weights of a llama model, and how to compute with them.
pub(crate) struct Llama {
    shape: ModelShape,
    config: Config,
    weights: Weights,
    kernel: Found,
    options: EngineOptions,
    scratch: RefCell<Scratch>,
}

/// What sequences share.
pub(crate) struct LlamaModel(Rc<Llama>);

impl LlamaModel {
    /// Reads the weights of a file that [`Config::read`] accepted.
    pub(crate) fn load<R: Read + Seek>(
        config: Config,
        header: &Header,
        options: EngineOptions,
        reader: &mut R,
    ) -> Result<Self, EngineError> {
        let weights = Weights::read(&config, header, reader)?;
        let kernel = options.kernel.find()?;
        let shape = ModelShape { kernel: kernel.name(), ..config.shape() };
        let scratch = RefCell::default();
        Ok(Self(Rc::new(Llama { shape, config, weights, kernel, options, scratch })))
    }
}

impl LanguageModel for LlamaModel {
    fn shape(&self) -> &ModelShape {
        &self.0.shape
    }

    fn sequence(&self) -> Box<dyn Sequence> {
        Box::new(LlamaSequence::new(Rc::clone(&self.0)))
    }

    fn step(
        &self,
        batch: &mut [&mut dyn Sequence],
        ids: &[u32],
        logits: &mut Vec<f32>,
    ) -> Result<(), EngineError> {
        sequence::step(&self.0, batch, ids, logits)
    }
}
