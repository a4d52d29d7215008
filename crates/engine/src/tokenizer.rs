//! Text to token ids and back, from the vocabulary inside the GGUF file.

mod byte_level;
mod bytes;
mod ends;
mod guess;
mod kind;
mod names;
mod pieces;
mod pre_tokenizer;
mod sentence_piece;
mod stream;
mod vocabulary;
mod words;

use std::ops::Range;

pub use stream::TextStream;

use crate::EngineError;
use crate::gguf::Metadata;
use byte_level::ByteLevel;
use kind::{Kind, Scheme};
use names::Names;
pub(crate) use names::Part;
use sentence_piece::SentencePiece;
use vocabulary::Vocabulary;

/// BPE with the file's tokens, merges or scores, and control tokens.
pub struct Tokenizer {
    bpe: Bpe,
    /// Names inside a text that mean a token and nothing else: control tokens and the unknown one.
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
    notes: Vec<String>,
}

enum Bpe {
    ByteLevel(ByteLevel),
    SentencePiece(SentencePiece),
}

impl Tokenizer {
    pub(crate) fn from_gguf(metadata: &mut Metadata) -> Result<Self, EngineError> {
        let mut vocabulary = Vocabulary::from_gguf(metadata)?;
        let end_ids = ends::find(&mut vocabulary);
        let (unknown, control) =
            (vocabulary.of_kind(Kind::Unknown), vocabulary.of_kind(Kind::Control));
        let controls = Names::new(unknown.chain(control))?;
        let user_defined = Names::new(vocabulary.of_kind(Kind::UserDefined))?;
        let (bytes, ends) = vocabulary.bytes();
        let is_control = vocabulary.kinds.iter().map(|&kind| kind == Kind::Control).collect();
        let (bos, add_bos) = (vocabulary.bos, vocabulary.add_bos);
        let notes = std::mem::take(&mut vocabulary.notes);
        let bpe = match vocabulary.scheme {
            Scheme::ByteLevel(rules) => ByteLevel::new(rules, vocabulary).map(Bpe::ByteLevel),
            Scheme::SentencePiece { add_space_prefix } => {
                SentencePiece::new(add_space_prefix, vocabulary).map(Bpe::SentencePiece)
            }
        };
        let bpe = bpe.map_err(|error| failure(&error))?;
        Ok(Self {
            bpe,
            controls,
            user_defined,
            bytes,
            ends,
            is_control,
            end_ids,
            bos,
            add_bos,
            notes,
        })
    }

    /// What the file lacks or has wrong, and what was done about it: whole sentences without a
    /// full stop.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no tokens (never true of a loaded file).
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Token ids of `text`. With `special`, the names of control tokens and of the unknown token in
    /// it become those tokens; without, they are plain text.
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

    /// Token ids of a text that a model goes on with: [`Self::encode`], and before it the start
    /// token, if the file asks for one and the text does not begin with it.
    ///
    /// # Errors
    /// The tokenizer library failed.
    pub fn encode_prompt(&self, text: &str, special: bool) -> Result<Vec<u32>, EngineError> {
        let mut ids = self.encode(text, special)?;
        if let Some(bos) = self.bos_to_add().filter(|bos| ids.first() != Some(bos)) {
            ids.insert(0, bos);
        }
        Ok(ids)
    }

    /// Token ids of a text that goes on where other tokens end: nothing is put before it. Names of control
    /// tokens in it are plain text.
    ///
    /// # Errors
    /// The tokenizer library failed.
    pub fn encode_continuation(&self, text: &str) -> Result<Vec<u32>, EngineError> {
        let mut ids = Vec::new();
        self.encode_part(text, false, &mut ids)?;
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
                    let encoded = match &self.bpe {
                        Bpe::ByteLevel(bpe) => bpe.encode(text, ids),
                        Bpe::SentencePiece(bpe) => bpe.encode(text, begins && first, ids),
                    };
                    encoded.map_err(|error| failure(&error))?;
                }
                Part::Name(id) => ids.push(id),
            }
        }
        Ok(())
    }

    /// Whether the space that a text begins with was put there by the tokenizer.
    pub(crate) fn adds_space(&self) -> bool {
        matches!(&self.bpe, Bpe::SentencePiece(bpe) if bpe.add_space_prefix)
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

    /// The token after which a text by itself begins: the start token if the file asks for one, else what stood between
    /// texts when the model was trained, as far as names tell.
    pub fn start(&self) -> Option<u32> {
        let between = || self.token("<|endoftext|>");
        self.bos_to_add().or_else(between).or(self.bos).or(self.end_ids.first().copied())
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

fn failure(error: &tokenizers::Error) -> EngineError {
    EngineError::Tokenizer(error.to_string())
}
