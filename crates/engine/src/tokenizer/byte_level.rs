//! Byte-level BPE: GPT-2's scheme, with the word rules of each family.

use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::normalizers::unicode::NFC;
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{SplitDelimiterBehavior, Tokenizer};

use super::failure;
use super::vocabulary::Vocabulary;
use crate::EngineError;

/// How a text is cut into words before merging (`tokenizer.ggml.pre`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Words {
    /// Single digits, then GPT-2's words.
    SmolLm,
    /// Up to three digits; words that are tokens are taken whole.
    Llama3,
    /// Single digits; the text is composed first (NFC).
    Qwen2,
}

/// The expression of Llama 3's tokenizer.json.
const LLAMA_3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// The expression of Qwen 2's tokenizer.json.
const QWEN_2: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

impl Words {
    /// The names that GGUF files use.
    pub(super) fn named(pre: &str) -> Option<Self> {
        match pre {
            "smollm" => Some(Self::SmolLm),
            "llama-bpe" | "llama3" | "llama-v3" => Some(Self::Llama3),
            "qwen2" | "deepseek-r1-qwen" => Some(Self::Qwen2),
            _ => None,
        }
    }

    /// Whether prompts begin with the start token where the file does not say.
    pub(super) fn add_bos(self) -> bool {
        self == Self::Llama3
    }

    fn pre_tokenizer(self) -> Result<Sequence, EngineError> {
        let split = |regex: &str| {
            let pattern = SplitPattern::Regex(regex.to_owned());
            Split::new(pattern, SplitDelimiterBehavior::Isolated, false)
                .map(PreTokenizerWrapper::Split)
                .map_err(|error| failure(&error))
        };
        let (words, by_regex) = match self {
            Self::SmolLm => (PreTokenizerWrapper::Digits(Digits::new(true)), true),
            Self::Llama3 => (split(LLAMA_3)?, false),
            Self::Qwen2 => (split(QWEN_2)?, false),
        };
        let bytes = PreTokenizerWrapper::ByteLevel(ByteLevel::new(false, true, by_regex));
        Ok(Sequence::new(vec![words, bytes]))
    }
}

/// A tokenizer from tokens and merges.
pub(super) fn build(words: Words, vocabulary: Vocabulary) -> Result<Tokenizer, EngineError> {
    let ids: Vocab = vocabulary.tokens.into_iter().zip(0..).collect();
    let bpe = BPE::builder()
        .vocab_and_merges(ids, vocabulary.merges)
        .ignore_merges(words == Words::Llama3)
        .build()
        .map_err(|error| failure(&error))?;
    let mut tokenizer = Tokenizer::new(bpe);
    if words == Words::Qwen2 {
        tokenizer.with_normalizer(Some(NFC)).map_err(|error| failure(&error))?;
    }
    tokenizer.with_pre_tokenizer(Some(words.pre_tokenizer()?));
    Ok(tokenizer)
}
