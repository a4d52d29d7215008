//! What is recorded about a token.

use entropix::{Decision, Sketch, Softmax, filter};
use entropix_engine::{AttentionSignals, Tokenizer};
use entropix_protocol::{Alternative, AttentionEntropy, TokenEntry};

/// Alternatives described per token.
const TOP: usize = 10;
/// Alternatives kept as numbers.
const SKETCHED: usize = 64;

/// Describes the token that `decision` chose from `logits`, (vocabulary), whose softmax this is. The text
/// comes when it is known what the token completes.
pub(crate) fn entry(
    tokenizer: &Tokenizer,
    logits: &[f32],
    softmax: &Softmax,
    decision: Decision,
    attention: Option<&AttentionSignals>,
) -> TokenEntry {
    let chosen = logits.get(decision.token as usize).copied().unwrap_or(f32::NEG_INFINITY);
    let top = filter::most_probable(logits, softmax, TOP);
    let branches = decision.branches.iter();
    TokenEntry {
        text: String::new(),
        label: tokenizer.label(decision.token),
        p: softmax.probability(chosen),
        rank: logits.iter().filter(|&&logit| logit > chosen).count() as u32,
        top: top
            .into_iter()
            .map(|(id, p)| Alternative { id, label: tokenizer.label(id), p })
            .collect(),
        sketch: Sketch::of(logits, SKETCHED),
        branch_texts: branches.map(|branch| tokenizer.decode(&branch.tokens)).collect(),
        decision,
        attention: attention.map(entropies),
    }
}

/// Nothing but the decision.
pub(crate) fn bare(decision: Decision) -> TokenEntry {
    TokenEntry {
        text: String::new(),
        label: String::new(),
        p: 0.0,
        rank: 0,
        top: Vec::new(),
        sketch: None,
        branch_texts: Vec::new(),
        decision,
        attention: None,
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
