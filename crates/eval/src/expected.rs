//! What is right about an answer, decided by rules that were written down before anything was measured.
//!
//! What an answer says, its claim, is found without knowing what is right: two answers that say the same have the same
//! claim, so that a vote can count them. Text that a sampler put there itself is taken out before.

mod contains;
mod letter;
mod list;
mod named;
mod number;
mod option;
mod text;
pub(crate) mod words;

use std::sync::Arc;

use entropix_generate::outcome::Options;
use serde::{Deserialize, Serialize};

/// What is right.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// A number. Numbers that only repeat the question's own, each as often as it stands there, are left out, as are those
    /// that are still to be reckoned with (5 + 7); of those left one is what the answer says. It may be in words and have a
    /// unit; "9.90" is 9.9.
    Number {
        /// What is right.
        value: f64,
        /// The numbers of the question.
        terms: Vec<f64>,
        /// Which of those left: the last one, as in "5 + 7 = 12 and 12 + 3 = 15", or the first one, as of who counts on.
        pick: Pick,
    },
    /// One of a list: the first to occur as whole words, unless the question names it; not after "not". Case, accents and
    /// punctuation aside.
    OneOf {
        /// All that answers of the kind say, each in all its spellings.
        list: Arc<[Vec<String>]>,
        /// What is right: any of these spellings.
        accepted: Vec<String>,
    },
    /// Words: what stands after the first "is" (or "are", "means", a colon, …), or in the whole line if nothing does, begins
    /// with them, the question's own words and those that say nothing (articles, "called") left out.
    Words {
        /// What is right: any of these.
        accepted: Vec<String>,
    },
    /// All of these words one after the other, in order, with nothing between them but commas, numbers and "and".
    Sequence(Vec<String>),
    /// Any of these, anywhere in the line as whole words, not after "not".
    Contains {
        /// What is right: any of these.
        accepted: Vec<String>,
    },
    /// A capital letter of a choice, not the article "A".
    Letter(char),
    /// One of several names that stand in the question: the only one that the answer names; who names several says nothing.
    Named {
        /// All of them.
        options: Vec<String>,
        /// What is right.
        right: String,
    },
    /// One of the two options that the question names, as [`Options::named`] finds it, after "9.9 > 9.11", "larger: 9.9" and
    /// the like are put in words.
    Option {
        /// The two.
        options: Options,
        /// What is right.
        right: String,
    },
}

/// Which of several numbers counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// The first one.
    First,
    /// The last one.
    Last,
}

/// What an answer is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It says what is right.
    Right,
    /// It says something else.
    Wrong,
    /// It says nothing of the kind that was asked for.
    Nothing,
}

/// What an answer says, and whether that is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The answer in short, found without knowing what is right; "" for nothing.
    pub claim: String,
    /// What it is worth.
    pub verdict: Verdict,
}

impl Said {
    fn nothing() -> Self {
        Self { claim: String::new(), verdict: Verdict::Nothing }
    }

    fn new(claim: String, right: bool) -> Self {
        Self { claim, verdict: if right { Verdict::Right } else { Verdict::Wrong } }
    }
}

impl Expected {
    /// What an answer of one line says: its first line with text.
    pub fn said(&self, question: &str, answer: &str) -> Said {
        self.in_line(question, first_line(answer), false)
    }

    /// What an answer of one line says that was interrupted by phrases: what was said after the last of them, if anything was.
    pub fn said_at_last(&self, question: &str, parts: &[String]) -> Said {
        let said = parts.iter().rev().map(|part| self.said(question, part));
        let plain = said.into_iter().find(|said| said.verdict != Verdict::Nothing);
        plain.unwrap_or_else(Said::nothing)
    }

    /// What an answer of several lines says: the last line that plainly says something of the kind, else the first line.
    pub fn concluded(&self, question: &str, answer: &str) -> Said {
        let lines = answer.lines().rev().map(|line| self.in_line(question, line, true));
        let plain = lines.into_iter().find(|said| said.verdict != Verdict::Nothing);
        plain.unwrap_or_else(|| self.said(question, answer))
    }

    /// `plainly`: in a sentence that says that it is, or as one of a list.
    fn in_line(&self, question: &str, line: &str, plainly: bool) -> Said {
        match self {
            Self::Number { value, terms, pick } => number::said(*value, terms, *pick, line),
            Self::OneOf { list, accepted } => list::said(list, accepted, question, line, plainly),
            Self::Words { accepted } => words::said(accepted, question, line, plainly),
            Self::Sequence(wanted) => words::sequence(wanted, line),
            Self::Contains { accepted } => contains::said(accepted, line),
            Self::Letter(right) => letter::said(*right, line),
            Self::Named { options, right } => named::said(options, right, line),
            Self::Option { options, right } => option::said(options, right, line),
        }
    }
}

/// The first line with text.
pub fn first_line(answer: &str) -> &str {
    answer.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_counts_or_the_last_one_that_says_something() {
        let parts = |parts: &[&str]| parts.iter().map(|&part| part.to_owned()).collect::<Vec<_>>();
        let opposite = Expected::Words { accepted: vec!["cold".to_owned()] };
        for (said, verdict) in [
            (&["The opposite of \"hot\" is", "\n\nCold\n"][..], Verdict::Right),
            (&["The opposite is", " It is cold."], Verdict::Right),
            (&["It is cold", "\"."], Verdict::Right),
            (&["It is warm.", " No, it is cold."], Verdict::Right),
            (&["It is cold.", " It is warm."], Verdict::Wrong),
            (&["", "Cold"], Verdict::Right),
            (&["", ""], Verdict::Nothing),
            (&[], Verdict::Nothing),
        ] {
            let question = "What is the opposite of \"hot\"?";
            assert_eq!(opposite.said_at_last(question, &parts(said)).verdict, verdict, "{said:?}");
        }
        assert_eq!(first_line("\n\n  12 \n13"), "12");
        assert_eq!(first_line(" \n"), "");
        let (value, terms, pick) = (12.0, vec![5.0, 7.0], Pick::Last);
        let twelve = Expected::Number { value, terms, pick };
        for (answer, said, concluded) in [
            ("13\n12", Verdict::Wrong, Verdict::Right),
            ("12\n13\n", Verdict::Right, Verdict::Wrong),
            ("We add.\n\nIt is 12.\nI hope that helps!\n", Verdict::Nothing, Verdict::Right),
            ("", Verdict::Nothing, Verdict::Nothing),
        ] {
            assert_eq!(twelve.said("What is 5 + 7?", answer).verdict, said, "{answer}");
            assert_eq!(twelve.concluded("What is 5 + 7?", answer).verdict, concluded, "{answer}");
        }
    }
}
