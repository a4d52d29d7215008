//! Streams of random numbers for statistics: one for each purpose.

use crate::random::Random;

/// What random numbers are for: of one seed, each purpose has its own.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Bootstrap = 1,
    SignFlip = 2,
    Folds = 3,
    Simulation = 4,
}

impl Purpose {
    /// Its random numbers of a seed.
    pub(super) fn draws(self, seed: u64) -> Random {
        let word = |index| u128::from(split_mix(seed, 2 * self as u64 + index));
        Random::from_state((word(0) << 64) | word(1))
    }
}

/// Word `index` of the generator `SplitMix64` (Steele et al. 2014, doi:10.1145/2660193.2660195):
/// near seeds give far states.
fn split_mix(seed: u64, index: u64) -> u64 {
    let z = seed.wrapping_add(index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_of_split_mix() {
        // Of the reference in C by Vigna (prng.di.unimi.it/splitmix64.c), from state 1234567.
        let words: Vec<_> = (0..3).map(|index| split_mix(1_234_567, index)).collect();
        let reference =
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!(words, reference);
    }

    #[test]
    fn seeds_and_purposes_differ_and_repeat() {
        let first = |seed, purpose: Purpose| purpose.draws(seed).word();
        assert_eq!(first(7, Purpose::Folds), first(7, Purpose::Folds));
        assert_ne!(first(7, Purpose::Folds), first(8, Purpose::Folds));
        assert_ne!(first(7, Purpose::Folds), first(7, Purpose::Bootstrap));
    }
}
