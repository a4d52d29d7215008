//! The vocabulary as the GGUF file stores it.

use super::bytes::ByteAlphabet;
use super::kind::{Kind, Scheme};
use super::pre_tokenizer::{self, PreTokenizer};
use super::{guess, pieces};
use crate::EngineError;
use crate::gguf::{Array, Metadata, Strings, Value};
use crate::metadata::Keys;

pub(super) struct Vocabulary {
    pub(super) scheme: Scheme,
    pub(super) tokens: Strings,
    pub(super) kinds: Vec<Kind>,
    /// Of byte-level BPE.
    pub(super) merges: Vec<(String, String)>,
    /// Of SentencePiece, one for each token.
    pub(super) scores: Vec<f32>,
    /// Tokens that end an answer, by the file's own entries.
    pub(super) ends: Vec<u32>,
    pub(super) bos: Option<u32>,
    pub(super) add_bos: bool,
    /// What the file lacks or has wrong, and what was done about it.
    pub(super) notes: Vec<String>,
}

impl Vocabulary {
    /// Takes the long lists out of `metadata`.
    pub(super) fn from_gguf(metadata: &mut Metadata) -> Result<Self, EngineError> {
        let mut notes = Vec::new();
        let scheme = scheme(Keys::new(metadata, PREFIX), &mut notes)?;
        let tokens = strings(metadata, "tokenizer.ggml.tokens")?;
        if tokens.is_empty() {
            return Err(EngineError::Tokenizer("the vocabulary is empty".to_owned()));
        }
        let count = tokens.len();
        let (merges, scores, add_bos) = match scheme {
            Scheme::ByteLevel(rules) => (merges(metadata)?, Vec::new(), rules.add_bos),
            Scheme::SentencePiece { .. } => (Vec::new(), scores(metadata, count)?, true),
        };
        let kinds = kinds(metadata, count)?.unwrap_or_else(|| {
            notes.push("the file does not say which tokens are text: it is guessed".to_owned());
            guess::kinds(scheme, &tokens, &merges)
        });
        let keys = Keys::new(metadata, PREFIX);
        // SentencePiece's own numbers, where a file says nothing.
        let usual = |id: u32| match scheme {
            Scheme::SentencePiece { .. } => {
                (kinds.get(id as usize) == Some(&Kind::Control)).then_some(id)
            }
            Scheme::ByteLevel(_) => None,
        };
        let mut token = |entry: &str| special(keys, entry, count, &mut notes);
        let bos = token("bos_token_id").or(usual(1));
        let eos = token("eos_token_id").or(usual(2));
        let ends = eos.into_iter().chain(END_KEYS.into_iter().filter_map(token)).collect();
        let add_bos = keys.flag("add_bos_token", add_bos)?;
        Ok(Self { scheme, tokens, kinds, merges, scores, ends, bos, add_bos, notes })
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
}

/// What the vocabulary's entries begin with.
const PREFIX: &str = "tokenizer.ggml";

/// Entries that name a token which ends an answer, besides the end of a text.
const END_KEYS: [&str; 2] = ["eot_token_id", "eom_token_id"];

fn scheme(keys: Keys<'_>, notes: &mut Vec<String>) -> Result<Scheme, EngineError> {
    match keys.text("model")? {
        "gpt2" => {
            let rules = keys.optional_text("pre")?.unwrap_or_else(|| {
                notes.push(format!(
                    "the file does not say how words are cut ({}): it was converted by an old program, \
                     and answers may suffer",
                    keys.name("pre")
                ));
                pre_tokenizer::DEFAULT
            });
            Ok(Scheme::ByteLevel(PreTokenizer::named(rules)?))
        }
        "llama" => {
            Ok(Scheme::SentencePiece { add_space_prefix: keys.flag("add_space_prefix", true)? })
        }
        other => Err(EngineError::Unsupported {
            what: format!("the tokenizer {other:?}"),
            supported: "gpt2 (byte-level BPE) and llama (SentencePiece BPE)".to_owned(),
        }),
    }
}

/// The id of a token with a task of its own. One that no token has is left out, as elsewhere.
fn special(keys: Keys<'_>, entry: &str, count: usize, notes: &mut Vec<String>) -> Option<u32> {
    let id = keys.integer(entry)?;
    let sound = u32::try_from(id).ok().filter(|&id| (id as usize) < count);
    if sound.is_none() {
        notes.push(format!(
            "{} is {id}, and there are {count} tokens: it is ignored",
            keys.name(entry)
        ));
    }
    sound
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
    let mut scores = match metadata.take_array(KEY) {
        Some(Array::F32(scores)) => scores,
        Some(Array::I32(scores)) => scores.into_iter().map(|score| score as f32).collect(),
        _ => return Err(EngineError::metadata(KEY, "missing or not a list of f32")),
    };
    if scores.len() < count {
        let problem = format!("{} scores for {count} tokens", scores.len());
        return Err(EngineError::metadata(KEY, problem));
    }
    scores.truncate(count);
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

/// The kinds of the tokens, if the file has them.
fn kinds(metadata: &mut Metadata, count: usize) -> Result<Option<Vec<Kind>>, EngineError> {
    const KEY: &str = "tokenizer.ggml.token_type";
    let kinds: Vec<Kind> = match metadata.take(KEY) {
        None => return Ok(None),
        Some(Value::Array(Array::I32(kinds))) => kinds.into_iter().map(Kind::of).collect(),
        Some(Value::Array(Array::U32(kinds))) => {
            kinds.into_iter().map(|kind| Kind::of(kind as i32)).collect()
        }
        Some(_) => return Err(EngineError::metadata(KEY, "is not a list of i32")),
    };
    if kinds.len() < count {
        let problem = format!("{} kinds for {count} tokens", kinds.len());
        return Err(EngineError::metadata(KEY, problem));
    }
    Ok(Some(kinds))
}

impl Kind {
    /// By its number. Unused tokens and kinds that nobody knows are text, as elsewhere.
    fn of(kind: i32) -> Self {
        match kind {
            2 => Self::Unknown,
            3 => Self::Control,
            4 => Self::UserDefined,
            6 => Self::Byte,
            _ => Self::Text,
        }
    }
}
