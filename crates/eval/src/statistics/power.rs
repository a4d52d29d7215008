//! What a planned test will find: simulated data, tested as the real ones will be.

use super::clusters::{Strata, Totals};
use super::random::Purpose;
use super::sign_flip;
use crate::random::Random;

/// A comparison of methods A and B that is planned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlannedTest {
    /// Number of task families.
    pub families: usize,
    /// Facts in each family.
    pub facts: usize,
    /// Items, that is, wordings, of each fact.
    pub items: usize,
    /// Accuracy of A. Beside the others it only limits what is possible.
    pub accuracy: f64,
    /// Share of items that exactly one of the two gets right.
    pub discordant: f64,
    /// True difference in accuracy, B − A.
    pub difference: f64,
    /// Probability that all wordings of a fact share one draw, else each has its own: the
    /// correlation of the differences of two wordings.
    pub correlation: f64,
    /// The level α at which p is significant.
    pub level: f64,
}

/// Share of `simulations` in which the test finds a difference: p ≤ level, with p of
/// [`paired_difference`].
///
/// The power of the test, or at a difference of 0 its rate of false positives. `resamples` are
/// those of the permutation. `None` for a test that is not possible: nothing to test, what is no
/// probability, a difference that discordant items or accuracies in [0, 1] can't give, or a level
/// that no p of so few resamples reaches.
///
/// [`paired_difference`]: super::paired_difference
pub fn power(test: &PlannedTest, simulations: u32, resamples: u32, seed: u64) -> Option<f64> {
    let outcomes = Outcomes::of(test)?;
    if simulations == 0 || test.level * (1.0 + f64::from(resamples)) < 1.0 {
        return None;
    }
    let mut data = Purpose::Simulation.draws(seed);
    let mut signs = Purpose::SignFlip.draws(seed);
    let mut found = 0;
    for _ in 0..simulations {
        let strata = outcomes.simulated(test, &mut data)?;
        found += u32::from(sign_flip::p_value(&strata, resamples, &mut signs) <= test.level);
    }
    Some(f64::from(found) / f64::from(simulations))
}

/// Probabilities of what can come of an item.
struct Outcomes {
    /// Only B is right.
    gain: f64,
    /// Only A is right.
    loss: f64,
}

impl Outcomes {
    fn of(test: &PlannedTest) -> Option<Self> {
        // What rounding may make of 0.
        const ZERO: f64 = -1e-12;
        let gain = f64::midpoint(test.discordant, test.difference);
        let loss = f64::midpoint(test.discordant, -test.difference);
        let (both, neither) = (test.accuracy - loss, 1.0 - test.accuracy - gain);
        let outcomes = [gain, loss, both, neither].iter().all(|p| *p >= ZERO);
        let correlated = (0.0..=1.0).contains(&test.correlation);
        let items = test.families.min(test.facts).min(test.items) > 0;
        (outcomes && correlated && items).then_some(Self { gain, loss })
    }

    fn simulated(&self, test: &PlannedTest, draws: &mut Random) -> Option<Strata> {
        let items = test.items as f64;
        let mut fact = |_| {
            let sum = if draws.unit() < test.correlation {
                self.difference(draws) * items
            } else {
                (0..test.items).map(|_| self.difference(draws)).sum()
            };
            Totals { sum, items }
        };
        Strata::new((0..test.families).map(|_| (0..test.facts).map(&mut fact).collect()).collect())
    }

    /// B's result minus A's on one item: −1, 0 or 1.
    fn difference(&self, draws: &mut Random) -> f64 {
        let u = draws.unit();
        if u < self.gain {
            1.0
        } else if u < self.gain + self.loss {
            -1.0
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEST: PlannedTest = PlannedTest {
        families: 3,
        facts: 40,
        items: 3,
        accuracy: 0.6,
        discordant: 0.2,
        difference: 0.0,
        correlation: 0.5,
        level: 0.05,
    };

    #[test]
    fn without_a_difference_it_is_the_level() {
        for test in [
            TEST,
            PlannedTest { families: 1, facts: 25, items: 1, discordant: 0.4, ..TEST },
            PlannedTest { correlation: 1.0, ..TEST },
            PlannedTest { families: 9, facts: 10, correlation: 0.0, ..TEST },
        ] {
            let found = power(&test, 1000, 199, 1).unwrap();
            assert!((0.02..=0.06).contains(&found), "{test:?}: {found}");
        }
    }

    #[test]
    fn power_grows_with_items_and_difference_and_shrinks_with_correlation() {
        let of = |test| power(&test, 400, 199, 2).unwrap();
        let usual = PlannedTest { difference: 0.07, ..TEST };
        let found = of(usual);
        assert!((0.4..0.9).contains(&found), "{found}");
        assert!(of(PlannedTest { facts: 80, ..usual }) > found + 0.1);
        assert!(of(PlannedTest { difference: 0.1, ..usual }) > found + 0.1);
        assert!(of(PlannedTest { correlation: 1.0, ..usual }) < found - 0.1);
        assert!((of(PlannedTest { difference: -0.07, ..usual }) - found).abs() < 0.1);
    }

    #[test]
    fn a_test_of_independent_items_has_the_power_of_a_normal_one() {
        // 400 items, difference 0.06, standard deviation √(0.2 − 0.06²): Φ(0.06 · 20 / 0.443 −
        // 1.96) = 0.773.
        let test = PlannedTest { families: 1, facts: 400, items: 1, difference: 0.06, ..TEST };
        let found = power(&test, 1000, 399, 3).unwrap();
        assert!((found - 0.773).abs() < 0.06, "{found}");
    }

    #[test]
    fn impossible_tests() {
        for test in [
            PlannedTest { families: 0, ..TEST },
            PlannedTest { facts: 0, ..TEST },
            PlannedTest { items: 0, ..TEST },
            PlannedTest { difference: 0.3, ..TEST },
            PlannedTest { accuracy: 0.05, ..TEST },
            PlannedTest { accuracy: 0.95, ..TEST },
            PlannedTest { correlation: 1.1, ..TEST },
            PlannedTest { discordant: f64::NAN, ..TEST },
            PlannedTest { level: 0.001, ..TEST },
        ] {
            assert_eq!(power(&test, 10, 199, 1), None, "{test:?}");
        }
        assert_eq!(power(&TEST, 0, 199, 1), None);
        // All discordant items to one side: 0.2 − 0.2 may round below 0.
        let one_sided = PlannedTest { discordant: 0.3, difference: 0.3, ..TEST };
        assert_eq!(power(&one_sided, 10, 199, 1), Some(1.0));
    }
}
