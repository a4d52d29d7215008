//! The families of tasks: items that follow from a seed, with their levels of difficulty.
//!
//! A family draws facts (a pair of decimals, a verb) of a [`Part`] and asks for each in a few wordings. Items are the same
//! for the same split, on every machine.

mod arithmetic;
mod decimals;
mod facts;
mod repeat;

use std::collections::{HashSet, VecDeque};

use crate::random::Random;
use crate::{Expected, Item, Part, Split};

/// A family of tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Which of two decimals is larger.
    Decimals,
    /// The number after a number.
    Next,
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
    pub const ALL: [Self; 10] = [
        Self::Decimals,
        Self::Next,
        Self::Sums,
        Self::ThreeTerms,
        Self::Products,
        Self::Facts,
        Self::Opposites,
        Self::Past,
        Self::Plurals,
        Self::Repeat,
    ];

    /// Its name in files and on pages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Decimals => "decimals",
            Self::Next => "next number",
            Self::Sums => "sums",
            Self::ThreeTerms => "three terms",
            Self::Products => "products",
            Self::Facts => "facts",
            Self::Opposites => "opposites",
            Self::Past => "past tense",
            Self::Plurals => "plurals",
            Self::Repeat => "repeating",
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
            Self::Sums => arithmetic::SUM_LEVELS,
            Self::ThreeTerms => arithmetic::THREE_TERM_LEVELS,
            Self::Products => arithmetic::PRODUCT_LEVELS,
            Self::Facts | Self::Opposites | Self::Past | Self::Plurals => facts::LEVELS,
            Self::Repeat => repeat::LEVELS,
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
            Self::Repeat => repeat::fact,
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
        let mut known = HashSet::new();
        let mut facts: Vec<Fact> = Vec::new();
        let mut levels: VecDeque<u32> = (1..=self.levels().len() as u32).collect();
        let mut items = 0;
        while items < count
            && let Some(level) = levels.pop_front()
        {
            let found = (0..SEARCH).find_map(|_| {
                draw(level)
                    .filter(|fact| Part::of(self.name(), &fact.key) == part)
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
        let items = (0..).zip(worded.take(count));
        items
            .map(|(number, (fact_number, fact, question, expected))| Item {
                family: self.name().to_owned(),
                number,
                fact: fact_number,
                level: fact.level,
                question: question.clone(),
                expected: expected.clone(),
            })
            .collect()
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
            for count in [60, 200] {
                let share = count / family.levels().len();
                for level in 1..=family.levels().len() as u32 {
                    let few = &items[..count];
                    let own = few.iter().filter(|item| item.level == level).count();
                    assert!(
                        own.abs_diff(share) <= 3,
                        "{family:?}: {own} of {count}, level {level}"
                    );
                }
            }
            for level in 1..=family.levels().len() as u32 {
                let share = items.iter().filter(|item| item.level == level).count();
                assert!(share >= 100, "{family:?}: level {level} has {share} items");
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
                    Expected::Words { accepted } | Expected::OneOf { accepted, .. } => {
                        accepted[0].clone()
                    }
                    Expected::Sequence(words) => words.join(", "),
                    Expected::Option { right, .. } => right.clone(),
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
