//! Log-probabilities with a floor, and their entropy.

use libm::log;

use super::EPS;
use crate::exp::exp;
use crate::uncertainty::{largest, shifted};

/// Entropy and varentropy, in nats.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// H = −Σ p ln p, in nats.
    pub entropy_nats: f64,
    /// V = Σ p (ln p + H)², in nats².
    pub varentropy_nats2: f64,
}

impl Moments {
    /// Of log-probabilities, which need not sum to 1: as coded, nothing is renormalised.
    pub fn of(log_p: &[f64]) -> Self {
        Self::of_pairs(log_p.iter().map(|&log_p| (exp(log_p), log_p)))
    }

    /// Of pairs (p, ln p).
    pub(super) fn of_pairs(pairs: impl Iterator<Item = (f64, f64)> + Clone) -> Self {
        let entropy = -pairs.clone().map(|(p, log_p)| p * log_p).sum::<f64>();
        let squares = pairs.map(|(p, log_p)| p * (log_p + entropy) * (log_p + entropy));
        Self { entropy_nats: entropy, varentropy_nats2: squares.sum() }
    }
}

/// Logits minus the largest; NaN counts as −∞. `None` if no token has a probability.
pub(super) fn read(logits: &[f32]) -> Option<Vec<f64>> {
    let max = largest(logits)?;
    Some(logits.iter().map(|&logit| shifted(logit, max)).collect())
}

/// Log-probabilities, in nats. As coded, what is below `floor` becomes ln 10⁻⁸, and nothing is
/// renormalised after that; the sum is too large by a factor of 1 + 10⁻⁸.
///
/// ```
/// use entropix::dslider::normalize;
///
/// let log_p = normalize(&[0.0, 0.0, -20.0], -12.0);
/// assert!((log_p[0] - 0.5_f64.ln()).abs() < 1e-7);
/// assert_eq!(log_p[2], 1e-8_f64.ln());
/// ```
pub fn normalize(logits: &[f64], floor: f64) -> Vec<f64> {
    let max = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // NaN and, beside +∞, everything finite count as −∞.
    let off = |logit: f64| match logit {
        _ if logit.is_nan() => f64::NEG_INFINITY,
        _ if logit >= max => 0.0,
        _ => logit - max,
    };
    let log_sum = log(logits.iter().map(|&logit| exp(off(logit))).sum::<f64>()) + EPS;
    let floored = |log_p: f64| if log_p < floor { log(EPS) } else { log_p };
    logits.iter().map(|&logit| floored(off(logit) - log_sum)).collect()
}

/// The `k` largest, the first of equals first: (index, value).
pub(super) fn top(values: &[f64], k: usize) -> Vec<(u32, f64)> {
    let mut kept: Vec<(u32, f64)> = Vec::with_capacity(k + 1);
    for (index, &value) in (0..).zip(values) {
        if kept.len() < k || kept.last().is_some_and(|&(_, least)| value > least) {
            let place = kept.partition_point(|&(_, other)| other >= value);
            kept.insert(place, (index, value));
            kept.truncate(k);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn top_keeps_the_order_of_equals() {
        let values = [1.0, 3.0, 2.0, 3.0, 0.0, 2.0];
        assert_eq!(top(&values, 4), [(1, 3.0), (3, 3.0), (2, 2.0), (5, 2.0)]);
        assert_eq!(top(&values, 9).len(), 6);
        assert_eq!(top(&values, 0), []);
        assert_eq!(top(&[], 6), []);
    }
}
