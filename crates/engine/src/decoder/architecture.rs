//! What one architecture has that others have not.

use super::Config;
use super::pass::Pass;
use super::tensors::{LayerTensors, Tensors};
use crate::EngineError;
use crate::metadata::Keys;

/// A kind of decoder. A file with an implementation and a row in `ARCHITECTURES` add one.
pub(crate) trait Architecture: Sized + 'static {
    /// `general.architecture` of its files, and what their entries begin with.
    const NAME: &'static str;
    /// A model of this kind that people know.
    const EXAMPLE: &'static str;

    /// The weights of one layer.
    type Layer;

    /// Reads what the header has beside [`Config`], and refuses what [`Self::forward`] does not do.
    fn read(keys: Keys<'_>, config: &Config) -> Result<Self, EngineError>;

    /// The tensors of one layer: all of them, each with its shape.
    fn layer(
        &self,
        config: &Config,
        tensors: &mut LayerTensors<'_, '_>,
    ) -> Result<Self::Layer, EngineError>;

    /// Angle per position of each pair of a head's dimensions, in radians, (head / 2).
    fn frequencies(
        &self,
        config: &Config,
        tensors: &mut Tensors<'_>,
    ) -> Result<Vec<f64>, EngineError>;

    /// Takes the pass's tokens through one layer: from the residual stream, back into it.
    fn forward(&self, layer: &Self::Layer, pass: &mut Pass<'_, '_>) -> Result<(), EngineError>;
}
