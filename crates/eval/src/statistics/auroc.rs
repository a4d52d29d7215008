//! How well a score tells right from wrong: the area under the ROC curve.

use super::estimate::Estimate;
use super::random::Purpose;

/// A score of one item, and what it should predict.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// The score, of any unit; higher means more probably right.
    pub score: f64,
    /// Whether the answer was right.
    pub right: bool,
}

/// Probability that a right item scores higher than a wrong one, where equal scores count half: 0.5
/// for a score that says nothing (doi:10.1148/radiology.143.1.7063747).
///
/// `None` without both labels, and if a score is NaN.
pub fn auroc(items: &[Scored]) -> Option<f64> {
    area(&ascending(items.iter().map(std::slice::from_ref))?, |_| 1.0)
}

/// [`auroc`] of all items, with its interval by bootstrap over clusters.
///
/// `clusters` has the items of each fact. Resamples that lack a label are left out. `None` without
/// both labels, without resamples that have them, and if a score is NaN.
pub fn auroc_interval(clusters: &[Vec<Scored>], resamples: u32, seed: u64) -> Option<Estimate> {
    let items = ascending(clusters.iter().map(Vec::as_slice))?;
    let value = area(&items, |_| 1.0)?;
    let mut draws = Purpose::Bootstrap.draws(seed);
    let resample = |_| {
        let mut times = vec![0.0; clusters.len()];
        for _ in clusters {
            if let Some(times) = times.get_mut(draws.below(clusters.len())) {
                *times += 1.0;
            }
        }
        area(&items, |cluster| times.get(cluster).copied().unwrap_or_default())
    };
    Estimate::bootstrapped(value, (0..resamples).filter_map(resample).collect())
}

/// An item and the cluster it belongs to.
struct Member {
    item: Scored,
    cluster: usize,
}

/// The items of all clusters by score; `None` if one is NaN.
fn ascending<'a>(clusters: impl Iterator<Item = &'a [Scored]>) -> Option<Vec<Member>> {
    let members = |(cluster, items): (usize, &'a [Scored])| {
        items.iter().map(move |&item| Member { item, cluster })
    };
    let mut items: Vec<_> = clusters.enumerate().flat_map(members).collect();
    if items.iter().any(|member| member.item.score.is_nan()) {
        return None;
    }
    items.sort_by(|a, b| a.item.score.total_cmp(&b.item.score));
    Some(items)
}

/// The area where each item of a cluster is there `times(cluster)` times.
fn area(ascending: &[Member], times: impl Fn(usize) -> f64) -> Option<f64> {
    let (mut right_before, mut wrong_before, mut pairs_won) = (0.0, 0.0, 0.0);
    // In ascending order, what is not less is equal.
    for equal in ascending.chunk_by(|a, b| a.item.score >= b.item.score) {
        let (mut right, mut wrong) = (0.0, 0.0);
        for Member { item, cluster } in equal {
            *if item.right { &mut right } else { &mut wrong } += times(*cluster);
        }
        pairs_won += right * (wrong_before + wrong / 2.0);
        right_before += right;
        wrong_before += wrong;
    }
    let pairs = right_before * wrong_before;
    (pairs > 0.0).then(|| pairs_won / pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(items: &[(f64, bool)]) -> Vec<Scored> {
        items.iter().map(|&(score, right)| Scored { score, right }).collect()
    }

    #[test]
    fn by_hand() {
        for (items, wanted) in [
            (&[][..], None),
            (&[(1.0, true), (2.0, true)], None),
            (&[(f64::NAN, true), (2.0, false)], None),
            (&[(1.0, false), (2.0, true)], Some(1.0)),
            (&[(2.0, false), (1.0, true)], Some(0.0)),
            (&[(0.0, false), (-0.0, true)], Some(0.5)),
            (&[(f64::NEG_INFINITY, false), (0.0, true), (f64::INFINITY, true)], Some(1.0)),
            (&[(1.0, false), (2.0, false), (2.0, true), (3.0, true)], Some(0.875)),
        ] {
            assert_eq!(auroc(&scored(items)), wanted, "{items:?}");
        }
    }

    #[test]
    fn it_counts_pairs() {
        let items: Vec<_> =
            (0..60).map(|i| ((i * i % 11) as f64, (i * 7 % 13 + i * i % 11) > 9)).collect();
        let (mut won, mut pairs) = (0.0, 0.0);
        for &(high, _) in items.iter().filter(|(_, right)| *right) {
            for &(low, _) in items.iter().filter(|(_, right)| !*right) {
                pairs += 1.0;
                won += f64::from(u8::from(high > low)) + f64::from(u8::from(high >= low));
            }
        }
        assert_eq!(auroc(&scored(&items)), Some(won / 2.0 / pairs));
        let reversed: Vec<_> = items.iter().map(|&(score, right)| (-score, right)).collect();
        assert!((auroc(&scored(&reversed)).unwrap() - (1.0 - won / 2.0 / pairs)).abs() < 1e-12);
    }

    #[test]
    fn items_of_one_fact_are_resampled_together() {
        let items: Vec<_> = (0..40).map(|i| ((i * 7 % 40) as f64, i * 3 % 40 > 15)).collect();
        let width = |wordings: usize| {
            let cluster = |item: &(f64, bool)| scored(&vec![*item; wordings]);
            let clusters: Vec<_> = items.iter().map(cluster).collect();
            let Estimate { value, low, high } = auroc_interval(&clusters, 500, 3).unwrap();
            assert!(low < value && value < high);
            high - low
        };
        // The same fact said five times is not five facts.
        assert!((width(1) - width(5)).abs() < 1e-12);
    }

    #[test]
    fn resamples_without_both_labels_are_left_out() {
        let clusters = [scored(&[(1.0, false)]), scored(&[(2.0, true)])];
        let certain = Estimate { value: 1.0, low: 1.0, high: 1.0 };
        assert_eq!(auroc_interval(&clusters, 100, 1), Some(certain));
        assert_eq!(auroc_interval(&clusters, 0, 1), None);
        assert_eq!(auroc_interval(&clusters[..1], 100, 1), None);
    }
}
