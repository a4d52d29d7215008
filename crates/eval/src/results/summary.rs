//! The numbers that pages show, rounded to what can be read.

use serde::{Deserialize, Serialize};

use super::outcomes::{Family, Means};
use crate::analysis::{Sureness, Table};
use crate::statistics::{Bin, Estimate, NestedComparison};

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Summary {
    /// Names of the families.
    pub families: Vec<String>,
    /// By arm: over all families first, then each of them.
    pub arms: Vec<Vec<Cell>>,
    /// Whether the model knew, in the first arm's answers, by family.
    pub knowing: Vec<Knowing>,
}

/// An arm in a family, or in all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Cell {
    /// Share of answers that are right.
    pub accuracy: Estimate,
    /// By how much more than of the first arm's; left out for itself. It is not corrected for the number of arms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<Estimate>,
    /// Accuracy by level of difficulty, the easiest first, null for one without items; left out over all families.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Option<f64>>,
    /// Tokens of an answer.
    pub tokens: f64,
    /// Tokens that were made for it.
    pub made: f64,
    /// Share of answers that say nothing of the kind.
    pub nothing: f64,
    /// Share of answers in which something else was done than to take the most probable token or to draw.
    pub acted: f64,
    /// Phrases, branchings and retractions of an answer.
    pub acts: [f64; 3],
    /// What is known of the answers as means only.
    pub means: Means,
}

/// Whether what the model knew tells right answers of a family from others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Knowing {
    /// AUROC of each number, in the order of [`Sureness::ALL`]; left out where all answers are right, or none.
    pub auroc: Vec<Option<Estimate>>,
    /// The reliability diagram of an answer's probability.
    pub reliability: Vec<Bin>,
    /// What V adds to H.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added_by_varentropy: Option<NestedComparison>,
}

impl Summary {
    pub(super) fn is_empty(&self) -> bool {
        self.families.is_empty()
    }

    pub(super) fn of(table: &Table, families: &[Family]) -> Self {
        let places = || std::iter::once(None).chain((0..table.families.len()).map(Some));
        let highest = table.families.iter().flat_map(|family| family.levels.iter().copied()).max();
        let levels: Vec<Table> =
            (1..=highest.unwrap_or_default()).map(|level| table.of_level(level)).collect();
        let cell = |arm: usize, family: Option<usize>| {
            let accuracy = table.accuracy(arm, family)?;
            let difference = (arm > 0).then(|| table.difference(arm, 0, family)).flatten();
            let name = family.and_then(|family| table.families.get(family)).map(|own| &own.name);
            let levels = name.into_iter().flat_map(|name| levels.iter().map(move |of| (name, of)));
            let levels = levels.map(|(name, of)| {
                let own = of.families.iter().position(|family| family.name == *name)?;
                Some(round(of.share_right(arm, own)))
            });
            let means = table.means(arm, family);
            let [_, inserts, branchings, retractions] = means.acts;
            Some(Cell {
                accuracy: estimate(accuracy),
                difference: difference.map(|it| Estimate {
                    value: round(it.difference),
                    low: round(it.low),
                    high: round(it.high),
                }),
                levels: levels.collect(),
                tokens: round(means.tokens),
                made: round(means.made),
                nothing: round(means.nothing),
                acted: round(means.acted),
                acts: [inserts, branchings, retractions].map(round),
                means: published(arm, family, families),
            })
        };
        Self {
            families: table.families.iter().map(|family| family.name.clone()).collect(),
            arms: (0..table.arms.len())
                .map(|arm| places().filter_map(|family| cell(arm, family)).collect())
                .collect(),
            knowing: (0..table.families.len()).map(|family| Knowing::of(table, family)).collect(),
        }
    }
}

impl Knowing {
    fn of(table: &Table, family: usize) -> Self {
        let auroc = |by| table.discrimination(0, by, family).map(estimate);
        let bins = table.calibration(0, Some(family)).map(|it| it.bins).unwrap_or_default();
        let bin = |bin: Bin| Bin {
            prediction: round(bin.prediction),
            right: estimate(bin.right),
            count: bin.count,
        };
        let added = table.added_by_varentropy(0, family).map(|it| NestedComparison {
            base: round(it.base),
            full: round(it.full),
            gain: estimate(it.gain),
        });
        Self {
            auroc: Sureness::ALL.map(auroc).to_vec(),
            reliability: bins.into_iter().map(bin).collect(),
            added_by_varentropy: added,
        }
    }
}

/// Means of a family, or the mean of all families' weighted by their items.
fn published(arm: usize, family: Option<usize>, families: &[Family]) -> Means {
    let own = families.iter().enumerate().filter(|(at, _)| family.is_none_or(|own| own == *at));
    let own: Vec<(f64, Means)> = own
        .filter_map(|(_, family)| {
            let arm = family.arms.get(arm)?;
            Some((arm.verdicts.len() as f64, arm.means))
        })
        .collect();
    let items: f64 = own.iter().map(|(items, _)| items).sum();
    let mean = |number: &dyn Fn(&Means) -> f64| {
        round(own.iter().map(|(items, means)| items * number(means)).sum::<f64>() / items.max(1.0))
    };
    Means {
        seconds: mean(&|it| it.seconds),
        log_probability: mean(&|it| it.log_probability),
        repeated: mean(&|it| it.repeated),
        cut: mean(&|it| it.cut),
        argmax: mean(&|it| it.argmax),
        rules: [0, 1, 2, 3, 4].map(|at| mean(&|it| it.rules.get(at).copied().unwrap_or_default())),
    }
}

fn estimate(it: Estimate) -> Estimate {
    Estimate { value: round(it.value), low: round(it.low), high: round(it.high) }
}

/// Four decimals: hundredths of a point.
fn round(number: f64) -> f64 {
    (number * 1e4).round() / 1e4
}
