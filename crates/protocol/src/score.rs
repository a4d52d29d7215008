//! How well a model predicts tokens that are given.

use serde::{Deserialize, Serialize};

use crate::AttentionEntropy;

/// The prediction after one token of a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PositionScore {
    /// The 20 most probable next tokens: id and log-probability in nats.
    pub top: Vec<(u32, f64)>,
    /// Log-probability of the token that follows in the text, in nats; none after the last.
    pub next_logprob: Option<f64>,
    /// Entropy, in bits.
    pub entropy_bits: f64,
    /// Varentropy, in bits².
    pub varentropy_bits2: f64,
    /// Attention of the last position, if the engine has it.
    pub attention: Option<AttentionEntropy>,
}
