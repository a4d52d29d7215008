//! Names of tokens inside a text.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::EngineError;

/// A part of a text.
pub(crate) enum Part<'a> {
    /// Between names; not empty.
    Text {
        text: &'a str,
        /// Whether nothing stands before it.
        begins: bool,
    },
    /// The token whose name stands there.
    Name(u32),
}

/// Names of tokens, found in a text: the leftmost, and of those the longest.
pub(super) struct Names {
    names: AhoCorasick,
    ids: Vec<u32>,
}

impl Names {
    pub(super) fn new<'a>(
        tokens: impl Iterator<Item = (&'a str, u32)>,
    ) -> Result<Self, EngineError> {
        let (names, ids): (Vec<_>, Vec<_>) = tokens.filter(|(name, _)| !name.is_empty()).unzip();
        let names = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(names)
            .map_err(|error| EngineError::Tokenizer(error.to_string()))?;
        Ok(Self { names, ids })
    }

    pub(super) fn find<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Iterator<Item = (Range<usize>, u32)> + 'a {
        self.names.find_iter(text).map(|found| (found.range(), self.ids[found.pattern()]))
    }

    /// `text` cut at the names in it.
    pub(super) fn split<'a>(&self, text: &'a str) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        let mut from = 0;
        let push = |range: Range<usize>, parts: &mut Vec<Part<'a>>| {
            if !range.is_empty() {
                parts.push(Part::Text { begins: range.start == 0, text: &text[range] });
            }
        };
        for found in self.names.find_iter(text) {
            push(from..found.start(), &mut parts);
            parts.push(Part::Name(self.ids[found.pattern()]));
            from = found.end();
        }
        push(from..text.len(), &mut parts);
        parts
    }
}
