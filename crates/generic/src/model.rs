//! Weights that sequences share.

use std::rc::Rc;

use entropix_engine::{Backend, EngineError, ModelShape, Sequence};

use crate::architecture::Weights;
use crate::sequence::GenericSequence;

/// A model on candle-transformers.
pub(crate) struct GenericModel {
    /// The model's own: sequences are known by it.
    pub(crate) shape: Rc<ModelShape>,
    /// With an empty cache.
    pub(crate) weights: Weights,
}

impl Backend for GenericModel {
    type Sequence = GenericSequence;

    fn shape(&self) -> &ModelShape {
        &self.shape
    }

    fn sequence(&self) -> GenericSequence {
        GenericSequence::new(Rc::clone(&self.shape), self.weights.clone())
    }

    fn owns(&self, sequence: &GenericSequence) -> bool {
        sequence.is_of(&self.shape)
    }

    fn step(
        &self,
        batch: &mut [(&mut GenericSequence, u32)],
        logits: &mut Vec<f32>,
    ) -> Result<(), EngineError> {
        logits.clear();
        let mut one = Vec::new();
        for (sequence, id) in batch {
            sequence.append(&[*id], &mut one)?;
            logits.extend_from_slice(&one);
        }
        Ok(())
    }
}
