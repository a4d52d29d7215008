//! One continuation.

use entropix_conversation::{Answer, CONTINUATION_TOKENS as TOKENS};
use entropix_protocol::{Finish, Parting};

use super::{is_whole, percent};
use crate::outcome::{Asked, Outcome};
use crate::words::visible;

/// A continuation of an answer from another word.
#[derive(Clone, Debug)]
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
    /// What it comes to, as far as it goes.
    pub outcome: Option<Outcome>,
    /// What the answer comes to as far as that.
    pub(crate) base: Option<Outcome>,
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
            outcome: None,
            base: None,
        })
    }

    /// Its first word.
    pub fn label(&self) -> String {
        if self.label.trim().is_empty() { visible(&self.label) } else { self.label.clone() }
    }

    /// How probable its first token was, and what it comes to.
    pub fn note(&self) -> String {
        let p = percent(self.p);
        let cut = if self.finish.is_none_or(is_whole) { "" } else { " · cut short" };
        match (&self.outcome, &self.base) {
            (Some(own), Some(base)) if own.is(base) => {
                format!("{p} · comes to {}, too{cut}", own.words())
            }
            (Some(own), Some(base)) => {
                format!("{p} · comes to {} instead of {}{cut}", own.words(), base.words())
            }
            _ => format!("{p}{cut}"),
        }
    }

    /// Whether it comes to something else than the answer does as far as that.
    pub fn differs(&self) -> bool {
        matches!((&self.outcome, &self.base), (Some(own), Some(base)) if !own.is(base))
    }

    /// Compares what both come to: at their ends, or after as many tokens.
    pub(crate) fn compare(&mut self, asked: &Asked, answer: &Answer) {
        let whole = self.finish.is_some_and(is_whole);
        let at = self.at as usize;
        let texts = |from: usize, to: usize| -> String {
            let entries = answer.entries.get(from..to.min(answer.entries.len()));
            entries.unwrap_or(&[]).iter().map(|entry| entry.text.as_str()).collect()
        };
        let own = format!("{}{}{}", texts(0, at), self.label, self.text);
        let until = if whole { usize::MAX } else { at + 1 + TOKENS as usize };
        let base = texts(0, until);
        let cut = until < answer.entries.len() || answer.end().is_none();
        self.outcome = asked.outcome(if whole { &own } else { whole_words(&own) });
        self.base = asked.outcome(if cut { whole_words(&base) } else { &base });
    }
}

impl PartialEq for Branch {
    /// Whether both show the same: outcomes follow from the texts.
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.token, &self.text, self.finish)
            == (other.at, other.token, &other.text, other.finish)
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

/// Without the last word, of which there may be more.
fn whole_words(text: &str) -> &str {
    text.rfind(char::is_whitespace).map_or("", |blank| &text[..blank])
}
