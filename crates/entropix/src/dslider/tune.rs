//! The temperature for an entropy, as coded.
//!
//! [`temperature_for_entropy`](crate::tempered::temperature_for_entropy) does it right.

use super::bfloat;
use crate::tempered::of_shifted;

const STEPS: usize = 10;
/// Where the entropy is as near as this to its target, in nats, the temperature stays.
const NEAR: f64 = 1e-6;
/// Slopes and denominators below this count as 0.
const FLAT: f64 = 1e-8;

/// Entropy under temperature, and what the original takes for its slopes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slopes {
    /// H, in nats.
    pub entropy_nats: f64,
    /// dH/dT, in nats.
    pub first: f64,
    /// −(2 μ₃ + 3 μ₂)/T² with the central moments of ln p, in nats. d²H/dT² has μ₃ once.
    pub second: f64,
}

/// Of softmax(`logits`/`temperature`), for finite logits and a temperature above 0.
pub fn slopes(logits: &[f64], temperature: f64) -> Slopes {
    let max = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let right = of_shifted(logits.iter().map(|logit| logit - max), temperature);
    let spread = 3.0 * right.varentropy_nats2 / (temperature * temperature);
    Slopes {
        entropy_nats: right.entropy_nats,
        first: right.slope,
        // The true one is −(μ₃ + 3 μ₂)/T².
        second: 2.0 * right.curvature + spread,
    }
}

/// The temperature at which the entropy would be `target` (in nats), after ten steps of Halley's
/// method from 1, as a bfloat16: between 2⁻¹⁰ and 1.5¹⁰, whether the entropy is reached or not.
///
/// As coded, a target that is NaN halves the temperature until the entropy is flat there, and heats
/// it by a tenth from then on.
pub fn tune(logits: &[f64], target: f64) -> f64 {
    let mut temperature = 1.0;
    for _ in 0..STEPS {
        let here = slopes(logits, temperature);
        let error = here.entropy_nats - target;
        if error.abs() < NEAR {
            break;
        }
        let denominator = 2.0 * here.first * here.first - error * here.second;
        let step = if here.first.abs() < FLAT {
            if error > 0.0 { 0.1 * temperature } else { -0.1 * temperature }
        } else if denominator.abs() < FLAT {
            error / here.first
        } else if denominator.abs() > FLAT {
            2.0 * error * here.first / denominator
        } else {
            f64::INFINITY
        };
        let most = 0.5 * temperature;
        temperature = (temperature - step.max(-most).min(most)).max(0.5 * temperature);
    }
    bfloat::round(temperature)
}
