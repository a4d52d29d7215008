//! Byte-level BPE: GPT-2's scheme, with the word rules of each family.

use std::borrow::Cow;

use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::{Model, NormalizedString};

use super::bytes;
use super::pre_tokenizer::PreTokenizer;
use super::vocabulary::Vocabulary;
use super::words::{Cut, words};

/// A vocabulary with its merges, and how texts are cut before.
pub(super) struct ByteLevel {
    bpe: BPE,
    cuts: Vec<Cut>,
    composed: bool,
}

impl ByteLevel {
    /// From tokens and merges.
    pub(super) fn new(
        rules: &'static PreTokenizer,
        vocabulary: Vocabulary,
    ) -> tokenizers::Result<Self> {
        let ids: Vocab = vocabulary.tokens.iter().map(str::to_owned).zip(0..).collect();
        let bpe = BPE::builder()
            .vocab_and_merges(ids, vocabulary.merges)
            .ignore_merges(rules.whole_words)
            .build()?;
        let cuts = rules.cuts.iter().map(|cut| Cut::new(cut)).collect::<Result<_, _>>()?;
        Ok(Self { bpe, cuts, composed: rules.composed })
    }

    /// Appends the tokens of a text.
    pub(super) fn encode(&self, text: &str, ids: &mut Vec<u32>) -> tokenizers::Result<()> {
        let text = if self.composed { composed(text) } else { Cow::Borrowed(text) };
        for word in words(&self.cuts, &text) {
            let tokens = self.bpe.tokenize(&bytes::encode(word))?;
            ids.extend(tokens.iter().map(|token| token.id));
        }
        Ok(())
    }
}

/// A text in Unicode's normal form C.
fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut normalized = NormalizedString::from(text);
    normalized.nfc();
    Cow::Owned(normalized.get().to_owned())
}
