//! What the Dirichlet sampler remembers from token to token.

use super::logs::{Moments, normalize, read, top};
use super::{dirichlet, fit};
use crate::DsliderConfig;

/// Moving averages. "Naked" is the model's distribution, "scaffold" the mixture with the Dirichlet
/// distribution. A new value counts for most of an average, see [`DsliderConfig`].
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// α of the Dirichlet distribution that fits `log_p`, for every token.
    pub alpha: Vec<f64>,
    /// ln p of every token at the tuned temperature, in nats.
    pub log_p: Vec<f64>,
    /// The tuned temperature.
    pub temperature: f64,
    /// H, in nats.
    pub naked_entropy: f64,
    /// V, in nats².
    pub naked_varentropy: f64,
    /// H of the mixture, in nats.
    pub scaffold_entropy: f64,
    /// V of the mixture, in nats².
    pub scaffold_varentropy: f64,
    /// Surprisal of the chosen tokens, in nats. As coded, the logarithm of a log-probability, which
    /// is negative: NaN after the first step.
    pub naked_cross_entropy: f64,
    /// Mean square of what that is off, in nats²: NaN after the first step.
    pub naked_cross_variance: f64,
    /// Surprisal of the chosen tokens in the mixture, in nats.
    pub scaffold_cross_entropy: f64,
    /// Mean square of what that is off, in nats². As coded, off is the sum, not the difference.
    pub scaffold_cross_variance: f64,
    /// Negative log-likelihood under the Dirichlet distribution, in nats. As coded, it begins with
    /// the log-likelihood.
    pub dirichlet_entropy: f64,
    /// H of the most probable tokens alone, in nats.
    pub top_entropy: f64,
}

impl State {
    /// The beginning: means over the positions of a prompt, each with its logits, all of the same
    /// length (a shorter one counts as far as it goes).
    ///
    /// `None` without positions, or where one has no token with a probability.
    pub fn of_prefill<'a>(
        positions: impl IntoIterator<Item = &'a [f32]>,
        config: &DsliderConfig,
    ) -> Option<Self> {
        let floor = config.noise_floor;
        let (mut count, mut moments, mut top_entropy) = (0.0, Moments::default(), 0.0);
        let mut sum: Vec<f64> = Vec::new();
        let mut all: Vec<Vec<f64>> = Vec::new();
        let mut tops: Vec<f64> = Vec::new();
        for logits in positions {
            let log_p = normalize(&read(logits)?, floor);
            let here = Moments::of(&log_p);
            count += 1.0;
            moments.entropy_nats += here.entropy_nats;
            moments.varentropy_nats2 += here.varentropy_nats2;
            let best =
                top(&log_p, config.outlier_topk as usize).into_iter().map(|(_, log_p)| log_p);
            let best: Vec<f64> = best.collect();
            top_entropy += Moments::of(&normalize(&best, floor)).entropy_nats;
            tops.extend(best);
            if sum.is_empty() {
                sum = vec![0.0; log_p.len()];
            }
            for (sum, log_p) in sum.iter_mut().zip(&log_p) {
                *sum += log_p;
            }
            all.push(log_p);
        }
        if all.is_empty() {
            return None;
        }
        let log_p: Vec<f64> = sum.iter().map(|sum| sum / count).collect();
        let alpha = fit(&log_p);
        let likelihoods = all.iter().map(|one| dirichlet::rounded_log_likelihood(one, &alpha));
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let mean_top = mean(&tops);
        let squares: Vec<f64> = tops.iter().map(|x| (x - mean_top) * (x - mean_top)).collect();
        let entropy = moments.entropy_nats / count;
        Some(Self {
            dirichlet_entropy: likelihoods.sum::<f64>() / count,
            alpha,
            log_p,
            temperature: 1.0,
            naked_entropy: entropy,
            naked_varentropy: moments.varentropy_nats2 / count,
            scaffold_entropy: entropy,
            scaffold_varentropy: 0.0,
            naked_cross_entropy: -mean_top,
            naked_cross_variance: mean(&squares),
            scaffold_cross_entropy: entropy,
            scaffold_cross_variance: 0.0,
            top_entropy: top_entropy / count,
        })
    }

    /// The four average entropies, in nats.
    pub(super) fn entropies(&self) -> [f64; 4] {
        [
            self.scaffold_cross_entropy,
            self.naked_cross_entropy,
            self.scaffold_entropy,
            self.naked_entropy,
        ]
    }

    /// The four average deviations, in nats.
    pub(super) fn deviations(&self) -> [f64; 4] {
        [
            self.scaffold_cross_variance,
            self.naked_cross_variance,
            self.scaffold_varentropy,
            self.naked_varentropy,
        ]
        .map(f64::sqrt)
    }
}
