//! A distribution under temperature, and the temperature that gives it a wanted entropy.
//!
//! With p ∝ e^(l/T), the slope of the entropy over ln T is the varentropy: dH/d ln T = V. The
//! Dirichlet sampler of November 2024 turns its temperature by that.

use std::f64::consts::LN_2;

use libm::log;

use crate::exp::exp;
use crate::uncertainty::{largest, shifted};

/// Between these a temperature is looked for, as in the original (0a7f7bb).
const TEMPERATURES: (f64, f64) = (1e-4, 1e4);
/// Halley's method needs about five steps; halving, which replaces a bad one, at most this many.
const MAX_STEPS: usize = 200;

/// What softmax(l/T) has of entropy, and how that follows T.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tempered {
    /// H, in nats.
    pub entropy_nats: f64,
    /// V, in nats².
    pub varentropy_nats2: f64,
    /// dH/dT = V/T, in nats.
    pub slope: f64,
    /// d²H/dT², in nats.
    pub curvature: f64,
}

/// softmax(`logits`/`temperature`); `None` if no token has a probability, or for a temperature that
/// is not above 0.
pub fn at(logits: &[f32], temperature: f64) -> Option<Tempered> {
    let max = largest(logits)?;
    if temperature.is_nan() || temperature <= 0.0 {
        return None;
    }
    Some(of_shifted(logits.iter().map(|&logit| shifted(logit, max)), temperature))
}

/// The same of log-probabilities up to a constant: the largest is 0 (not NaN), the temperature above 0.
pub(crate) fn of_shifted(shifted: impl Iterator<Item = f64> + Clone, temperature: f64) -> Tempered {
    let surprisals = shifted.map(|x| x / temperature);
    let (mut sum, mut first) = (0.0, 0.0);
    for x in surprisals.clone() {
        let weight = exp(x);
        // 0 · −∞ is 0 here.
        if weight > 0.0 {
            sum += weight;
            first += weight * x;
        }
    }
    let mean = first / sum;
    let (mut second, mut third) = (0.0, 0.0);
    for x in surprisals {
        let weight = exp(x) / sum;
        if weight > 0.0 {
            let off = x - mean;
            second += weight * off * off;
            third += weight * off * off * off;
        }
    }
    Tempered {
        entropy_nats: (log(sum) - mean).max(0.0),
        varentropy_nats2: second,
        slope: second / temperature,
        // With β = 1/T: V = β² Var(l), whose slope over β has the third central moment.
        curvature: -(third + 3.0 * second) / (temperature * temperature),
    }
}

/// The temperature at which softmax(l/T) has this entropy, in bits.
///
/// What no temperature between 10⁻⁴ and 10⁴ reaches gets the nearer end. `None` if no token has a
/// probability, or for an entropy that is not a number.
///
/// ```
/// use entropix::tempered::temperature_for_entropy;
/// use entropix::uncertainty;
///
/// let logits = [4.0, 2.0, 1.0, 0.0];
/// let temperature = temperature_for_entropy(&logits, 1.5).unwrap();
/// let heated = logits.map(|logit| logit / temperature as f32);
/// assert!((uncertainty(&heated).unwrap().entropy_bits - 1.5).abs() < 1e-5);
/// ```
pub fn temperature_for_entropy(logits: &[f32], bits: f64) -> Option<f64> {
    let target = bits * LN_2;
    let (mut low, mut high) = TEMPERATURES;
    if target.is_nan() || target <= at(logits, low)?.entropy_nats {
        return (!target.is_nan()).then_some(low);
    }
    if target >= at(logits, high)?.entropy_nats {
        return Some(high);
    }
    let (mut temperature, mut last) = (1.0, f64::INFINITY);
    for _ in 0..MAX_STEPS {
        let here = at(logits, temperature)?;
        let off = here.entropy_nats - target;
        if off.abs() <= 1e-12 * target.max(1.0) {
            break;
        }
        if off > 0.0 {
            high = temperature;
        } else {
            low = temperature;
        }
        let halley = temperature
            - 2.0 * off * here.slope / (2.0 * here.slope * here.slope - off * here.curvature);
        // Entropy grows with temperature: what leaves the bracket is wrong. Where the curve is flat
        // it stays, but does not come nearer.
        let good = halley > low && halley < high && off.abs() < 0.5 * last;
        last = off.abs();
        let next = if good { halley } else { (low * high).sqrt() };
        if next.total_cmp(&temperature).is_eq() {
            break;
        }
        temperature = next;
    }
    Some(temperature)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_out_of_reach_gets_an_end() {
        let logits = [0.0, 1.0, 3.0, f32::NEG_INFINITY];
        assert_eq!(temperature_for_entropy(&logits, -1.0), Some(TEMPERATURES.0));
        assert_eq!(temperature_for_entropy(&logits, 0.0), Some(TEMPERATURES.0));
        assert_eq!(temperature_for_entropy(&logits, 1.9), Some(TEMPERATURES.1));
        assert_eq!(temperature_for_entropy(&[2.0; 8], 1.0), Some(TEMPERATURES.0));
        assert_eq!(temperature_for_entropy(&logits, f64::NAN), None);
        assert_eq!(temperature_for_entropy(&[], 1.0), None);
        assert_eq!(at(&logits, 0.0), None);
    }

    proptest! {
        #[test]
        fn the_temperature_gives_the_entropy(
            logits in prop::collection::vec(-20.0_f32..20.0, 2..200),
            share in 0.05_f64..0.95,
        ) {
            let ends = [TEMPERATURES.0, TEMPERATURES.1].map(|t| at(&logits, t).unwrap().entropy_nats);
            let target = ends[0] + share * (ends[1] - ends[0]);
            let found = temperature_for_entropy(&logits, target / LN_2).unwrap();
            let reached = at(&logits, found).unwrap().entropy_nats;
            prop_assert!((reached - target).abs() < 1e-9, "{reached} for {target}");
        }

        #[test]
        fn slopes_are_differences(
            logits in prop::collection::vec(-5.0_f32..5.0, 2..50),
            temperature in 0.5_f64..3.0,
        ) {
            let step = 1e-4;
            let [before, here, after] =
                [-step, 0.0, step].map(|off| at(&logits, temperature + off).unwrap());
            let slope = (after.entropy_nats - before.entropy_nats) / (2.0 * step);
            let curvature = (after.slope - before.slope) / (2.0 * step);
            prop_assert!((slope - here.slope).abs() < 1e-5 * (1.0 + slope.abs()));
            prop_assert!((curvature - here.curvature).abs() < 1e-5 * (1.0 + curvature.abs()));
        }
    }
}
