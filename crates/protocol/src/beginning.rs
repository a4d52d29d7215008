//! How an answer begins that goes on from another one.

use serde::{Deserialize, Serialize};

/// What an answer begins with: tokens of an earlier answer, and then what is said instead of its next one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beginning {
    /// Ids of the tokens that are kept, of which nothing is told again.
    #[serde(default)]
    pub kept: Vec<u32>,
    /// What follows them.
    #[serde(default)]
    pub then: Given,
}

/// What a person puts into an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// Nothing: the answer goes on by itself.
    #[default]
    Nothing,
    /// A token, by its id.
    Token(u32),
    /// A text, whose tokens go on where the kept ones end.
    Text(String),
    /// A text that is only read: nothing follows it.
    Whole(String),
}
