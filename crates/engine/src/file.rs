//! What every model file has, whatever runs it.

use std::io::{Read, Seek};

use crate::gguf::Header;
use crate::metadata::Keys;
use crate::{ChatTemplate, EngineError, Facts, LanguageModel, Tokenizer};

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
    /// Checks everything but what depends on the architecture.
    ///
    /// # Errors
    /// An [`EngineError`] that names what is wrong with the file.
    pub fn open<R: Read + Seek>(reader: &mut R) -> Result<Self, EngineError> {
        let mut header = Header::read(reader)?;
        let facts = Facts::of(&header);
        let tokenizer = Tokenizer::from_gguf(&mut header.metadata)?;
        let template = ChatTemplate::from_gguf(&header.metadata, &tokenizer);
        Ok(Self { facts, header, tokenizer, template })
    }

    /// Entries and tensors, without the vocabulary.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// `general.architecture`.
    ///
    /// # Errors
    /// It is missing or no text.
    pub fn architecture(&self) -> Result<&str, EngineError> {
        Keys::new(&self.header.metadata, "general").text("architecture")
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
        let problem = format!("{tokens} tokens for {vocabulary} rows of the embedding");
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
