//! Lists of facts: a question in some wordings, keys and answers.

use std::sync::{Arc, LazyLock};

use super::{Fact, Family};
use crate::Expected;
use crate::random::Random;

/// Levels of difficulty: where a fact stands in its list, which begins with the best known.
pub(super) const LEVELS: &[&str] = &["best known third", "middle third", "last third"];

/// Why a list can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
struct FactsError {
    /// From 1.
    line: usize,
    problem: &'static str,
}

/// Facts of one kind.
struct Section {
    name: String,
    wordings: Vec<String>,
    /// Keys, each with all answers that are right.
    facts: Vec<(String, Vec<String>)>,
}

static FACTS: LazyLock<Vec<Section>> = LazyLock::new(|| known(include_str!("data/facts.txt")));
static OPPOSITES: LazyLock<Vec<Section>> =
    LazyLock::new(|| known(include_str!("data/opposites.txt")));
static PAST: LazyLock<Vec<Section>> = LazyLock::new(|| known(include_str!("data/past.txt")));
static PLURALS: LazyLock<Vec<Section>> = LazyLock::new(|| known(include_str!("data/plurals.txt")));

/// Different common words; `None` if there are fewer.
pub(super) fn some_words(random: &mut Random, count: usize) -> Option<Vec<String>> {
    let words = random.some(&words(), count);
    (words.len() == count).then(|| words.into_iter().map(str::to_owned).collect())
}

fn words() -> Vec<&'static str> {
    let lines = include_str!("data/words.txt").lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// All facts of a family that has a list.
pub(super) fn of(family: Family) -> Vec<Fact> {
    let sections = match family {
        Family::Facts => &*FACTS,
        Family::Opposites => &*OPPOSITES,
        Family::Past => &*PAST,
        Family::Plurals => &*PLURALS,
        Family::Decimals
        | Family::Next
        | Family::Sums
        | Family::ThreeTerms
        | Family::Products
        | Family::Counting
        | Family::Repeat
        | Family::Lists
        | Family::Reading
        | Family::Problems => return Vec::new(),
    };
    sections.iter().flat_map(|section| section.facts(family)).collect()
}

/// Ours, which a test reads.
fn known(text: &str) -> Vec<Section> {
    let sections = read(text);
    debug_assert!(sections.is_ok(), "{:?}", sections.err());
    sections.unwrap_or_default()
}

impl Section {
    fn facts(&self, family: Family) -> impl Iterator<Item = Fact> + '_ {
        let list: Arc<[Vec<String>]> =
            self.facts.iter().map(|(_, answers)| answers.clone()).collect();
        self.facts.iter().enumerate().map(move |(at, (key, accepted))| {
            let expected = |accepted: Vec<String>| match family {
                // Where there are few answers, another one is a wrong one.
                Family::Facts => Expected::OneOf { list: Arc::clone(&list), accepted },
                _ => Expected::Words { accepted },
            };
            let wordings = self.wordings.iter();
            Fact {
                key: format!("{} {key}", self.name),
                level: 1 + (at * LEVELS.len() / self.facts.len().max(1)) as u32,
                wordings: wordings
                    .map(|wording| (wording.replacen("{}", key, 1), expected(accepted.clone())))
                    .collect(),
            }
        })
    }
}

/// Reads a list: `[kind]`, lines "? wording with {}", and lines "key = answer | other right answer".
fn read(text: &str) -> Result<Vec<Section>, FactsError> {
    let mut sections: Vec<Section> = Vec::new();
    for (line, content) in (1..).zip(text.lines().map(str::trim)) {
        let refuse = |problem| FactsError { line, problem };
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if let Some(name) = content.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let name = name.to_owned();
            sections.push(Section { name, wordings: Vec::new(), facts: Vec::new() });
            continue;
        }
        let section = sections.last_mut().ok_or(refuse("a list begins with [its name]"))?;
        if let Some(wording) = content.strip_prefix("? ") {
            if wording.matches("{}").count() != 1 {
                return Err(refuse("a wording has {} once"));
            }
            section.wordings.push(wording.to_owned());
            continue;
        }
        let (key, answers) = content.split_once('=').ok_or(refuse("there is no = in it"))?;
        let answers: Vec<String> = answers.split('|').map(|it| it.trim().to_owned()).collect();
        let key = key.trim().to_owned();
        if key.is_empty() || answers.iter().any(String::is_empty) {
            return Err(refuse("a key or an answer is empty"));
        }
        if section.facts.iter().any(|(known, _)| known.eq_ignore_ascii_case(&key)) {
            return Err(refuse("the key is there already"));
        }
        section.facts.push((key, answers));
    }
    Ok(sections)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_lists_can_be_read() {
        for (text, least) in [
            (include_str!("data/facts.txt"), 480),
            (include_str!("data/opposites.txt"), 430),
            (include_str!("data/past.txt"), 450),
            (include_str!("data/plurals.txt"), 450),
        ] {
            let sections = read(text).unwrap();
            assert!(sections.iter().map(|it| it.facts.len()).sum::<usize>() >= least);
            assert!(sections.iter().all(|it| it.wordings.len() >= 3 && !it.facts.is_empty()));
        }
        assert!(words().len() >= 500);
    }

    #[test]
    fn no_answer_is_a_word_that_says_nothing() {
        use crate::expected::words::{FILLERS, LEADS};
        for family in [Family::Opposites, Family::Past, Family::Plurals] {
            for fact in of(family) {
                let Some((_, Expected::Words { accepted })) = fact.wordings.first() else {
                    panic!()
                };
                let empty = |word: &String| [FILLERS, LEADS].concat().contains(&word.as_str());
                assert!(!accepted.iter().any(empty), "{accepted:?}");
            }
        }
    }

    #[test]
    fn no_pair_of_opposites_is_there_twice() {
        let facts = &read(include_str!("data/opposites.txt")).unwrap()[0].facts;
        for (at, (key, answers)) in facts.iter().enumerate() {
            let mut later = facts[at + 1..].iter();
            let back =
                later.find(|(other, theirs)| answers.contains(other) && theirs.contains(key));
            assert_eq!(back, None, "{key}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        let error = |text: &str| read(text).map(|_| ()).unwrap_err().to_string();
        assert_eq!(error("a = b"), "line 1: a list begins with [its name]");
        assert_eq!(error("[a]\n? What?"), "line 2: a wording has {} once");
        assert_eq!(error("[a]\n# note\n\na b"), "line 4: there is no = in it");
        assert_eq!(error("[a]\na = | b"), "line 2: a key or an answer is empty");
        assert_eq!(error("[a]\na = b\nA = c"), "line 3: the key is there already");
    }
}
