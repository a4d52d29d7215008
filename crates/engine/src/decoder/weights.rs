//! The weights of a model in memory.

use super::Config;
use super::architecture::Architecture;
use super::tensors::Tensors;
use crate::EngineError;
use crate::matrix::Matrix;

/// Everything that a file has.
pub(super) struct Weights<L> {
    /// (vocabulary, hidden)
    pub(super) embedding: Matrix,
    pub(super) layers: Vec<L>,
    /// (hidden)
    pub(super) norm: Vec<f32>,
    /// (vocabulary, hidden), unless it is the embedding.
    output: Option<Matrix>,
    /// Angle per position of each pair of a head's dimensions, in radians, (head / 2).
    pub(super) frequencies: Vec<f64>,
}

impl<L> Weights<L> {
    /// Checks or reads all tensors; refuses a file that has others.
    pub(super) fn read<A: Architecture<Layer = L>>(
        architecture: &A,
        config: &Config,
        mut tensors: Tensors<'_>,
    ) -> Result<Self, EngineError> {
        const OUTPUT: &str = "output.weight";
        let Config { layers, hidden, vocabulary, .. } = *config;
        let layer = |index| architecture.layer(config, &mut tensors.layer(index));
        let layers = (0..layers).map(layer).collect::<Result<_, _>>()?;
        let output = if tensors.has(OUTPUT) {
            Some(tensors.matrix(OUTPUT, vocabulary, hidden)?)
        } else {
            None
        };
        let weights = Self {
            embedding: tensors.matrix("token_embd.weight", vocabulary, hidden)?,
            layers,
            norm: tensors.vector("output_norm.weight", hidden)?,
            output,
            frequencies: architecture.frequencies(config, &mut tensors)?,
        };
        tensors.finish(A::NAME)?;
        Ok(weights)
    }

    /// (vocabulary, hidden)
    pub(super) fn output(&self) -> &Matrix {
        self.output.as_ref().unwrap_or(&self.embedding)
    }
}
