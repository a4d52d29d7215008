//! SentencePiece BPE: pieces with scores, and bytes for what no piece has.

use tokenizers::Model;
use tokenizers::models::bpe::{BPE, Merges, Vocab};

use super::kind::Kind;
use super::pieces;
use super::vocabulary::Vocabulary;

/// A vocabulary of pieces, and whether a space is put before a text.
pub(super) struct SentencePiece {
    bpe: BPE,
    pub(super) add_space_prefix: bool,
}

impl SentencePiece {
    /// From pieces and their scores.
    ///
    /// SentencePiece joins the two neighbours whose union has the highest score. That is BPE with
    /// one merge for every way to cut a piece in two, in the order of the scores.
    pub(super) fn new(add_space_prefix: bool, vocabulary: Vocabulary) -> tokenizers::Result<Self> {
        let Vocabulary { tokens, kinds, scores, .. } = vocabulary;
        let unknown = tokens.iter().zip(&kinds).find(|(_, kind)| **kind == Kind::Unknown);
        let unknown = unknown.map_or("<unk>", |(token, _)| token).to_owned();
        let ids: Vocab = tokens.iter().map(str::to_owned).zip(0..).collect();
        let merges = merges(&ids, &kinds, &scores);
        let bpe = BPE::builder()
            .vocab_and_merges(ids, merges)
            .unk_token(unknown)
            .fuse_unk(true)
            .byte_fallback(true)
            .build()?;
        Ok(Self { bpe, add_space_prefix })
    }

    /// Appends the tokens of a text; `begins` if nothing but a control token stands before it.
    pub(super) fn encode(
        &self,
        text: &str,
        begins: bool,
        ids: &mut Vec<u32>,
    ) -> tokenizers::Result<()> {
        let tokens = self.bpe.tokenize(&pieces::escape(text, begins && self.add_space_prefix))?;
        ids.extend(tokens.iter().map(|token| token.id));
        Ok(())
    }
}

fn merges(ids: &Vocab, kinds: &[Kind], scores: &[f32]) -> Merges {
    let is_text = |id: u32| kinds[id as usize] == Kind::Text;
    let mut merges = Vec::new();
    for (piece, &id) in ids.iter().filter(|(_, id)| is_text(**id)) {
        for (cut, _) in piece.char_indices().skip(1) {
            let (left, right) = piece.split_at(cut);
            if let (Some(&a), Some(&b)) = (ids.get(left), ids.get(right))
                && is_text(a)
                && is_text(b)
            {
                merges.push((scores[id as usize], id, a, b, left.to_owned(), right.to_owned()));
            }
        }
    }
    // Equal scores: in the order of the ids, so that the order is one.
    merges.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2, x.3).cmp(&(y.1, y.2, y.3))));
    merges.into_iter().map(|(_, _, _, _, left, right)| (left, right)).collect()
}
