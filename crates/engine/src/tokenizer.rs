//! Text to token ids and back, from the vocabulary inside the GGUF file.

mod byte_level;
mod bytes;
mod pieces;
mod pre_tokenizer;
mod sentence_piece;
mod stream;
mod vocabulary;

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

pub use stream::TextStream;

use crate::EngineError;
use crate::gguf::Metadata;
use vocabulary::{Kind, Scheme, Vocabulary};

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

/// BPE with the file's tokens, merges or scores, and control tokens.
pub struct Tokenizer {
    bpe: tokenizers::Tokenizer,
    scheme: Scheme,
    /// Control tokens inside a text.
    controls: Names,
    /// Tokens that the file's makers added: they are never merged, and found in plain text too.
    user_defined: Names,
    /// Bytes of the tokens, one after the other, and where each one ends.
    bytes: Vec<u8>,
    ends: Vec<u32>,
    is_control: Vec<bool>,
    end_ids: Vec<u32>,
    bos: Option<u32>,
    add_bos: bool,
}

impl Tokenizer {
    pub(crate) fn from_gguf(metadata: &mut Metadata) -> Result<Self, EngineError> {
        let vocabulary = Vocabulary::from_gguf(metadata)?;
        let controls = Names::new(vocabulary.of_kind(Kind::Control))?;
        let user_defined = Names::new(vocabulary.of_kind(Kind::UserDefined))?;
        let end_ids = vocabulary.end_ids(&END_NAMES);
        let (bytes, ends) = vocabulary.bytes();
        let is_control = vocabulary.kinds.iter().map(|&kind| kind == Kind::Control).collect();
        let (bos, add_bos) = (vocabulary.bos, vocabulary.add_bos);
        let scheme = vocabulary.scheme;
        let bpe = match scheme {
            Scheme::ByteLevel(rules) => byte_level::build(rules, vocabulary),
            Scheme::SentencePiece { .. } => sentence_piece::build(vocabulary),
        };
        let bpe = bpe.map_err(|error| failure(&error))?;
        Ok(Self {
            bpe,
            scheme,
            controls,
            user_defined,
            bytes,
            ends,
            is_control,
            end_ids,
            bos,
            add_bos,
        })
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no tokens (never true of a loaded file).
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
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
            self.encode_part(text, true, &mut ids)?;
            return Ok(ids);
        }
        for part in self.controls.split(text) {
            match part {
                Part::Text { text, .. } => self.encode_part(text, true, &mut ids)?,
                Part::Name(id) => ids.push(id),
            }
        }
        Ok(ids)
    }

    /// Appends the tokens of plain text that is a part of a longer one; `begins` if nothing but a
    /// control token stands before it.
    pub(crate) fn encode_part(
        &self,
        text: &str,
        begins: bool,
        ids: &mut Vec<u32>,
    ) -> Result<(), EngineError> {
        for part in self.user_defined.split(text) {
            match part {
                Part::Text { text, begins: first } => {
                    self.encode_words(text, begins && first, ids)?;
                }
                Part::Name(id) => ids.push(id),
            }
        }
        Ok(())
    }

    /// Tokens of text without names; `begins` if nothing but a control token stands before it.
    fn encode_words(
        &self,
        text: &str,
        begins: bool,
        ids: &mut Vec<u32>,
    ) -> Result<(), EngineError> {
        let encoding = match self.scheme {
            Scheme::ByteLevel(_) => self.bpe.encode_fast(text, false),
            Scheme::SentencePiece { add_space_prefix } => {
                let escaped = pieces::escape(text, begins && add_space_prefix);
                self.bpe.encode_fast(escaped, false)
            }
        };
        ids.extend_from_slice(encoding.map_err(|error| failure(&error))?.get_ids());
        Ok(())
    }

    /// Whether the space that a text begins with was put there by the tokenizer.
    pub(crate) fn adds_space(&self) -> bool {
        self.scheme == Scheme::SentencePiece { add_space_prefix: true }
    }

    /// Text of `ids`; control tokens have none. Bytes that are not UTF-8 become U+FFFD.
    pub fn decode(&self, ids: &[u32]) -> String {
        let mut stream = TextStream::new(self);
        let mut text: String = ids.iter().map(|&id| stream.push(self, id)).collect();
        text.push_str(&stream.finish());
        text
    }

    /// Bytes of a token; none for an id outside the vocabulary.
    pub fn token_bytes(&self, id: u32) -> &[u8] {
        let id = id as usize;
        let Some(&end) = self.ends.get(id) else { return &[] };
        let start = if id == 0 { 0 } else { self.ends[id - 1] };
        &self.bytes[start as usize..end as usize]
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
        (0..self.len() as u32).find(|&id| self.token_bytes(id) == text.as_bytes())
    }

    /// The token to put before a prompt, if the file asks for one.
    pub(crate) fn bos_to_add(&self) -> Option<u32> {
        self.bos.filter(|_| self.add_bos)
    }

    /// Ranges of control tokens' names in `text`, with their ids.
    pub(crate) fn find_controls<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Iterator<Item = (Range<usize>, u32)> + 'a {
        self.controls.find(text)
    }
}

/// A part of a text.
pub(crate) enum Part<'a> {
    /// Between names; not empty.
    Text {
        text: &'a str,
        /// Whether nothing stands before it.
        begins: bool,
    },
    /// The token whose name stands there.
    Name(u32),
}

/// Names of tokens, found in a text: the leftmost, and of those the longest.
struct Names {
    names: AhoCorasick,
    ids: Vec<u32>,
}

impl Names {
    fn new<'a>(tokens: impl Iterator<Item = (&'a str, u32)>) -> Result<Self, EngineError> {
        let (names, ids): (Vec<_>, Vec<_>) = tokens.filter(|(name, _)| !name.is_empty()).unzip();
        let names = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(names)
            .map_err(|error| EngineError::Tokenizer(error.to_string()))?;
        Ok(Self { names, ids })
    }

    fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (Range<usize>, u32)> + 'a {
        self.names.find_iter(text).map(|found| (found.range(), self.ids[found.pattern()]))
    }

    /// `text` cut at the names in it.
    fn split<'a>(&self, text: &'a str) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        let mut from = 0;
        let push = |range: Range<usize>, parts: &mut Vec<Part<'a>>| {
            if !range.is_empty() {
                parts.push(Part::Text { begins: range.start == 0, text: &text[range] });
            }
        };
        for found in self.names.find_iter(text) {
            push(from..found.start(), &mut parts);
            parts.push(Part::Name(self.ids[found.pattern()]));
            from = found.end();
        }
        push(from..text.len(), &mut parts);
        parts
    }
}

fn failure(error: &tokenizers::Error) -> EngineError {
    EngineError::Tokenizer(error.to_string())
}
