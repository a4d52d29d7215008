//! From an open file to a model that can chat.

use std::io::{Read, Seek};

use crate::llama::{Config, LlamaModel};
use crate::{ChatTemplate, EngineError, EngineOptions, LanguageModel, ModelFile, Tokenizer};

/// A model with everything that its file brings along.
pub struct Loaded {
    /// File length in bytes.
    pub bytes: u64,
    /// The type that holds most of the file's bytes, such as `Q4_1`.
    pub quantization: String,
    /// Text to token ids and back.
    pub tokenizer: Tokenizer,
    /// Conversation to prompt.
    pub template: ChatTemplate,
    /// Token ids to logits.
    pub model: Box<dyn LanguageModel>,
}

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
    config: Config,
    options: EngineOptions,
}

/// Checks everything about a GGUF model but its weights.
///
/// # Errors
/// An [`EngineError`] that names what is wrong with the file.
pub fn open<R: Read + Seek>(reader: &mut R, options: EngineOptions) -> Result<Opened, EngineError> {
    let file = ModelFile::open(reader)?;
    let architecture = file.architecture()?;
    if architecture != "llama" {
        return Err(EngineError::Architecture {
            name: architecture.to_owned(),
            supported: "llama, such as SmolLM2".to_owned(),
        });
    }
    let config = Config::read(file.header(), file.content())?;
    file.fits(config.vocabulary)?;
    Ok(Opened { file, config, options })
}

impl Opened {
    /// Reads the weights.
    ///
    /// # Errors
    /// The file could not be read, or there is no memory for it.
    pub fn build<R: Read + Seek>(self, reader: &mut R) -> Result<Loaded, EngineError> {
        let Self { file, config, options } = self;
        let (_, rest) = file.into_parts();
        let model = LlamaModel::load(config, rest.header(), options, reader)?;
        Ok(rest.with(Box::new(model)))
    }
}
