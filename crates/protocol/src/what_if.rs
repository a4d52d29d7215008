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
    /// What it comes to then, where it can be compared with the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<Outcomes>,
}

/// What an answer comes to and what a continuation of it does: both at their ends, or after as many tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcomes {
    /// The answer's, in words: `9.11`, `yes`.
    pub answer: String,
    /// The continuation's; none where its words do not say so plainly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continuation: Option<String>,
    /// Whether the continuation comes to something else.
    pub differ: bool,
}

/// Continuations of a recorded answer, as `entropix what-if` writes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Continuations {
    /// Where they part from it.
    pub partings: Vec<Parting>,
    /// What became of each.
    pub grown: Vec<Grown>,
}
