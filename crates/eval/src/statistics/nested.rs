//! Does one more feature help to predict what a model has not seen?

use serde::{Deserialize, Serialize};

use super::clusters::{Strata, Stratum};
use super::estimate::Estimate;
use super::logistic::{Example, Logistic};
use super::random::Purpose;

/// Log-loss, per item in nats, of two logistic regressions on items that they were not fitted to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct NestedComparison {
    /// Mean log-loss with the first features alone.
    pub base: f64,
    /// Mean log-loss with all features.
    pub full: f64,
    /// Mean of base − full, above 0 where the other features help, with its interval by bootstrap
    /// over clusters. The fits are held fixed: the interval does not hold what other training data
    /// would change.
    pub gain: Estimate,
}

/// Cross-validated comparison of the first `base` features with all of them.
///
/// `clusters` has the examples of each fact; a fact is in one of the `folds` as a whole. For H
/// against H and V the features are `[H, V]` and `base` is 1. `None` for less than two folds, fewer
/// clusters with examples than folds, no resamples, more `base` features than there are, and what
/// [`Logistic::fit`] refuses.
pub fn compare_nested(
    clusters: &[Vec<Example>],
    base: usize,
    folds: usize,
    resamples: u32,
    seed: u64,
) -> Option<NestedComparison> {
    let clusters: Vec<_> = clusters.iter().filter(|examples| !examples.is_empty()).collect();
    if folds < 2 || clusters.len() < folds {
        return None;
    }
    let mut assignment: Vec<_> = (0..clusters.len()).map(|index| index % folds).collect();
    Purpose::Folds.draws(seed).shuffle(&mut assignment);
    let losses = held_out_losses(&clusters, base, folds, &assignment)?;

    let mean = |of: fn(&Losses) -> f64| {
        let of_cluster = |losses: &Vec<Losses>| losses.iter().map(of).collect();
        Strata::of(&[Stratum { clusters: losses.iter().map(of_cluster).collect() }])
    };
    Some(NestedComparison {
        base: mean(|losses| losses.base)?.mean(),
        full: mean(|losses| losses.full)?.mean(),
        gain: mean(|losses| losses.base - losses.full)?.bootstrap(resamples, seed)?,
    })
}

/// Log-losses of one item, in nats.
pub(super) struct Losses {
    pub(super) base: f64,
    pub(super) full: f64,
}

/// Losses of the examples of each cluster, by the fits to the clusters that `assignment` puts into
/// other folds.
pub(super) fn held_out_losses(
    clusters: &[&Vec<Example>],
    base: usize,
    folds: usize,
    assignment: &[usize],
) -> Option<Vec<Vec<Losses>>> {
    let fits: Vec<_> = (0..folds)
        .map(|fold| {
            let others = clusters.iter().zip(assignment).filter(|(_, of)| **of != fold);
            let training: Vec<_> =
                others.flat_map(|(examples, _)| examples.iter().cloned()).collect();
            Some((Logistic::fit(&narrowed(&training, base)?)?, Logistic::fit(&training)?))
        })
        .collect::<Option<_>>()?;
    let of_cluster = |(examples, fold): (&&Vec<Example>, &usize)| {
        let (narrow, wide) = fits.get(*fold)?;
        let of_example = |Example { features, right }: &Example| Losses {
            base: narrow.log_loss(features, *right),
            full: wide.log_loss(features, *right),
        };
        Some(examples.iter().map(of_example).collect())
    };
    clusters.iter().zip(assignment).map(of_cluster).collect()
}

/// Examples with their first `width` features; `None` if they have fewer.
fn narrowed(examples: &[Example], width: usize) -> Option<Vec<Example>> {
    let of = |example: &Example| {
        Some(Example { features: example.features.get(..width)?.to_vec(), right: example.right })
    };
    examples.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 80 facts of 3 wordings, right with a probability that depends on the first feature and
    /// `on_second` of the other.
    fn clusters(on_second: f64) -> Vec<Vec<Example>> {
        let mut draws = Purpose::Simulation.draws(4);
        let truth = Logistic { intercept: 0.0, weights: vec![1.0, on_second], log_likelihood: 0.0 };
        let mut example = |_| {
            let features = vec![4.0 * draws.unit() - 2.0, 4.0 * draws.unit() - 2.0];
            let right = draws.unit() < truth.probability(&features);
            Example { features, right }
        };
        (0..80).map(|_| (0..3).map(&mut example).collect()).collect()
    }

    #[test]
    fn a_feature_helps_where_it_says_something() {
        let helps = compare_nested(&clusters(1.5), 1, 5, 1000, 1).unwrap();
        assert!(helps.gain.low > 0.05, "{helps:?}");
        assert!((helps.base - helps.full - helps.gain.value).abs() < 1e-12);
        let noise = compare_nested(&clusters(0.0), 1, 5, 1000, 1).unwrap();
        assert!(noise.gain.low < 0.0 && noise.gain.value < 0.01, "{noise:?}");
        // Against no feature at all the first one helps.
        assert!(compare_nested(&clusters(0.0), 0, 5, 1000, 1).unwrap().gain.low > 0.0);
    }

    #[test]
    fn the_same_seed_gives_the_same() {
        let with = |seed| compare_nested(&clusters(0.5), 1, 5, 200, seed).unwrap();
        assert_eq!(with(1), with(1));
        assert_ne!(with(1), with(2));
    }

    #[test]
    fn a_fact_is_never_tested_on_its_own_wordings() {
        // What is said of a fact in each of its wordings can't be known from the others.
        let of = |fact: u8| {
            let example = Example { features: vec![f64::from(fact)], right: fact == 3 };
            vec![example; 4]
        };
        let clusters: Vec<_> = (0..4).map(of).collect();
        let all: Vec<_> = clusters.iter().collect();
        let losses = held_out_losses(&all, 1, 4, &[0, 1, 2, 3]).unwrap();
        assert!(losses[3].iter().all(|losses| losses.full > 5.0));
    }

    #[test]
    fn nothing_to_compare() {
        let clusters = clusters(0.0);
        for (clusters, base, folds, resamples) in [
            (&clusters[..], 1, 1, 10),
            (&clusters[..], 3, 5, 10),
            (&clusters[..], 1, 5, 0),
            (&clusters[..4], 1, 5, 10),
            (&[], 1, 2, 10),
        ] {
            assert_eq!(compare_nested(clusters, base, folds, resamples, 1), None);
        }
    }
}
