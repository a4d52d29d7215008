//! Numbers: the next one, sums, products.

use super::Fact;
use crate::expected::{Expected, Pick};
use crate::random::Random;

/// Levels of the number after a number.
pub(super) const NEXT_LEVELS: &[&str] =
    &["up to 99", "three digits", "four digits", "across a ten: 469", "across a hundred: 1,999"];
/// Levels of sums of two terms.
pub(super) const SUM_LEVELS: &[&str] = &["up to 12 each", "34 + 5", "34 + 57"];
/// Levels of sums of three terms.
pub(super) const THREE_TERM_LEVELS: &[&str] = &["up to 6 each", "up to 10", "up to 15"];
/// Levels of products.
pub(super) const PRODUCT_LEVELS: &[&str] = &["up to 12 each", "7 × 18", "14 × 18"];

/// The number after a number.
pub(super) fn next(random: &mut Random, level: u32) -> Option<Fact> {
    let number = match level {
        1 => random.between(1, 98),
        2 => random.between(100, 998),
        3 => random.between(1000, 9998),
        4 => random.between(1, 999) * 10 + 9,
        _ => random.between(1, 99) * 100 + 99,
    };
    // Across tens and hundreds lie in levels of their own.
    let fits = match level {
        1..=3 => number % 10 != 9,
        4 => number % 100 != 99,
        _ => true,
    };
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
            (format!("What number comes after {number}?"), right()),
            (format!("Which number comes directly after {number}?"), right()),
        ],
    })
}

/// A sum of two terms, in both orders.
pub(super) fn sum(random: &mut Random, level: u32) -> Option<Fact> {
    let (a, b) = match level {
        1 => (random.between(2, 12), random.between(2, 12)),
        2 => (random.between(13, 89), random.between(2, 9)),
        _ => (random.between(13, 89), random.between(13, 89)),
    };
    let right = || number_of(a + b, &[a, b]);
    // "a + b" and "b + a" are one fact.
    (a >= b).then(|| Fact {
        key: format!("{a} {b}"),
        level,
        wordings: vec![
            (format!("What is {a} + {b}?"), right()),
            (format!("How much is {b} plus {a}?"), right()),
            (format!("Add {b} and {a}. Answer with the number."), right()),
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
        let draws: [(Draw, u32, Reckon); 4] = [
            (next, 5, |terms| terms[0] + 1.0),
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
