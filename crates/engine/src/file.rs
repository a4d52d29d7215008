//! What every model file has, whatever runs it.

use std::io::{Cursor, Read, Seek, SeekFrom};

use candle_core::quantized::gguf_file::Content;

use crate::gguf::{self, GgufError, Header};
use crate::metadata::optional_text;
use crate::{ChatTemplate, EngineError, LanguageModel, Loaded, Tokenizer};

/// A file whose header, vocabulary and template are sound.
pub struct ModelFile {
    content: Content,
    rest: Rest,
}

/// What is left of a file once its metadata are taken out.
pub struct Rest {
    header: Header,
    tokenizer: Tokenizer,
    template: ChatTemplate,
}

impl ModelFile {
    /// Checks everything but what depends on the architecture.
    ///
    /// # Errors
    /// An [`EngineError`] that names what is wrong with the file.
    pub fn open<R: Read + Seek>(reader: &mut R) -> Result<Self, EngineError> {
        let header = gguf::check(&mut *reader)?;
        let mut content = read(reader, header.data_offset)?;
        let tokenizer = Tokenizer::from_gguf(&mut content)?;
        let template = ChatTemplate::from_gguf(&content, &tokenizer)?;
        Ok(Self { content, rest: Rest { header, tokenizer, template } })
    }

    /// The tensors.
    pub fn header(&self) -> &Header {
        &self.rest.header
    }

    /// The metadata, without the vocabulary.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// `general.architecture`.
    ///
    /// # Errors
    /// It is missing or no text.
    pub fn architecture(&self) -> Result<&str, EngineError> {
        const KEY: &str = "general.architecture";
        optional_text(&self.content, KEY)?.ok_or_else(|| EngineError::metadata(KEY, "missing"))
    }

    /// Checks that there is a token for each row of the embedding.
    ///
    /// # Errors
    /// There are more or fewer.
    pub fn fits(&self, vocabulary: usize) -> Result<(), EngineError> {
        let tokens = self.rest.tokenizer.len();
        if tokens == vocabulary {
            return Ok(());
        }
        let problem = format!("{tokens} tokens for {vocabulary} rows of the embedding");
        Err(EngineError::Tokenizer(problem))
    }

    /// Metadata, and the rest.
    pub fn into_parts(self) -> (Content, Rest) {
        (self.content, self.rest)
    }
}

impl Rest {
    /// The tensors.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The whole, with what runs it.
    pub fn with(self, model: Box<dyn LanguageModel>) -> Loaded {
        Loaded {
            bytes: self.header.length,
            quantization: self.header.main_dtype().map_or_else(String::new, |d| d.to_string()),
            tokenizer: self.tokenizer,
            template: self.template,
            model,
        }
    }
}

fn read<R: Read + Seek>(reader: &mut R, header_bytes: u64) -> Result<Content, EngineError> {
    reader.seek(SeekFrom::Start(0)).map_err(GgufError::from)?;
    // candle asks for its position before every string, and a buffer would be thrown away each
    // time: the header is read at once. `check` held its length against the file's.
    let mut header = vec![0; header_bytes as usize];
    reader.read_exact(&mut header).map_err(GgufError::from)?;
    Ok(Content::read(&mut Cursor::new(header))?)
}
