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
