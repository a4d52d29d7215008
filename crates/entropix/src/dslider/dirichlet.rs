//! The Dirichlet distribution: fit, likelihood, expectation, sample.

use libm::{cos, exp, lgamma, log, pow, sqrt};

use super::bfloat;
use super::special::Polygammas;

const STEPS: u32 = 140;
/// Where ‖E\[ln p\] − target‖ is below this, in nats, the fit is done.
const NEAR: f64 = 1e-4;

/// α such that E\[ln p\] = ψ(α) − ψ(Σα) is `target` (log-probabilities, in nats), by 140 damped steps
/// of Halley's method from 1, as bfloat16.
///
/// Where the target is itself a distribution there is no such α: it grows until the steps have died
/// away. That is what happens at a prompt of one token.
///
/// Equal targets have equal α, and most of a vocabulary lies on the floor of
/// [`normalize`](super::normalize): each distinct target is computed once.
pub fn fit(target: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..target.len()).collect();
    let at = |index: usize| target.get(index).copied().unwrap_or(f64::NAN);
    order.sort_unstable_by(|&a, &b| at(a).total_cmp(&at(b)));
    let groups = order.chunk_by(|&a, &b| at(a).to_bits() == at(b).to_bits());
    let mut entries: Vec<Entry> =
        groups.clone().map(|group| Entry::new(at(group[0]), group.len())).collect();
    for step in 1..=STEPS {
        if !improve(&mut entries, rate(step)) {
            break;
        }
    }
    let mut alpha = vec![0.0; target.len()];
    for (group, entry) in groups.zip(entries) {
        let rounded = bfloat::round(entry.alpha);
        for &index in group {
            if let Some(alpha) = alpha.get_mut(index) {
                *alpha = rounded;
            }
        }
    }
    alpha
}

/// One distinct target.
struct Entry {
    target: f64,
    count: f64,
    alpha: f64,
    /// The inverse of ψ′.
    inverse: f64,
    tetragamma: f64,
    /// The error, then a direction.
    work: f64,
}

impl Entry {
    fn new(target: f64, count: usize) -> Self {
        Self { target, count: count as f64, alpha: 1.0, inverse: 0.0, tetragamma: 0.0, work: 0.0 }
    }
}

/// How much of a step is taken.
fn rate(step: u32) -> f64 {
    let step = f64::from(step);
    let rate = 1.2 * exp(-0.1 * pow(step, 0.75)) * cos(2.0 / pow(step, 0.25)).abs();
    rate.max(1e-8)
}

/// One step of Halley's method: −d + ½ J⁻¹ (H d) d with Newton's d = J⁻¹ error, of which the original
/// has H d once. J = diag ψ′(α) − ψ′(Σα), so that J⁻¹ follows from Sherman and Morrison.
/// False if the fit was near enough before.
fn improve(entries: &mut [Entry], rate: f64) -> bool {
    let sum: f64 = entries.iter().map(|one| one.count * one.alpha).sum();
    let of_sum = Polygammas::at(sum);
    for one in entries.iter_mut() {
        let of_one = Polygammas::at(one.alpha);
        one.inverse = of_one.trigamma.recip();
        one.tetragamma = of_one.tetragamma;
        one.work = of_one.digamma - of_sum.digamma - one.target;
    }
    let total = |of: fn(&Entry) -> f64, entries: &[Entry]| -> f64 {
        entries.iter().map(|one| one.count * of(one)).sum()
    };
    if sqrt(total(|one| one.work * one.work, entries)) < NEAR {
        return false;
    }
    let denominator = 1.0 - of_sum.trigamma * total(|one| one.inverse, entries);
    let denominator = if denominator.abs() < 1e-12 { 1e-12 } else { denominator };
    let coupling = of_sum.trigamma / denominator;

    let errors = total(|one| one.inverse * one.work, entries);
    for one in entries.iter_mut() {
        one.work = one.inverse * (one.work + coupling * errors);
    }
    let newton = total(|one| one.work, entries);
    let bend = |one: &Entry| one.tetragamma * one.work - of_sum.tetragamma * newton;
    let bends: f64 = entries.iter().map(|one| one.count * one.inverse * bend(one)).sum();
    for one in entries.iter_mut() {
        let second = one.inverse * (bend(one) + coupling * bends);
        let most = 0.5 * one.alpha;
        // An α that no number says how to change shrinks: `max` and `min` pass NaN over.
        let change = (rate * (0.5 * second - one.work)).max(-most).min(most);
        one.alpha = (one.alpha + change).max(0.5 * one.alpha);
    }
    true
}

/// The log-likelihood of log-probabilities under Dir(α), in nats, as coded: the normaliser has the
/// wrong sign. Right would be Σ (α − 1) ln p + ln Γ(Σα) − Σ ln Γ(α).
pub fn log_likelihood(log_p: &[f64], alpha: &[f64]) -> f64 {
    weighted(log_p, alpha) - lgamma(alpha.iter().sum()) + sum_of_log_gammas(alpha)
}

/// The same with the normaliser in bfloat16, as where α is.
pub(super) fn rounded_log_likelihood(log_p: &[f64], alpha: &[f64]) -> f64 {
    let of_sum = bfloat::round(lgamma(bfloat::round(alpha.iter().sum())));
    weighted(log_p, alpha) - of_sum + bfloat::round(sum_of_log_gammas(alpha))
}

fn weighted(log_p: &[f64], alpha: &[f64]) -> f64 {
    log_p.iter().zip(alpha).map(|(log_p, a)| (a - 1.0) * log_p).sum()
}

fn sum_of_log_gammas(alpha: &[f64]) -> f64 {
    alpha.iter().map(|&a| lgamma(a)).sum()
}

/// The expectation of Dir(α), α/Σα, the sum being a bfloat16.
pub fn expectation(alpha: &[f64]) -> Vec<f64> {
    let sum = bfloat::round(alpha.iter().sum());
    alpha.iter().map(|a| a / sum).collect()
}

/// One draw from Dir(α).
pub(super) fn sample(alpha: &[f64], uniforms: &mut dyn FnMut() -> f64) -> Vec<f64> {
    let logs: Vec<f64> = alpha.iter().map(|&a| log_gamma_variate(a, uniforms)).collect();
    let max = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logs.iter().map(|log| exp(log - max)).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

/// The logarithm of a Gamma variate of this shape (Marsaglia and Tsang, doi:10.1145/358407.358414),
/// which underflows at small shapes.
fn log_gamma_variate(shape: f64, uniforms: &mut dyn FnMut() -> f64) -> f64 {
    /// Each try succeeds with 95 % or more.
    const TRIES: usize = 100;
    // In (0, 1], for logarithms.
    let mut unit = || 1.0 - uniforms();
    // Γ(a) = Γ(a + 1) · u^(1/a).
    let boost = if shape < 1.0 { log(unit()) / shape } else { 0.0 };
    let d = if shape < 1.0 { shape + 1.0 } else { shape } - 1.0 / 3.0;
    let c = 1.0 / sqrt(9.0 * d);
    for _ in 0..TRIES {
        // Box and Muller.
        let normal = sqrt(-2.0 * log(unit())) * cos(std::f64::consts::TAU * unit());
        let root = 1.0 + c * normal;
        let cube = root * root * root;
        if root > 0.0 && log(unit()) < 0.5 * normal * normal + d * (1.0 - cube + log(cube)) {
            return log(d * cube) + boost;
        }
    }
    log(d) + boost
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::Uniforms;

    #[test]
    fn samples_have_the_right_mean() {
        let alpha = [0.06, 0.5, 1.0, 3.0];
        let mut uniforms = Uniforms::new(1);
        let mut next = || uniforms.next();
        let mut means = [0.0; 4];
        for _ in 0..20_000 {
            for (mean, p) in means.iter_mut().zip(sample(&alpha, &mut next)) {
                *mean += p / 20_000.0;
            }
        }
        for (mean, a) in means.iter().zip(alpha) {
            assert!((mean - a / 4.56).abs() < 0.01, "{means:?}");
        }
    }

    #[test]
    fn no_support_no_alpha() {
        assert!(fit(&[]).is_empty());
        assert!(sample(&[], &mut || 0.5).is_empty());
    }

    proptest! {
        // Steps die away before the fit is done, but it comes close.
        #[test]
        fn the_fit_has_the_expected_logs(alpha in prop::collection::vec(0.2_f64..5.0, 2..30)) {
            let sum = Polygammas::at(alpha.iter().sum()).digamma;
            let target: Vec<f64> = alpha.iter().map(|&a| Polygammas::at(a).digamma - sum).collect();
            for (got, want) in fit(&target).iter().zip(&alpha) {
                prop_assert!((got / want - 1.0).abs() < 0.02, "{got} for {want}");
            }
        }

        #[test]
        fn fits_are_finite(target in prop::collection::vec(-20.0_f64..0.0, 0..20)) {
            prop_assert!(fit(&target).iter().all(|a| a.is_finite() && *a > 0.0));
        }
    }
}
