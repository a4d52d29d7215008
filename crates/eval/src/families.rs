//! The families of tasks: items that follow from a seed, with their levels of difficulty.
//!
//! A family draws facts (a pair of decimals, a verb) of a [`Part`] and asks for each in a few wordings. Items are the same
//! for the same split, on every machine.

mod arithmetic;
mod decimals;
mod facts;
mod lists;
mod problems;
mod reading;
mod repeat;

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use crate::random::Random;
use crate::{Expected, Item, Part, Split};

/// A family of tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Which of two decimals is larger.
    Decimals,
    /// The number after a number.
    Next,
    /// Numbers that go on.
    Counting,
    /// Sums of two terms.
    Sums,
    /// Sums of three small terms.
    ThreeTerms,
    /// Products of small factors.
    Products,
    /// Facts with an answer of a word or two.
    Facts,
    /// Opposites.
    Opposites,
    /// Past tense.
    Past,
    /// Plurals.
    Plurals,
    /// Words to repeat.
    Repeat,
    /// The first and the last word of a list.
    Lists,
    /// Who is where, and who has what.
    Reading,
    /// Word problems.
    Problems,
}

/// What is asked for, before it has a wording.
pub(crate) struct Fact {
    /// What tells it from other facts of the family.
    pub(crate) key: String,
    /// Its level of difficulty, from 1.
    pub(crate) level: u32,
    /// A question and what is right, in each wording.
    pub(crate) wordings: Vec<(String, Expected)>,
}

/// Draws after which there is no other fact.
const SEARCH: usize = 2000;

impl Family {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Decimals,
        Self::Next,
        Self::Counting,
        Self::Sums,
        Self::ThreeTerms,
        Self::Products,
        Self::Facts,
        Self::Opposites,
        Self::Past,
        Self::Plurals,
        Self::Repeat,
        Self::Lists,
        Self::Reading,
        Self::Problems,
    ];

    /// Its name in files and on pages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Decimals => "decimals",
            Self::Next => "next number",
            Self::Counting => "counting",
            Self::Sums => "sums",
            Self::ThreeTerms => "three terms",
            Self::Products => "products",
            Self::Facts => "facts",
            Self::Opposites => "opposites",
            Self::Past => "past tense",
            Self::Plurals => "plurals",
            Self::Repeat => "repeating",
            Self::Lists => "lists",
            Self::Reading => "reading",
            Self::Problems => "word problems",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    /// What its levels of difficulty are, the easiest first.
    pub fn levels(self) -> &'static [&'static str] {
        match self {
            Self::Decimals => decimals::LEVELS,
            Self::Next => arithmetic::NEXT_LEVELS,
            Self::Counting => arithmetic::COUNTING_LEVELS,
            Self::Sums => arithmetic::SUM_LEVELS,
            Self::ThreeTerms => arithmetic::THREE_TERM_LEVELS,
            Self::Products => arithmetic::PRODUCT_LEVELS,
            Self::Facts | Self::Opposites | Self::Past | Self::Plurals => facts::LEVELS,
            Self::Repeat => repeat::LEVELS,
            Self::Lists => lists::LEVELS,
            Self::Reading => reading::LEVELS,
            Self::Problems => problems::LEVELS,
        }
    }

    /// The order in which levels take turns: each once, or seldom where it has few facts.
    fn turns(self) -> Vec<u32> {
        match self {
            Self::Next => vec![1, 2, 2, 2, 2, 2, 2, 2],
            Self::Sums => vec![1, 2, 3, 3, 3, 3, 3, 3],
            Self::Counting | Self::Products => vec![1, 2, 3, 2, 3, 2, 3, 2, 3],
            Self::ThreeTerms => vec![1, 3, 2, 3, 3, 2, 3, 3, 3],
            _ => (1..=self.levels().len() as u32).collect(),
        }
    }

    /// Questions that are shown with their answers before each item, where the model does not understand what is wanted
    /// without. None of them is an item.
    pub fn examples(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Counting => arithmetic::COUNTING_EXAMPLES,
            _ => &[],
        }
    }

    /// The first items of a split: `count` of them, or as many as there are facts for.
    pub fn items(self, split: &Split, count: usize) -> Vec<Item> {
        let mut random = Random::of(&["items", self.name(), split.part.name(), &split.seed]);
        let draw: fn(&mut Random, u32) -> Option<Fact> = match self {
            Self::Decimals => decimals::fact,
            Self::Next => arithmetic::next,
            Self::Sums => arithmetic::sum,
            Self::ThreeTerms => arithmetic::three_terms,
            Self::Products => arithmetic::product,
            Self::Counting => arithmetic::counting,
            Self::Repeat => repeat::fact,
            Self::Lists => lists::fact,
            Self::Reading => reading::fact,
            Self::Problems => problems::fact,
            Self::Facts | Self::Opposites | Self::Past | Self::Plurals => {
                return self.worded(&self.listed(split.part, &mut random), count);
            }
        };
        let facts = self.drawn(split.part, count, |level| draw(&mut random, level));
        self.worded(&facts, count)
    }

    /// The facts of a part that stand in a list, in a random order in which the levels take turns.
    fn listed(self, part: Part, random: &mut Random) -> Vec<Fact> {
        let mut facts = facts::of(self);
        facts.retain(|fact| Part::of(self.name(), &fact.key) == part);
        random.shuffle(&mut facts);
        let mut levels: Vec<_> =
            (1..=self.levels().len() as u32).map(|_| VecDeque::new()).collect();
        for fact in facts {
            if let Some(level) = levels.get_mut(fact.level.saturating_sub(1) as usize) {
                level.push_back(fact);
            }
        }
        let mut in_turns = Vec::new();
        while levels.iter().any(|level| !level.is_empty()) {
            in_turns.extend(levels.iter_mut().filter_map(VecDeque::pop_front));
        }
        in_turns
    }

    /// Different facts of a part, of each level in turn, enough for `count` items of a wording each. A level of which a long
    /// search finds no more is left out.
    fn drawn(
        self,
        part: Part,
        count: usize,
        mut draw: impl FnMut(u32) -> Option<Fact>,
    ) -> Vec<Fact> {
        let mut known: HashSet<String> = HashSet::new();
        let shown = |fact: &Fact| {
            let asked = |question| fact.wordings.iter().any(|(own, _)| own == question);
            self.examples().iter().any(|(question, _)| asked(question))
        };
        let mut facts: Vec<Fact> = Vec::new();
        let mut levels: VecDeque<u32> = self.turns().into();
        let mut items = 0;
        while items < count
            && let Some(level) = levels.pop_front()
        {
            let found = (0..SEARCH).find_map(|_| {
                draw(level)
                    .filter(|fact| Part::of(self.name(), &fact.key) == part)
                    .filter(|fact| !shown(fact))
                    .filter(|fact| known.insert(fact.key.clone()))
            });
            if let Some(fact) = found {
                items += fact.wordings.len();
                facts.push(fact);
                levels.push_back(level);
            }
        }
        facts
    }

    /// Facts in their wordings: all of a fact's before the next fact, so that a part of the items is a part of the facts.
    fn worded(self, facts: &[Fact], count: usize) -> Vec<Item> {
        let worded = (0..).zip(facts).flat_map(|(number, fact)| {
            fact.wordings.iter().map(move |(question, expected)| (number, fact, question, expected))
        });
        let examples: Arc<[_]> = self
            .examples()
            .iter()
            .map(|(question, answer)| ((*question).to_owned(), (*answer).to_owned()))
            .collect();
        let items = (0..).zip(worded.take(count));
        items
            .map(|(number, (fact_number, fact, question, expected))| Item {
                family: self.name().to_owned(),
                number,
                fact: fact_number,
                level: fact.level,
                examples: Arc::clone(&examples),
                question: question.clone(),
                expected: expected.clone(),
            })
            .collect()
    }
}

impl serde::Serialize for Family {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;

    fn split(part: Part) -> Split {
        Split { part, seed: "of this test".to_owned() }
    }

    #[test]
    fn a_test_has_a_thousand_items_of_three_hundred_facts() {
        for family in Family::ALL {
            let items = family.items(&split(Part::Test), 1000);
            let facts: HashSet<u32> = items.iter().map(|item| item.fact).collect();
            let questions: HashSet<&str> =
                items.iter().map(|item| item.question.as_str()).collect();
            assert_eq!(items.len(), 1000, "{family:?}");
            assert!(facts.len() >= 300, "{family:?} has {} facts", facts.len());
            assert_eq!(questions.len(), 1000, "{family:?} asks the same twice");
            for (number, item) in (0..).zip(&items) {
                assert_eq!((item.number, item.family.as_str()), (number, family.name()));
                assert!((1..=family.levels().len() as u32).contains(&item.level), "{item:?}");
            }
            // However few are asked, the levels have their shares.
            let turns = family.turns();
            for count in [60, 200, 1000] {
                for level in 1..=family.levels().len() as u32 {
                    let share = turns.iter().filter(|turn| **turn == level).count();
                    let share = count * share / turns.len();
                    let own = items[..count].iter().filter(|item| item.level == level).count();
                    // A third of a list may have a few facts fewer than another.
                    let most = if count == 1000 { 40 } else { 4 };
                    assert!(
                        own.abs_diff(share) <= most,
                        "{family:?}: {own} of {count}, level {level}"
                    );
                }
            }
            for level in 1..=family.levels().len() as u32 {
                let share = items.iter().filter(|item| item.level == level).count();
                assert!(share >= 90, "{family:?}: level {level} has {share} items");
            }
        }
    }

    #[test]
    fn no_fact_is_in_two_parts() {
        for family in Family::ALL {
            let [pilot, tuning, test] = Part::ALL.map(|part| {
                let items = family.items(&split(part), 400);
                items.into_iter().map(|item| item.question).collect::<HashSet<_>>()
            });
            assert!(pilot.is_disjoint(&tuning) && pilot.is_disjoint(&test), "{family:?}");
            assert!(tuning.is_disjoint(&test), "{family:?}");
        }
    }

    #[test]
    fn items_follow_from_the_seed() {
        for family in Family::ALL {
            let items = |seed: &str, count| {
                let split = Split { part: Part::Test, seed: seed.to_owned() };
                family.items(&split, count)
            };
            assert_eq!(items("a", 50), items("a", 50));
            assert_eq!(items("a", 50)[..20], items("a", 20));
            assert_ne!(items("a", 50), items("b", 50));
        }
    }

    #[test]
    fn the_right_answer_is_right_and_the_question_is_none() {
        for family in Family::ALL {
            for item in family.items(&split(Part::Test), 1000) {
                let Item { question, expected, .. } = &item;
                let right = match expected {
                    Expected::Number { value, .. } => value.to_string(),
                    Expected::Words { accepted }
                    | Expected::OneOf { accepted, .. }
                    | Expected::Contains { accepted } => accepted[0].clone(),
                    Expected::Letter(letter) => letter.to_string(),
                    Expected::Sequence(words) => words.join(", "),
                    Expected::Option { right, .. } | Expected::Named { right, .. } => right.clone(),
                };
                assert_eq!(expected.said(question, &right).verdict, Verdict::Right, "{item:?}");
                let sentence = format!("The answer is {right}.");
                assert_eq!(expected.said(question, &sentence).verdict, Verdict::Right, "{item:?}");
                let whole = format!("Let us see.\n{sentence}\nI hope that helps!");
                if !matches!(family, Family::Repeat) {
                    assert_eq!(
                        expected.concluded(question, &whole).verdict,
                        Verdict::Right,
                        "{item:?}"
                    );
                }
                if !matches!(family, Family::Repeat) {
                    assert_ne!(
                        expected.said(question, question).verdict,
                        Verdict::Right,
                        "{item:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn names_lead_back() {
        assert!(Family::ALL.iter().all(|family| Family::named(family.name()) == Some(*family)));
        assert_eq!(Family::named("GSM8K"), None);
    }
}
