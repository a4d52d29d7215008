//! Which word of a list comes first, or last?

use super::{Fact, facts};
use crate::Expected;
use crate::random::Random;

/// Levels of difficulty.
pub(super) const LEVELS: &[&str] = &["three words", "five words", "seven words"];

/// A list of different words, asked for at both ends.
pub(super) fn fact(random: &mut Random, level: u32) -> Option<Fact> {
    let words = facts::some_words(random, 1 + 2 * level as usize)?;
    let list = words.join(", ");
    let ask = |question: String, right: &String| {
        (question, Expected::Named { options: words.clone(), right: right.clone() })
    };
    let (first, last) = (words.first()?, words.last()?);
    let wordings = vec![
        ask(format!("What is the first word of this list: {list}?"), first),
        ask(format!("What is the last word of this list: {list}?"), last),
    ];
    Some(Fact { key: list.clone(), level, wordings })
}
