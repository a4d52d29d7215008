//! The llama architecture as candle-transformers runs it: what our own forward pass is compared with.

use std::any::Any;
use std::io::{Read, Seek};

use candle_core::quantized::gguf_file::Content;
use candle_core::{Device, Tensor};
use candle_transformers::models::quantized_llama::{MAX_SEQ_LEN, ModelWeights};

use crate::attention::AttentionSignals;
use crate::gguf::Header;
use crate::llama::Config;
use crate::model::check_append;
use crate::{EngineError, LanguageModel, ModelShape, Sequence};

/// llama-family weights.
pub(crate) struct CandleLlama {
    shape: ModelShape,
    weights: ModelWeights,
}

impl CandleLlama {
    /// Reads the weights of a file that [`shape`] accepted.
    pub(crate) fn load<R: Read + Seek>(
        shape: ModelShape,
        content: Content,
        reader: &mut R,
    ) -> Result<Self, EngineError> {
        let weights = ModelWeights::from_gguf(content, reader, &Device::Cpu)?;
        Ok(Self { shape, weights })
    }
}

impl LanguageModel for CandleLlama {
    fn shape(&self) -> &ModelShape {
        &self.shape
    }

    fn sequence(&self) -> Box<dyn Sequence> {
        Box::new(CandleSequence {
            shape: self.shape.clone(),
            now: State { weights: self.weights.clone(), ids: Vec::new() },
            snapshot: State { weights: self.weights.clone(), ids: Vec::new() },
        })
    }

    fn step(
        &self,
        batch: &mut [&mut dyn Sequence],
        ids: &[u32],
        logits: &mut Vec<f32>,
    ) -> Result<(), EngineError> {
        if batch.len() != ids.len() {
            let problem = format!("{} for {} sequences", ids.len(), batch.len());
            return Err(EngineError::Ids(problem));
        }
        let (mut all, mut one) = (Vec::new(), Vec::new());
        for (sequence, &id) in batch.iter_mut().zip(ids) {
            sequence.append(&[id], &mut one)?;
            all.extend_from_slice(&one);
        }
        *logits = all;
        Ok(())
    }
}

/// Weights with a KV cache inside, and the tokens in it. A clone shares the tensors.
#[derive(Clone)]
struct State {
    weights: ModelWeights,
    ids: Vec<u32>,
}

#[derive(Clone)]
struct CandleSequence {
    shape: ModelShape,
    now: State,
    /// Before the last call that brought more than one token: after a prompt, or the part of it
    /// that the next one shares.
    snapshot: State,
}

impl CandleSequence {
    /// Appends tokens, calling `act` with the logits of each.
    fn run(&mut self, ids: &[u32], mut act: impl FnMut(Vec<f32>)) -> Result<(), EngineError> {
        check_append(&self.shape, self.now.ids.len(), ids)?;
        if ids.len() > 1 {
            self.snapshot = self.now.clone();
        }
        // One token at a time, although candle takes many: its kernels for one row and for several
        // sum in another order, which int8 activations blow up to 0.1 bits of entropy. So logits do
        // not depend on how a prompt was cut or cached, and a seed repeats.
        for &id in ids {
            let input = Tensor::new(&[[id]], &Device::Cpu)?;
            let logits = self.now.weights.forward(&input, self.now.ids.len())?;
            self.now.ids.push(id);
            act(logits.flatten_all()?.to_vec1()?);
        }
        Ok(())
    }
}

impl Sequence for CandleSequence {
    fn len(&self) -> usize {
        self.now.ids.len()
    }

    fn append(&mut self, ids: &[u32], logits: &mut Vec<f32>) -> Result<(), EngineError> {
        self.run(ids, |row| *logits = row)
    }

    fn append_all(&mut self, ids: &[u32], logits: &mut Vec<f32>) -> Result<(), EngineError> {
        logits.clear();
        self.run(ids, |row| logits.extend(row))
    }

    fn fork(&self) -> Box<dyn Sequence> {
        Box::new(self.clone())
    }

    fn truncate(&mut self, len: usize) -> Result<(), EngineError> {
        if len >= self.now.ids.len() {
            return Ok(());
        }
        // candle keeps its cache private: it is read again from the snapshot, or from the start.
        let kept: Vec<u32> = self.now.ids.drain(..len).collect();
        if self.snapshot.ids.len() <= len {
            self.now = self.snapshot.clone();
        } else {
            self.now.weights.clear_kv_cache();
            self.now.ids.clear();
            self.snapshot = self.now.clone();
        }
        match kept.get(self.now.ids.len()..) {
            Some([]) | None => Ok(()),
            Some(rest) => self.run(rest, |_| {}),
        }
    }

    fn observe(&mut self, _: bool) -> bool {
        // candle keeps attention scores to itself.
        false
    }

    fn attention(&self) -> Option<&AttentionSignals> {
        None
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// Refuses what candle would find out in the middle, or ignore and then compute something else.
pub(crate) fn shape(
    config: &Config,
    header: &Header,
    content: &Content,
) -> Result<ModelShape, EngineError> {
    if header.tensor("rope_freqs.weight").is_some() || (config.rope_factor - 1.0).abs() > 1e-6 {
        return Err(unsupported("rope scaling"));
    }
    if config.queries() != config.hidden {
        return Err(unsupported("a head width of its own"));
    }
    // It reads these without a default.
    for key in ["llama.attention.head_count_kv", "llama.rope.dimension_count"] {
        crate::metadata::number(content, key)?;
    }
    let context_length = config.context_length.min(MAX_SEQ_LEN);
    Ok(ModelShape { context_length, kernel: "candle", ..config.shape() })
}

fn unsupported(what: &str) -> EngineError {
    EngineError::Unsupported {
        what: what.to_owned(),
        supported: "plain llama models such as SmolLM2 (with --engine candle)".to_owned(),
    }
}
