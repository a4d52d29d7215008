//! The vocabulary as the GGUF file stores it.

use candle_core::quantized::gguf_file::{Content, Value};

use super::bytes::ByteAlphabet;
use crate::EngineError;

/// Kinds of token (`enum llama_token_type`); the ones that matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text, in the byte-level alphabet.
    Text,
    /// Not text: turns, end of answer.
    Control,
    /// Text as it stands, not in the byte-level alphabet.
    UserDefined,
}

pub(super) struct Vocabulary {
    pub(super) tokens: Vec<String>,
    pub(super) kinds: Vec<Kind>,
    pub(super) merges: Vec<(String, String)>,
    pub(super) bos: Option<u32>,
    pub(super) eos: Option<u32>,
    pub(super) add_bos: bool,
}

impl Vocabulary {
    pub(super) fn from_gguf(content: &Content) -> Result<Self, EngineError> {
        supported(content)?;
        let tokens = strings(content, "tokenizer.ggml.tokens")?;
        if tokens.is_empty() {
            return Err(EngineError::Tokenizer("the vocabulary is empty".to_owned()));
        }
        let merges = strings(content, "tokenizer.ggml.merges")?
            .into_iter()
            .map(|merge| match merge.split_once(' ') {
                Some((left, right)) => Ok((left.to_owned(), right.to_owned())),
                None => Err(EngineError::Tokenizer(format!("the merge {merge:?} has no space"))),
            })
            .collect::<Result<_, _>>()?;
        let kinds = kinds(content, tokens.len())?;
        Ok(Self {
            bos: id(content, "tokenizer.ggml.bos_token_id", tokens.len())?,
            eos: id(content, "tokenizer.ggml.eos_token_id", tokens.len())?,
            add_bos: matches!(
                content.metadata.get("tokenizer.ggml.add_bos_token"),
                Some(Value::Bool(true))
            ),
            tokens,
            kinds,
            merges,
        })
    }

    /// Names and ids of the tokens of one kind.
    pub(super) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&str, u32)> {
        let all = self.tokens.iter().zip(&self.kinds).zip(0..);
        all.filter(move |((_, of), _)| **of == kind).map(|((name, _), id)| (name.as_str(), id))
    }

    /// Bytes of each token.
    pub(super) fn bytes(&self) -> Vec<Vec<u8>> {
        let alphabet = ByteAlphabet::new();
        let all = self.tokens.iter().zip(&self.kinds);
        all.map(|(token, kind)| match kind {
            Kind::Text => alphabet.decode(token),
            Kind::Control | Kind::UserDefined => token.clone().into_bytes(),
        })
        .collect()
    }

    /// Control tokens that end an answer: the file's own and those called one of `names`.
    pub(super) fn end_ids(&self, names: &[&str]) -> Vec<u32> {
        let named =
            self.of_kind(Kind::Control).filter(|(name, _)| names.contains(name)).map(|(_, id)| id);
        let mut ids: Vec<_> = named.chain(self.eos).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

fn supported(content: &Content) -> Result<(), EngineError> {
    let text = |key: &str| match content.metadata.get(key) {
        Some(Value::String(text)) => Ok(text.clone()),
        _ => Err(EngineError::metadata(key, "missing or not a string")),
    };
    let model = text("tokenizer.ggml.model")?;
    if model != "gpt2" {
        return Err(EngineError::Unsupported {
            what: format!("the tokenizer {model:?}"),
            supported: "gpt2 (byte-level BPE)".to_owned(),
        });
    }
    let pre = text("tokenizer.ggml.pre")?;
    if pre != "smollm" {
        return Err(EngineError::Unsupported {
            what: format!("the pre-tokenizer {pre:?}"),
            supported: "smollm".to_owned(),
        });
    }
    Ok(())
}

fn strings(content: &Content, key: &str) -> Result<Vec<String>, EngineError> {
    let Some(Value::Array(values)) = content.metadata.get(key) else {
        return Err(EngineError::metadata(key, "missing or not an array"));
    };
    let texts = values.iter().map(|value| match value {
        Value::String(text) => Ok(text.clone()),
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
        Value::I32(1 | 2 | 5 | 6) => Ok(Kind::Text),
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
