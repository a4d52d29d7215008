//! Calibration: does what is predicted with 70 % come true 70 % of the time?

use serde::{Deserialize, Serialize};

use super::auroc::Scored;
use super::estimate::{Estimate, wilson};

/// Items of about the same predicted probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Bin {
    /// Mean predicted probability.
    pub prediction: f64,
    /// Share of right items, with its Wilson interval.
    pub right: Estimate,
    /// Number of items.
    pub count: usize,
}

/// A reliability diagram.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reliability {
    /// Bins by ascending prediction.
    pub bins: Vec<Bin>,
    /// Mean over items of |prediction − share right| of their bins (Naeini et al. 2015, with bins
    /// of equal count instead of equal width): a probability.
    pub expected_calibration_error: f64,
}

/// Reliability of predicted probabilities (the scores), in up to `bins` bins of about the same
/// count.
///
/// Equal predictions share a bin, so that the order of items changes nothing; where there are many
/// of them, bins are fewer. The intervals take items as independent. `None` without items or bins,
/// and if a score is not in [0, 1].
pub fn reliability(items: &[Scored], bins: usize) -> Option<Reliability> {
    let probable = items.iter().all(|item| (0.0..=1.0).contains(&item.score));
    if items.is_empty() || bins == 0 || !probable {
        return None;
    }
    let mut ascending = items.to_vec();
    ascending.sort_by(|a, b| a.score.total_cmp(&b.score));
    let numbered = numbered(&ascending, bins);
    let bins: Vec<_> = numbered.chunk_by(|a, b| a.0 == b.0).filter_map(bin).collect();
    let errors = bins.iter().map(|bin| bin.count as f64 * (bin.prediction - bin.right.value).abs());
    let expected_calibration_error = errors.sum::<f64>() / items.len() as f64;
    Some(Reliability { bins, expected_calibration_error })
}

/// Each item after the number of its bin: the one of `bins` equal parts where the middle of its
/// equals lies.
fn numbered(ascending: &[Scored], bins: usize) -> Vec<(usize, Scored)> {
    let mut numbered = Vec::with_capacity(ascending.len());
    // In ascending order, what is not less is equal.
    for equal in ascending.chunk_by(|a, b| a.score >= b.score) {
        let middle_twice = 2 * numbered.len() + equal.len();
        let number = middle_twice * bins / (2 * ascending.len());
        numbered.extend(equal.iter().map(|&item| (number, item)));
    }
    numbered
}

fn bin(items: &[(usize, Scored)]) -> Option<Bin> {
    let count = items.len();
    let prediction = items.iter().map(|(_, item)| item.score).sum::<f64>() / count as f64;
    let right = wilson(items.iter().filter(|(_, item)| item.right).count(), count)?;
    Some(Bin { prediction, right, count })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(scores: &[f64]) -> Vec<Scored> {
        let item = |(i, &score): (usize, &f64)| Scored { score, right: i % 2 == 0 };
        scores.iter().enumerate().map(item).collect()
    }

    fn counts(scores: &[f64], bins: usize) -> Vec<usize> {
        reliability(&items(scores), bins).unwrap().bins.iter().map(|bin| bin.count).collect()
    }

    #[test]
    fn bins_have_equal_counts_where_scores_differ() {
        for (len, bins, wanted) in [
            (12, 3, &[4, 4, 4][..]),
            (10, 4, &[2, 3, 2, 3]),
            (3, 5, &[1, 1, 1]),
            (7, 1, &[7]),
            (1, 1, &[1]),
        ] {
            let scores: Vec<_> = (0..len).map(|i| i as f64 / 20.0).collect();
            assert_eq!(counts(&scores, bins), wanted);
        }
        for len in 1..60 {
            let scores: Vec<_> = (0..len).map(|i| i as f64 / 60.0).collect();
            for bins in 1..=len {
                let counts = counts(&scores, bins);
                assert_eq!((counts.len(), counts.iter().sum::<usize>()), (bins, len));
                assert!(
                    counts.iter().all(|count| [len / bins, len.div_ceil(bins)].contains(count))
                );
            }
        }
    }

    #[test]
    fn equal_scores_share_a_bin() {
        assert_eq!(counts(&[0.5; 9], 3), [9]);
        assert_eq!(counts(&[0.1, 0.2, 0.2, 0.2, 0.2, 0.9], 3), [1, 4, 1]);
        assert_eq!(counts(&[0.9, 0.1, 0.9, 0.1, 0.9, 0.9], 2), [2, 4]);
    }

    #[test]
    fn the_error_is_what_prediction_and_share_differ_by() {
        // Scores of 0.2, of which half are right, and of 0.75, all right.
        let mut all = items(&[0.2; 4]);
        all.extend([Scored { score: 0.75, right: true }; 4]);
        let found = reliability(&all, 2).unwrap();
        assert!((found.expected_calibration_error - 0.275).abs() < 1e-15);
        assert_eq!((found.bins[0].right, found.bins[0].count), (wilson(2, 4).unwrap(), 4));
        all.reverse();
        assert_eq!(reliability(&all, 2), Some(found));
    }

    #[test]
    fn nothing_to_show() {
        assert_eq!(reliability(&[], 3), None);
        assert_eq!(reliability(&items(&[0.5]), 0), None);
        assert_eq!(reliability(&items(&[0.5, 1.5]), 1), None);
        assert_eq!(reliability(&items(&[f64::NAN]), 1), None);
    }
}
