//! Differences of two methods on the same items, and means of one.

use serde::{Deserialize, Serialize};

use super::clusters::{Strata, Stratum};
use super::estimate::Estimate;
use super::random::Purpose;
use super::sign_flip;

/// How much one method is better than another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairedDifference {
    /// Mean difference over items of each stratum, averaged over strata.
    pub difference: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Two-sided p of no difference.
    pub p: f64,
}

/// Mean of a paired difference, with an interval by bootstrap and p by permutation.
///
/// Values are differences per item: −1, 0 or 1 for right and wrong, or of any unit. The interval is
/// the percentile interval of `resamples` in which clusters are drawn within strata; it is too narrow
/// for few clusters (in simulations, of 25 in all it held the truth 91 % of the time, of 60 95 %). p
/// comes from as many flips of the signs of whole clusters, so the least is 1 / (1 + `resamples`).
///
/// `None` without strata or resamples, for a stratum without items, and if a value is not finite.
/// Clusters without items are left out.
pub fn paired_difference(
    strata: &[Stratum],
    resamples: u32,
    seed: u64,
) -> Option<PairedDifference> {
    let strata = Strata::of(strata)?;
    let Estimate { value, low, high } = strata.bootstrap(resamples, seed)?;
    let p = sign_flip::p_value(&strata, resamples, &mut Purpose::SignFlip.draws(seed));
    Some(PairedDifference { difference: value, low, high, p })
}

/// Mean of one method's values, such as its accuracy (1 right, 0 wrong), with its interval.
///
/// Mean, interval and `None` are those of [`paired_difference`].
pub fn clustered_mean(strata: &[Stratum], resamples: u32, seed: u64) -> Option<Estimate> {
    Strata::of(strata)?.bootstrap(resamples, seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Facts of one to three wordings; the first of each is what `value` says, the others are 0.
    fn stratum(facts: usize, value: impl Fn(usize) -> f64) -> Stratum {
        let cluster = |fact| {
            let mut items = vec![0.0; 1 + fact % 3];
            items[0] = value(fact);
            items
        };
        Stratum { clusters: (0..facts).map(cluster).collect() }
    }

    #[test]
    fn a_swap_of_the_methods_mirrors_everything() {
        let values = |sign: f64| {
            let of = |fact: usize| sign * [1.0, 0.0, -1.0, 1.0, 0.0][fact % 5];
            [stratum(40, of), stratum(31, of)]
        };
        let one = paired_difference(&values(1.0), 2000, 7).unwrap();
        let other = paired_difference(&values(-1.0), 2000, 7).unwrap();
        assert!(one.low < one.difference && one.difference < one.high);
        assert_eq!((one.difference, one.p), (-other.difference, other.p));
        assert!((one.low + other.high).abs() < 1e-12 && (one.high + other.low).abs() < 1e-12);
    }

    #[test]
    fn the_same_seed_gives_the_same() {
        let strata = [stratum(50, |fact| f64::from(fact % 4 == 0))];
        let with = |seed| paired_difference(&strata, 500, seed).unwrap();
        assert_eq!(with(1), with(1));
        assert_ne!(with(1), with(2));
        let Estimate { value, low, high } = clustered_mean(&strata, 500, 1).unwrap();
        assert_eq!((value, low, high), (with(1).difference, with(1).low, with(1).high));
    }

    #[test]
    fn interval_and_p_agree_on_what_is_clear() {
        let clear = paired_difference(&[stratum(60, |_| 1.0)], 1999, 3).unwrap();
        assert!(clear.low > 0.3 && (clear.p - 1.0 / 2000.0).abs() < 1e-12, "{clear:?}");
        let nothing = paired_difference(&[stratum(60, |_| 0.0)], 1999, 3).unwrap();
        assert_eq!(nothing, PairedDifference { difference: 0.0, low: 0.0, high: 0.0, p: 1.0 });
        assert_eq!(paired_difference(&[], 100, 1), None);
        assert_eq!(clustered_mean(&[stratum(3, |_| 1.0)], 0, 1), None);
    }
}
