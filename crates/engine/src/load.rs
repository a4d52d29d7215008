//! From an open file to a model that can chat.

use std::io::{Read, Seek, SeekFrom};

use candle_core::quantized::gguf_file::Content;

use crate::candle_llama::{self, CandleLlama};
use crate::gguf::{self, Header};
use crate::llama::{Config, LlamaModel};
use crate::metadata::optional_text;
use crate::{
    Backend, ChatTemplate, EngineError, EngineOptions, LanguageModel, ModelShape, Tokenizer,
};

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
    header: Header,
    content: Content,
    plan: Plan,
    tokenizer: Tokenizer,
    template: ChatTemplate,
}

/// What will run the model.
enum Plan {
    Llama(Config, EngineOptions),
    Candle(ModelShape),
}

/// Checks everything about a GGUF model but its weights.
///
/// # Errors
/// An [`EngineError`] that names what is wrong with the file.
pub fn open<R: Read + Seek>(reader: &mut R, options: EngineOptions) -> Result<Opened, EngineError> {
    let header = gguf::check(&mut *reader)?;
    let mut content = read(reader, header.data_offset)?;
    architecture(&content)?;
    let config = Config::read(&header, &content)?;
    let tokenizer = Tokenizer::from_gguf(&mut content)?;
    let template = ChatTemplate::from_gguf(&content, &tokenizer)?;
    if config.vocabulary != tokenizer.len() {
        return Err(EngineError::Tokenizer(format!(
            "{} tokens for {} rows of the embedding",
            tokenizer.len(),
            config.vocabulary
        )));
    }
    let plan = match options.backend {
        Backend::Llama => Plan::Llama(config, options),
        Backend::Candle => Plan::Candle(candle_llama::shape(&config, &header, &content)?),
    };
    Ok(Opened { header, content, plan, tokenizer, template })
}

impl Opened {
    /// Reads the weights.
    ///
    /// # Errors
    /// The file could not be read.
    pub fn build<R: Read + Seek>(self, reader: &mut R) -> Result<Loaded, EngineError> {
        let quantization =
            self.header.main_dtype().map_or_else(String::new, |dtype| dtype.to_string());
        let model: Box<dyn LanguageModel> = match self.plan {
            Plan::Llama(config, options) => {
                // The vocabulary in it is large, and was taken over.
                drop(self.content);
                Box::new(LlamaModel::load(config, &self.header, options, reader)?)
            }
            Plan::Candle(shape) => Box::new(CandleLlama::load(shape, self.content, reader)?),
        };
        Ok(Loaded {
            bytes: self.header.length,
            quantization,
            tokenizer: self.tokenizer,
            template: self.template,
            model,
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
    const KEY: &str = "general.architecture";
    match optional_text(content, KEY)? {
        Some("llama") => Ok(()),
        Some(name) => Err(EngineError::Unsupported {
            what: format!("the architecture {name:?}"),
            supported: "llama, such as SmolLM2".to_owned(),
        }),
        None => Err(EngineError::metadata(KEY, "missing")),
    }
}
