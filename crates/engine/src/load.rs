//! From an open file to a model that can chat.

use std::io::{Read, Seek, SeekFrom};

use candle_core::quantized::gguf_file::{Content, Value};

use crate::candle_llama::{self, CandleLlama};
use crate::gguf::{self, Header};
use crate::{ChatTemplate, EngineError, LanguageModel, ModelShape, Tokenizer};

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
pub fn load<R: Read + Seek>(reader: &mut R) -> Result<Loaded, EngineError> {
    open(reader)?.build(reader)
}

/// A file whose header, vocabulary, template and shapes are sound; no weights are read yet.
pub struct Opened {
    header: Header,
    content: Content,
    shape: ModelShape,
    tokenizer: Tokenizer,
    template: ChatTemplate,
}

/// Checks everything about a GGUF model but its weights.
///
/// # Errors
/// An [`EngineError`] that names what is wrong with the file.
pub fn open<R: Read + Seek>(reader: &mut R) -> Result<Opened, EngineError> {
    let header = gguf::check(&mut *reader)?;
    let content = read(reader, header.data_offset)?;
    architecture(&content)?;
    let shape = candle_llama::check(&header, &content)?;
    let tokenizer = Tokenizer::from_gguf(&content)?;
    let template = ChatTemplate::from_gguf(&content, &tokenizer)?;
    if shape.vocabulary != tokenizer.len() {
        return Err(EngineError::Tokenizer(format!(
            "{} tokens for {} rows of the embedding",
            tokenizer.len(),
            shape.vocabulary
        )));
    }
    Ok(Opened { header, content, shape, tokenizer, template })
}

impl Opened {
    /// Reads the weights.
    ///
    /// # Errors
    /// The file could not be read.
    pub fn build<R: Read + Seek>(self, reader: &mut R) -> Result<Loaded, EngineError> {
        let quantization =
            self.header.main_dtype().map_or_else(String::new, |dtype| dtype.to_string());
        let model = CandleLlama::load(self.shape, self.content, reader)?;
        Ok(Loaded {
            bytes: self.header.length,
            quantization,
            tokenizer: self.tokenizer,
            template: self.template,
            model: Box::new(model),
        })
    }
}

fn read<R: Read + Seek>(reader: &mut R, header_bytes: u64) -> Result<Content, EngineError> {
    reader.seek(SeekFrom::Start(0)).map_err(gguf::GgufError::from)?;
    // candle asks for its position before every string, and a buffer would be thrown away each
    // time: the header is read at once. `check` held its length against the file's.
    let mut header = vec![0; header_bytes as usize];
    reader.read_exact(&mut header).map_err(gguf::GgufError::from)?;
    Ok(Content::read(&mut std::io::Cursor::new(header))?)
}

fn architecture(content: &Content) -> Result<(), EngineError> {
    match content.metadata.get("general.architecture") {
        Some(Value::String(name)) if name == "llama" => Ok(()),
        Some(Value::String(name)) => Err(EngineError::Unsupported {
            what: format!("the architecture {name:?}"),
            supported: "llama, such as SmolLM2".to_owned(),
        }),
        _ => Err(EngineError::metadata("general.architecture", "missing or not a string")),
    }
}
