//! The weights of a model in memory.

use super::Config;
use super::architecture::Architecture;
use super::layer::Layer;
use super::linear::Linear;
use super::plan::Plan;
use super::rope::Frequencies;
use super::tensors::Tensors;
use crate::EngineError;
use crate::matrix::Matrix;

/// Everything that a file has.
pub(super) struct Weights {
    /// (vocabulary, hidden)
    pub(super) embedding: Matrix,
    pub(super) layers: Vec<Layer>,
    /// (hidden)
    pub(super) norm: Vec<f32>,
    /// (vocabulary, hidden), unless it is the embedding.
    pub(super) output: Option<Linear>,
    /// Of each of the plan's rotary embeddings.
    pub(super) ropes: Vec<Frequencies>,
}

impl Weights {
    /// Checks or reads all tensors; refuses a file that has others.
    pub(super) fn read(
        architecture: &Architecture,
        config: &Config,
        plan: &Plan,
        mut tensors: Tensors<'_>,
    ) -> Result<Self, EngineError> {
        let Config { layers, hidden, vocabulary, .. } = *config;
        let layer = |index| (architecture.layer)(config, &mut tensors.layer(index));
        let layers = (0..layers).map(layer).collect::<Result<_, _>>()?;
        let output = tensors
            .has("output.weight")
            .then(|| tensors.linear("output", vocabulary, hidden))
            .transpose()?;
        let ropes = plan.ropes.iter().map(|rope| rope.frequencies(&mut tensors));
        let weights = Self {
            layers,
            ropes: ropes.collect::<Result<_, _>>()?,
            embedding: tensors.matrix("token_embd.weight", vocabulary, hidden)?,
            norm: tensors.vector("output_norm.weight", hidden)?,
            output,
        };
        tensors.finish(architecture.name)?;
        Ok(weights)
    }
}
