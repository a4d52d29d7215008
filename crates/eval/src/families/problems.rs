//! Word problems of a few steps, for models that can reckon on the way.

use super::Fact;
use crate::expected::{Expected, Pick};
use crate::random::Random;

/// Levels of difficulty.
pub(super) const LEVELS: &[&str] = &["one step", "two steps", "three steps"];

const PEOPLE: [(&str, &str); 8] = [
    ("Anna", "She"),
    ("Ben", "He"),
    ("Carla", "She"),
    ("David", "He"),
    ("Emma", "She"),
    ("Frank", "He"),
    ("Grace", "She"),
    ("Henry", "He"),
];
const THINGS: [&str; 8] =
    ["apples", "books", "marbles", "stamps", "cards", "pencils", "shells", "coins"];

/// What somebody has, and what happens to it.
pub(super) fn fact(random: &mut Random, level: u32) -> Option<Fact> {
    let (name, pronoun) = *random.one(&PEOPLE)?;
    let things = *random.one(&THINGS)?;
    let mut terms = Vec::new();
    let (mut story, mut value) = if random.below(2) == 0 {
        let many = random.between(8, 40);
        terms.push(many);
        (format!("{name} has {many} {things}."), many)
    } else {
        let (boxes, each) = (random.between(2, 6), random.between(3, 9));
        terms.extend([boxes, each]);
        (format!("{name} has {boxes} boxes with {each} {things} in each."), boxes * each)
    };
    for _ in 0..level {
        let happens = match random.below(4) {
            0 => {
                let more = random.between(2, 20);
                terms.push(more);
                value += more;
                format!("{pronoun} buys {more} more.")
            }
            1 => {
                let (bags, each) = (random.between(2, 4), random.between(2, 9));
                terms.extend([bags, each]);
                value += bags * each;
                format!("A friend brings {bags} bags with {each} {things} in each.")
            }
            2 if value > 3 => {
                let less = random.between(1, value - 1);
                terms.push(less);
                value -= less;
                format!("{pronoun} gives {less} away.")
            }
            _ if value % 2 == 0 => {
                value /= 2;
                format!("{pronoun} loses half of the {things}.")
            }
            _ => return None,
        };
        story = format!("{story} {happens}");
    }
    // What stands in the story is no answer.
    if terms.contains(&value) {
        return None;
    }
    let right = || Expected::Number {
        value: f64::from(value),
        terms: terms.iter().map(|&term| f64::from(term)).collect(),
        pick: Pick::Last,
    };
    let question = format!("{story} How many {things} does {name} have now?");
    let wordings =
        vec![(question.clone(), right()), (format!("{question} Think step by step."), right())];
    Some(Fact { key: story, level, wordings })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left, read out of the story sentence by sentence.
    fn read(story: &str) -> u32 {
        let mut value = 0;
        for sentence in story.split(". ").filter(|sentence| !sentence.contains("How many")) {
            let numbers: Vec<u32> =
                sentence.split(' ').filter_map(|word| word.parse().ok()).collect();
            let product: u32 = numbers.iter().product();
            if sentence.contains("away") {
                value -= product;
            } else if sentence.contains("half") {
                value /= 2;
            } else {
                value += product;
            }
        }
        value
    }

    #[test]
    fn the_story_comes_to_what_is_right() {
        let mut random = Random::of(&["problems"]);
        let facts: Vec<_> = (0..900).filter_map(|at| fact(&mut random, 1 + at % 3)).collect();
        assert!(facts.len() > 500);
        for (question, expected) in facts.into_iter().flat_map(|fact| fact.wordings) {
            let Expected::Number { value, .. } = expected else { panic!("{question}") };
            assert!((f64::from(read(&question)) - value).abs() < 1e-9, "{question}: {value}");
        }
    }
}
