//! Items in clusters and strata: their mean, and its bootstrap by cluster.

use super::estimate::Estimate;
use super::random::Purpose;
use crate::random::Random;

/// A family of tasks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stratum {
    /// Values of the items of each cluster, that is, of the wordings of one fact: any number of
    /// them.
    pub clusters: Vec<Vec<f64>>,
}

/// All that a mean needs to know of one cluster.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    /// Sum of the values.
    pub(super) sum: f64,
    /// Number of items.
    pub(super) items: f64,
}

/// The clusters of each stratum. None is without items, and there is at least one.
pub(super) struct Strata(Vec<Vec<Totals>>);

impl Strata {
    /// Sums the items up; `None` for what [`Strata::new`] refuses.
    pub(super) fn of(strata: &[Stratum]) -> Option<Self> {
        let totals =
            |items: &Vec<f64>| Totals { sum: items.iter().sum(), items: items.len() as f64 };
        let of_stratum = |stratum: &Stratum| stratum.clusters.iter().map(totals).collect();
        Self::new(strata.iter().map(of_stratum).collect())
    }

    /// Leaves out clusters without items; `None` without strata, for a stratum without items, and
    /// if a sum is not finite.
    pub(super) fn new(mut strata: Vec<Vec<Totals>>) -> Option<Self> {
        for stratum in &mut strata {
            stratum.retain(|cluster| cluster.items > 0.0);
        }
        let full = !strata.is_empty() && strata.iter().all(|stratum| !stratum.is_empty());
        let finite = strata.iter().flatten().all(|cluster| cluster.sum.is_finite());
        (full && finite).then_some(Self(strata))
    }

    /// What each cluster adds to [`Strata::mean`].
    pub(super) fn contributions(&self) -> impl Iterator<Item = f64> {
        self.0.iter().flat_map(|stratum| {
            let items: f64 = stratum.iter().map(|cluster| cluster.items).sum();
            let weight = 1.0 / (items * self.0.len() as f64);
            stratum.iter().map(move |cluster| cluster.sum * weight)
        })
    }

    /// The mean over items of each stratum, averaged over strata: each counts the same, whatever its
    /// size.
    pub(super) fn mean(&self) -> f64 {
        self.pooled(|stratum| mean(stratum.iter().copied()))
    }

    /// The mean with its interval, from `resamples` in which as many clusters as a stratum has are
    /// drawn from it with replacement. `None` without resamples.
    pub(super) fn bootstrap(&self, resamples: u32, seed: u64) -> Option<Estimate> {
        let mut draws = Purpose::Bootstrap.draws(seed);
        let resampled = (0..resamples).map(|_| self.resampled_mean(&mut draws)).collect();
        Estimate::bootstrapped(self.mean(), resampled)
    }

    fn resampled_mean(&self, draws: &mut Random) -> f64 {
        self.pooled(|stratum| {
            // There always is one.
            let drawn =
                |_: &_| stratum.get(draws.below(stratum.len())).copied().unwrap_or_default();
            mean(stratum.iter().map(drawn))
        })
    }

    fn pooled(&self, mean_of: impl FnMut(&Vec<Totals>) -> f64) -> f64 {
        self.0.iter().map(mean_of).sum::<f64>() / self.0.len() as f64
    }
}

/// The mean over the items of all clusters.
fn mean(clusters: impl Iterator<Item = Totals>) -> f64 {
    let add = |a: Totals, b: Totals| Totals { sum: a.sum + b.sum, items: a.items + b.items };
    let total = clusters.fold(Totals::default(), add);
    total.sum / total.items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strata(values: &[&[&[f64]]]) -> Option<Strata> {
        let stratum = |clusters: &&[&[f64]]| Stratum {
            clusters: clusters.iter().map(|items| items.to_vec()).collect(),
        };
        Strata::of(&values.iter().map(stratum).collect::<Vec<_>>())
    }

    #[test]
    fn a_mean_is_over_items_within_and_over_strata_between() {
        let mean = |values| strata(values).map(|strata| strata.mean());
        assert_eq!(mean(&[&[&[1.0], &[0.0, 0.0, 1.0]]]), Some(0.5));
        assert_eq!(mean(&[&[&[1.0], &[0.0, 0.0, 1.0]], &[&[1.0]]]), Some(0.75));
        // A fact without items says nothing.
        assert_eq!(mean(&[&[&[1.0], &[]]]), Some(1.0));
    }

    #[test]
    fn nothing_to_average() {
        let empty: [&[&[&[f64]]]; 4] = [&[], &[&[]], &[&[&[]]], &[&[&[1.0]], &[]]];
        for values in empty.into_iter().chain([&[&[&[f64::NAN][..]][..]][..]]) {
            assert!(strata(values).is_none(), "{values:?}");
        }
        assert_eq!(strata(&[&[&[1.0]]]).unwrap().bootstrap(0, 1), None);
    }

    #[test]
    fn wordings_that_agree_are_worth_one() {
        // 60 facts, right or wrong in all of their 5 wordings, against 300 facts of one wording
        // each.
        let clustered = (0..60).map(|i| vec![f64::from(i % 2); 5]).collect();
        let loose = (0..300).map(|i| vec![f64::from(i % 2)]).collect();
        let width = |clusters| {
            let strata = Strata::of(&[Stratum { clusters }]).unwrap();
            let estimate = strata.bootstrap(4000, 1).unwrap();
            assert!((estimate.value - 0.5).abs() < 1e-12);
            estimate.high - estimate.low
        };
        // Twice 1.96 standard errors of a share of one half.
        assert!((width(clustered) - 3.92 * 0.5 / 60_f64.sqrt()).abs() < 0.02);
        assert!((width(loose) - 3.92 * 0.5 / 300_f64.sqrt()).abs() < 0.01);
    }
}
