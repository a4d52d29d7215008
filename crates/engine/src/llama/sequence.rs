//! Sequences of a llama model.

use std::any::Any;
use std::rc::Rc;

use super::Llama;
use super::forward::{CHUNK_TOKENS, Part};
use crate::attention::AttentionSignals;
use crate::kv_cache::KvCache;
use crate::{EngineError, Sequence};

pub(super) struct LlamaSequence {
    model: Rc<Llama>,
    cache: KvCache,
    attention: Option<AttentionSignals>,
}

impl LlamaSequence {
    pub(super) fn new(model: Rc<Llama>) -> Self {
        let cache = KvCache::new(model.config.kv_shape(model.options));
        Self { model, cache, attention: None }
    }

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

    /// Appends tokens in chunks; `all`: of every token the logits, not just of the last.
    fn run(&mut self, ids: &[u32], logits: &mut Vec<f32>, all: bool) -> Result<(), EngineError> {
        self.prepare(ids)?;
        let model = Rc::clone(&self.model);
        model.make_room(logits, if all { ids.len() } else { 1 })?;
        let scratch = &mut *model.scratch.borrow_mut();
        let mut chunks = ids.chunks(CHUNK_TOKENS).peekable();
        while let Some(chunk) = chunks.next() {
            model.forward(scratch, &mut [self.part(chunk)]);
            let last = if chunks.peek().is_none() { chunk.len() - 1 } else { chunk.len() };
            model.logits(scratch, if all { 0 } else { last }..chunk.len(), logits);
        }
        Ok(())
    }
}

impl Sequence for LlamaSequence {
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

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// One token for each of several sequences, through the layers together.
pub(super) fn step(
    model: &Rc<Llama>,
    batch: &mut [&mut dyn Sequence],
    ids: &[u32],
    logits: &mut Vec<f32>,
) -> Result<(), EngineError> {
    if batch.len() != ids.len() {
        let problem = format!("{} for {} sequences", ids.len(), batch.len());
        return Err(EngineError::Ids(problem));
    }
    model.make_room(logits, ids.len())?;
    for (batch, ids) in batch.chunks_mut(CHUNK_TOKENS).zip(ids.chunks(CHUNK_TOKENS)) {
        let mut parts = Vec::with_capacity(batch.len());
        for (sequence, id) in batch.iter_mut().zip(ids) {
            let sequence = sequence
                .as_any()
                .downcast_mut::<LlamaSequence>()
                .filter(|sequence| Rc::ptr_eq(&sequence.model, model))
                .ok_or_else(|| EngineError::Ids("a sequence of another model".to_owned()))?;
            let id = std::slice::from_ref(id);
            sequence.prepare(id)?;
            parts.push(sequence.part(id));
        }
        let scratch = &mut *model.scratch.borrow_mut();
        model.forward(scratch, &mut parts);
        model.logits(scratch, 0..ids.len(), logits);
    }
    Ok(())
}
