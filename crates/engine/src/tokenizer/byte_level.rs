//! Byte-level BPE: GPT-2's scheme, with the word rules of each family.

use tokenizers::Tokenizer;
use tokenizers::models::bpe::{BPE, Vocab};

use super::pre_tokenizer::PreTokenizer;
use super::vocabulary::Vocabulary;

/// A tokenizer from tokens and merges.
pub(super) fn build(
    pre_tokenizer: PreTokenizer,
    vocabulary: Vocabulary,
) -> tokenizers::Result<Tokenizer> {
    let ids: Vocab = vocabulary.tokens.iter().map(str::to_owned).zip(0..).collect();
    let bpe = BPE::builder()
        .vocab_and_merges(ids, vocabulary.merges)
        .ignore_merges(pre_tokenizer.whole_words())
        .build()?;
    let mut tokenizer = Tokenizer::new(bpe);
    pre_tokenizer.install(&mut tokenizer)?;
    Ok(tokenizer)
}
