//! Weights that sequences share.

use entropix_engine::{EngineError, LanguageModel, ModelShape, Sequence};

use crate::architecture::Weights;
use crate::sequence::GenericSequence;

/// A model on candle-transformers.
pub(crate) struct GenericModel {
    pub(crate) shape: ModelShape,
    /// With an empty cache.
    pub(crate) weights: Weights,
}

impl LanguageModel for GenericModel {
    fn shape(&self) -> &ModelShape {
        &self.shape
    }

    fn sequence(&self) -> Box<dyn Sequence> {
        Box::new(GenericSequence::new(self.shape.clone(), self.weights.clone()))
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
        logits.clear();
        let mut one = Vec::new();
        for (sequence, &id) in batch.iter_mut().zip(ids) {
            if !sequence.as_any().is::<GenericSequence>() {
                return Err(EngineError::Ids("a sequence of another model".to_owned()));
            }
            sequence.append(&[id], &mut one)?;
            logits.extend_from_slice(&one);
        }
        Ok(())
    }
}
