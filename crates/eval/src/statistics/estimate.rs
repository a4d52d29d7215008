//! An estimate and its 95 % interval, by bootstrap or for a share.

use serde::{Deserialize, Serialize};

/// A number and the interval that holds the true one with 95 % confidence, all in the same unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// What is left out at each end of an interval.
const TAIL: f64 = 0.025;
/// The quantile of the standard normal distribution at 1 − [`TAIL`].
const Z: f64 = 1.959_963_984_540_054;

impl Estimate {
    /// The percentile interval of a bootstrap (Efron and Tibshirani 1993, chapter 13).
    ///
    /// `resampled` are the estimates of the resamples, in any order; `None` without any.
    pub(super) fn bootstrapped(value: f64, mut resampled: Vec<f64>) -> Option<Self> {
        resampled.sort_unstable_by(f64::total_cmp);
        let (low, high) = (quantile(&resampled, TAIL)?, quantile(&resampled, 1.0 - TAIL)?);
        Some(Self { value, low, high })
    }
}

/// Quantile of ascending numbers, linear between neighbours (type 7 of Hyndman and Fan 1996).
fn quantile(ascending: &[f64], share: f64) -> Option<f64> {
    let position = share * ascending.len().checked_sub(1)? as f64;
    let below = *ascending.get(position as usize)?;
    let above = *ascending.get(position as usize + 1).unwrap_or(&below);
    Some(below + position.fract() * (above - below))
}

/// Share of successes with its Wilson interval (Wilson 1927, doi:10.1080/01621459.1927.10502953).
///
/// Trials count as independent: on items of common clusters the interval is too narrow. `None`
/// without trials and for more successes than trials.
pub fn wilson(successes: usize, trials: usize) -> Option<Estimate> {
    if trials == 0 || successes > trials {
        return None;
    }
    let (trials, successes) = (trials as f64, successes as f64);
    let value = successes / trials;
    let spread = Z * (successes * (1.0 - value) + Z * Z / 4.0).sqrt();
    let end = |spread: f64| ((successes + Z * Z / 2.0 + spread) / (trials + Z * Z)).clamp(0.0, 1.0);
    Some(Estimate { value, low: end(-spread).min(value), high: end(spread).max(value) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_linear_between_neighbours() {
        let ascending = [0.0, 1.0, 10.0];
        for (share, wanted) in [(0.0, 0.0), (0.25, 0.5), (0.5, 1.0), (0.75, 5.5), (1.0, 10.0)] {
            assert_eq!(quantile(&ascending, share), Some(wanted));
        }
        assert_eq!((quantile(&[], 0.5), quantile(&[3.0], 0.9)), (None, Some(3.0)));
    }

    #[test]
    fn a_bootstrap_leaves_out_a_fortieth_at_each_end() {
        let resampled = (0..=1000).rev().map(f64::from).collect();
        let wanted = Estimate { value: 3.0, low: 25.0, high: 975.0 };
        assert_eq!(Estimate::bootstrapped(3.0, resampled), Some(wanted));
        assert_eq!(Estimate::bootstrapped(3.0, Vec::new()), None);
    }

    #[test]
    fn a_share_lies_in_its_interval_and_both_outcomes_mirror_each_other() {
        for trials in 1..40 {
            for successes in 0..=trials {
                let share = wilson(successes, trials).unwrap();
                let mirror = wilson(trials - successes, trials).unwrap();
                assert!(0.0 <= share.low && share.low <= share.value && share.value <= share.high);
                assert!((share.low - (1.0 - mirror.high)).abs() < 1e-12);
            }
        }
        assert_eq!((wilson(0, 0), wilson(3, 2)), (None, None));
        let none = wilson(0, 9).unwrap();
        assert_eq!((none.value, none.low), (0.0, 0.0));
    }
}
