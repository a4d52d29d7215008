//! Which of two options a text names.

use super::number::{self, Number};
use super::sentences;

/// The two options of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// As the question wrote them.
    names: [String; 2],
    question: String,
}

/// Comparatives that ask for the same.
const SAME: [&str; 2] = [" larger bigger greater higher more ", " smaller less lower fewer "];

impl Options {
    /// Those of "A or B".
    pub fn of(question: &str) -> Option<Self> {
        let at = question.rfind(" or ")?;
        let (before, after) = (&question[..at], &question[at + " or ".len()..]);
        let after = after.split(['?', '!', ';', ':', '\n']).next().unwrap_or_default();
        let (before, after) = (clause(before, false), clause(after, true));
        // After a comma the whole of it is an option, else the word before "or".
        let listed = before.contains([',', ':', '\n']);
        let first = before.rsplit([',', ':', '\n']).next().unwrap_or_default();
        let first = if listed { plain(first) } else { plain(last_word(first)) };
        let second = after.split(',').next().unwrap_or_default();
        let article = usize::from(is_article(first_word(second)));
        let words = if listed { usize::MAX } else { 1 + article };
        let second: Vec<&str> = second.split_whitespace().take(words).collect();
        let second = plain(&second.join(" "));
        let good = |option: &str| !option.is_empty() && option.split_whitespace().count() <= 4;
        let other = ["not", "no", "so", "more", "less", "else"];
        let known = !other.contains(&second.to_lowercase().as_str());
        let differ = !first.eq_ignore_ascii_case(&second);
        (good(&first) && good(&second) && known && differ)
            .then(|| Self { names: [first, second], question: question.to_lowercase() })
    }

    /// As the question wrote them.
    pub fn names(&self) -> [&String; 2] {
        self.names.each_ref()
    }

    /// The option that the last sentence which names one says it is: the only one in it, or the first one of a
    /// comparison that the question asked for. A sentence that says "not" says none.
    pub fn named(&self, text: &str) -> Option<&str> {
        let named = |sentence: &&str| self.places(sentence) != [None, None];
        let last = sentences(text).into_iter().rev().find(named)?;
        self.in_sentence(last)
    }

    /// Where a sentence names each option.
    fn places(&self, sentence: &str) -> [Option<usize>; 2] {
        self.names.each_ref().map(|name| position(sentence, name))
    }

    /// The option that a sentence says it is.
    fn in_sentence(&self, sentence: &str) -> Option<&str> {
        let [first, second] = &self.names;
        let places = self.places(sentence);
        let lower = format!(" {} ", sentence.to_lowercase());
        let no = [" not ", "n't ", "n’t ", " neither ", " nor ", " never "];
        match places {
            [None, None] => None,
            // An option with "not" may mean the other one, or a third.
            _ if no.iter().any(|no| lower.contains(no)) => None,
            [Some(at), None] => self.says(sentence, at, first).then_some(first),
            [None, Some(at)] => self.says(sentence, at, second).then_some(second),
            [Some(one), Some(other)] => {
                let named = if one < other { first } else { second };
                let than = lower.split(" than ").collect::<Vec<_>>();
                let [before, _] = than[..] else { return None };
                // The blank that was put before it counts as one.
                let between = one.min(other) < before.len() && before.len() <= one.max(other);
                let plain = between && self.asks_for(last_word(before));
                plain.then_some(named)
            }
        }
    }

    /// Whether a sentence says that it is this option, which it names at a byte: "9.9", "it is 9.9", "the
    /// larger one is 9.9", "9.9 is larger". That it speaks of it is not enough.
    fn says(&self, sentence: &str, at: usize, option: &str) -> bool {
        let is = |word: &String| ["is", "are", "was", "it’s", "it's"].contains(&word.as_str());
        let asked = |word: &String| {
            let compares = word.ends_with("er") || SAME.concat().contains(&format!(" {word} "));
            word == "answer" || compares && self.asks_for(word)
        };
        let before = words(sentence.get(..at).unwrap_or_default(), 0);
        let after = words(sentence.get(at..).unwrap_or_default(), words(option, 0).len());
        let mut others = before.iter().chain(&after);
        let count = before.len() + after.len();
        let bare = count == 0
            || count <= 3
                && others.clone().any(is)
                && !others.any(|word| word.contains(|c: char| c.is_ascii_digit()));
        let led = before.last().is_some_and(|word| is(word) || word == "answer")
            && before.iter().any(asked);
        let followed = after.first().is_some_and(is) && after.iter().take(4).any(asked);
        bare || led || followed
    }

    /// Whether the question has this comparative, or one that means the same.
    fn asks_for(&self, comparative: &str) -> bool {
        let of = |word: &str| SAME.iter().find(|same| same.contains(&format!(" {word} ")));
        let words = self.question.split(|c: char| !c.is_alphanumeric());
        words.filter(|word| !word.is_empty()).any(|word| {
            word == comparative || of(comparative).is_some() && of(word) == of(comparative)
        })
    }
}

/// Where a sentence names an option: as a number of the same value, or as the same words.
fn position(sentence: &str, option: &str) -> Option<usize> {
    if let [wanted] = &number::numbers(option)[..]
        && !option.contains(char::is_alphabetic)
    {
        return find_number(sentence, wanted);
    }
    let (sentence, option) = (sentence.to_lowercase(), option.to_lowercase());
    let mut from = 0;
    while let Some(found) = sentence.get(from..)?.find(&option) {
        let at = from + found;
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let before = sentence[..at].chars().next_back();
        let after = sentence[at + option.len()..].chars().next();
        if edge(before) && edge(after) {
            return Some(at);
        }
        from = at + option.chars().next().map_or(1, char::len_utf8);
    }
    None
}

fn find_number(sentence: &str, wanted: &Number) -> Option<usize> {
    let mut words = sentence.split_whitespace();
    words.find_map(|word| {
        let named = number::numbers(word).iter().any(|number| number.is(wanted));
        // A part of the sentence.
        named.then(|| word.as_ptr() as usize - sentence.as_ptr() as usize)
    })
}

/// The last clause before "or", the first one after it.
fn clause(text: &str, after: bool) -> &str {
    let ends: Vec<usize> = text
        .match_indices(['.', '?', '!'])
        .filter(|(at, _)| text[at + 1..].starts_with(char::is_whitespace) || at + 1 == text.len())
        .map(|(at, _)| at)
        .collect();
    match (after, ends.first(), ends.last()) {
        (true, Some(&end), _) => &text[..end],
        (false, _, Some(&end)) => &text[end + 1..],
        _ => text,
    }
}

/// Without article, quotes and stops.
fn plain(option: &str) -> String {
    let edge = |c: char| !c.is_alphanumeric() && !"-−$€%".contains(c);
    let option = option.trim().trim_matches(edge);
    let first = first_word(option);
    let rest = if is_article(first) { &option[first.len()..] } else { option };
    rest.trim().trim_matches(edge).to_owned()
}

/// Words without articles and what stands around them, in lower case, but for the first ones.
fn words(text: &str, skipped: usize) -> Vec<String> {
    let words = text.split_whitespace().map(|word| plain(word).to_lowercase());
    words.filter(|word| !word.is_empty() && !is_article(word)).skip(skipped).collect()
}

fn is_article(word: &str) -> bool {
    ["a", "an", "the"].contains(&word.to_lowercase().as_str())
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

fn last_word(text: &str) -> &str {
    text.split_whitespace().next_back().unwrap_or_default()
}
