//! One continuation.

use entropix_conversation::Answer;
use entropix_protocol::{Finish, Outcomes, Parting};

use super::percent;
use crate::words::visible;

/// A continuation of an answer from another word.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// Tokens of the answer that it keeps.
    pub at: u32,
    /// What it says then: id, text and probability.
    pub token: u32,
    pub(crate) label: String,
    pub(crate) p: f64,
    /// How the answer goes before it, as far as there is room.
    pub(crate) before: String,
    /// What the answer says there.
    pub(crate) said: String,
    pub(crate) said_p: f64,
    /// What follows.
    pub text: String,
    /// Why it is over, if it is.
    pub finish: Option<Finish>,
    /// What it comes to, as far as it goes, and what the answer does as far as that.
    pub(crate) outcomes: Option<Outcomes>,
}

impl Branch {
    /// `None` if it says what the answer says, or nothing that was probable there.
    pub(crate) fn at(Parting { at, token }: Parting, answer: &Answer) -> Option<Self> {
        let entry = answer.entries.get(at as usize)?;
        let other = entry.top.iter().find(|other| other.id == token)?;
        let before = answer.entries.iter().take(at as usize);
        let text: String = before.map(|entry| entry.text.as_str()).collect();
        Some(Self {
            at,
            before: ending(&text),
            token: other.id,
            label: other.label.clone(),
            p: other.p,
            said: entry.label.clone(),
            said_p: entry.p,
            text: String::new(),
            finish: None,
            outcomes: None,
        })
    }

    /// Its first word.
    pub fn label(&self) -> String {
        if self.label.trim().is_empty() { visible(&self.label) } else { self.label.clone() }
    }

    /// How probable its first token was, and what it comes to.
    pub fn note(&self) -> String {
        let p = percent(self.p);
        let whole = self.finish.is_none_or(|finish| finish == Finish::EndOfTurn);
        let cut = if whole { "" } else { " · cut short" };
        match &self.outcomes {
            Some(Outcomes { continuation: Some(own), answer, differ: true }) => {
                format!("{p} · comes to {own} instead of {answer}{cut}")
            }
            Some(Outcomes { continuation: Some(own), .. }) => {
                format!("{p} · comes to {own}, too{cut}")
            }
            _ => format!("{p}{cut}"),
        }
    }

    /// Whether it comes to something else than the answer does as far as that.
    pub fn differs(&self) -> bool {
        self.outcomes.as_ref().is_some_and(|outcomes| outcomes.differ)
    }
}

/// The last words of a text.
fn ending(text: &str) -> String {
    const ROOM: usize = 48;
    let text = text.trim_end();
    let from = text.char_indices().rev().nth(ROOM).map_or(0, |(at, _)| at);
    let rest = &text[from..];
    match rest.find(char::is_whitespace).filter(|_| from > 0) {
        Some(blank) => format!("…{}", &rest[blank..]),
        None => rest.to_owned(),
    }
}
