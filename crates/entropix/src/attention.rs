//! Attention metrics of the last position: as the original sampler computes them, and normalised.

use std::f64::consts::LN_2;

use libm::{log, log2};
use serde::{Deserialize, Serialize};

use crate::exp::exp;
use crate::uncertainty::{largest, shifted};
use crate::{AttentionVariance, SamplerError};

/// The original clips weights at 1e-10 before the logarithm: no surprisal exceeds log₂ 10¹⁰.
const MAX_SURPRISAL_BITS: f64 = 33.219_280_948_873_62;

/// Raw attention scores q·k/√d of the last layer for the newest position.
///
/// The original reads them before the mask, over its whole zero-filled cache of 4096 keys:
/// `padding` says how many keys with a score of 0 each head has besides.
///
/// ```
/// use entropix::{Attention, AttentionMetrics, NormalisedMetrics};
///
/// # fn main() -> Result<(), entropix::SamplerError> {
/// // Two heads over three keys: one looks at the first, one at all alike.
/// let scores = [90.0, 0.0, 0.0, 0.0, 0.0, 0.0];
/// let attention = Attention { heads: 2, keys: 3, padding: 4093, scores: &scores };
///
/// // As coded, the rest of the cache of 4096 keys sets the scale …
/// let metrics = AttentionMetrics::of(&attention)?;
/// assert!((metrics.attn_entropy - 6.0).abs() < 1e-9);
/// // … normalised, it does not.
/// let metrics = NormalisedMetrics::of(&attention)?;
/// assert!((metrics.entropy - 0.5).abs() < 1e-9);
/// assert!((metrics.interaction_strength - 15.0).abs() < 1e-9);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Attention<'a> {
    /// Number of query heads.
    pub heads: usize,
    /// Number of keys with a score.
    pub keys: usize,
    /// Number of keys more, all with a score of 0.
    pub padding: usize,
    /// `(heads, keys)`, head-major.
    pub scores: &'a [f32],
}

impl Attention<'_> {
    /// Checks that the scores fill `heads × keys` and that there are some.
    ///
    /// # Errors
    /// [`SamplerError::AttentionShape`].
    pub fn check(&self) -> Result<(), SamplerError> {
        let Self { heads, keys, padding: _, scores } = *self;
        if !scores.is_empty() && heads.checked_mul(keys) == Some(scores.len()) {
            Ok(())
        } else {
            Err(SamplerError::AttentionShape { heads, keys, scores: scores.len() })
        }
    }
}

/// The four attention metrics; all 0 where there is no attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AttentionMetrics {
    /// Mean over heads of the attention entropy, in bits.
    pub attn_entropy: f64,
    /// Population variance over heads of the attention entropy, in bits².
    pub attn_varentropy: f64,
    /// Mean absolute deviation of the heads from their mean (it measures disagreement).
    pub agreement: f64,
    /// Mean absolute score; +∞ if a score is not finite.
    #[cfg_attr(feature = "schema", schemars(with = "Option<f64>"))]
    #[serde(deserialize_with = "crate::json::infinite")]
    pub interaction_strength: f64,
}

impl AttentionMetrics {
    /// The metrics as coded at e55e9a3.
    ///
    /// # Errors
    /// [`SamplerError::AttentionShape`].
    pub fn of(attention: &Attention<'_>) -> Result<Self, SamplerError> {
        Self::with_buffer(attention, AttentionVariance::OverHeads, &mut Vec::new())
    }

    /// [`Self::of`] with another variance, and the attention weights kept in a buffer that lives
    /// from token to token.
    pub(crate) fn with_buffer(
        attention: &Attention<'_>,
        variance: AttentionVariance,
        weights: &mut Vec<f64>,
    ) -> Result<Self, SamplerError> {
        attention.check()?;
        let Attention { heads, keys, padding, scores } = *attention;
        let count = heads as f64 * (keys as f64 + padding as f64);

        // The last column stands for the padding.
        weights.clear();
        let (mut sum, mut sum_of_squares) = (0.0, 0.0);
        for head in scores.chunks_exact(keys) {
            let entropy = push_weights(head, padding, weights);
            sum += entropy;
            sum_of_squares += entropy * entropy;
        }
        let mean = sum / heads as f64;

        let mut deviation = 0.0;
        for key in 0..=keys {
            let column = || weights.iter().skip(key).step_by(keys + 1);
            let mean = column().sum::<f64>() / heads as f64;
            let times = if key == keys { padding as f64 } else { 1.0 };
            deviation += times * column().map(|weight| (weight - mean).abs()).sum::<f64>();
        }

        let population = (sum_of_squares / heads as f64 - mean * mean).max(0.0);
        Ok(Self {
            attn_entropy: mean,
            attn_varentropy: match variance {
                AttentionVariance::OverHeads => population,
                AttentionVariance::Unbiased if heads > 1 => {
                    population * heads as f64 / (heads - 1) as f64
                }
                AttentionVariance::OverOneQuery | AttentionVariance::Unbiased => 0.0,
            },
            agreement: deviation / count,
            interaction_strength: scores.iter().copied().map(magnitude).sum::<f64>() / count,
        })
    }
}

/// The attention metrics of the real keys alone, so that neither the size of a cache nor the length
/// of the text sets their scale. No rule of the original looks at these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NormalisedMetrics {
    /// Mean over heads of the attention entropy, as a share of the largest there can be, log₂ keys:
    /// from 0 (all heads look at one key) to 1 (at all alike). 0 with one key.
    pub entropy: f64,
    /// Population variance over heads of that share, from 0 to ¼.
    pub variance: f64,
    /// Mean absolute deviation of the heads from their mean (it measures disagreement), from 0 to 1.
    pub agreement: f64,
    /// Mean absolute score; +∞ if a score is not finite.
    pub interaction_strength: f64,
}

impl NormalisedMetrics {
    /// The metrics without the padding.
    ///
    /// # Errors
    /// [`SamplerError::AttentionShape`].
    pub fn of(attention: &Attention<'_>) -> Result<Self, SamplerError> {
        let AttentionMetrics { attn_entropy, attn_varentropy, agreement, interaction_strength } =
            AttentionMetrics::of(&Attention { padding: 0, ..*attention })?;
        let most = log2(attention.keys as f64);
        let share = |value: f64, most: f64| if most > 0.0 { value / most } else { 0.0 };
        Ok(Self {
            entropy: share(attn_entropy, most).min(1.0),
            variance: share(attn_varentropy, most * most).min(0.25),
            agreement,
            interaction_strength,
        })
    }
}

/// Appends the softmax of one head's scores and the weight of one key of the padding; returns the
/// head's entropy in bits.
fn push_weights(head: &[f32], padding: usize, weights: &mut Vec<f64>) -> f64 {
    let start = weights.len();
    let zero = (padding > 0).then_some(0.0);
    let Some(max) = largest(head).into_iter().chain(zero).reduce(f32::max) else {
        weights.resize(start + head.len() + 1, 0.0);
        return 0.0;
    };
    weights.extend(head.iter().chain([&0.0]).map(|&score| exp(shifted(score, max))));
    let Some((pad, real)) = weights.get_mut(start..).and_then(<[f64]>::split_last_mut) else {
        return 0.0;
    };
    let times = padding as f64;
    let sum: f64 = real.iter().sum::<f64>() + times * *pad;
    let log_sum = log(sum);
    let mut entropy = 0.0;
    let mut add = |weight: &mut f64, score: f32, times: f64| {
        *weight /= sum;
        let surprisal = (log_sum - shifted(score, max)) / LN_2;
        entropy += times * *weight * surprisal.min(MAX_SURPRISAL_BITS);
    };
    for (weight, &score) in real.iter_mut().zip(head) {
        add(weight, score, 1.0);
    }
    add(pad, 0.0, times);
    entropy
}

/// |score|, where NaN counts as −∞.
fn magnitude(score: f32) -> f64 {
    if score.is_nan() { f64::INFINITY } else { f64::from(score.abs()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        for (heads, keys, count) in [(2, 3, 5), (0, 0, 0), (usize::MAX, 2, 2), (0, 4, 4)] {
            let scores = vec![0.0; count];
            let attention = Attention { heads, keys, padding: 0, scores: &scores };
            let error = AttentionMetrics::of(&attention).unwrap_err();
            assert_eq!(error, SamplerError::AttentionShape { heads, keys, scores: count });
        }
    }

    #[test]
    fn any_padding_can_be_counted() {
        let attention = Attention { heads: 1, keys: 1, padding: usize::MAX, scores: &[1.0] };
        let metrics = AttentionMetrics::of(&attention).unwrap();
        assert!(metrics.attn_entropy > 0.0 && metrics.interaction_strength < 1e-9);
    }

    #[test]
    fn a_head_without_any_score_weighs_nothing() {
        let scores = [f32::NAN, f32::NEG_INFINITY, 0.0, 0.0];
        let attention = Attention { heads: 2, keys: 2, padding: 0, scores: &scores };
        let metrics = AttentionMetrics::of(&attention).unwrap();
        let want = AttentionMetrics {
            attn_entropy: 0.5,
            attn_varentropy: 0.25,
            agreement: 0.25,
            interaction_strength: f64::INFINITY,
        };
        assert_eq!(metrics, want);
    }

    fn normalised(heads: usize, padding: usize, scores: &[f32]) -> NormalisedMetrics {
        let keys = scores.len() / heads;
        NormalisedMetrics::of(&Attention { heads, keys, padding, scores }).unwrap()
    }

    #[test]
    fn shares_of_the_largest_entropy() {
        let all_alike = normalised(2, 4000, &[1.0; 16]);
        let want = NormalisedMetrics { entropy: 1.0, interaction_strength: 1.0, ..all_alike };
        assert_eq!((all_alike, all_alike.variance.to_bits()), (want, 0));
        // One head looks at one key, the other at all four.
        let one = normalised(2, 0, &[99.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert!((one.entropy - 0.5).abs() < 1e-12 && (one.variance - 0.25).abs() < 1e-12);
        assert!((one.agreement - 0.1875).abs() < 1e-12);
        let single = normalised(2, 0, &[3.0, -5.0]);
        assert_eq!(single, NormalisedMetrics { interaction_strength: 4.0, ..Default::default() });
        let attention = Attention { heads: 2, keys: 2, padding: 0, scores: &[0.0; 3] };
        assert!(NormalisedMetrics::of(&attention).is_err());
    }

    proptest! {
        #[test]
        fn normalised_metrics_are_shares(
            scores in prop::collection::vec(
                prop_oneof![8 => -30.0_f32..30.0, 1 => any::<f32>()], 1..200,
            ),
            heads in 1..8_usize,
            padding in 0..5000_usize,
        ) {
            let keys = scores.len() / heads;
            prop_assume!(keys > 0);
            let scores = &scores[..heads * keys];
            let got = normalised(heads, padding, scores);
            prop_assert_eq!(got, normalised(heads, 0, scores));
            prop_assert!((0.0..=1.0).contains(&got.entropy));
            prop_assert!((0.0..=0.25).contains(&got.variance));
            prop_assert!((0.0..=1.0).contains(&got.agreement));
            prop_assert!(got.interaction_strength >= 0.0);

            let original = Attention { heads, keys, padding: 0, scores };
            let original = AttentionMetrics::of(&original).unwrap();
            let most = (keys as f64).log2();
            prop_assert!((got.entropy * most - original.attn_entropy).abs() < 1e-9);
            prop_assert!((got.variance * most * most - original.attn_varentropy).abs() < 1e-9);
            let AttentionMetrics { agreement, interaction_strength, .. } = original;
            prop_assert_eq!(got, NormalisedMetrics { agreement, interaction_strength, ..got });
        }
    }

    #[test]
    fn padding_counts_as_keys_with_a_score_of_zero() {
        let scores = [1.5, -0.5, 2.0, 0.25, 0.0, -3.0];
        let mut padded = Vec::new();
        for head in scores.chunks(3) {
            padded.extend_from_slice(head);
            padded.extend([0.0; 97]);
        }
        let short = Attention { heads: 2, keys: 3, padding: 97, scores: &scores };
        let long = Attention { heads: 2, keys: 100, padding: 0, scores: &padded };
        let (short, long) =
            (AttentionMetrics::of(&short).unwrap(), AttentionMetrics::of(&long).unwrap());
        for (a, b) in [
            (short.attn_entropy, long.attn_entropy),
            (short.attn_varentropy, long.attn_varentropy),
            (short.agreement, long.agreement),
            (short.interaction_strength, long.interaction_strength),
        ] {
            assert!((a - b).abs() <= 1e-9 * b, "{a}, {b}");
        }
    }
}
