//! Numbers: the next one, sums, products.

use super::Fact;
use crate::expected::{Expected, Pick};
use crate::random::Random;

/// Levels of the number after a number.
pub(super) const NEXT_LEVELS: &[&str] = &["up to 98", "three digits"];
/// Levels of sums of two terms.
pub(super) const SUM_LEVELS: &[&str] = &["up to 12 each", "15 + 3", "34 + 5"];
/// Levels of sums of three terms.
pub(super) const THREE_TERM_LEVELS: &[&str] = &["up to 6 each", "up to 10", "up to 15"];
/// Levels of products.
pub(super) const PRODUCT_LEVELS: &[&str] = &["up to 12 each", "7 × 18", "14 × 18"];

/// Levels of numbers that go on.
pub(super) const COUNTING_LEVELS: &[&str] = &["two digits", "three digits", "four digits"];
/// Shown before each item of numbers that go on.
pub(super) const COUNTING_EXAMPLES: &[(&str, &str)] = &[
    ("Continue: 3, 4, 5,", "6"),
    ("Continue: 246, 247, 248,", "249"),
    ("Continue: 3117, 3118, 3119,", "3120"),
];

/// The number after a number.
pub(super) fn next(random: &mut Random, level: u32) -> Option<Fact> {
    let number = match level {
        1 => random.between(1, 98),
        _ => random.between(100, 998),
    };
    // Nothing is carried.
    let fits = number % 10 != 9;
    let right = || Expected::Number {
        value: f64::from(number + 1),
        terms: vec![f64::from(number)],
        // Who counts on is right, too.
        pick: Pick::First,
    };
    fits.then(|| Fact {
        key: number.to_string(),
        level,
        wordings: vec![
            (format!("Which number comes right after {number}?"), right()),
            (format!("What number comes after {number}? Answer with the number only."), right()),
        ],
    })
}

/// The number after three that follow on each other.
pub(super) fn counting(random: &mut Random, level: u32) -> Option<Fact> {
    let first = match level {
        1 => random.between(7, 96),
        2 => random.between(100, 996),
        _ => random.between(1000, 9996),
    };
    // None of the numbers that the examples show.
    let shown = [3..=6, 246..=249, 3117..=3120];
    if shown.iter().any(|numbers| (first..=first + 3).any(|number| numbers.contains(&number))) {
        return None;
    }
    let [second, third, value] = [1, 2, 3].map(|step| first + step);
    let terms = [first, second, third].map(f64::from).to_vec();
    let right = || Expected::Number {
        value: f64::from(value),
        terms: terms.clone(),
        // Who counts on is right, too.
        pick: Pick::First,
    };
    Some(Fact {
        key: first.to_string(),
        level,
        wordings: vec![
            (format!("Continue: {first}, {second}, {third},"), right()),
            (format!("Count on: {first}, {second}, {third},"), right()),
        ],
    })
}

/// A sum of two terms, in both orders.
pub(super) fn sum(random: &mut Random, level: u32) -> Option<Fact> {
    let (a, b) = match level {
        1 => (random.between(2, 12), random.between(2, 12)),
        2 => (random.between(13, 20), random.between(2, 9)),
        _ => (random.between(21, 89), random.between(2, 9)),
    };
    let right = || number_of(a + b, &[a, b]);
    // "a + b" and "b + a" are one fact.
    (a >= b).then(|| Fact {
        key: format!("{a} {b}"),
        level,
        wordings: vec![
            (format!("What is {a} + {b}? Answer with the number only."), right()),
            (format!("{b} plus {a} makes"), right()),
            (
                format!("Tom has {a} apples. He gets {b} more. How many apples does he have now?"),
                right(),
            ),
        ],
    })
}

/// A sum of three small terms.
pub(super) fn three_terms(random: &mut Random, level: u32) -> Option<Fact> {
    let most = match level {
        1 => 6,
        2 => 10,
        _ => 15,
    };
    let mut terms = [(); 3].map(|()| random.between(1, most));
    let [a, b, c] = terms;
    terms.sort_unstable();
    let least = match level {
        1 => 1,
        2 => 7,
        _ => 11,
    };
    let right = || number_of(a + b + c, &[a, b, c]);
    terms.last().is_some_and(|&last| last >= least).then(|| Fact {
        key: terms.map(|term| term.to_string()).join(" "),
        level,
        wordings: vec![
            (format!("What is {a} + {b} + {c}?"), right()),
            (format!("How much is {c} plus {a} plus {b}?"), right()),
            (format!("Add {b}, {c} and {a}. Answer with the number."), right()),
        ],
    })
}

/// A product of two factors, in both orders.
pub(super) fn product(random: &mut Random, level: u32) -> Option<Fact> {
    let (a, b) = match level {
        1 => (random.between(2, 12), random.between(2, 12)),
        2 => (random.between(13, 60), random.between(2, 9)),
        _ => (random.between(13, 40), random.between(13, 40)),
    };
    let right = || number_of(a * b, &[a, b]);
    (a >= b).then(|| Fact {
        key: format!("{a} {b}"),
        level,
        wordings: vec![
            (format!("What is {a} × {b}?"), right()),
            (format!("How much is {b} times {a}?"), right()),
            (format!("Multiply {b} by {a}. Answer with the number."), right()),
        ],
    })
}

fn number_of(value: u32, terms: &[u32]) -> Expected {
    Expected::Number {
        value: f64::from(value),
        terms: terms.iter().map(|&term| f64::from(term)).collect(),
        pick: Pick::Last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_right_is_what_the_question_asks() {
        type Draw = fn(&mut Random, u32) -> Option<Fact>;
        type Reckon = fn(&[f64]) -> f64;
        let draws: [(Draw, u32, Reckon); 5] = [
            (next, 2, |terms| terms[0] + 1.0),
            (counting, 3, |terms| terms[2] + 1.0),
            (sum, 3, |terms| terms.iter().sum()),
            (three_terms, 3, |terms| terms.iter().sum()),
            (product, 3, |terms| terms.iter().product()),
        ];
        for (draw, levels, reckon) in draws {
            let mut random = Random::of(&["arithmetic"]);
            let facts: Vec<_> =
                (0..2000).filter_map(|at| draw(&mut random, 1 + at % levels)).collect();
            assert!(facts.len() > 500);
            for (question, expected) in facts.into_iter().flat_map(|fact| fact.wordings) {
                let digits = question.split(|c: char| !c.is_ascii_digit());
                let mut asked: Vec<f64> = digits.filter_map(|term| term.parse().ok()).collect();
                let Expected::Number { value, mut terms, .. } = expected else {
                    panic!("{question}")
                };
                assert!((reckon(&asked) - value).abs() < 1e-9, "{question}: {value}");
                asked.sort_by(f64::total_cmp);
                terms.sort_by(f64::total_cmp);
                assert_eq!(asked, terms, "{question}");
            }
        }
    }
}
