//! Text to token ids and back, from the vocabulary inside the GGUF file.

mod bytes;
mod stream;
mod vocabulary;

use aho_corasick::{AhoCorasick, MatchKind};
use candle_core::quantized::gguf_file::Content;
use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;

pub use stream::TextStream;

use crate::EngineError;
use vocabulary::{Kind, Vocabulary};

/// Names of tokens that end an answer, in the vocabularies of llama-family chat models; a file's
/// own end tokens are added to them.
const END_NAMES: [&str; 8] = [
    "<|endoftext|>",
    "<|im_end|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|end_of_text|>",
    "<|end|>",
    "<end_of_turn>",
    "</s>",
];

/// Byte-level BPE with the file's tokens, merges and control tokens.
pub struct Tokenizer {
    bpe: tokenizers::Tokenizer,
    /// Control tokens inside a text; the pattern's number indexes `control_ids`.
    controls: AhoCorasick,
    control_ids: Vec<u32>,
    /// Bytes of each token, by id.
    bytes: Vec<Vec<u8>>,
    is_control: Vec<bool>,
    end_ids: Vec<u32>,
    bos: Option<u32>,
    eos: Option<u32>,
    add_bos: bool,
}

impl Tokenizer {
    pub(crate) fn from_gguf(content: &Content) -> Result<Self, EngineError> {
        let vocabulary = Vocabulary::from_gguf(content)?;
        let (names, control_ids): (Vec<_>, Vec<_>) = vocabulary
            .of_kind(Kind::Control)
            .filter(|(name, _)| !name.is_empty())
            .map(|(name, id)| (name.to_owned(), id))
            .unzip();
        let controls = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&names)
            .map_err(|error| EngineError::Tokenizer(error.to_string()))?;
        let end_ids = vocabulary.end_ids(&END_NAMES);
        let bytes = vocabulary.bytes();
        let is_control = vocabulary.kinds.iter().map(|&kind| kind == Kind::Control).collect();
        let (bos, eos, add_bos) = (vocabulary.bos, vocabulary.eos, vocabulary.add_bos);
        let bpe = byte_level_bpe(vocabulary)?;
        Ok(Self { bpe, controls, control_ids, bytes, is_control, end_ids, bos, eos, add_bos })
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there are no tokens (never true of a loaded file).
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Token ids of `text`. With `special`, the names of control tokens in it become those tokens;
    /// without, they are plain text.
    ///
    /// Bytes that the vocabulary has no token for are dropped before merging, as in the
    /// `tokenizers` library.
    ///
    /// # Errors
    /// The tokenizer library failed.
    pub fn encode(&self, text: &str, special: bool) -> Result<Vec<u32>, EngineError> {
        let mut ids = Vec::new();
        if !special {
            self.encode_plain(text, &mut ids)?;
            return Ok(ids);
        }
        let mut from = 0;
        for found in self.controls.find_iter(text) {
            self.encode_plain(text.get(from..found.start()).unwrap_or(""), &mut ids)?;
            ids.extend(self.control_ids.get(found.pattern().as_usize()));
            from = found.end();
        }
        self.encode_plain(text.get(from..).unwrap_or(""), &mut ids)?;
        Ok(ids)
    }

    fn encode_plain(&self, text: &str, ids: &mut Vec<u32>) -> Result<(), EngineError> {
        if !text.is_empty() {
            let encoding = self.bpe.encode_fast(text, false);
            let encoding = encoding.map_err(|error| EngineError::Tokenizer(error.to_string()))?;
            ids.extend_from_slice(encoding.get_ids());
        }
        Ok(())
    }

    /// Text of `ids`; control tokens have none. Bytes that are not UTF-8 become U+FFFD.
    pub fn decode(&self, ids: &[u32]) -> String {
        let mut stream = TextStream::default();
        let mut text: String = ids.iter().map(|&id| stream.push(self, id)).collect();
        text.push_str(&stream.finish());
        text
    }

    /// Bytes of a token; none for an id outside the vocabulary.
    pub fn token_bytes(&self, id: u32) -> &[u8] {
        self.bytes.get(id as usize).map_or(&[], Vec::as_slice)
    }

    /// How to show one token: its text, or `⟨E2 80⟩` where its bytes are not whole characters.
    pub fn label(&self, id: u32) -> String {
        let bytes = self.token_bytes(id);
        if let Ok(text) = std::str::from_utf8(bytes) {
            return text.to_owned();
        }
        let hex: Vec<_> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        format!("⟨{}⟩", hex.join(" "))
    }

    /// Whether `id` is a control token, which is not text.
    pub fn is_control(&self, id: u32) -> bool {
        self.is_control.get(id as usize).copied().unwrap_or(false)
    }

    /// Whether `id` ends an answer.
    pub fn is_end(&self, id: u32) -> bool {
        self.end_ids.contains(&id)
    }

    /// Tokens that end an answer, ascending.
    pub fn end_ids(&self) -> &[u32] {
        &self.end_ids
    }

    /// The token whose text is exactly `text`, if there is one.
    pub fn token(&self, text: &str) -> Option<u32> {
        self.bytes.iter().position(|bytes| bytes == text.as_bytes()).map(|id| id as u32)
    }

    /// The token to put before a prompt, if the file asks for one.
    pub(crate) fn bos_to_add(&self) -> Option<u32> {
        self.bos.filter(|_| self.add_bos)
    }

    pub(crate) fn bos_text(&self) -> String {
        self.bos.map_or_else(String::new, |id| self.label(id))
    }

    pub(crate) fn eos_text(&self) -> String {
        self.eos.map_or_else(String::new, |id| self.label(id))
    }

    /// Ranges of control tokens' names in `text`, with their ids.
    pub(crate) fn find_controls<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Iterator<Item = (std::ops::Range<usize>, u32)> + 'a {
        self.controls.find_iter(text).filter_map(|found| {
            self.control_ids.get(found.pattern().as_usize()).map(|&id| (found.range(), id))
        })
    }
}

/// The pre-tokenizer `smollm`: single digits, then GPT-2's byte-level words.
fn byte_level_bpe(vocabulary: Vocabulary) -> Result<tokenizers::Tokenizer, EngineError> {
    let fail = |error: tokenizers::Error| EngineError::Tokenizer(error.to_string());
    let mut ids = Vocab::default();
    for (id, token) in vocabulary.tokens.into_iter().enumerate() {
        ids.insert(token, id as u32);
    }
    let bpe = BPE::builder().vocab_and_merges(ids, vocabulary.merges).build().map_err(fail)?;
    let mut tokenizer = tokenizers::Tokenizer::new(bpe);
    let steps = vec![
        PreTokenizerWrapper::Digits(Digits::new(true)),
        PreTokenizerWrapper::ByteLevel(ByteLevel::new(false, true, true)),
    ];
    tokenizer.with_pre_tokenizer(Some(Sequence::new(steps)));
    Ok(tokenizer)
}
