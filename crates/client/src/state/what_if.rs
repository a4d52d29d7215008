//! Continuations of an answer from other words, and what they come to.

mod branch;

use entropix_conversation::{CONTINUATION_TOKENS as TOKENS, TurnId};
use entropix_protocol::{Grown, Outcomes};

pub use branch::Branch;

use crate::words::quoted;

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// More will come.
    Going,
    /// All continuations are there.
    Complete,
    /// It was stopped, or what made it broke down.
    Stopped,
}

/// Continuations of an answer from other words.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIf {
    /// The answer.
    pub turn: TurnId,
    /// By place, the most probable first.
    pub branches: Vec<Branch>,
    /// How far it is.
    pub stand: Stand,
    pub(crate) number: u32,
}

impl WhatIf {
    /// Whether more will come.
    pub fn is_going(&self) -> bool {
        self.stand == Stand::Going
    }

    /// Under which number it was asked for.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Of the first continuation of a place: how the answer goes before it, and what it says there.
    pub fn lead(&self, branch: usize) -> Option<(String, String)> {
        let before = branch.checked_sub(1).and_then(|before| self.branches.get(before));
        let branch = self.branches.get(branch)?;
        let is_first = before.is_none_or(|before| before.at != branch.at);
        let said = format!("{}, {}", quoted(&branch.said), percent(branch.said_p));
        is_first.then(|| (branch.before.clone(), said))
    }

    /// How many are over, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        let over = self.branches.iter().filter(|branch| branch.finish.is_some()).count();
        (over, self.branches.len())
    }

    /// The continuation that comes to something else and parts at the most probable word.
    pub fn nearest(&self) -> Option<&Branch> {
        let other = self.branches.iter().filter(|branch| branch.differs());
        other.max_by(|one, other| one.p.total_cmp(&other.p))
    }

    /// What was found, in a sentence.
    pub fn headline(&self) -> String {
        let (over, all) = self.progress();
        if let Some(branch) = self.nearest() {
            let outcomes = branch.outcomes.as_ref();
            let words = outcomes.and_then(|it| it.continuation.as_deref()).unwrap_or_default();
            let others = self.branches.iter().filter(|branch| branch.differs()).count() - 1;
            let more = match others {
                0 => String::new(),
                1 => " One other word changes the outcome, too.".to_owned(),
                others => format!(" {others} other words change the outcome, too."),
            };
            return format!(
                "One word away from: {words}, at {}, {} (it said {}, {}).{more}",
                quoted(&branch.label),
                percent(branch.p),
                quoted(&branch.said),
                percent(branch.said_p)
            );
        }
        let compared = self.branches.iter().find_map(|branch| branch.outcomes.as_ref());
        match (self.stand, compared) {
            (Stand::Going, _) => format!("{over} of {all} other endings …"),
            (Stand::Stopped, _) => format!("Stopped: {over} of {all} other endings."),
            (Stand::Complete, _) if all == 0 => {
                "The model was sure of every word: there is nothing to try.".to_owned()
            }
            (Stand::Complete, Some(Outcomes { answer, .. })) => format!(
                "None of {all} other words changed the outcome ({answer}) within {TOKENS} tokens."
            ),
            (Stand::Complete, None) => {
                "Read them: they say no number, yes or no, or option that could be compared."
                    .to_owned()
            }
        }
    }

    pub(crate) fn grow(&mut self, grown: Grown) {
        let Some(branch) = self.branches.get_mut(grown.number as usize) else { return };
        branch.text = grown.text;
        branch.finish = grown.finish;
        branch.outcomes = grown.outcomes;
    }
}

/// `8 %`, below one percent with a decimal.
fn percent(p: f64) -> String {
    let percent = p * 100.0;
    if percent < 0.95 { format!("{percent:.1} %") } else { format!("{percent:.0} %") }
}
