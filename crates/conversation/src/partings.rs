//! Where an answer could most easily have gone another way.

use entropix::Action;
use entropix_protocol::{Alternative, Parting, TokenEntry};

use crate::answer::Answer;

/// Most places at which an answer is parted.
const PLACES: usize = 5;
/// Alternatives at each.
const OTHERS: usize = 3;
/// What is less probable is not tried.
const LEAST: f64 = 0.005;
/// Most tokens of a continuation from there: enough to see where it goes.
pub const CONTINUATION_TOKENS: u32 = 40;

/// The most uncertain tokens of an answer, spread over it, first to last, with their next-best alternatives.
/// What a phrase or a person put there is not parted.
pub fn partings(answer: &Answer) -> Vec<Parting> {
    let count = answer.end().unwrap_or(answer.entries.len());
    let entries = answer.entries.get(..count).unwrap_or(&[]);
    let h = |at: usize| entries[at].decision.uncertainty.entropy_bits;
    let drawn = |entry: &TokenEntry| {
        !matches!(entry.decision.action, Action::Insert | Action::Given)
            && others(entry).next().is_some()
    };
    let apart = (count / (2 * PLACES)).max(1);
    // Without a sort, which would be 3 kB more of every page.
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < PLACES {
        let free = |&at: &usize| {
            drawn(&entries[at]) && chosen.iter().all(|other| other.abs_diff(at) >= apart)
        };
        // Of several the first one: of equals `max_by` takes the last.
        let most = (0..count).rev().filter(free).max_by(|&one, &other| h(one).total_cmp(&h(other)));
        let Some(at) = most else { break };
        chosen.insert(chosen.partition_point(|&other| other < at), at);
    }
    let partings = |at: usize| {
        let others = others(&entries[at]).take(OTHERS);
        others.map(move |other| Parting { at: at as u32, token: other.id })
    };
    chosen.into_iter().flat_map(partings).collect()
}

/// Other tokens that were probable enough.
fn others(entry: &TokenEntry) -> impl Iterator<Item = &Alternative> {
    let token = entry.decision.token;
    entry.top.iter().filter(move |other| other.id != token && other.p >= LEAST)
}
