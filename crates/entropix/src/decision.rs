//! What the sampler decided for one token, and why.

use serde::{Deserialize, Serialize};

use crate::{AttentionMetrics, Branch, Comparison, Retraction, Rule, Uncertainty};

/// What the sampler did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Took the most probable token.
    Argmax,
    /// Inserted the pause token, or a token of a phrase.
    Insert,
    /// Drew one token.
    Sample,
    /// Drew several and kept the one with the best score.
    BestOfN,
    /// Tried several continuations and kept the one with the best score.
    Branch,
    /// Took back tokens; the next decision is about an earlier place.
    Retract,
    /// Drew again where tokens were taken back.
    Resample,
    /// Put a token that was given from outside.
    Given,
    /// Took the next token of a text that is only read.
    Read,
}

/// The numbers the draw used.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Parameters {
    /// Divides the logits.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub temperature: f64,
    /// Nucleus mass.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub top_p: f64,
    /// Number of most probable tokens kept (0 = all).
    pub top_k: u32,
    /// Share of the largest probability below which tokens are dropped.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub min_p: f64,
}

/// One of the tokens that best-of-n compared.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Candidate {
    /// Token id.
    pub token: u32,
    /// Its score (log-probability in nats at T = 1, plus the rule's constant).
    pub score: f64,
}

/// The random number behind a draw.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Draw {
    /// Uniform in [0, 1).
    #[cfg_attr(feature = "schema", schemars(range(min = 0), extend("exclusiveMaximum" = 1)))]
    pub u: f64,
    /// Distance from `u` to the nearest edge between two tokens: how far rounding is from another token.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub margin: f64,
}

/// One decision of the sampler.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decision {
    /// H and V of the raw logits.
    pub uncertainty: Uncertainty,
    /// Attention metrics, or `None` if the decision used logits only.
    pub attention: Option<AttentionMetrics>,
    /// The Entropix rule that matched; `None` for plain samplers.
    #[serde(rename = "quadrant")]
    pub rule: Option<Rule>,
    /// Every condition of the rule that matched; for the adaptive rule, one condition of each other
    /// rule that did not hold. Empty for plain samplers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Comparison>,
    /// What was done.
    pub action: Action,
    /// The numbers of the draw; `None` for argmax and insert.
    pub parameters: Option<Parameters>,
    /// Candidates of best-of-n, in the order drawn.
    pub candidates: Option<Vec<Candidate>>,
    /// The smallest margin among this decision's draws.
    pub draw: Option<Draw>,
    /// The continuations that were tried, by probability of their first token.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branches: Vec<Branch>,
    /// What is taken back, or was just before this draw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retraction: Option<Retraction>,
    /// The chosen token; where tokens were taken back, the one that is banned.
    pub token: u32,
    /// The decision in one plain sentence.
    pub sentence: String,
}
