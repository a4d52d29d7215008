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

impl Architecture {
    /// Reads the weights of a file that [`Self::check`] accepted.
    pub(crate) fn load(
        &self,
        header: &Header,
        options: EngineOptions,
        reader: &mut dyn ReadSeek,
    ) -> Result<Box<dyn LanguageModel>, EngineError> {
        Ok(Box::new(Decoder(Model::load(self, header, options, reader)?)))
    }
}

/// What sequences share.
struct Decoder(Rc<Model>);

/// A text, its KV cache, and the model that fills it.
struct DecoderSequence {
    model: Rc<Model>,
    ids: Vec<u32>,
    /// Of the first ids: of all, unless the rest must be read again.
    cache: KvCache,
    /// Whether the cache has the rotations of long texts.
    long: bool,
    attention: Option<AttentionSignals>,
}

impl Backend for Decoder {
    type Sequence = DecoderSequence;

    fn shape(&self) -> &ModelShape {
        &self.0.shape
    }

    fn sequence(&self) -> DecoderSequence {
        let cache = KvCache::new(self.0.config.kv_shape(self.0.kv));
        let model = Rc::clone(&self.0);
        DecoderSequence { model, ids: Vec::new(), cache, long: false, attention: None }
    }

    fn owns(&self, sequence: &DecoderSequence) -> bool {
        Rc::ptr_eq(&sequence.model, &self.0)
    }

    /// One token for each of several sequences, through the layers together.
    fn step(
        &self,
        batch: &mut [(&mut DecoderSequence, u32)],
        logits: &mut Vec<f32>,
    ) -> Result<(), EngineError> {
        let model = &self.0;
        model.reserve_logits(logits, batch.len())?;
        for batch in batch.chunks_mut(PREFILL_BATCH) {
            let tokens = batch.len();
            let mut parts = Vec::with_capacity(tokens);
            for (sequence, id) in &mut *batch {
                let id = std::slice::from_ref(id);
                sequence.prepare(id)?;
                parts.push(sequence.part(id));
            }
            let scratch = &mut *model.scratch.borrow_mut();
            model.forward(scratch, &mut parts)?;
            model.logits(scratch, 0..tokens, logits);
            for (sequence, id) in batch {
                sequence.ids.push(*id);
            }
        }
        Ok(())
    }
}

impl DecoderSequence {
    /// Checks a call, and makes room for it.
    fn prepare(&mut self, ids: &[u32]) -> Result<(), EngineError> {
        self.model.shape.check_append(self.len(), ids)?;
        self.catch_up(self.len() + ids.len())?;
        self.cache.reserve(ids.len())
    }

    /// Fills the cache with the ids so far, as they are read in a text of so many positions.
    fn catch_up(&mut self, positions: usize) -> Result<(), EngineError> {
        let long = self.model.is_long(positions);
        if self.long != long {
            self.cache.truncate(0);
            self.long = long;
        }
        if self.cache.len() == self.ids.len() {
            return Ok(());
        }
        let ids = self.ids.split_off(self.cache.len());
        let read = self.cache.reserve(ids.len()).and_then(|()| {
            let model = Rc::clone(&self.model);
            let scratch = &mut *model.scratch.borrow_mut();
            ids.chunks(PREFILL_BATCH).try_for_each(|batch| {
                let mut part = self.part(batch);
                part.positions = positions;
                model.forward(scratch, &mut [part])
            })
        });
        self.ids.extend(ids);
        read
    }

    /// The next ids of the text, of which the cache has those before.
    fn part<'a>(&'a mut self, ids: &'a [u32]) -> Part<'a> {
        let config = &self.model.config;
        let positions = self.cache.len() + ids.len();
        if let Some(attention) = &mut self.attention {
            attention.resize(config.layers, config.heads, positions);
        }
        Part { ids, cache: &mut self.cache, positions, attention: self.attention.as_mut() }
    }

    /// Appends tokens in batches; `all`: of every token the logits, not just of the last.
    fn run(&mut self, ids: &[u32], logits: &mut Vec<f32>, all: bool) -> Result<(), EngineError> {
        self.model.shape.check_append(self.len(), ids)?;
        let before = self.len();
        let result = self.read(ids, logits, all);
        if result.is_err() {
            self.truncate(before)?;
        }
        result
    }

    fn read(&mut self, ids: &[u32], logits: &mut Vec<f32>, all: bool) -> Result<(), EngineError> {
        let model = Rc::clone(&self.model);
        model.reserve_logits(logits, if all { ids.len() } else { 1 })?;
        // The logits of the last tokens of a short text are not those of a long one.
        let short = if all { model.most_of_short_texts.saturating_sub(self.len()) } else { 0 };
        let (short, long) = ids.split_at(short.min(ids.len()));
        for ids in [short, long].into_iter().filter(|ids| !ids.is_empty()) {
            self.prepare(ids)?;
            let positions = self.len() + ids.len();
            let scratch = &mut *model.scratch.borrow_mut();
            let mut batches = ids.chunks(PREFILL_BATCH).peekable();
            while let Some(batch) = batches.next() {
                let mut part = self.part(batch);
                part.positions = positions;
                model.forward(scratch, &mut [part])?;
                let last = if batches.peek().is_none() { batch.len() - 1 } else { batch.len() };
                model.logits(scratch, if all { 0 } else { last }..batch.len(), logits);
                self.ids.extend(batch);
            }
        }
        Ok(())
    }
}

impl Sequence for DecoderSequence {
    fn len(&self) -> usize {
        self.ids.len()
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
            ids: self.ids.clone(),
            cache: self.cache.fork(),
            long: self.long,
            attention: self.attention.clone(),
        })
    }

    fn truncate(&mut self, len: usize) -> Result<(), EngineError> {
        self.ids.truncate(len);
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
