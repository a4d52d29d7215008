//! The permutation test of a paired difference: signs flipped by cluster.

use super::clusters::Strata;
use crate::random::Random;

/// What rounding may change of a sum, relative to the sum of its parts without their signs.
const ROUNDING: f64 = 1e-12;

/// Two-sided p of the hypothesis that swapping the two methods on a cluster changes nothing.
///
/// All differences of a cluster flip together. p = (1 + #{|T*| ≥ |T|}) / (1 + `resamples`), with T
/// the pooled mean (Phipson and Smyth 2010, doi:10.2202/1544-6115.1585).
pub(super) fn p_value(strata: &Strata, resamples: u32, draws: &mut Random) -> f64 {
    // Flipped at random, a sum and its negative are the same, and 0 is 0.
    let mut sizes: Vec<_> = strata.contributions().map(f64::abs).filter(|&s| s > 0.0).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    // Of n equal sizes as many are positive as n coins show heads.
    let groups: Vec<_> = sizes
        .chunk_by(|a, b| a.total_cmp(b).is_eq())
        .filter_map(|equal| Some((*equal.first()?, equal.len() as u32)))
        .collect();
    let observed = strata.mean().abs() - ROUNDING * sizes.iter().sum::<f64>();
    let flipped = |_: &u32| {
        let part = |&(size, count): &(f64, u32)| {
            size * (2.0 * f64::from(draws.heads(count)) - f64::from(count))
        };
        groups.iter().map(part).sum::<f64>().abs() >= observed
    };
    let as_far = (0..resamples).filter(flipped).count();
    (1.0 + as_far as f64) / (1.0 + f64::from(resamples))
}

#[cfg(test)]
mod tests {
    use super::super::clusters::Totals;
    use super::super::random::Purpose;
    use super::*;

    fn p(strata: &[&[f64]]) -> f64 {
        let totals = |&sum: &f64| Totals { sum, items: 1.0 };
        let strata = strata.iter().map(|sums| sums.iter().map(totals).collect()).collect();
        p_value(&Strata::new(strata).unwrap(), 9999, &mut Purpose::SignFlip.draws(1))
    }

    #[test]
    fn it_is_the_share_of_sign_patterns() {
        // By hand: 2 of 2⁵ patterns are as far; 2 · (1 + 5) of 2⁵; all.
        for (sums, wanted) in [
            (&[1.0; 5][..], 2.0 / 32.0),
            (&[1.0, 1.0, 1.0, -1.0, 1.0, 0.0, 0.0], 12.0 / 32.0),
            (&[1.0, -1.0], 1.0),
            (&[0.0, 0.0], 1.0),
        ] {
            assert!((p(&[sums]) - wanted).abs() < 0.025, "{sums:?}: {}", p(&[sums]));
        }
        assert_eq!((p(&[&[1.0, -1.0]]), p(&[&[0.0]])), (1.0, 1.0));
    }

    #[test]
    fn rounding_breaks_no_tie() {
        // 0.1 + 0.2 + 0.3 and its parts in another order, over strata of 3 and 7 items.
        let tied = p(&[&[0.1, 0.2, -0.3], &[0.7, -0.1, -0.2, -0.4, 0.0, 0.0, 0.0]]);
        assert!((tied - 1.0).abs() < 1e-12, "{tied}");
        assert!((p(&[&[0.1, 0.2, 0.3]]) - 0.25).abs() < 0.02);
    }

    #[test]
    fn it_is_never_0() {
        assert!((p(&[&[1.0; 200]]) - 1e-4).abs() < 1e-12);
    }
}
