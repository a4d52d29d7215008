//! The architectures that this engine runs.

mod llama;

use crate::decoder::{self, Architecture};
use crate::gguf::Header;
use crate::matrix::ReadSeek;
use crate::{EngineError, EngineOptions, LanguageModel};

/// One row each.
const ARCHITECTURES: [Row; 1] = [Row::of::<llama::Llama>()];

/// An architecture, its type forgotten.
pub(crate) struct Row {
    name: &'static str,
    example: &'static str,
    /// Checks everything about a file but its weights; returns the tokens that it has embeddings of.
    pub(crate) check: fn(&Header) -> Result<usize, EngineError>,
    /// Reads the weights.
    pub(crate) load: Load,
}

type Load =
    fn(&Header, EngineOptions, &mut dyn ReadSeek) -> Result<Box<dyn LanguageModel>, EngineError>;

impl Row {
    const fn of<A: Architecture>() -> Self {
        Self {
            name: A::NAME,
            example: A::EXAMPLE,
            check: decoder::check::<A>,
            load: decoder::load::<A>,
        }
    }
}

/// The architecture called `name`.
///
/// # Errors
/// Another engine may know it; this one does not.
pub(crate) fn named(name: &str) -> Result<&'static Row, EngineError> {
    ARCHITECTURES.iter().find(|row| row.name == name).ok_or_else(|| EngineError::Architecture {
        name: name.to_owned(),
        supported: ARCHITECTURES
            .each_ref()
            .map(|row| format!("{}, such as {}", row.name, row.example))
            .join("; "),
    })
}
