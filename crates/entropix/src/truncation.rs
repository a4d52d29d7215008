//! Truncations that are a cut of the logits: p-less and top-nσ.

use libm::log;

use crate::PlainConfig;
use crate::exp::exp;
use crate::uncertainty::{largest, shifted};

/// The logarithm, at the configuration's temperature, of the least probability over the largest that p-less
/// and top-nσ leave; −∞ without them.
///
/// * p-less (arXiv:2509.23234) keeps p ≥ Σp². Over the largest probability, that is w ≥ Σw²/Σw.
/// * top-nσ (arXiv:2411.07641) keeps l ≥ max − nσ, σ being the standard deviation of the logits above −∞,
///   n − 1 in its denominator as in the authors' code.
pub(crate) fn least(logits: &[f32], config: &PlainConfig) -> f64 {
    let (mut least, temperature) = (f64::NEG_INFINITY, config.temperature);
    if !config.p_less && config.top_n_sigma == 0.0 {
        return least;
    }
    let Some(max) = largest(logits) else { return least };
    if config.p_less {
        let weights = || logits.iter().map(|&logit| exp(shifted(logit, max) / temperature));
        let weights = || weights().filter(|weight| !weight.is_nan());
        let agreement = weights().map(|w| w * w).sum::<f64>() / weights().sum::<f64>();
        least = least.max(log(agreement.min(1.0)));
    }
    if config.top_n_sigma > 0.0 && max.is_finite() {
        let finite = || logits.iter().filter(|logit| logit.is_finite()).map(|&l| f64::from(l));
        let count = finite().count() as f64;
        let mean = finite().sum::<f64>() / count;
        let squares: f64 = finite().map(|l| (l - mean) * (l - mean)).sum();
        let deviation = (squares / (count - 1.0).max(1.0)).sqrt();
        least = least.max(-config.top_n_sigma * deviation / temperature);
    }
    least
}
