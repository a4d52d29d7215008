//! What every model file has, whatever runs it.

use std::io::{Read, Seek};

use crate::gguf::Header;
use crate::metadata::Keys;
use crate::{ChatTemplate, EngineError, Facts, LanguageModel, Tokenizer, purpose};

/// A file whose header, vocabulary and template are sound.
pub struct ModelFile {
    facts: Facts,
    /// Without the vocabulary's lists.
    header: Header,
    tokenizer: Tokenizer,
    template: ChatTemplate,
}

/// A model with everything that its file brings along.
pub struct Loaded {
    /// What the file says of itself.
    pub facts: Facts,
    /// Text to token ids and back.
    pub tokenizer: Tokenizer,
    /// Conversation to prompt.
    pub template: ChatTemplate,
    /// Token ids to logits.
    pub model: Box<dyn LanguageModel>,
}

impl ModelFile {
    /// Checks everything but what depends on the architecture, which `architecture` finds by its name.
    ///
    /// # Errors
    /// An [`EngineError`] that names what is wrong with the file.
    pub fn open<R: Read + Seek, A>(
        reader: &mut R,
        architecture: impl FnOnce(&str) -> Result<A, EngineError>,
    ) -> Result<(Self, A), EngineError> {
        let mut header = Header::read(reader)?;
        purpose::check(&header)?;
        let general = Keys::new(&header.metadata, "general");
        let architecture = architecture(general.text("architecture")?)?;
        let facts = Facts::of(&header);
        let tokenizer = Tokenizer::from_gguf(&mut header.metadata)?;
        let template = ChatTemplate::from_gguf(&header.metadata, &tokenizer);
        Ok((Self { facts, header, tokenizer, template }, architecture))
    }

    /// Entries and tensors, without the vocabulary.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Checks that there is a token for each row of the embedding.
    ///
    /// # Errors
    /// There are more or fewer.
    pub fn fits(&self, vocabulary: usize) -> Result<(), EngineError> {
        let tokens = self.tokenizer.len();
        if tokens == vocabulary {
            return Ok(());
        }
        let problem = format!("{tokens} tokens, and {vocabulary} rows of the embedding");
        Err(EngineError::Tokenizer(problem))
    }

    /// What the file says of itself.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The whole, with what runs it.
    pub fn with(self, model: Box<dyn LanguageModel>) -> Loaded {
        Loaded { facts: self.facts, tokenizer: self.tokenizer, template: self.template, model }
    }
}
