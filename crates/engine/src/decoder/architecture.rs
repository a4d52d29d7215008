//! What one architecture has that others have not.

use super::Config;
use super::layer::Layer;
use super::plan::Plan;
use super::tensors::LayerTensors;
use crate::EngineError;
use crate::metadata::Keys;

/// A kind of decoder. A file with one of these and a row in `ARCHITECTURES` add one.
pub(crate) struct Architecture {
    /// `general.architecture` of its files, and what their entries begin with.
    pub(crate) name: &'static str,
    /// A model of this kind that people know.
    pub(crate) example: &'static str,
    /// Reads what the header has beside [`Config`], and refuses what the forward pass does not do.
    pub(crate) plan: fn(Keys<'_>, &Config) -> Result<Plan, EngineError>,
    /// The tensors of one layer: all of them, each with its shape.
    pub(crate) layer: fn(&Config, &mut LayerTensors<'_, '_>) -> Result<Layer, EngineError>,
}
