//! Kinds of vocabularies and of tokens.

use super::pre_tokenizer::PreTokenizer;

/// Kinds of token (`enum llama_token_type`); the ones that matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text, in the byte-level alphabet or with SentencePiece's spaces.
    Text,
    /// Stands for what no token has.
    Unknown,
    /// One byte, such as `<0x0A>`.
    Byte,
    /// Not text: turns, end of answer.
    Control,
    /// Text as it stands, not in the byte-level alphabet.
    UserDefined,
}

/// How texts become tokens (`tokenizer.ggml.model`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    /// `gpt2`
    ByteLevel(&'static PreTokenizer),
    /// `llama`
    SentencePiece {
        /// Whether a space is put before a text.
        add_space_prefix: bool,
    },
}
