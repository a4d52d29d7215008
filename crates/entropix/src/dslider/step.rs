//! One token of the Dirichlet sampler.

use libm::{log, pow};

use super::logs::{Moments, normalize, read, top};
use super::{EPS, State, bfloat, dirichlet, fit, tune};
use crate::DsliderConfig;
use crate::exp::exp;

/// Between these a tuned temperature counts.
const TEMPERATURES: (f64, f64) = (1e-4, 1e4);

/// What is done with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Policy {
    /// An inlier whose top tokens have little entropy: the most probable token.
    Argmax,
    /// Another inlier: a draw from the top tokens, at the temperature that gives them the average
    /// entropy.
    Top,
    /// An outlier that is likely under the Dirichlet distribution: the most probable token of the
    /// mixture.
    Mixture,
    /// Any other outlier: a draw from the Dirichlet distribution's probabilities.
    Dirichlet,
}

/// One step: what was measured, which policy follows, and what to draw from. Entropies are in nats.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is done.
    pub policy: Policy,
    /// H and V of the model's distribution.
    pub naked: Moments,
    /// H and V of the mixture.
    pub scaffold: Moments,
    /// Above 0 the token is an outlier; NaN is not.
    pub outlier_threshold: f64,
    /// H of the most probable tokens alone.
    pub top_entropy: f64,
    /// Below it an inlier's most probable token is taken.
    pub argmax_threshold: f64,
    /// Negative log-likelihood under the Dirichlet distribution.
    pub dirichlet_entropy: f64,
    /// Below it an outlier's mixture decides.
    pub dirichlet_threshold: f64,
    /// The temperature of the policy; `None` where the most probable token is taken.
    pub temperature: Option<f64>,
    /// (token, probability), the most probable first; one entry where nothing is drawn. As
    /// everywhere here, a token whose logit is −∞ or NaN is not among them.
    pub choice: Vec<(u32, f64)>,
    log_p: Vec<f64>,
    mixture: Vec<f64>,
    /// The next state, but for the cross-entropies of the token.
    next: State,
}

impl Step {
    /// Decides about `logits`. With `uniforms` (each in [0, 1)) and [`DsliderConfig::wild`] the
    /// Dirichlet distribution is drawn from, else its expectation stands for it.
    ///
    /// `None` if no token has a probability.
    pub fn new(
        state: &State,
        logits: &[f32],
        config: &DsliderConfig,
        uniforms: Option<&mut dyn FnMut() -> f64>,
    ) -> Option<Self> {
        let floor = config.noise_floor;
        let shifted = read(logits)?;
        let log_p = normalize(&shifted, floor);
        let naked = Moments::of(&log_p);
        let best = top(&log_p, config.outlier_topk as usize);
        let best_log_p: Vec<f64> = best.iter().map(|&(_, log_p)| log_p).collect();
        let best_log_p = normalize(&best_log_p, floor);
        let top_entropy = Moments::of(&best_log_p).entropy_nats;

        let outlier_threshold = outlier_threshold(state, &naked, config);
        let argmax_threshold = config.argmax_weight * state.top_entropy + config.argmax_bias;

        let tuned_temperature = tune(&log_p, target_entropy(state, config));
        let tuned = at_temperature(&log_p, tuned_temperature);
        // Normalised twice, as coded: the floor of the first time changes the sum of the second.
        let tuned = normalize(&normalize(&tuned, floor), floor);
        let dirichlet_entropy = -dirichlet::rounded_log_likelihood(&tuned, &state.alpha);
        let dirichlet_threshold =
            config.dirichlet_weight * state.dirichlet_entropy + config.dirichlet_bias;

        let divergence: f64 =
            tuned.iter().zip(&state.log_p).map(|(new, old)| exp(*new) * (new - old)).sum();
        let rate = damped(divergence, config.log_p_base, config.log_p_exponent);
        let mean = |(&new, &old): (&f64, &f64)| average(new, old, rate);
        let mean_log_p: Vec<f64> = tuned.iter().zip(&state.log_p).map(mean).collect();
        let alpha = fit(&mean_log_p);
        let own = match uniforms {
            Some(uniforms) if config.wild => dirichlet::sample(&alpha, uniforms),
            _ => dirichlet::expectation(&alpha),
        };
        let mixture = mixture(&own, &tuned, config);
        let scaffold = Moments::of_pairs(mixture.iter().map(|p| (p + EPS, log(p + EPS))));

        let is_outlier = outlier_threshold > 0.0;
        let policy = match is_outlier {
            false if top_entropy < argmax_threshold => Policy::Argmax,
            false => Policy::Top,
            true if dirichlet_entropy < dirichlet_threshold => Policy::Mixture,
            true => Policy::Dirichlet,
        };
        let (temperature, weights) = match policy {
            Policy::Argmax => (None, Vec::new()),
            Policy::Top => {
                let temperature = tune(&best_log_p, state.top_entropy);
                let tuned = at_temperature(&best_log_p, temperature);
                let max = tuned.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let weight = |((token, _), x): (&(u32, f64), &f64)| (*token, exp(x - max));
                (Some(temperature), best.iter().zip(&tuned).map(weight).collect())
            }
            Policy::Mixture => {
                let all = (0..).zip(mixture.iter().copied());
                (Some(tuned_temperature), all.collect())
            }
            Policy::Dirichlet => {
                let all = (0..).zip(own.iter().map(|p| p + EPS));
                (Some(tuned_temperature), all.collect())
            }
        };
        let mut choice = distribution(weights, &shifted);
        if choice.is_empty() {
            // Also where averages that are no numbers leave nothing to draw from.
            choice.extend(top(&shifted, 1).iter().map(|&(token, _)| (token, 1.0)));
        } else if policy == Policy::Mixture {
            choice.truncate(1);
            choice = choice.into_iter().map(|(token, _)| (token, 1.0)).collect();
        }

        let mut step = Self {
            policy,
            naked,
            scaffold,
            outlier_threshold,
            top_entropy,
            argmax_threshold,
            dirichlet_entropy,
            dirichlet_threshold,
            temperature,
            choice,
            log_p,
            mixture,
            next: State { alpha, log_p: mean_log_p, ..*state },
        };
        step.update(tuned_temperature, config);
        Some(step)
    }

    /// Moves the averages on that don't depend on the token.
    fn update(&mut self, temperature: f64, config: &DsliderConfig) {
        let next = &mut self.next;
        let update = |mean: &mut f64, new, rate| *mean = average(new, *mean, rate);
        update(&mut next.naked_entropy, self.naked.entropy_nats, config.naked_rate);
        update(&mut next.naked_varentropy, self.naked.varentropy_nats2, config.naked_rate);
        let Moments { entropy_nats, varentropy_nats2 } = self.scaffold;
        update(&mut next.scaffold_entropy, entropy_nats, config.scaffold_entropy_rate);
        update(&mut next.scaffold_varentropy, varentropy_nats2, config.scaffold_varentropy_rate);
        update(&mut next.dirichlet_entropy, self.dirichlet_entropy, config.dirichlet_rate);
        update(&mut next.top_entropy, self.top_entropy, config.top_entropy_rate);
        // bfloat16 in the original, its weight included.
        update(&mut next.temperature, temperature, bfloat::round(config.temperature_rate));
        next.temperature = bfloat::round(next.temperature);
    }

    /// The state after this step, of which `token` was the outcome.
    pub fn after(self, token: u32, config: &DsliderConfig) -> State {
        let at = |values: &[f64]| values.get(token as usize).copied().unwrap_or(0.0);
        let scaffold = log(at(&self.mixture) + EPS);
        // As coded: the logarithm once too often.
        let naked = log(at(&self.log_p) + EPS);
        let mut next = self.next;
        let update = |mean: &mut f64, new, rate| *mean = average(new, *mean, rate);
        update(&mut next.scaffold_cross_entropy, -scaffold, config.scaffold_cross_entropy_rate);
        update(&mut next.naked_cross_entropy, -naked, config.naked_cross_entropy_rate);
        let off = next.scaffold_cross_entropy - scaffold;
        update(&mut next.scaffold_cross_variance, off * off, config.scaffold_cross_variance_rate);
        let off = next.naked_cross_entropy - naked;
        update(&mut next.naked_cross_variance, off * off, config.naked_cross_variance_rate);
        next
    }
}

/// A moving average, moved on.
fn average(new: f64, old: f64, rate: f64) -> f64 {
    rate * new + (1.0 - rate) * old
}

fn outlier_threshold(state: &State, naked: &Moments, config: &DsliderConfig) -> f64 {
    let entropy: f64 = state.entropies().iter().sum();
    let deviation: f64 = state.deviations().iter().sum();
    // Every entry of the original's matrix is the same.
    config.outlier_bilinear * entropy * deviation
        + config.outlier_entropy * entropy
        + config.outlier_deviation * deviation
        + config.outlier_naked_entropy * naked.entropy_nats
        + config.outlier_naked_varentropy * naked.varentropy_nats2
        + config.outlier_bias
}

/// What an outlier's entropy is tuned to, in nats.
fn target_entropy(state: &State, config: &DsliderConfig) -> f64 {
    config.target_entropy * state.entropies().iter().sum::<f64>()
        + config.target_inverse_temperature / state.temperature
        + config.target_bias
}

fn at_temperature(log_p: &[f64], temperature: f64) -> Vec<f64> {
    let temperature = temperature.max(TEMPERATURES.0).min(TEMPERATURES.1);
    log_p.iter().map(|log_p| log_p / temperature).collect()
}

/// base^(−exponent/divergence): from 0 where two distributions are equal to 1 where they are far apart.
///
/// Rounding and floors can make a divergence negative. As coded the result is then far above 1, or
/// infinite, and probabilities are no longer numbers; here that counts as equal.
fn damped(divergence: f64, base: f64, exponent: f64) -> f64 {
    let divergence = if divergence < 0.0 { 0.0 } else { divergence };
    pow(base, -exponent / (divergence + EPS))
}

/// The Dirichlet distribution's probabilities and the model's: the first where they are equal, the
/// more of the second the further they are apart.
fn mixture(own: &[f64], tuned: &[f64], config: &DsliderConfig) -> Vec<f64> {
    let pairs = || own.iter().zip(tuned);
    let divergence: f64 = pairs().map(|(p, log_q)| p * (log(p + EPS) - log_q)).sum();
    let share = 1.0 - damped(divergence, config.perturb_base, config.perturb_exponent);
    pairs().map(|(p, log_q)| share * p + (1.0 - share) * exp(*log_q)).collect()
}

/// Weights of tokens that can be chosen over their sum, the largest first; nothing if that is no
/// distribution.
fn distribution(mut weights: Vec<(u32, f64)>, shifted: &[f64]) -> Vec<(u32, f64)> {
    let is_possible = |token: u32| shifted.get(token as usize).is_some_and(|x| x.is_finite());
    weights.retain(|&(token, weight)| weight > 0.0 && is_possible(token));
    weights.sort_by(|a, b| b.1.total_cmp(&a.1));
    let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
    if !sum.is_finite() {
        weights.clear();
    }
    for (_, weight) in &mut weights {
        *weight /= sum;
    }
    weights
}
