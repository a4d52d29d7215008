//! Which pairs (H, V) exist.
//!
//! For a given entropy, varentropy is largest when one outcome has mass 1 − r and all others share
//! r equally, and smallest when k outcomes are equal and one more is smaller. The first is D. Reeb
//! and M. M. Wolf's bound (arXiv:1304.0036).

use std::f64::consts::LN_2;

/// Largest V that any distribution over `outcomes` can have at the parameter `r`, with its H:
/// one outcome of mass 1 − r, the others equal. Returns (bits, bits²).
#[inline(never)]
pub fn spike(outcomes: u32, r: f64) -> (f64, f64) {
    let others = f64::from(outcomes.max(2) - 1);
    if r <= 0.0 || r >= 1.0 {
        return (if r >= 1.0 { others.log2() } else { 0.0 }, 0.0);
    }
    let first = -(1.0 - r).log2();
    let other = -(r / others).log2();
    let entropy = (1.0 - r) * first + r * other;
    (entropy, r * (1.0 - r) * (other - first).powi(2))
}

/// `k` equal outcomes and one smaller by the factor `t` in 0..=1. Returns (bits, bits²).
#[inline(never)]
pub fn tie(k: u32, t: f64) -> (f64, f64) {
    let k = f64::from(k.max(1));
    let t = t.clamp(0.0, 1.0);
    let large = 1.0 / (k + t);
    if t <= 0.0 {
        return (k.log2(), 0.0);
    }
    let small = t * large;
    let entropy = -(k * large * large.log2()) - small * small.log2();
    (entropy, k * large * small * t.log2().powi(2))
}

/// Where varentropy is largest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Maximum {
    /// Probability of the favourite; the others share the rest equally.
    pub favourite: f64,
    /// H there, in bits.
    pub entropy_bits: f64,
    /// V there, in bits².
    pub varentropy_bits2: f64,
}

/// The largest V of any distribution over `outcomes`: dV/dr = 0 is
/// (1 − 2r)·ln[(1 − r)(n − 1)/r] = 2.
#[inline(never)]
pub fn maximum(outcomes: u32) -> Maximum {
    let others = f64::from(outcomes.max(2) - 1);
    let slope = |r: f64| (1.0 - 2.0 * r) * ((1.0 - r) * others / r).ln() - 2.0;
    let r = root(&slope, 1e-12, 0.5);
    let (entropy_bits, varentropy_bits2) = spike(outcomes, r);
    Maximum { favourite: 1.0 - r, entropy_bits, varentropy_bits2 }
}

/// The smallest and the largest V in bits² that any distribution over `outcomes` can have at this
/// entropy; `None` beyond log₂ `outcomes`.
pub fn range(outcomes: u32, entropy_bits: f64) -> Option<(f64, f64)> {
    let outcomes = outcomes.max(2);
    let most = f64::from(outcomes).log2();
    if !(0.0..=most + 1e-12).contains(&entropy_bits) {
        return None;
    }
    let entropy = entropy_bits.min(most);
    let last = f64::from(outcomes - 1) / f64::from(outcomes);
    let r = root(&|r| entropy - spike(outcomes, r).0, 0.0, last);
    let k = ((entropy * LN_2).exp() + 1e-9).floor().min(f64::from(outcomes - 1)) as u32;
    let t = root(&|t| entropy - tie(k, t).0, 0.0, 1.0);
    let (low, high) = (tie(k, t).1, spike(outcomes, r).1);
    Some((low.min(high), high))
}

/// Where a falling function crosses zero between `low` and `high`, by bisection.
#[inline(never)]
fn root(f: &dyn Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    for _ in 0..64 {
        let middle = f64::midpoint(low, high);
        if f(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// A point of the upper edge of the possible region: H rises with x from 0 at 0 to log₂ `outcomes` at 1.
pub fn upper(outcomes: u32, x: f64) -> (f64, f64) {
    let last = f64::from(outcomes.max(2) - 1) / f64::from(outcomes.max(2));
    // Slow near r = 0, where V rises steeply.
    let slow = if x < 1.0 { x * x * f64::midpoint(x, 1.0) } else { 1.0 };
    spike(outcomes, last * slow)
}

/// A point of hump `k` of the lower edge, between the ties of k (x = 0) and of k + 1 outcomes (x = 1).
pub fn lower(k: u32, x: f64) -> (f64, f64) {
    // Slow near the first tie, for the same reason.
    tie(k, x.powi(4))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::uncertainty;

    /// The fewest outcomes with which V can exceed `varentropy_bits2`; `None` if 2³² are too few.
    fn fewest_outcomes(varentropy_bits2: f64) -> Option<u32> {
        let enough = |n: u32| maximum(n).varentropy_bits2 > varentropy_bits2;
        if !enough(u32::MAX) {
            return None;
        }
        let (mut low, mut high) = (1, u32::MAX);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if enough(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        Some(high)
    }

    fn close(a: f64, b: f64, within: f64) {
        assert!((a - b).abs() < within, "{a} is not {b}");
    }

    #[test]
    fn known_maxima() {
        // (outcomes, favourite, V_max in nats², in bits², H there in bits)
        for (n, favourite, nats, bits, h_there) in [
            (2, 0.916_778, 0.439_229, 0.9142, 0.4134),
            (3, 0.876_695_7, 0.761_802, 1.5856, 0.6621),
            (4, 0.851_495, 1.023_491, 2.1303, 0.8415),
            (5, 0.833_597, 1.246_447, 2.5943, 0.9822),
            (10, 0.785_906, 2.058_387, 4.2843, 1.4279),
            (16, 0.759_282, 2.718_725, 5.6587, 1.7367),
            (100, 0.685_992, 6.226_872, 12.9604, 2.9794),
            (1000, 0.634_109, 12.900_366, 26.8504, 4.5933),
            (49_152, 0.589_567, 30.163_347, 62.7811, 7.3733),
            (128_256, 0.582_675, 35.575_525, 74.0458, 8.0616),
        ] {
            let found = maximum(n);
            close(found.favourite, favourite, 1e-6);
            close(found.varentropy_bits2 * LN_2 * LN_2, nats, 1e-6);
            close(found.varentropy_bits2, bits, 5e-5);
            close(found.entropy_bits, h_there, 5e-5);
        }
    }

    #[test]
    fn two_outcomes_exactly() {
        // t·artanh t = 1, p = (1 + t)/2, V = 1/t² − 1 nats².
        let t = 0.833_556_559_600_964_7_f64;
        close(t * t.atanh(), 1.0, 1e-14);
        let found = maximum(2);
        close(found.favourite, f64::midpoint(1.0, t), 1e-10);
        close(found.varentropy_bits2 * LN_2 * LN_2, 1.0 / (t * t) - 1.0, 1e-12);
        close(found.varentropy_bits2, 0.914_197_282_9, 1e-9);
        close(found.entropy_bits, 0.413_431, 1e-6);
        close(found.favourite / (1.0 - found.favourite), 11.016, 1e-3);
    }

    #[test]
    fn thresholds_of_two_outcomes() {
        let at = |p: f64| {
            let u = uncertainty(&[p, 1.0 - p]);
            (u.entropy_bits, u.varentropy_bits2)
        };
        close(at(0.987_01).0, 0.1, 1e-4);
        close(at(0.998_99).1, 0.1, 1e-3);
        close(at(0.6105).1, 0.1, 1e-3);
    }

    #[test]
    fn the_scale_grows_like_a_quarter_of_log_squared() {
        for n in (3..3000).chain([10_000, 49_152, 1_000_000, u32::MAX]) {
            let nats = maximum(n).varentropy_bits2 * LN_2 * LN_2;
            let quarter = f64::from(n - 1).ln().powi(2) / 4.0;
            assert!(quarter < nats && nats < quarter + 1.0, "{n}: {nats}");
        }
        for (n, excess) in [(3, 0.64), (100, 0.948), (49_152, 0.989)] {
            let nats = maximum(n).varentropy_bits2 * LN_2 * LN_2;
            close(nats - f64::from(n - 1).ln().powi(2) / 4.0, excess, 2e-3);
        }
    }

    #[test]
    fn outcomes_that_a_threshold_needs() {
        for (v, n) in [(5.0, 13), (5.8, 17), (6.08, 19), (3.0, 6), (2.0, 4), (1.0, 3)] {
            assert_eq!(fewest_outcomes(v), Some(n), "{v} bits²");
        }
        assert_eq!(fewest_outcomes(2.5 / (LN_2 * LN_2)), Some(14));
        assert_eq!(fewest_outcomes(1e9), None);
        // HEHV: H ≥ 5 bits and V > 5 bits².
        for (n, most) in [(64, 5.06), (128, 10.5), (49_152, 56.8)] {
            close(range(n, 5.0).unwrap().1, most, 0.06);
        }
    }

    #[test]
    fn ranges_at_given_entropies() {
        // (outcomes, H bits, V_min, V_max bits²); with two outcomes V is a function of H.
        for (n, h, low, high) in [
            (2, 0.1, 0.5004, 0.5004),
            (2, 0.25, 0.817, 0.817),
            (2, 0.5, 0.891, 0.891),
            (2, 0.75, 0.591, 0.591),
            (2, 0.99, 0.029, 0.029),
            (3, 0.1, 0.500, 0.618),
            (3, 0.5, 0.891, 1.521),
            (3, 0.75, 0.591, 1.568),
            (3, 1.0, 0.0, 1.344),
            (3, 1.25, 0.501, 0.893),
            (3, 1.5, 0.208, 0.250),
            (3, 1.58, 0.0140, 0.0145),
            (49_152, 0.1, 0.500, 2.21),
            (49_152, 0.5, 0.891, 9.62),
        ] {
            let (least, most) = range(n, h).unwrap();
            close(least, low, 1e-3);
            close(most, high, 5e-3);
        }
        for (h, most) in [
            (1.0, 17.7),
            (2.0, 31.3),
            (3.0, 42.2),
            (5.0, 56.8),
            (8.0, 62.4),
            (10.0, 55.8),
            (12.0, 41.5),
            (14.0, 20.1),
            (15.5, 0.91),
        ] {
            close(range(49_152, h).unwrap().1, most, 0.06);
        }
        assert_eq!(range(3, 1.6), None);
        assert_eq!(range(3, -0.1), None);
    }

    #[test]
    fn edges_run_from_certainty_to_uniform() {
        for n in [2, 3, 49_152] {
            let edge: Vec<_> = (0..=64).map(|i| upper(n, f64::from(i) / 64.0)).collect();
            close(edge[0].0, 0.0, 1e-12);
            close(edge[64].0, f64::from(n).log2(), 1e-9);
            close(edge[64].1, 0.0, 1e-9);
            assert!(edge.windows(2).all(|pair| pair[1].0 > pair[0].0));
        }
        for k in 1..6 {
            close(lower(k, 0.0).0, f64::from(k).log2(), 1e-12);
            close(lower(k, 1.0).0, f64::from(k + 1).log2(), 1e-9);
            assert!(lower(k, 0.3).0 < lower(k, 0.6).0);
        }
    }

    #[test]
    fn humps_of_the_lower_edge() {
        // (k, H in bits, V in bits²) of each top.
        for (k, h, v) in [
            (1, 0.4134, 0.914),
            (2, 1.240, 0.501),
            (3, 1.755, 0.346),
            (4, 2.132, 0.265),
            (5, 2.429, 0.214),
        ] {
            let top = (1..100_000)
                .map(|i| tie(k, f64::from(i) / 100_000.0))
                .max_by(|a, b| a.1.total_cmp(&b.1))
                .unwrap();
            close(top.0, h, 1e-3);
            close(top.1, v, 1e-3);
        }
        for (k, v) in [(6, 0.180), (7, 0.155)] {
            let top = (1..1000).map(|i| tie(k, f64::from(i) / 1000.0).1).fold(0.0, f64::max);
            close(top, v, 1e-3);
        }
        close(tie(2, 1.0).0, 3f64.log2(), 1e-12);
        close(tie(2, 1.0).1, 0.0, 1e-12);
    }
}
