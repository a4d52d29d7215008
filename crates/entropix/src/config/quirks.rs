//! What the original does and nobody would expect, as switches.

use serde::{Deserialize, Serialize};

/// What min-p does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MinP {
    /// Nothing: the original cuts logits after it has read the probabilities from them.
    NoEffect,
    /// Probabilities are read again, at temperature 1: the temperature is undone (a port to SmolLM2).
    UndoesTemperature,
    /// It cuts, at the rule's temperature (97a51d3, never merged).
    Works,
}

/// From which end the nucleus is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nucleus {
    /// From the least probable: the most probable tokens go once the others hold more than top-p.
    Ascending,
    /// From the most probable, as everywhere else.
    Descending,
}

/// When HELV inserts the pause token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Insert {
    /// If it is nowhere in the answer (JAX).
    Once,
    /// If it is not the last token (the torch twin).
    NotTwiceInARow,
    /// Whenever the rule matches (31 October).
    Always,
}

/// Where a draw's random numbers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noise {
    /// A stream that the seed begins.
    Stream,
    /// The same vector at every step, that of JAX's key 1337: the original's loop never passes another key.
    Fixed,
}

/// How the variance of the heads' attention entropies is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttentionVariance {
    /// Over the heads, dividing by their number.
    OverHeads,
    /// Over the only query: always 0 (9702669).
    OverOneQuery,
    /// Over the heads, dividing by one less (the torch ports).
    Unbiased,
}
