//! From an open file to a model that can chat.

use std::io::{Read, Seek};

use crate::arch;
use crate::decoder::Architecture;
use crate::{EngineError, EngineOptions, Loaded, ModelFile};

/// Loads a GGUF model.
///
/// # Errors
/// An [`EngineError`] that names what is wrong with the file.
pub fn load<R: Read + Seek>(reader: &mut R, options: EngineOptions) -> Result<Loaded, EngineError> {
    open(reader, options)?.build(reader)
}

/// A file whose header, vocabulary, template and shapes are sound; no weights are read yet.
pub struct Opened {
    file: ModelFile,
    architecture: &'static Architecture,
    options: EngineOptions,
}

/// Checks everything about a GGUF model but its weights.
///
/// # Errors
/// An [`EngineError`] that names what is wrong with the file.
pub fn open<R: Read + Seek>(reader: &mut R, options: EngineOptions) -> Result<Opened, EngineError> {
    let (file, architecture) = ModelFile::open(reader, arch::named)?;
    file.fits(architecture.check(file.header())?)?;
    Ok(Opened { file, architecture, options })
}

impl Opened {
    /// Header, vocabulary and template.
    pub fn file(&self) -> &ModelFile {
        &self.file
    }

    /// Reads the weights.
    ///
    /// # Errors
    /// The file could not be read, or there is no memory for it.
    pub fn build<R: Read + Seek>(self, reader: &mut R) -> Result<Loaded, EngineError> {
        let Self { file, architecture, options } = self;
        let model = architecture.load(file.header(), options, reader)?;
        Ok(file.with(model))
    }
}
