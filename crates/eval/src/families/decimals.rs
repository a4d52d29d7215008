//! Which of two decimals is larger: 9.9 or 9.11?

use entropix_generate::outcome::Options;

use super::Fact;
use crate::Expected;
use crate::random::Random;

/// Levels of difficulty.
pub(super) const LEVELS: &[&str] = &[
    "another whole number: 3.4, 7.2",
    "as many places: 6.3, 6.8",
    "more places, larger: 6.3, 6.84",
    "more places, smaller: 9.9, 9.11",
];

/// Two decimals, asked for in both orders: who always takes the first is right in half of them.
pub(super) fn fact(random: &mut Random, level: u32) -> Option<Fact> {
    let whole = random.between(1, 20);
    let digit = random.between(1, 9);
    let (one, other) = match level {
        1 => {
            ((whole, format!("{digit}")), (random.between(1, 20), random.between(1, 9).to_string()))
        }
        2 => ((whole, format!("{digit}")), (whole, random.between(1, 9).to_string())),
        // Two places, the last of them not 0, above or below the one place.
        3 => ((whole, format!("{digit}")), (whole, random.between(digit * 10 + 1, 99).to_string())),
        _ => (
            (whole, format!("{digit}")),
            (whole, random.between(11, (digit * 10).max(12) - 1).to_string()),
        ),
    };
    let decimal = |(whole, places): &(u32, String)| format!("{whole}.{places}");
    let hundredths = |(whole, places): &(u32, String)| {
        whole * 100 + format!("{places:0<2}").parse::<u32>().unwrap_or_default()
    };
    let fits = match level {
        1 => one.0 != other.0,
        2 => one.1 != other.1,
        3 => hundredths(&other) > hundredths(&one) && !other.1.ends_with('0'),
        _ => hundredths(&other) < hundredths(&one) && !other.1.ends_with('0'),
    };
    if !fits {
        return None;
    }
    let (low, high) =
        if hundredths(&one) < hundredths(&other) { (one, other) } else { (other, one) };
    let (low, high) = (decimal(&low), decimal(&high));
    let ask = |first: &str, second: &str| {
        let question = format!("Which number is larger, {first} or {second}?");
        let options = Options::of(&question)?;
        Some((question, Expected::Option { options, right: high.clone() }))
    };
    let wordings = vec![ask(&low, &high)?, ask(&high, &low)?];
    Some(Fact { key: format!("{low} {high}"), level, wordings })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_larger_one_is_right_in_both_orders() {
        let mut random = Random::of(&["decimals"]);
        let facts: Vec<_> = (0..4000).filter_map(|at| fact(&mut random, 1 + at % 4)).collect();
        assert!(facts.len() > 2000);
        for Fact { key, level, wordings } in facts {
            let (low, high) = key.split_once(' ').unwrap();
            assert!(low.parse::<f64>().unwrap() < high.parse::<f64>().unwrap(), "{key}");
            assert_eq!(
                level == 4,
                low.len() > high.len() && low.split('.').next() == high.split('.').next()
            );
            for (question, expected) in &wordings {
                assert!(question.contains(low) && question.contains(high));
                assert!(matches!(expected, Expected::Option { right, .. } if right == high));
            }
            let first = |(question, _): &(String, _)| !question.ends_with(&format!(" {high}?"));
            assert_ne!(first(&wordings[0]), first(&wordings[1]), "{key}");
        }
    }
}
