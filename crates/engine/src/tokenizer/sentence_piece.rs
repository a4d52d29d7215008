//! SentencePiece BPE: pieces with scores, and bytes for what no piece has.

use tokenizers::Tokenizer;
use tokenizers::models::bpe::{BPE, Merges, Vocab};

use super::failure;
use super::vocabulary::{Kind, Vocabulary};
use crate::EngineError;

/// What stands for a space in pieces (U+2581).
pub(super) const SPACE: char = '▁';

/// A tokenizer from pieces and their scores.
///
/// SentencePiece joins the two neighbours whose union has the highest score. That is BPE with one
/// merge for every way to cut a piece in two, in the order of the scores.
pub(super) fn build(vocabulary: Vocabulary) -> Result<Tokenizer, EngineError> {
    let Vocabulary { tokens, kinds, scores, .. } = vocabulary;
    let unknown = tokens.iter().zip(&kinds).find(|(_, kind)| **kind == Kind::Unknown);
    let unknown = unknown.map_or_else(|| "<unk>".to_owned(), |(token, _)| token.clone());
    let ids: Vocab = tokens.into_iter().zip(0..).collect();
    let merges = merges(&ids, &kinds, &scores);
    let bpe = BPE::builder()
        .vocab_and_merges(ids, merges)
        .unk_token(unknown)
        .fuse_unk(true)
        .byte_fallback(true)
        .build()
        .map_err(|error| failure(&error))?;
    Ok(Tokenizer::new(bpe))
}

fn merges(ids: &Vocab, kinds: &[Kind], scores: &[f32]) -> Merges {
    let is_text = |id: u32| kinds.get(id as usize) == Some(&Kind::Text);
    let mut merges = Vec::new();
    for (piece, &id) in ids.iter().filter(|(_, id)| is_text(**id)) {
        for (cut, _) in piece.char_indices().skip(1) {
            let (left, right) = piece.split_at(cut);
            if let (Some(&a), Some(&b)) = (ids.get(left), ids.get(right))
                && is_text(a)
                && is_text(b)
            {
                let score = scores.get(id as usize).copied().unwrap_or(f32::MIN);
                merges.push((score, id, a, b, left.to_owned(), right.to_owned()));
            }
        }
    }
    // Equal scores: in the order of the ids, so that the order is one.
    merges.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2, x.3).cmp(&(y.1, y.2, y.3))));
    merges.into_iter().map(|(_, _, _, _, left, right)| (left, right)).collect()
}

/// A text as pieces write it.
pub(super) fn escape(text: &str, add_prefix: bool) -> String {
    let mut escaped = String::with_capacity(text.len() + 3);
    if add_prefix {
        escaped.push(SPACE);
    }
    escaped.extend(text.chars().map(|c| if c == ' ' { SPACE } else { c }));
    escaped
}

/// Bytes of a piece.
pub(super) fn unescape(piece: &str) -> Vec<u8> {
    piece.replace(SPACE, " ").into_bytes()
}

/// The byte that a piece such as `<0x0A>` stands for.
pub(super) fn byte(piece: &str) -> Option<u8> {
    u8::from_str_radix(piece.strip_prefix("<0x")?.strip_suffix('>')?, 16).ok()
}
