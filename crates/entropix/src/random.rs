//! The stream of uniforms behind every draw.

use rand_core::Rng;
use rand_pcg::Pcg64;

use crate::Draw;

/// PCG's own default stream. Changing it changes every recorded chat.
const FIXED_STREAM: u128 = 0x0a02_bdbf_7bb3_c0a7_ac28_fa16_a64a_bf96;

/// Uniforms that repeat for ever for the same seed, on every machine.
#[derive(Clone, Debug)]
pub(crate) struct Uniforms(Pcg64);

impl Uniforms {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Pcg64::new(u128::from(seed), FIXED_STREAM))
    }

    /// Leaves out the next `count` uniforms.
    pub(crate) fn skip(&mut self, count: usize) {
        self.0.advance(count as u128);
    }

    /// The next uniform in [0, 1): the top 53 bits of one output.
    pub(crate) fn next(&mut self) -> f64 {
        const UNIT: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.0.next_u64() >> 11) as f64 * UNIT
    }
}

/// Inverts the cumulative distribution at `u`, in the order given.
///
/// `None` only for an empty list.
pub(crate) fn invert(distribution: &[(u32, f64)], u: f64) -> Option<(u32, Draw)> {
    let last = distribution.len().checked_sub(1)?;
    let mut below = 0.0;
    for (index, &(token, probability)) in distribution.iter().enumerate() {
        let above = below + probability;
        if u < above || index == last {
            // The ends 0 and 1 are no edges between two tokens.
            let to_previous = if index == 0 { 1.0 } else { u - below };
            let to_next = if index == last { 1.0 } else { above - u };
            return Some((token, Draw { u, margin: to_previous.min(to_next) }));
        }
        below = above;
    }
    None
}

/// JAX's key 1337, which the original uses at every step.
const KEY: [u32; 2] = [0, 1337];

/// The noise behind draw `draw` of `draws` over `len` tokens, least probable first, as the original
/// has it at every step: exponential numbers of rate 1 (jax 0.4.34, threefry, not partitionable).
pub fn fixed_noise(draw: u32, draws: u32, len: usize) -> Vec<f64> {
    let key = if draws == 1 {
        KEY
    } else {
        let keys = threefry_stream(KEY, 2 * draws as usize);
        let at = 2 * draw as usize;
        [at, at + 1].map(|i| keys.get(i).copied().unwrap_or_default())
    };
    let unit = |bits: u32| f32::from_bits((bits >> 9) | 0x3f80_0000) - 1.0;
    threefry_stream(key, len).into_iter().map(|bits| -libm::log1p(f64::from(-unit(bits)))).collect()
}

/// The first `len` words that a key gives: a counter, its halves as pairs.
fn threefry_stream([a, b]: [u32; 2], len: usize) -> Vec<u32> {
    let half = len.div_ceil(2);
    let count = |i: usize| if i < len { i as u32 } else { 0 };
    let pairs: Vec<_> =
        (0..half).map(|i| threefry_2x32([a, b], [count(i), count(half + i)])).collect();
    let (first, second) = (pairs.iter().map(|pair| pair[0]), pairs.iter().map(|pair| pair[1]));
    first.chain(second).take(len).collect()
}

/// Threefry-2x32 with 20 rounds (Salmon et al. 2011, doi:10.1145/2063384.2063405).
fn threefry_2x32(key: [u32; 2], [mut x, mut y]: [u32; 2]) -> [u32; 2] {
    const ROTATIONS: [[u32; 4]; 2] = [[13, 15, 26, 6], [17, 29, 16, 24]];
    let keys = [key[0], key[1], key[0] ^ key[1] ^ 0x1bd1_1bda];
    x = x.wrapping_add(keys[0]);
    y = y.wrapping_add(keys[1]);
    for (group, rotations) in (0_u32..5).zip(ROTATIONS.iter().cycle()) {
        for &rotation in rotations {
            x = x.wrapping_add(y);
            y = y.rotate_left(rotation) ^ x;
        }
        let [k0, k1] = match (group + 1) % 3 {
            0 => [keys[0], keys[1]],
            1 => [keys[1], keys[2]],
            _ => [keys[2], keys[0]],
        };
        x = x.wrapping_add(k0);
        y = y.wrapping_add(k1).wrapping_add(group + 1);
    }
    [x, y]
}

/// The entry of a list, most probable first, with the largest probability over noise.
///
/// `dropped` more probable entries were removed from the list. The last of the noise belongs to the
/// most probable entry, those that were removed included.
pub(crate) fn race(distribution: &[(u32, f64)], dropped: usize, noise: &[f64]) -> Option<u32> {
    let mut best: Option<(u32, f64)> = None;
    // Least probable first: of equals the first wins.
    for (rank, &(token, probability)) in distribution.iter().enumerate().rev() {
        let noise = noise.len().checked_sub(dropped + rank + 1).and_then(|at| noise.get(at))?;
        let score = probability / noise;
        if best.is_none_or(|(_, best)| score > best) {
            best = Some((token, score));
        }
    }
    best.map(|(token, _)| token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_and_margins() {
        let distribution = [(7, 0.5), (3, 0.25), (9, 0.25)];
        let at = |u| invert(&distribution, u).map(|(token, draw)| (token, draw.margin));
        assert_eq!(at(0.0), Some((7, 0.5)));
        assert_eq!(at(0.5), Some((3, 0.0)));
        assert_eq!(at(0.625), Some((3, 0.125)));
        assert_eq!(at(0.875), Some((9, 0.125)));
        assert_eq!(
            invert(&[(4, 0.9)], 0.95).map(|(token, draw)| (token, draw.margin)),
            Some((4, 1.0))
        );
        assert_eq!(invert(&[], 0.5), None);
    }
}
