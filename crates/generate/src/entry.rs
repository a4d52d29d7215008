//! What is recorded about a token.

use entropix::{Decision, Sketch, Softmax, filter};
use entropix_engine::{AttentionSignals, Tokenizer};
use entropix_protocol::{Alternative, AttentionEntropy, TokenEntry};

use crate::cache::PromptCache;

/// Alternatives described per token.
const TOP: usize = 10;
/// Alternatives kept as numbers.
const SKETCHED: usize = 64;

/// How much is recorded about each token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Record {
    /// Everything that a trace holds.
    Full {
        /// The attention as well.
        attention: bool,
    },
    /// The decision, the token's probability, and the two most probable tokens.
    Brief,
    /// The decision.
    Nothing,
}

impl Record {
    /// Describes the token that `decision` chose where a cache ends. The softmax is that of its logits; the text comes
    /// when it is known what the token completes.
    pub(crate) fn entry(
        self,
        tokenizer: &Tokenizer,
        cache: &PromptCache,
        softmax: &Softmax,
        decision: Decision,
    ) -> TokenEntry {
        let logits = cache.logits();
        let chosen = logits.get(decision.token as usize).copied().unwrap_or(f32::NEG_INFINITY);
        let top = |most| {
            let top = filter::most_probable(logits, softmax, most).into_iter();
            top.map(|(id, p)| Alternative { id, label: tokenizer.label(id), p }).collect()
        };
        let bare = TokenEntry {
            text: String::new(),
            label: String::new(),
            p: 0.0,
            rank: 0,
            top: Vec::new(),
            sketch: None,
            branch_texts: Vec::new(),
            decision,
            attention: None,
        };
        match self {
            Self::Nothing => bare,
            Self::Brief => TokenEntry { p: softmax.probability(chosen), top: top(2), ..bare },
            Self::Full { attention } => {
                let branches = bare.decision.branches.iter();
                TokenEntry {
                    label: tokenizer.label(bare.decision.token),
                    p: softmax.probability(chosen),
                    rank: logits.iter().filter(|&&logit| logit > chosen).count() as u32,
                    top: top(TOP),
                    sketch: Sketch::of(logits, SKETCHED),
                    branch_texts: branches.map(|each| tokenizer.decode(&each.tokens)).collect(),
                    attention: cache.attention().filter(|_| attention).map(entropies),
                    ..bare
                }
            }
        }
    }
}

/// Entropies of the attention, in bits.
pub(crate) fn entropies(signals: &AttentionSignals) -> AttentionEntropy {
    // Three decimals are more than anyone can see, and keep traces short.
    let bits = |nats: &f32| (nats * std::f32::consts::LOG2_E * 1000.0).round() / 1000.0;
    AttentionEntropy {
        heads: signals.heads as u32,
        keys: signals.keys as u32,
        bits: signals.entropy_nats.iter().map(bits).collect(),
    }
}
