//! The vocabulary as the GGUF file stores it.

use super::bytes::ByteAlphabet;
use super::pieces;
use super::pre_tokenizer::PreTokenizer;
use crate::EngineError;
use crate::gguf::{Array, Metadata, Strings};
use crate::metadata::Keys;

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
    ByteLevel(PreTokenizer),
    /// `llama`
    SentencePiece {
        /// Whether a space is put before a text.
        add_space_prefix: bool,
    },
}

pub(super) struct Vocabulary {
    pub(super) scheme: Scheme,
    pub(super) tokens: Strings,
    pub(super) kinds: Vec<Kind>,
    /// Of byte-level BPE.
    pub(super) merges: Vec<(String, String)>,
    /// Of SentencePiece, one for each token.
    pub(super) scores: Vec<f32>,
    /// Tokens that end an answer, by the file's own entries.
    ends: Vec<u32>,
    pub(super) bos: Option<u32>,
    pub(super) add_bos: bool,
}

impl Vocabulary {
    /// Takes the long lists out of `metadata`.
    pub(super) fn from_gguf(metadata: &mut Metadata) -> Result<Self, EngineError> {
        let scheme = scheme(Keys::new(metadata, PREFIX))?;
        let tokens = strings(metadata, "tokenizer.ggml.tokens")?;
        if tokens.is_empty() {
            return Err(EngineError::Tokenizer("the vocabulary is empty".to_owned()));
        }
        let (merges, scores, add_bos) = match scheme {
            Scheme::ByteLevel(rules) => (merges(metadata)?, Vec::new(), rules.add_bos()),
            Scheme::SentencePiece { .. } => (Vec::new(), scores(metadata, tokens.len())?, true),
        };
        let kinds = kinds(metadata, tokens.len())?;
        let keys = Keys::new(metadata, PREFIX);
        let ends = END_KEYS.into_iter().filter_map(|key| keys.token(key, tokens.len()).transpose());
        Ok(Self {
            bos: keys.token("bos_token_id", tokens.len())?,
            ends: ends.collect::<Result<_, _>>()?,
            add_bos: keys.flag("add_bos_token", add_bos)?,
            scheme,
            tokens,
            kinds,
            merges,
            scores,
        })
    }

    /// Names and ids of the tokens of one kind.
    pub(super) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&str, u32)> {
        let all = self.tokens.iter().zip(&self.kinds).zip(0..);
        all.filter(move |((_, of), _)| **of == kind).map(|((name, _), id)| (name, id))
    }

    /// Bytes of the tokens, one after the other, and where each one ends.
    pub(super) fn bytes(&self) -> (Vec<u8>, Vec<u32>) {
        let alphabet = ByteAlphabet::new();
        let mut bytes = Vec::new();
        let all = self.tokens.iter().zip(&self.kinds);
        let ends = all.map(|(token, kind)| {
            match (kind, self.scheme) {
                (Kind::Text, Scheme::ByteLevel(_)) => bytes.extend(alphabet.decode(token)),
                (Kind::Text | Kind::UserDefined, Scheme::SentencePiece { .. }) => {
                    bytes.extend(pieces::unescape(token));
                }
                (Kind::Byte, _) => match pieces::byte(token) {
                    Some(byte) => bytes.push(byte),
                    None => bytes.extend(token.bytes()),
                },
                _ => bytes.extend(token.bytes()),
            }
            bytes.len() as u32
        });
        let ends = ends.collect();
        (bytes, ends)
    }

    /// Control tokens that end an answer: the file's own and those called one of `names`.
    pub(super) fn end_ids(&self, names: &[&str]) -> Vec<u32> {
        let named =
            self.of_kind(Kind::Control).filter(|(name, _)| names.contains(name)).map(|(_, id)| id);
        let mut ids: Vec<_> = named.chain(self.ends.iter().copied()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// What the vocabulary's entries begin with.
const PREFIX: &str = "tokenizer.ggml";

/// Entries that name a token which ends an answer.
const END_KEYS: [&str; 3] = ["eos_token_id", "eot_token_id", "eom_token_id"];

fn scheme(keys: Keys<'_>) -> Result<Scheme, EngineError> {
    match keys.text("model")? {
        "gpt2" => Ok(Scheme::ByteLevel(PreTokenizer::named(keys.text("pre")?)?)),
        "llama" => {
            Ok(Scheme::SentencePiece { add_space_prefix: keys.flag("add_space_prefix", true)? })
        }
        other => Err(EngineError::Unsupported {
            what: format!("the tokenizer {other:?}"),
            supported: "gpt2 (byte-level BPE) and llama (SentencePiece BPE)".to_owned(),
        }),
    }
}

fn merges(metadata: &mut Metadata) -> Result<Vec<(String, String)>, EngineError> {
    let merges = strings(metadata, "tokenizer.ggml.merges")?;
    let parts = merges.iter().map(|merge| match merge.split_once(' ') {
        Some((left, right)) => Ok((left.to_owned(), right.to_owned())),
        None => Err(EngineError::Tokenizer(format!("the merge {merge:?} has no space"))),
    });
    parts.collect()
}

fn scores(metadata: &mut Metadata, count: usize) -> Result<Vec<f32>, EngineError> {
    const KEY: &str = "tokenizer.ggml.scores";
    let Some(Array::F32(scores)) = metadata.take_array(KEY) else {
        return Err(EngineError::metadata(KEY, "missing or not a list of f32"));
    };
    if scores.len() != count {
        let problem = format!("{} scores for {count} tokens", scores.len());
        return Err(EngineError::metadata(KEY, problem));
    }
    if scores.iter().any(|score| score.is_nan()) {
        return Err(EngineError::metadata(KEY, "NaN is not a score"));
    }
    Ok(scores)
}

fn strings(metadata: &mut Metadata, key: &str) -> Result<Strings, EngineError> {
    match metadata.take_array(key) {
        Some(Array::String(strings)) => Ok(strings),
        _ => Err(EngineError::metadata(key, "missing or not a list of strings")),
    }
}

fn kinds(metadata: &mut Metadata, count: usize) -> Result<Vec<Kind>, EngineError> {
    const KEY: &str = "tokenizer.ggml.token_type";
    let Some(Array::I32(kinds)) = metadata.take_array(KEY) else {
        return Err(EngineError::metadata(KEY, "missing or not a list of i32"));
    };
    if kinds.len() != count {
        let problem = format!("{} kinds for {count} tokens", kinds.len());
        return Err(EngineError::metadata(KEY, problem));
    }
    let kinds = kinds.into_iter().map(|kind| match kind {
        3 => Ok(Kind::Control),
        4 => Ok(Kind::UserDefined),
        1 | 5 => Ok(Kind::Text),
        2 => Ok(Kind::Unknown),
        6 => Ok(Kind::Byte),
        other => Err(EngineError::metadata(KEY, format!("{other} is not a kind of token"))),
    });
    kinds.collect()
}
