//! Entropy and varentropy of a next-token distribution.

use std::f64::consts::LN_2;

use libm::log;
use serde::{Deserialize, Serialize};

use crate::exp::{LANES, UNDERFLOW, exp, in_lanes, total};

/// Entropy H and varentropy V of one distribution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Uncertainty {
    /// H = −Σ p log₂ p, in bits.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub entropy_bits: f64,
    /// V = Σ p (log₂ p + H)², in bits².
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub varentropy_bits2: f64,
}

/// `softmax(logits)` at temperature 1, summarised in one pass over the vocabulary.
///
/// NaN counts as −∞, that is, probability 0; logits of +∞ share the mass equally.
///
/// ```
/// use entropix::Softmax;
///
/// let logits = [1.0, 1.0, f32::NAN];
/// let softmax = Softmax::of(&logits).unwrap();
/// assert_eq!(softmax.uncertainty().entropy_bits, 1.0);
/// assert!((softmax.log_probability(logits[0]).exp() - 0.5).abs() < 1e-12);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Softmax {
    max: f32,
    log_sum: f64,
    uncertainty: Uncertainty,
}

impl Softmax {
    /// Reads the logits; `None` if no token has a probability.
    pub fn of(logits: &[f32]) -> Option<Self> {
        let max = largest(logits)?;
        // With x = l − max: Σeˣ, Σx·eˣ and Σx²·eˣ give ln Z, H and V.
        let (mut sums, mut firsts, mut seconds) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        in_lanes(logits, |lane, logit| {
            // Finite, so that 0 · x is 0. (`f64::max` would keep wasm from taking several at once.)
            let x = shifted(logit, max);
            let x = if x < 2.0 * UNDERFLOW { 2.0 * UNDERFLOW } else { x };
            let weight = exp(x);
            sums[lane] += weight;
            firsts[lane] += weight * x;
            seconds[lane] += weight * x * x;
        });
        let (sum, first, second) = (total(sums), total(firsts), total(seconds));
        let log_sum = log(sum);
        let mean = first / sum;
        let entropy = (log_sum - mean).max(0.0);
        let varentropy = (second / sum - mean * mean).max(0.0);
        let uncertainty = Uncertainty {
            entropy_bits: entropy / LN_2,
            varentropy_bits2: varentropy / (LN_2 * LN_2),
        };
        Some(Self { max, log_sum, uncertainty })
    }

    /// H and V.
    pub fn uncertainty(&self) -> Uncertainty {
        self.uncertainty
    }

    /// Probability of a token with this logit: the same bits on every machine.
    pub fn probability(&self, logit: f32) -> f64 {
        exp(self.log_probability(logit))
    }

    /// Log-probability, in nats, of a token with this logit.
    pub fn log_probability(&self, logit: f32) -> f64 {
        shifted(logit, self.max) - self.log_sum
    }
}

/// H and V of `softmax(logits)`, in f64, with 0·log 0 = 0.
///
/// `None` if no token has a probability: no logits, or all of them NaN or −∞.
///
/// ```
/// use entropix::uncertainty;
///
/// // Two equal options: one bit, and nothing varies.
/// let fork = uncertainty(&[3.0, 3.0, f32::NEG_INFINITY]).unwrap();
/// assert_eq!((fork.entropy_bits, fork.varentropy_bits2), (1.0, 0.0));
/// // A favourite over a long tail: the surprisal varies.
/// let mut logits = [0.0; 1024];
/// logits[0] = 8.0;
/// let favourite = uncertainty(&logits).unwrap();
/// assert!(favourite.entropy_bits < 4.0 && favourite.varentropy_bits2 > 20.0);
/// assert_eq!(uncertainty(&[f32::NAN]), None);
/// ```
pub fn uncertainty(logits: &[f32]) -> Option<Uncertainty> {
    Softmax::of(logits).map(|softmax| softmax.uncertainty)
}

/// The largest logit; `None` if there is none above −∞.
pub(crate) fn largest(logits: &[f32]) -> Option<f32> {
    // In lanes, and with a comparison that NaN never wins: the compiler takes several at once.
    let larger = |a: f32, b: f32| if b > a { b } else { a };
    let mut lanes = [f32::NEG_INFINITY; LANES];
    in_lanes(logits, |lane, logit| lanes[lane] = larger(lanes[lane], logit));
    let max = lanes.into_iter().fold(f32::NEG_INFINITY, larger);
    (max > f32::NEG_INFINITY).then_some(max)
}

/// `logit − max`, where NaN counts as −∞ and, beside +∞, every finite logit does.
#[inline]
pub(crate) fn shifted(logit: f32, max: f32) -> f64 {
    let off = if logit >= max { 0.0 } else { f64::from(logit) - f64::from(max) };
    if logit.is_nan() { f64::NEG_INFINITY } else { off }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(logits: &[f32]) -> (f64, f64) {
        let u = uncertainty(logits).unwrap();
        (u.entropy_bits, u.varentropy_bits2)
    }

    #[test]
    fn nothing_to_choose() {
        assert_eq!(uncertainty(&[]), None);
        assert_eq!(uncertainty(&[f32::NAN, f32::NEG_INFINITY]), None);
    }

    #[test]
    fn certainty_fork_and_ignorance_have_no_varentropy() {
        assert_eq!(bits(&[3.0]), (0.0, 0.0));
        assert_eq!(bits(&[3.0, 3.0, f32::NEG_INFINITY]), (1.0, 0.0));
        assert_eq!(bits(&[-1.0; 1024]), (10.0, 0.0));
    }

    #[test]
    fn special_values() {
        assert_eq!(bits(&[f32::NAN, 1.0, 1.0]), (1.0, 0.0));
        assert_eq!(bits(&[f32::INFINITY, 5.0, f32::INFINITY, f32::NAN]), (1.0, 0.0));
        assert_eq!(bits(&[f32::MAX, f32::MIN]), (0.0, 0.0));
    }

    #[test]
    fn two_outcomes_peak_at_91_68_percent() {
        let p = 0.916_778_28_f64;
        let (_, v) = bits(&[p.ln() as f32, (1.0 - p).ln() as f32]);
        assert!((v - 0.914_197_28).abs() < 1e-6);
    }

    #[test]
    fn log_probability_is_in_nats() {
        let softmax = Softmax::of(&[1.0, 1.0, f32::NAN]).unwrap();
        assert!((softmax.log_probability(1.0) + LN_2).abs() < 1e-15);
        assert!(softmax.log_probability(f32::NAN) < f64::MIN);
    }
}
