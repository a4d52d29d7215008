//! Attention metrics of the last position, as the original sampler computes them.

use std::f64::consts::LN_2;

use serde::{Deserialize, Serialize};

use crate::SamplerError;
use crate::uncertainty::{largest, shifted};

/// The original clips weights at 1e-10 before the logarithm: no surprisal exceeds log₂ 10¹⁰.
const MAX_SURPRISAL_BITS: f64 = 33.219_280_948_873_62;

/// Raw attention scores q·k/√d of the last layer for the newest position.
///
/// They are used exactly as given. The original reads them before the mask, over the whole
/// zero-filled cache of 4096 keys, so to reproduce its numbers pad each head with zeros.
#[derive(Clone, Copy, Debug)]
pub struct Attention<'a> {
    /// Number of query heads.
    pub heads: usize,
    /// Number of keys, padding included.
    pub keys: usize,
    /// `(heads, keys)`, head-major.
    pub scores: &'a [f32],
}

impl Attention<'_> {
    /// Checks that the scores fill `heads × keys` and that there are some.
    ///
    /// # Errors
    /// [`SamplerError::AttentionShape`].
    pub fn check(&self) -> Result<(), SamplerError> {
        let Self { heads, keys, scores } = *self;
        if !scores.is_empty() && heads.checked_mul(keys) == Some(scores.len()) {
            Ok(())
        } else {
            Err(SamplerError::AttentionShape { heads, keys, scores: scores.len() })
        }
    }
}

/// The four attention metrics; all 0 where there is no attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AttentionMetrics {
    /// Mean over heads of the attention entropy, in bits.
    pub attn_entropy: f64,
    /// Population variance over heads of the attention entropy, in bits².
    pub attn_varentropy: f64,
    /// Mean absolute deviation of the heads from their mean (it measures disagreement).
    pub agreement: f64,
    /// Mean absolute score; +∞ if a score is not finite.
    pub interaction_strength: f64,
}

impl AttentionMetrics {
    /// The metrics as coded at e55e9a3.
    ///
    /// # Errors
    /// [`SamplerError::AttentionShape`].
    pub fn of(attention: &Attention<'_>) -> Result<Self, SamplerError> {
        Self::with_buffer(attention, &mut Vec::new())
    }

    /// [`Self::of`], with the attention weights kept in a buffer that lives from token to token.
    pub(crate) fn with_buffer(
        attention: &Attention<'_>,
        weights: &mut Vec<f64>,
    ) -> Result<Self, SamplerError> {
        attention.check()?;
        let Attention { heads, keys, scores } = *attention;
        let count = scores.len() as f64;

        weights.clear();
        let (mut sum, mut sum_of_squares) = (0.0, 0.0);
        for head in scores.chunks_exact(keys) {
            let entropy = push_weights(head, weights);
            sum += entropy;
            sum_of_squares += entropy * entropy;
        }
        let mean = sum / heads as f64;

        let mut deviation = 0.0;
        for key in 0..keys {
            let column = || weights.iter().skip(key).step_by(keys);
            let mean = column().sum::<f64>() / heads as f64;
            deviation += column().map(|weight| (weight - mean).abs()).sum::<f64>();
        }

        Ok(Self {
            attn_entropy: mean,
            attn_varentropy: (sum_of_squares / heads as f64 - mean * mean).max(0.0),
            agreement: deviation / count,
            interaction_strength: scores.iter().copied().map(magnitude).sum::<f64>() / count,
        })
    }
}

/// Appends the softmax of one head's scores and returns its entropy in bits.
fn push_weights(head: &[f32], weights: &mut Vec<f64>) -> f64 {
    let start = weights.len();
    let Some(max) = largest(head) else {
        weights.resize(start + head.len(), 0.0);
        return 0.0;
    };
    weights.extend(head.iter().map(|&score| shifted(score, max).exp()));
    let weights = &mut weights[start..];
    let sum: f64 = weights.iter().sum();
    let log_sum = sum.ln();
    let mut entropy = 0.0;
    for (weight, &score) in weights.iter_mut().zip(head) {
        *weight /= sum;
        let surprisal = (log_sum - shifted(score, max)) / LN_2;
        entropy += *weight * surprisal.min(MAX_SURPRISAL_BITS);
    }
    entropy
}

/// |score|, where NaN counts as −∞.
fn magnitude(score: f32) -> f64 {
    if score.is_nan() { f64::INFINITY } else { f64::from(score.abs()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        for (heads, keys, count) in [(2, 3, 5), (0, 0, 0), (usize::MAX, 2, 2), (0, 4, 4)] {
            let scores = vec![0.0; count];
            let attention = Attention { heads, keys, scores: &scores };
            let error = AttentionMetrics::of(&attention).unwrap_err();
            assert_eq!(error, SamplerError::AttentionShape { heads, keys, scores: count });
        }
    }

    #[test]
    fn a_head_without_any_score_weighs_nothing() {
        let scores = [f32::NAN, f32::NEG_INFINITY, 0.0, 0.0];
        let metrics =
            AttentionMetrics::of(&Attention { heads: 2, keys: 2, scores: &scores }).unwrap();
        let want = AttentionMetrics {
            attn_entropy: 0.5,
            attn_varentropy: 0.25,
            agreement: 0.25,
            interaction_strength: f64::INFINITY,
        };
        assert_eq!(metrics, want);
    }
}
