//! What came of a run: accuracies, differences, costs, and whether the model knew.

use std::collections::BTreeMap;

use crate::Verdict;
use crate::arms::Arm;
use crate::item::Item;
use crate::outcome::{Acts, End, Outcome, Signals};
use crate::shard::Log;
use crate::statistics::{
    Estimate, Example, NestedComparison, PairedDifference, Reliability, Scored, Stratum,
    auroc_interval, clustered_mean, compare_nested, paired_difference, reliability,
};

/// Resamples of an interval or a test.
const RESAMPLES: u32 = 10_000;
/// What they follow from.
const SEED: u64 = 1;
/// Parts of a cross-validation.
const FOLDS: usize = 10;
/// Bins of a reliability diagram.
const BINS: usize = 10;

/// Outcomes by family and arm.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Names of what is compared.
    pub arms: Vec<String>,
    /// Families with at least one item.
    pub families: Vec<FamilyTable>,
}

/// Outcomes of a family.
#[derive(Clone, Debug, PartialEq)]
pub struct FamilyTable {
    /// Its name.
    pub name: String,
    /// The fact of each item.
    pub facts: Vec<u32>,
    /// The level of each item.
    pub levels: Vec<u32>,
    /// (items, arms).
    pub outcomes: Vec<Vec<Outcome>>,
}

/// What an arm's answers are like in the mean.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Means {
    /// Answers.
    pub answers: usize,
    /// Tokens of an answer.
    pub tokens: f64,
    /// Tokens that were made for it.
    pub made: f64,
    /// Log-probability of a token, in nats.
    pub log_probability: f64,
    /// Share of answers that say nothing of the kind.
    pub nothing: f64,
    /// Tokens in a row that are there twice.
    pub repeated: f64,
    /// Acts of an answer: argmax, inserts, branchings, retractions.
    pub acts: [f64; 4],
    /// Share of answers that were cut.
    pub cut: f64,
    /// Share of answers in which something else was done than to take the most probable token or to draw.
    pub acted: f64,
}

/// What an answer's tokens say about how sure the model is; more is surer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sureness {
    /// Little H of the first token.
    FirstEntropy,
    /// Little V of the first token.
    FirstVarentropy,
    /// The margin of the first token.
    FirstMargin,
    /// Little H in the mean over the answer.
    MeanEntropy,
    /// Little V in the mean.
    MeanVarentropy,
    /// The margin in the mean.
    MeanMargin,
    /// The mean log-probability of the answer's tokens.
    LogProbability,
}

impl Sureness {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::FirstEntropy,
        Self::FirstVarentropy,
        Self::FirstMargin,
        Self::MeanEntropy,
        Self::MeanVarentropy,
        Self::MeanMargin,
        Self::LogProbability,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::FirstEntropy => "H, first token",
            Self::FirstVarentropy => "V, first token",
            Self::FirstMargin => "margin, first token",
            Self::MeanEntropy => "H, mean",
            Self::MeanVarentropy => "V, mean",
            Self::MeanMargin => "margin, mean",
            Self::LogProbability => "log-probability, mean",
        }
    }

    fn of(self, outcome: &Outcome) -> f64 {
        let Outcome { first, mean, .. } = outcome;
        let Signals { entropy, varentropy, margin } = match self {
            Self::FirstEntropy | Self::FirstVarentropy | Self::FirstMargin => first,
            _ => mean,
        };
        match self {
            Self::FirstEntropy | Self::MeanEntropy => -entropy,
            Self::FirstVarentropy | Self::MeanVarentropy => -varentropy,
            Self::FirstMargin | Self::MeanMargin => *margin,
            Self::LogProbability => outcome.log_probability,
        }
    }
}

impl Table {
    /// The outcomes of a log, by item.
    pub fn of(log: &Log) -> Self {
        let families = (0..).zip(&log.header.families).map(|(number, asked)| {
            let mut lines: Vec<_> =
                log.lines.iter().filter(|line| line.block.family == number).collect();
            lines.sort_by_key(|line| line.block.from);
            let done =
                lines.iter().flat_map(|line| (line.block.from..line.block.to).zip(&line.outcomes));
            let mut table = FamilyTable {
                name: asked.family.clone(),
                facts: Vec::new(),
                levels: Vec::new(),
                outcomes: Vec::new(),
            };
            for (item, outcomes) in done {
                let item = item as usize;
                if let (Some(fact), Some(level)) = (asked.facts.get(item), asked.levels.get(item)) {
                    table.facts.push(*fact);
                    table.levels.push(*level);
                    table.outcomes.push(outcomes.clone());
                }
            }
            table
        });
        Self {
            arms: log.header.conditions.arms.iter().map(|arm| arm.name.clone()).collect(),
            families: families.filter(|family| !family.outcomes.is_empty()).collect(),
        }
    }

    /// Outcomes of some items, family by family: (items, arms) of each.
    pub fn of_items<'a>(
        arms: &[Arm],
        families: impl IntoIterator<Item = (&'a [Item], Vec<Vec<Outcome>>)>,
    ) -> Self {
        let families = families.into_iter().map(|(items, outcomes)| FamilyTable {
            name: items.first().map(|item| item.family.clone()).unwrap_or_default(),
            facts: items.iter().map(|item| item.fact).collect(),
            levels: items.iter().map(|item| item.level).collect(),
            outcomes,
        });
        Self {
            arms: arms.iter().map(|arm| arm.name.clone()).collect(),
            families: families.filter(|family| !family.outcomes.is_empty()).collect(),
        }
    }

    /// Accuracy of an arm with its interval: of a family, or the mean over all of them.
    pub fn accuracy(&self, arm: usize, family: Option<usize>) -> Option<Estimate> {
        let strata = self.strata(family, |outcomes| Some(right(outcomes.get(arm)?)))?;
        clustered_mean(&strata, RESAMPLES, SEED)
    }

    /// Share of an arm's answers in a family that are right.
    pub fn share_right(&self, arm: usize, family: usize) -> f64 {
        let own: Vec<f64> = self.of_arm(arm, Some(family)).map(right).collect();
        own.iter().sum::<f64>() / own.len().max(1) as f64
    }

    /// By how much an arm's accuracy is above another's on the same items: of a family, or the mean over all.
    pub fn difference(
        &self,
        arm: usize,
        other: usize,
        family: Option<usize>,
    ) -> Option<PairedDifference> {
        let strata = self.strata(family, |outcomes| {
            Some(right(outcomes.get(arm)?) - right(outcomes.get(other)?))
        })?;
        paired_difference(&strata, RESAMPLES, SEED)
    }

    /// How well a number tells an arm's right answers of a family from the others: the share of pairs of a right and
    /// another answer of which the right one is surer, with its interval.
    pub fn discrimination(&self, arm: usize, by: Sureness, family: usize) -> Option<Estimate> {
        let scored = |outcomes: &Vec<Outcome>| {
            let outcome = outcomes.get(arm)?;
            Some(Scored { score: by.of(outcome), right: outcome.verdict == Verdict::Right })
        };
        let facts = self.families.get(family)?.by_fact(scored)?;
        auroc_interval(&facts, RESAMPLES / 10, SEED)
    }

    /// What V adds to H: how well a logistic regression on H of the first token and in the mean predicts whether an arm's
    /// answers in a family are right, without and with both V, on facts that it was not fitted to.
    pub fn added_by_varentropy(&self, arm: usize, family: usize) -> Option<NestedComparison> {
        let example = |outcomes: &Vec<Outcome>| {
            let Outcome { first, mean, verdict, .. } = outcomes.get(arm)?;
            let features = [first.entropy, mean.entropy, first.varentropy, mean.varentropy];
            Some(Example { features: features.to_vec(), right: *verdict == Verdict::Right })
        };
        let facts = self.families.get(family)?.by_fact(example)?;
        compare_nested(&facts, 2, FOLDS, RESAMPLES, SEED)
    }

    /// Whether answers to which an arm's model gives some probability, as a whole, are right that often.
    pub fn calibration(&self, arm: usize, family: Option<usize>) -> Option<Reliability> {
        let scored = |outcome: &Outcome| Scored {
            score: (outcome.log_probability * f64::from(outcome.tokens)).exp().clamp(0.0, 1.0),
            right: outcome.verdict == Verdict::Right,
        };
        let items: Vec<Scored> = self.of_arm(arm, family).map(scored).collect();
        reliability(&items, BINS)
    }

    /// The items of one level of difficulty alone.
    #[must_use]
    pub fn of_level(&self, level: u32) -> Self {
        let families = self.families.iter().map(|family| {
            let own: Vec<usize> =
                (0..family.levels.len()).filter(|&at| family.levels[at] == level).collect();
            let facts = own.iter().filter_map(|&at| family.facts.get(at).copied());
            let outcomes = own.iter().filter_map(|&at| family.outcomes.get(at).cloned());
            FamilyTable {
                name: family.name.clone(),
                facts: facts.collect(),
                levels: vec![level; own.len()],
                outcomes: outcomes.collect(),
            }
        });
        let families = families.filter(|family| !family.outcomes.is_empty()).collect();
        Self { arms: self.arms.clone(), families }
    }

    /// What an arm's answers are like, in a family or in all.
    pub fn means(&self, arm: usize, family: Option<usize>) -> Means {
        let own: Vec<&Outcome> = self.of_arm(arm, family).collect();
        let mean = |number: &dyn Fn(&Outcome) -> f64| {
            own.iter().map(|outcome| number(outcome)).sum::<f64>() / own.len().max(1) as f64
        };
        let act = |of: fn(&Acts) -> u32| mean(&|outcome| f64::from(of(&outcome.acts)));
        Means {
            answers: own.len(),
            tokens: mean(&|outcome| f64::from(outcome.tokens)),
            made: mean(&|outcome| f64::from(outcome.made)),
            log_probability: mean(&|outcome| outcome.log_probability),
            nothing: mean(&|outcome| f64::from(outcome.verdict == Verdict::Nothing)),
            repeated: mean(&|outcome| f64::from(outcome.repeated)),
            acts: [
                act(|acts| acts.argmax),
                act(|acts| acts.inserts),
                act(|acts| acts.branchings),
                act(|acts| acts.retractions),
            ],
            cut: mean(&|outcome| f64::from(outcome.end == End::Cut)),
            acted: mean(&|outcome| f64::from(outcome.acts.any())),
        }
    }

    /// The outcomes of an arm, in a family or in all.
    fn of_arm(&self, arm: usize, family: Option<usize>) -> impl Iterator<Item = &Outcome> {
        let families = self.families.iter().enumerate();
        let chosen = families.filter(move |(at, _)| family.is_none_or(|family| family == *at));
        let outcomes = chosen.flat_map(|(_, family)| &family.outcomes);
        outcomes.filter_map(move |outcomes| outcomes.get(arm))
    }

    /// A number of each item, by family and fact.
    fn strata(
        &self,
        family: Option<usize>,
        number: impl Fn(&Vec<Outcome>) -> Option<f64>,
    ) -> Option<Vec<Stratum>> {
        let families = self.families.iter().enumerate();
        let chosen = families.filter(|(at, _)| family.is_none_or(|family| family == *at));
        chosen.map(|(_, family)| Some(Stratum { clusters: family.by_fact(&number)? })).collect()
    }
}

impl FamilyTable {
    /// Something of each item, by fact; `None` if an item has none of it.
    fn by_fact<T>(&self, of: impl Fn(&Vec<Outcome>) -> Option<T>) -> Option<Vec<Vec<T>>> {
        let mut facts: BTreeMap<u32, Vec<T>> = BTreeMap::new();
        for (fact, outcomes) in self.facts.iter().zip(&self.outcomes) {
            facts.entry(*fact).or_default().push(of(outcomes)?);
        }
        Some(facts.into_values().collect())
    }
}

fn right(outcome: &Outcome) -> f64 {
    f64::from(outcome.verdict == Verdict::Right)
}

#[cfg(test)]
mod tests;
