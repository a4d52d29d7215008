//! Short continuations of an answer from other tokens.

use serde::{Deserialize, Serialize};

use crate::Finish;

/// Where a continuation parts from an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parting {
    /// Tokens of the answer that are kept.
    pub at: u32,
    /// Id of the token that is said then.
    pub token: u32,
}

/// How far a continuation went at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grown {
    /// Which one, in the order in which they were asked for.
    pub number: u32,
    /// All of its text, after that of its first token.
    pub text: String,
    /// Why it is over, if it is.
    pub finish: Option<Finish>,
}

/// Continuations of a recorded answer, as `entropix what-if` writes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Continuations {
    /// Where they part from it.
    pub partings: Vec<Parting>,
    /// What became of each.
    pub grown: Vec<Grown>,
}
