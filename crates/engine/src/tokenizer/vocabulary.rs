//! The vocabulary as the GGUF file stores it.

use candle_core::quantized::gguf_file::{Content, Value};

use super::byte_level::Words;
use super::bytes::ByteAlphabet;
use super::sentence_piece;
use crate::EngineError;
use crate::metadata::optional_text;

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
    ByteLevel(Words),
    /// `llama`
    SentencePiece {
        /// Whether a space is put before a text.
        add_space_prefix: bool,
    },
}

pub(super) struct Vocabulary {
    pub(super) scheme: Scheme,
    pub(super) tokens: Vec<String>,
    pub(super) kinds: Vec<Kind>,
    /// Of byte-level BPE.
    pub(super) merges: Vec<(String, String)>,
    /// Of SentencePiece, one for each token.
    pub(super) scores: Vec<f32>,
    /// Tokens that end an answer, by the file's own entries.
    ends: Vec<u32>,
    pub(super) bos: Option<u32>,
    pub(super) eos: Option<u32>,
    pub(super) add_bos: bool,
}

impl Vocabulary {
    pub(super) fn from_gguf(content: &mut Content) -> Result<Self, EngineError> {
        // The long lists are taken out: they are most of a header.
        let scheme = scheme(content)?;
        let tokens = strings(content, "tokenizer.ggml.tokens")?;
        if tokens.is_empty() {
            return Err(EngineError::Tokenizer("the vocabulary is empty".to_owned()));
        }
        let (merges, scores, add_bos) = match scheme {
            Scheme::ByteLevel(words) => (merges(content)?, Vec::new(), words.add_bos()),
            Scheme::SentencePiece { .. } => (Vec::new(), scores(content, tokens.len())?, true),
        };
        let kinds = kinds(content, tokens.len())?;
        Ok(Self {
            bos: id(content, "tokenizer.ggml.bos_token_id", tokens.len())?,
            eos: id(content, "tokenizer.ggml.eos_token_id", tokens.len())?,
            ends: END_KEYS
                .into_iter()
                .filter_map(|key| id(content, key, tokens.len()).transpose())
                .collect::<Result<_, _>>()?,
            add_bos: flag(content, "tokenizer.ggml.add_bos_token", add_bos)?,
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
        all.filter(move |((_, of), _)| **of == kind).map(|((name, _), id)| (name.as_str(), id))
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
                    bytes.extend(sentence_piece::unescape(token));
                }
                (Kind::Byte, _) => match sentence_piece::byte(token) {
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

/// Entries that name a token which ends an answer.
const END_KEYS: [&str; 3] =
    ["tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id"];

fn scheme(content: &Content) -> Result<Scheme, EngineError> {
    let text = |key: &str| {
        optional_text(content, key)?.ok_or_else(|| EngineError::metadata(key, "missing"))
    };
    match text("tokenizer.ggml.model")? {
        "gpt2" => {
            let pre = text("tokenizer.ggml.pre")?;
            let unsupported = || EngineError::Unsupported {
                what: format!("the pre-tokenizer {pre:?}"),
                supported: "smollm, llama-bpe and qwen2".to_owned(),
            };
            Words::named(pre).map(Scheme::ByteLevel).ok_or_else(unsupported)
        }
        "llama" => {
            let key = "tokenizer.ggml.add_space_prefix";
            Ok(Scheme::SentencePiece { add_space_prefix: flag(content, key, true)? })
        }
        other => Err(EngineError::Unsupported {
            what: format!("the tokenizer {other:?}"),
            supported: "gpt2 (byte-level BPE) and llama (SentencePiece BPE)".to_owned(),
        }),
    }
}

fn flag(content: &Content, key: &str, default: bool) -> Result<bool, EngineError> {
    match content.metadata.get(key) {
        None => Ok(default),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(EngineError::metadata(key, "is not a bool")),
    }
}

fn merges(content: &mut Content) -> Result<Vec<(String, String)>, EngineError> {
    let merges = strings(content, "tokenizer.ggml.merges")?.into_iter();
    let parts = merges.map(|merge| match merge.split_once(' ') {
        Some((left, right)) => Ok((left.to_owned(), right.to_owned())),
        None => Err(EngineError::Tokenizer(format!("the merge {merge:?} has no space"))),
    });
    parts.collect()
}

fn scores(content: &Content, count: usize) -> Result<Vec<f32>, EngineError> {
    const KEY: &str = "tokenizer.ggml.scores";
    let Some(Value::Array(values)) = content.metadata.get(KEY) else {
        return Err(EngineError::metadata(KEY, "missing or not an array"));
    };
    if values.len() != count {
        let problem = format!("{} scores for {count} tokens", values.len());
        return Err(EngineError::metadata(KEY, problem));
    }
    let scores = values.iter().map(|value| match value {
        Value::F32(score) if !score.is_nan() => Ok(*score),
        other => Err(EngineError::metadata(KEY, format!("{other:?} is not a score"))),
    });
    scores.collect()
}

fn strings(content: &mut Content, key: &str) -> Result<Vec<String>, EngineError> {
    let Some(Value::Array(values)) = content.metadata.remove(key) else {
        return Err(EngineError::metadata(key, "missing or not an array"));
    };
    let texts = values.into_iter().map(|value| match value {
        Value::String(text) => Ok(text),
        _ => Err(EngineError::metadata(key, "has an element that is not a string")),
    });
    texts.collect()
}

fn kinds(content: &Content, count: usize) -> Result<Vec<Kind>, EngineError> {
    const KEY: &str = "tokenizer.ggml.token_type";
    let Some(Value::Array(values)) = content.metadata.get(KEY) else {
        return Err(EngineError::metadata(KEY, "missing or not an array"));
    };
    if values.len() != count {
        return Err(EngineError::metadata(
            KEY,
            format!("{} kinds for {count} tokens", values.len()),
        ));
    }
    let kinds = values.iter().map(|value| match value {
        Value::I32(3) => Ok(Kind::Control),
        Value::I32(4) => Ok(Kind::UserDefined),
        Value::I32(1 | 5) => Ok(Kind::Text),
        Value::I32(2) => Ok(Kind::Unknown),
        Value::I32(6) => Ok(Kind::Byte),
        other => Err(EngineError::metadata(KEY, format!("{other:?} is not a kind of token"))),
    });
    kinds.collect()
}

fn id(content: &Content, key: &str, count: usize) -> Result<Option<u32>, EngineError> {
    match content.metadata.get(key) {
        None => Ok(None),
        Some(Value::U32(id)) if (*id as usize) < count => Ok(Some(*id)),
        Some(_) => Err(EngineError::metadata(key, format!("is not a token id below {count}"))),
    }
}
