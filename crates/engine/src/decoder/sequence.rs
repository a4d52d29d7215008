//! Sequences of a loaded model.

use std::rc::Rc;

use super::architecture::Architecture;
use super::model::{Model, PREFILL_BATCH};
use super::pass::Part;
use crate::attention::AttentionSignals;
use crate::gguf::Header;
use crate::kv_cache::KvCache;
use crate::matrix::ReadSeek;
use crate::model::Backend;
use crate::{EngineError, EngineOptions, LanguageModel, ModelShape, Sequence};

/// Reads the weights of a file that [`super::check`] accepted.
pub(crate) fn load<A: Architecture>(
    header: &Header,
    options: EngineOptions,
    reader: &mut dyn ReadSeek,
) -> Result<Box<dyn LanguageModel>, EngineError> {
    Ok(Box::new(Decoder(Model::<A>::load(header, options, reader)?)))
}

/// What sequences share.
struct Decoder<A: Architecture>(Rc<Model<A>>);

/// One KV cache, and the model that fills it.
struct DecoderSequence<A: Architecture> {
    model: Rc<Model<A>>,
    cache: KvCache,
    attention: Option<AttentionSignals>,
}

impl<A: Architecture> Backend for Decoder<A> {
    type Sequence = DecoderSequence<A>;

    fn shape(&self) -> &ModelShape {
        &self.0.shape
    }

    fn sequence(&self) -> DecoderSequence<A> {
        let cache = KvCache::new(self.0.config.kv_shape(self.0.kv));
        DecoderSequence { model: Rc::clone(&self.0), cache, attention: None }
    }

    fn owns(&self, sequence: &DecoderSequence<A>) -> bool {
        Rc::ptr_eq(&sequence.model, &self.0)
    }

    /// One token for each of several sequences, through the layers together.
    fn step(
        &self,
        batch: &mut [(&mut DecoderSequence<A>, u32)],
        logits: &mut Vec<f32>,
    ) -> Result<(), EngineError> {
        let model = &self.0;
        model.reserve_logits(logits, batch.len())?;
        for batch in batch.chunks_mut(PREFILL_BATCH) {
            let tokens = batch.len();
            let mut parts = Vec::with_capacity(tokens);
            for (sequence, id) in batch {
                let id = std::slice::from_ref(id);
                sequence.prepare(id)?;
                parts.push(sequence.part(id));
            }
            let scratch = &mut *model.scratch.borrow_mut();
            model.forward(scratch, &mut parts)?;
            model.logits(scratch, 0..tokens, logits);
        }
        Ok(())
    }
}

impl<A: Architecture> DecoderSequence<A> {
    /// Checks a call, and makes room for it.
    fn prepare(&mut self, ids: &[u32]) -> Result<(), EngineError> {
        self.model.shape.check_append(self.cache.len(), ids)?;
        self.cache.reserve(ids.len())
    }

    fn part<'a>(&'a mut self, ids: &'a [u32]) -> Part<'a> {
        let config = &self.model.config;
        let keys = self.cache.len() + ids.len();
        if let Some(attention) = &mut self.attention {
            attention.resize(config.layers, config.heads, keys);
        }
        Part { ids, cache: &mut self.cache, attention: self.attention.as_mut() }
    }

    /// Appends tokens in batches; `all`: of every token the logits, not just of the last.
    fn run(&mut self, ids: &[u32], logits: &mut Vec<f32>, all: bool) -> Result<(), EngineError> {
        self.prepare(ids)?;
        let model = Rc::clone(&self.model);
        model.reserve_logits(logits, if all { ids.len() } else { 1 })?;
        let scratch = &mut *model.scratch.borrow_mut();
        let mut batches = ids.chunks(PREFILL_BATCH).peekable();
        while let Some(batch) = batches.next() {
            model.forward(scratch, &mut [self.part(batch)])?;
            let last = if batches.peek().is_none() { batch.len() - 1 } else { batch.len() };
            model.logits(scratch, if all { 0 } else { last }..batch.len(), logits);
        }
        Ok(())
    }
}

impl<A: Architecture> Sequence for DecoderSequence<A> {
    fn len(&self) -> usize {
        self.cache.len()
    }

    fn append(&mut self, ids: &[u32], logits: &mut Vec<f32>) -> Result<(), EngineError> {
        self.run(ids, logits, false)
    }

    fn append_all(&mut self, ids: &[u32], logits: &mut Vec<f32>) -> Result<(), EngineError> {
        self.run(ids, logits, true)
    }

    fn fork(&self) -> Box<dyn Sequence> {
        Box::new(Self {
            model: Rc::clone(&self.model),
            cache: self.cache.fork(),
            attention: self.attention.clone(),
        })
    }

    fn truncate(&mut self, len: usize) -> Result<(), EngineError> {
        self.cache.truncate(len);
        Ok(())
    }

    fn observe(&mut self, on: bool) -> bool {
        match (on, &self.attention) {
            (true, None) => self.attention = Some(AttentionSignals::default()),
            (false, Some(_)) => self.attention = None,
            _ => {}
        }
        on
    }

    fn attention(&self) -> Option<&AttentionSignals> {
        self.attention.as_ref().filter(|signals| signals.keys > 0)
    }
}
