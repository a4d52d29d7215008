//! Words to repeat.

use super::{Fact, facts};
use crate::Expected;
use crate::random::Random;

/// Levels of difficulty.
pub(super) const LEVELS: &[&str] = &["three words", "five words", "seven words"];

/// Different words, to be said again in their order.
pub(super) fn fact(random: &mut Random, level: u32) -> Option<Fact> {
    let chosen = facts::some_words(random, 1 + 2 * level as usize)?;
    let list = chosen.join(", ");
    let right = || Expected::Sequence(chosen.clone());
    Some(Fact {
        key: list.clone(),
        level,
        wordings: vec![
            (format!("Repeat these words in the same order: {list}"), right()),
            (format!("Say these words again, one after the other: {list}"), right()),
        ],
    })
}
