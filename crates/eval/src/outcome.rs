//! What came of an answer.

use serde::{Deserialize, Serialize};

use crate::Verdict;

/// What came of an arm's answer to an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// What the answer is worth.
    pub verdict: Verdict,
    /// What it says, in short.
    pub claim: String,
    /// The answer.
    pub text: String,
    /// Tokens of it.
    pub tokens: u32,
    /// Tokens that were made for it: those of branches that were not kept, of what was taken back and of answers that
    /// were not taken as well.
    pub made: u32,
    /// The mean log-probability at temperature 1 of its tokens, those of inserted phrases aside, in nats.
    pub log_probability: f64,
    /// How often something was done.
    pub acts: Acts,
    /// Why it ended.
    pub end: End,
    /// The most tokens in a row that are there twice.
    pub repeated: u32,
    /// What the model knew at the first token.
    pub first: Signals,
    /// The means over the answer's tokens.
    pub mean: Signals,
    /// The first 64 bits of the SHA-256 of the token ids: two answers with the same have the same tokens.
    pub ids: String,
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// The model ended it.
    Model,
    /// Its first line was complete.
    Line,
    /// It had as many tokens as an answer may have.
    Cut,
}

/// How often something was done in an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acts {
    /// Decisions in all; tokens of a phrase after its first and of branches are none, nor are draws after tokens were taken
    /// back.
    pub decisions: u32,
    /// The most probable token was taken.
    pub argmax: u32,
    /// A phrase was begun.
    pub inserts: u32,
    /// Branches were tried.
    pub branchings: u32,
    /// Tokens were taken back.
    pub retractions: u32,
    /// The best of several draws was taken.
    pub best_of: u32,
    /// How often each rule decided, in the order of [`Rule::ALL`](entropix::Rule::ALL); not counted for samplers without.
    pub rules: [u32; 5],
}

impl Acts {
    /// Whether something else was done than to take the most probable token or to draw one.
    pub fn any(&self) -> bool {
        self.inserts + self.branchings + self.retractions + self.best_of > 0
    }
}

/// What a distribution says about itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signals {
    /// H, in bits.
    pub entropy: f64,
    /// V, in bits².
    pub varentropy: f64,
    /// By how much the most probable token is more probable than the next one.
    pub margin: f64,
}

/// The most tokens in a row that are there twice, without overlap.
pub fn longest_repeat(ids: &[u32]) -> u32 {
    let mut longest = 0;
    // Lengths of what is equal up to here and to each earlier place.
    let mut above = vec![0; ids.len() + 1];
    for (at, id) in ids.iter().enumerate() {
        let mut row = vec![0; ids.len() + 1];
        for (other, earlier) in ids.iter().enumerate().take(at) {
            if id == earlier {
                let before: usize = other.checked_sub(1).map_or(0, |before| above[before]);
                let here = (before + 1).min(at - other);
                if let Some(cell) = row.get_mut(other) {
                    *cell = before + 1;
                }
                longest = longest.max(here);
            }
        }
        above = row;
    }
    longest as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn slowly(ids: &[u32]) -> u32 {
        let lengths = 1..=ids.len() / 2;
        let twice = |length: &usize| {
            (0..=ids.len() - 2 * length).any(|from| {
                let part = &ids[from..from + length];
                ids[from + length..].windows(*length).any(|other| other == part)
            })
        };
        lengths.filter(twice).max().unwrap_or(0) as u32
    }

    #[test]
    fn repeats() {
        for (ids, longest) in [
            (&[][..], 0),
            (&[1], 0),
            (&[1, 2, 3], 0),
            (&[1, 1], 1),
            (&[1, 1, 1], 1),
            (&[1, 1, 1, 1], 2),
            (&[1, 2, 3, 9, 1, 2, 3], 3),
            (&[1, 2, 1, 2, 1, 2, 1], 3),
        ] {
            assert_eq!((longest_repeat(ids), slowly(ids)), (longest, longest), "{ids:?}");
        }
    }

    proptest! {
        #[test]
        fn repeats_are_found(ids in proptest::collection::vec(0_u32..4, 0..40)) {
            prop_assert_eq!(longest_repeat(&ids), slowly(&ids));
        }
    }
}
