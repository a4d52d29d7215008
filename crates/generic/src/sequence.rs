//! Sequences whose cache candle keeps to itself.

use std::rc::Rc;

use entropix_engine::{AttentionSignals, EngineError, ModelShape, Sequence};

use crate::architecture::Weights;

/// Weights with a KV cache inside, and the tokens in it.
#[derive(Clone)]
struct State {
    weights: Weights,
    ids: Vec<u32>,
}

/// One cache and two earlier states of it.
#[derive(Clone)]
pub(crate) struct GenericSequence {
    shape: Rc<ModelShape>,
    now: State,
    /// Before the last call that brought more than one token: after a prompt, or the part of it
    /// that the next one shares.
    snapshot: State,
    empty: State,
}

impl GenericSequence {
    /// `weights` have an empty cache.
    pub(crate) fn new(shape: Rc<ModelShape>, weights: Weights) -> Self {
        let empty = State { weights, ids: Vec::new() };
        Self { shape, now: empty.clone(), snapshot: empty.clone(), empty }
    }

    /// Whether it was made by the model that has this very shape.
    pub(crate) fn is_of(&self, shape: &Rc<ModelShape>) -> bool {
        Rc::ptr_eq(&self.shape, shape)
    }

    /// Appends tokens, calling `act` with the logits of each.
    fn run(&mut self, ids: &[u32], mut act: impl FnMut(Vec<f32>)) -> Result<(), EngineError> {
        self.shape.check_append(self.now.ids.len(), ids)?;
        let before = self.now.clone();
        // One token at a time, although candle takes many: its kernels for one row and for several
        // sum in another order, which int8 activations blow up to 0.1 bits of entropy. So logits do
        // not depend on how a prompt was cut or cached, and a seed repeats.
        for &id in ids {
            match self.now.weights.forward(id, self.now.ids.len()) {
                Ok(logits) => act(logits),
                Err(error) => {
                    self.now = before;
                    return Err(EngineError::arithmetic(&error));
                }
            }
            self.now.ids.push(id);
        }
        if ids.len() > 1 {
            self.snapshot = before;
        }
        Ok(())
    }
}

impl Sequence for GenericSequence {
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
        // candle can't cut its cache: it is read again from the nearest state before.
        let near = if self.snapshot.ids.len() <= len { &self.snapshot } else { &self.empty };
        let near = near.clone();
        let kept = std::mem::replace(&mut self.now, near).ids;
        if self.snapshot.ids.len() > len {
            self.snapshot = self.empty.clone();
        }
        debug_assert!(self.now.ids.len() <= len, "the nearest state is not before");
        match kept.get(self.now.ids.len()..len) {
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
}
