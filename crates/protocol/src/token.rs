//! One token of an answer, and everything the sampler knew about it.

use entropix::{Decision, Sketch};
use serde::{Deserialize, Serialize};

/// One of the most probable next tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Alternative {
    /// Token id.
    pub id: u32,
    /// How to show it: its text, or its bytes as `⟨E2 80⟩` where they are not whole characters.
    pub label: String,
    /// Probability at temperature 1 over the whole vocabulary.
    #[cfg_attr(test, schemars(range(min = 0, max = 1.000_000_1)))]
    pub p: f64,
}

/// How widely the last position looked, in each layer and head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AttentionEntropy {
    /// Heads in a layer.
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub heads: u32,
    /// Positions looked at: no entropy is larger than their number's log₂.
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub keys: u32,
    /// Entropy of the attention over the positions, in bits: layer by layer, head by head.
    pub bits: Vec<f32>,
}

/// One token of an answer and everything the sampler knew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TokenEntry {
    /// The text this token completes. The texts of an answer, joined, are the answer: a token that
    /// ends inside a character has "" and the next one brings the whole character.
    pub text: String,
    /// How to show the token by itself, as in [`Alternative::label`].
    pub label: String,
    /// Probability of this token at temperature 1 over the whole vocabulary.
    #[cfg_attr(test, schemars(range(min = 0, max = 1.000_000_1)))]
    pub p: f64,
    /// Number of tokens that were more probable.
    pub rank: u32,
    /// The decision.
    pub decision: Decision,
    /// The ten most probable tokens, most probable first.
    #[cfg_attr(test, schemars(length(max = 10)))]
    pub top: Vec<Alternative>,
    /// The distribution at any temperature: the 64 most probable tokens, and how many others have
    /// which logits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(schema_with = "crate::schema::sketch"))]
    pub sketch: Option<Sketch>,
    /// The text of each of the decision's branches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branch_texts: Vec<String>,
    /// Attention of the position that predicted this token, if it was asked for and the engine has
    /// it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attention: Option<AttentionEntropy>,
}
