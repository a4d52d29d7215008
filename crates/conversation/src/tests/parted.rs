//! Where an answer is parted.

use entropix_protocol::Alternative;

use super::*;
use crate::partings;

/// An answer whose tokens have these entropies, in quarters of a bit, and each one another way to go on.
fn answer(conversation: &mut Conversation, entropies: &[u8]) -> u32 {
    let answer = conversation.ask("Q", made()).unwrap();
    for &h in entropies {
        let mut entry = entry(10, "a");
        entry.decision.uncertainty.entropy_bits = f64::from(h) / 4.0;
        entry.top = vec![Alternative { id: 11, label: "b".into(), p: 0.3 }];
        conversation.apply(answer, Step::Token { entry: Box::new(entry) });
    }
    conversation.apply(answer, done(Finish::MaxTokens));
    answer
}

/// The most uncertain first, of equals the first; those too near to one before are left out.
fn by_sorting(entropies: &[u8]) -> Vec<u32> {
    let mut places: Vec<usize> = (0..entropies.len()).collect();
    places.sort_by_key(|&at| std::cmp::Reverse(entropies[at]));
    let apart = (entropies.len() / 10).max(1);
    let mut chosen: Vec<usize> = Vec::new();
    for at in places {
        if chosen.len() < 5 && chosen.iter().all(|other| other.abs_diff(at) >= apart) {
            chosen.push(at);
        }
    }
    chosen.sort_unstable();
    chosen.into_iter().map(|at| at as u32).collect()
}

proptest! {
    #[test]
    fn the_most_uncertain_places_are_parted(entropies in proptest::collection::vec(0..6_u8, 0..60)) {
        let mut conversation = Conversation::default();
        let turn = answer(&mut conversation, &entropies);
        let partings = partings(conversation.answer(turn).unwrap());
        prop_assert!(partings.iter().all(|parting| parting.token == 11));
        let places: Vec<u32> = partings.iter().map(|parting| parting.at).collect();
        prop_assert_eq!(places, by_sorting(&entropies));
    }
}
