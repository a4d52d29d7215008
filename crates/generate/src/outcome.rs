//! What an answer comes to, as far as its words say so: a number, yes or no, or one of the options that the
//! question named. Where that is not plain, nothing is claimed.

mod choice;
mod number;
#[cfg(test)]
mod tests;
mod verdict;

pub use choice::Options;
pub use number::{Number, numbers, results};

/// What a question asks for.
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(crate) enum Asked {
    /// One of these: `"9.9"` and `"9.11"`.
    Options(Options),
    /// Yes or no.
    Verdict,
    /// A number.
    Number,
}

/// What an answer comes to.
#[cfg_attr(test, derive(Debug))]
pub(crate) enum Outcome {
    /// An option, as the question wrote it.
    Option(String),
    /// Whether the answer is yes.
    Verdict(bool),
    /// The last number, and its unit if it has one.
    Number(Number),
}

/// Verbs that begin a question which is answered by yes or no.
const VERBS: &str =
    " is are was were am do does did can could will would should shall has have had may must ";
/// What asks for a number.
const NUMBERS: [&str; 16] = [
    "how many",
    "how much",
    "how old",
    "how long",
    "how far",
    "how tall",
    "how high",
    "how big",
    "how fast",
    "how often",
    "what number",
    "which number",
    "what year",
    "which year",
    "calculate",
    "what time",
];

impl Asked {
    /// What a question asks for; `None` where an answer has no outcome that could be compared.
    pub(crate) fn of(question: &str) -> Option<Self> {
        if let Some(options) = Options::of(question) {
            return Some(Self::Options(options));
        }
        let lower = question.trim().to_lowercase();
        let asks = |lower: &str| NUMBERS.iter().any(|words| lower.contains(words));
        let sentence = last_question(&lower);
        let first = sentence.split_whitespace().next().unwrap_or_default();
        if !first.is_empty() && VERBS.contains(&format!(" {first} ")) {
            // "Can you tell me how many …?"
            return Some(if asks(sentence) { Self::Number } else { Self::Verdict });
        }
        let calculates = sentence.chars().any(|c| c.is_ascii_digit())
            && (sentence.starts_with("what is")
                || sentence.starts_with("what's")
                || sentence.contains('='));
        (asks(sentence) || calculates).then_some(Self::Number)
    }

    /// What an answer to it comes to; `None` where it does not say so plainly.
    pub(crate) fn outcome(&self, answer: &str) -> Option<Outcome> {
        match self {
            Self::Options(options) => options.named(answer).map(str::to_owned).map(Outcome::Option),
            Self::Verdict => verdict::verdict(answer).map(Outcome::Verdict),
            Self::Number => number::last(answer).map(Outcome::Number),
        }
    }
}

impl Outcome {
    /// Whether two come to the same. A unit that only one of them has is no difference.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Option(one), Self::Option(other)) => one == other,
            (Self::Verdict(one), Self::Verdict(other)) => one == other,
            (Self::Number(one), Self::Number(other)) => one.is(other),
            _ => false,
        }
    }

    /// As it is shown.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Option(option) => option.clone(),
            Self::Verdict(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            Self::Number(number) => number.words(),
        }
    }
}

/// The last sentence with a question mark, else all.
fn last_question(text: &str) -> &str {
    let Some((before, _)) = text.rsplit_once('?') else { return text };
    before.rsplit(['.', '!', '?', '\n']).next().unwrap_or(before).trim_start()
}

/// Sentences, with where a full stop is none: between digits.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let ends = match letter {
            '.' | '!' | '?' | ';' => {
                next.is_none_or(|next| next.is_whitespace() || "*_)\"”".contains(next))
            }
            '\n' => true,
            _ => false,
        };
        if ends {
            found.push(&text[start..at]);
            start = at + letter.len_utf8();
        }
    }
    found.push(&text[start..]);
    found.retain(|sentence| sentence.chars().any(char::is_alphanumeric));
    found
}
