//! Random numbers that follow from names.

use rand_core::Rng;
use rand_pcg::Pcg64;
use sha2::{Digest, Sha256};

/// PCG's own default stream.
const STREAM: u128 = 0x0a02_bdbf_7bb3_c0a7_ac28_fa16_a64a_bf96;

/// A stream of random numbers that repeats for ever for the same names.
#[derive(Clone, Debug)]
pub struct Random {
    generator: Pcg64,
    /// Coins that are thrown and not yet used, the next one lowest.
    coins: u64,
    /// How many of them.
    left: u32,
}

impl Random {
    /// The stream of these names, in this order.
    pub fn of(names: &[&str]) -> Self {
        Self::from_state(u128::from(seed(names)))
    }

    /// The stream of a state of the generator.
    pub(crate) fn from_state(state: u128) -> Self {
        Self { generator: Pcg64::new(state, STREAM), coins: 0, left: 0 }
    }

    /// The next 64 bits.
    pub(crate) fn word(&mut self) -> u64 {
        self.generator.next_u64()
    }

    /// A number below `limit`; 0 for a limit of 0. Slightly more often a low one: by less than limit ÷ 2⁶⁴.
    pub fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.word()) * limit as u128) >> 64) as usize
    }

    /// A uniform in [0, 1): the top 53 bits of one output.
    pub(crate) fn unit(&mut self) -> f64 {
        const UNIT: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.word() >> 11) as f64 * UNIT
    }

    /// Heads in `throws` of a fair coin.
    pub(crate) fn heads(&mut self, throws: u32) -> u32 {
        let (mut heads, mut missing) = (0, throws);
        while missing > 0 {
            if self.left == 0 {
                (self.coins, self.left) = (self.word(), u64::BITS);
            }
            // 1 to 64.
            let used = missing.min(self.left);
            heads += (self.coins & (u64::MAX >> (u64::BITS - used))).count_ones();
            self.coins = self.coins.checked_shr(used).unwrap_or(0);
            self.left -= used;
            missing -= used;
        }
        heads
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below((high.saturating_sub(low) + 1) as usize) as u32
    }

    /// One of a list; `None` of an empty one.
    pub fn one<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }

    /// Different ones of a list, `count` of them or all.
    pub fn some<T: Clone>(&mut self, list: &[T], count: usize) -> Vec<T> {
        let mut all = list.to_vec();
        self.shuffle(&mut all);
        all.truncate(count);
        all
    }

    /// Brings a list into a random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// A seed that follows from names: the first 64 bits of the SHA-256 of their lengths and texts.
pub fn seed(names: &[&str]) -> u64 {
    let mut hash = Sha256::new();
    for name in names {
        hash.update((name.len() as u64).to_be_bytes());
        hash.update(name.as_bytes());
    }
    let bytes = hash.finalize();
    bytes.iter().take(8).fold(0, |seed, &byte| seed << 8 | u64::from(byte))
}

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_two_digits_each() {
        assert_eq!(hex(&[0, 9, 16, 255]), "000910ff");
    }

    #[test]
    fn names_are_told_apart() {
        let seeds = [&["a", "b"][..], &["ab"], &["b", "a"], &["a", "b", ""], &[], &[""]].map(seed);
        let mut sorted = seeds.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), seeds.len());
        // By Python's hashlib.
        assert_eq!(seed(&["decimals", "test"]), 842_171_272_873_250_265);
    }

    #[test]
    fn every_number_comes_up_and_no_other() {
        let mut random = Random::of(&["test"]);
        let mut counts = [0; 7];
        for _ in 0..7000 {
            counts[random.below(7)] += 1;
        }
        // Five standard deviations: √(7000 · 1/7 · 6/7) = 29.
        assert!(counts.iter().all(|count| (1000_i32 - count).abs() < 150), "{counts:?}");
        assert_eq!((random.below(0), random.below(1)), (0, 0));
        assert!((0..100).all(|_| (3..=5).contains(&random.between(3, 5))));
        assert_eq!(random.one::<u8>(&[]), None);
    }

    #[test]
    fn a_shuffle_keeps_everything() {
        let mut list: Vec<_> = (0..100).collect();
        Random::of(&["a"]).shuffle(&mut list);
        assert_ne!(list, (0..100).collect::<Vec<_>>());
        list.sort_unstable();
        assert_eq!(list, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn indices_uniforms_and_coins_are_fair() {
        let mut draws = Random::of(&["fair"]);
        let mut counts = [0_i32; 7];
        let (mut sum, mut heads, mut square) = (0.0, 0, 0.0);
        for _ in 0..70_000 {
            counts[draws.below(7)] += 1;
            sum += draws.unit();
            let thrown = draws.heads(90);
            heads += thrown;
            square += (f64::from(thrown) - 45.0).powi(2);
        }
        // Five standard errors each.
        assert!(counts.iter().all(|count| (count - 10_000).abs() < 463), "{counts:?}");
        assert!((sum / 70_000.0 - 0.5).abs() < 0.0055);
        assert!((f64::from(heads) / 70_000.0 - 45.0).abs() < 0.09);
        // The variance of 90 coins.
        assert!((square / 70_000.0 - 22.5).abs() < 0.61);
        assert_eq!((draws.heads(0), draws.below(0)), (0, 0));
    }

    #[test]
    fn coins_are_the_bits_of_words_in_order() {
        let mut words = Random::of(&["coins"]);
        let bits: Vec<_> = (0..3)
            .flat_map(|_| {
                let word = words.word();
                (0..64).map(move |i| (word >> i & 1) as u32)
            })
            .collect();
        let mut draws = Random::of(&["coins"]);
        let mut at = 0;
        for throws in [1, 62, 5, 0, 60, 64] {
            let heads: u32 = bits[at..].iter().take(throws as usize).sum();
            assert_eq!(draws.heads(throws), heads);
            at += throws as usize;
        }
    }
}
