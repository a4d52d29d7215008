//! A question, and what is right about its answers.

use std::sync::Arc;

use crate::expected::Expected;

/// A question, and what is right about its answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The family it is of.
    pub family: String,
    /// Its number in the family.
    pub number: u32,
    /// The fact that it asks for. Items that are wordings of one fact have the same.
    pub fact: u32,
    /// Where it stands on the family's scale of difficulty; 1 is the easiest.
    pub level: u32,
    /// Questions that are asked before it, each with its right answer: turns of the same conversation.
    pub examples: Arc<[(String, String)]>,
    /// What is asked.
    pub question: String,
    /// What is right.
    pub expected: Expected,
}
