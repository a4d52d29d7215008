//! How a text is cut into words before merging.

use tokenizers::normalizers::unicode::NFC;
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{SplitDelimiterBehavior, Tokenizer};

use crate::EngineError;

/// The rules of a family of models (`tokenizer.ggml.pre`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PreTokenizer {
    /// Single digits, then GPT-2's words.
    SmolLm,
    /// Up to three digits; words that are tokens are taken whole.
    Llama3,
    /// Single digits; the text is composed first (NFC).
    Qwen2,
}

/// The names that GGUF files use; the first is the one that people are told.
const NAMES: [(&[&str], PreTokenizer); 3] = [
    (&["smollm"], PreTokenizer::SmolLm),
    (&["llama-bpe", "llama3", "llama-v3"], PreTokenizer::Llama3),
    (&["qwen2", "deepseek-r1-qwen"], PreTokenizer::Qwen2),
];

/// The expression of Llama 3's tokenizer.json.
const LLAMA_3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// The expression of Qwen 2's tokenizer.json.
const QWEN_2: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

impl PreTokenizer {
    /// By the file's name for it.
    pub(super) fn named(name: &str) -> Result<Self, EngineError> {
        let known = NAMES.iter().find(|(names, _)| names.contains(&name));
        known.map(|(_, rules)| *rules).ok_or_else(|| EngineError::Unsupported {
            what: format!("the pre-tokenizer {name:?}"),
            supported: NAMES.map(|(names, _)| names[0]).join(", "),
        })
    }

    /// Whether prompts begin with the start token where the file does not say.
    pub(super) fn add_bos(self) -> bool {
        self == Self::Llama3
    }

    /// Whether a word that is a token is taken whole, without its merges.
    pub(super) fn whole_words(self) -> bool {
        self == Self::Llama3
    }

    /// Makes `tokenizer` cut texts by these rules.
    pub(super) fn install(self, tokenizer: &mut Tokenizer) -> tokenizers::Result<()> {
        let split = |regex: &str| {
            let pattern = SplitPattern::Regex(regex.to_owned());
            Split::new(pattern, SplitDelimiterBehavior::Isolated, false)
                .map(PreTokenizerWrapper::Split)
        };
        let (words, by_regex) = match self {
            Self::SmolLm => (PreTokenizerWrapper::Digits(Digits::new(true)), true),
            Self::Llama3 => (split(LLAMA_3)?, false),
            Self::Qwen2 => {
                tokenizer.with_normalizer(Some(NFC))?;
                (split(QWEN_2)?, false)
            }
        };
        let bytes = PreTokenizerWrapper::ByteLevel(ByteLevel::new(false, true, by_regex));
        tokenizer.with_pre_tokenizer(Some(Sequence::new(vec![words, bytes])));
        Ok(())
    }
}
