//! Kinds of tokens in files that don't have them.

use std::collections::HashSet;

use super::kind::{Kind, Scheme};
use super::pieces;
use crate::gguf::Strings;

/// What kind each token seems to be.
pub(super) fn kinds(scheme: Scheme, tokens: &Strings, merges: &[(String, String)]) -> Vec<Kind> {
    match scheme {
        Scheme::SentencePiece { .. } => tokens.iter().map(piece).collect(),
        Scheme::ByteLevel(_) => {
            // What merges make of text is text.
            let made: HashSet<String> =
                merges.iter().map(|(a, b)| a.clone() + b).filter(|name| is_mark(name)).collect();
            let kind = |name: &str| {
                if is_mark(name) && !made.contains(name) { Kind::Control } else { Kind::Text }
            };
            tokens.iter().map(kind).collect()
        }
    }
}

fn piece(name: &str) -> Kind {
    match name {
        "<unk>" => Kind::Unknown,
        "<s>" | "</s>" => Kind::Control,
        _ if pieces::byte(name).is_some() => Kind::Byte,
        _ => Kind::Text,
    }
}

/// Whether a name looks like a control token's: `<|im_start|>`, `[INST]`.
fn is_mark(name: &str) -> bool {
    let inside = |open: char, close: char| name.strip_prefix(open)?.strip_suffix(close);
    inside('<', '>').or_else(|| inside('[', ']')).is_some_and(|inner| !inner.is_empty())
}
