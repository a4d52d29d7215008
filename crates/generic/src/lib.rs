//! Architectures that the engine lacks, as candle-transformers runs them: slower, without attention signals,
//! and with forks that copy what they must. Also the llama family, to compare the engine with.

#![forbid(unsafe_code)]

mod architecture;
mod content;
mod model;
mod sequence;

use std::io::{Read, Seek};
use std::rc::Rc;

use entropix_engine::{EngineError, Loaded, ModelFile, ModelShape};

use architecture::Architecture;
use content::content;
use model::GenericModel;

/// Whether models of the architecture called `name` run here.
pub fn runs(name: &str) -> bool {
    architecture::knows(name)
}

/// Loads a GGUF model.
///
/// # Errors
/// An [`EngineError`] that names what is wrong with the file.
pub fn load<R: Read + Seek>(reader: &mut R) -> Result<Loaded, EngineError> {
    open(reader)?.build(reader)
}

/// A file whose header, vocabulary and template are sound; no weights are read yet.
pub struct Opened {
    file: ModelFile,
    architecture: &'static Architecture,
    shape: ModelShape,
}

/// Checks what can be checked of a GGUF model before its weights are read.
///
/// # Errors
/// An [`EngineError`] that names what is wrong with the file.
pub fn open<R: Read + Seek>(reader: &mut R) -> Result<Opened, EngineError> {
    let (file, architecture) = ModelFile::open(reader, Architecture::named)?;
    let shape = architecture.shape(&file)?;
    file.fits(shape.vocabulary)?;
    Ok(Opened { file, architecture, shape })
}

impl Opened {
    /// Reads the weights.
    ///
    /// # Errors
    /// The file could not be read, or its tensors don't fit together.
    pub fn build<R: Read + Seek>(self, reader: &mut R) -> Result<Loaded, EngineError> {
        let Self { file, architecture, shape } = self;
        let weights = (architecture.load)(content(file.header())?, reader)
            .map_err(|error| EngineError::arithmetic(&error))?;
        Ok(file.with(Box::new(GenericModel { shape: Rc::new(shape), weights })))
    }
}
