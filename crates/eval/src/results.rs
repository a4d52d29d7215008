//! What is published of runs: enough of each outcome that others can recompute every number, in a file that a page can
//! load.

mod column;
mod outcomes;
mod summary;

use serde::{Deserialize, Serialize};

use crate::Arm;
use crate::analysis::Table;
use crate::plan::TIERS;
use crate::shard::{Conditions, Log};
use crate::statistics::{Estimate, PairedDifference, holm};
pub use outcomes::{Family, Outcomes};
pub use summary::{Cell, Knowing, Summary};

/// The version of the format.
pub const VERSION: u32 = 1;

/// Runs and what came of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Results {
    /// The version of the format.
    pub version: u32,
    /// One for each tier of the plan.
    pub runs: Vec<Run>,
}

/// A run and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Run {
    /// Its name in the plan.
    pub tier: String,
    /// Where it was made.
    pub origin: Origin,
    /// What answers depended on.
    pub conditions: Conditions,
    /// The comparisons that were named in advance.
    pub comparisons: Vec<Comparison>,
    /// Differences that are shown besides, without a finding.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub besides: Vec<Difference>,
    /// All other numbers that are shown; left out beside the outcomes, from which they follow.
    #[serde(default, skip_serializing_if = "Summary::is_empty")]
    pub summary: Summary,
    /// The outcomes themselves, by family; left out where they are not needed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub families: Vec<Family>,
}

/// Where a run was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Origin {
    /// Files of the program that changed after the plan was fixed.
    pub changed: Vec<String>,
    /// The SHA-256 of each log, which has all answers.
    pub logs: Vec<String>,
    /// The processor, and how many of its threads were used.
    pub machine: String,
    /// The command.
    pub command: String,
    /// How long it took, in seconds, of all shares together.
    pub seconds: u64,
}

/// A comparison that was named in advance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Comparison {
    /// The arm.
    pub arm: String,
    /// What it is compared with.
    pub against: String,
    /// By how much more of the answers are right, the mean over families, with its 95 % interval.
    pub difference: Estimate,
    /// Two-sided p.
    pub p: f64,
    /// p after Holm's correction for all of them.
    pub corrected: f64,
    /// What may be said.
    pub finding: Finding,
}

/// A difference without a finding: it is corrected for nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Difference {
    /// The arm.
    pub arm: String,
    /// What it is compared with.
    pub against: String,
    /// By how much more of the answers are right, the mean over families, with its 95 % interval.
    pub difference: Estimate,
}

/// What may be said of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Finding {
    /// More answers are right: corrected p at most 0.05.
    Helps,
    /// Fewer are: corrected p at most 0.05.
    Hurts,
    /// No effect that matters: the interval lies within ±2 points.
    NoEffect,
    /// Neither: the interval is too wide to tell.
    Unclear,
    /// Nothing can be said: the arm does something else than to take the most probable token or to draw one in less than a
    /// tenth of its answers, or those that are voted about are fewer than three in the mean.
    Untested,
    /// Nothing can be said: a control did not act as often.
    Unmatched,
}

/// "No effect" lies within this, as a share.
const NO_EFFECT: f64 = 0.02;
/// What acts in fewer answers is untested, as a share.
const TESTED: f64 = 0.1;
/// Level of the corrected p.
const LEVEL: f64 = 0.05;

/// Acts of an answer of a control are as many within this, relative to those of the arm …
const MATCHED: f64 = 0.1;
/// … or within this, an answer.
const FEW: f64 = 0.02;
/// Answers that make a vote.
const VOTES: f64 = 3.0;

impl Finding {
    /// Of a difference and its corrected p, where both arms did what they are compared for.
    pub fn of(difference: &Estimate, corrected: f64) -> Self {
        if corrected <= LEVEL {
            return if difference.value > 0.0 { Self::Helps } else { Self::Hurts };
        }
        let small = difference.low >= -NO_EFFECT && difference.high <= NO_EFFECT;
        if small { Self::NoEffect } else { Self::Unclear }
    }

    /// Why nothing can be said of an arm and what it is compared with, if so.
    fn refused(table: &Table, arms: [(&Arm, usize); 2]) -> Option<Self> {
        let [(arm, at), (against, other)] = arms;
        if arm.acts() && table.means(at, None).acted < TESTED {
            return Some(Self::Untested);
        }
        if against.votes().is_some_and(|answers| answers < VOTES) {
            return Some(Self::Untested);
        }
        // Phrases, branchings and retractions; how often the most probable token is taken follows from them.
        let acts = |at| table.means(at, None).acts;
        let matched = acts(at)
            .into_iter()
            .zip(acts(other))
            .skip(1)
            .all(|(own, other)| (own - other).abs() <= f64::max(FEW, MATCHED * own));
        (against.is_control() && !matched).then_some(Self::Unmatched)
    }
}

/// Why a run can't be published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResultsError {
    /// Items that were not run.
    #[error("{0} items are still to be run")]
    Missing(u32),
    /// A comparison with something that was not run.
    #[error("there is no {0:?} in this run")]
    NoArm(String),
    /// Columns that don't fit together.
    #[error("the outcomes of {0:?} do not fit its items: the file is damaged")]
    Damaged(String),
}

impl Results {
    /// Puts a run in the place of what was there of its tier; tiers stand in the plan's order.
    pub fn put(&mut self, run: Run) {
        self.runs.retain(|own| own.tier != run.tier);
        self.runs.push(run);
        // They follow from the outcomes.
        for run in self.runs.iter_mut().filter(|run| !run.families.is_empty()) {
            run.summary = Summary::default();
        }
        self.runs.sort_by_key(|run| TIERS.iter().position(|tier| tier.name == run.tier));
    }

    /// What pages show of them: summaries in the place of outcomes.
    ///
    /// # Errors
    /// A family's columns don't fit together.
    pub fn shown(&self) -> Result<Self, ResultsError> {
        let runs = self.runs.iter().map(Run::shown).collect::<Result<_, _>>()?;
        Ok(Self { version: self.version, runs })
    }
}

impl Run {
    /// Of a log in which every item was run.
    ///
    /// # Errors
    /// Items are missing, or an arm of a comparison is.
    pub fn of(
        tier: &str,
        log: &Log,
        origin: Origin,
        named: &[(&str, &str)],
        besides: &[(&str, &str)],
    ) -> Result<Self, ResultsError> {
        let missing = log.missing().iter().map(|block| block.to - block.from).sum();
        if missing > 0 {
            return Err(ResultsError::Missing(missing));
        }
        let table = Table::of(log);
        let arms = log.header.conditions.arms.len();
        let families = table.families.iter().map(|family| {
            let number = log.header.families.iter().position(|asked| asked.family == family.name);
            let lines = log.lines.iter().filter(|line| Some(line.block.family as usize) == number);
            let seconds = |arm: usize| lines.clone().filter_map(|line| line.seconds.get(arm)).sum();
            Family::of(family, &(0..arms).map(seconds).collect::<Vec<f64>>())
        });
        let mut run = Self {
            tier: tier.to_owned(),
            origin,
            conditions: log.header.conditions.clone(),
            comparisons: Vec::new(),
            besides: Vec::new(),
            summary: Summary::default(),
            families: families.collect(),
        };
        run.comparisons = run.compare(named)?;
        run.besides = run.differences(besides)?;
        Ok(run)
    }

    /// Comparisons, computed from the outcomes alone.
    ///
    /// # Errors
    /// An arm is missing, or outcomes are.
    pub fn compare(&self, named: &[(&str, &str)]) -> Result<Vec<Comparison>, ResultsError> {
        let table = self.table()?;
        let arm = |name: &str| self.arm(name);
        let mut found = Vec::new();
        for &(name, against) in named {
            let it = self.difference(&table, name, against)?;
            found.push(Comparison {
                arm: name.to_owned(),
                against: against.to_owned(),
                difference: Estimate { value: it.difference, low: it.low, high: it.high },
                p: it.p,
                corrected: it.p,
                finding: Finding::Unclear,
            });
        }
        let p: Vec<f64> = found.iter().map(|it| it.p).collect();
        for (comparison, corrected) in found.iter_mut().zip(holm(&p).unwrap_or_default()) {
            comparison.corrected = corrected;
            let numbers = [arm(&comparison.arm)?, arm(&comparison.against)?];
            let [one, other] = numbers.map(|at| self.conditions.arms.get(at).map(|arm| (arm, at)));
            let refused =
                one.zip(other).and_then(|(one, other)| Finding::refused(&table, [one, other]));
            comparison.finding =
                refused.unwrap_or_else(|| Finding::of(&comparison.difference, corrected));
        }
        Ok(found)
    }

    /// Differences, computed from the outcomes alone.
    ///
    /// # Errors
    /// An arm is missing, or outcomes are.
    pub fn differences(&self, named: &[(&str, &str)]) -> Result<Vec<Difference>, ResultsError> {
        let table = self.table()?;
        let difference = |&(arm, against): &(&str, &str)| {
            let it = self.difference(&table, arm, against)?;
            let difference = Estimate { value: it.difference, low: it.low, high: it.high };
            Ok(Difference { arm: arm.to_owned(), against: against.to_owned(), difference })
        };
        named.iter().map(difference).collect()
    }

    fn difference(
        &self,
        table: &Table,
        arm: &str,
        against: &str,
    ) -> Result<PairedDifference, ResultsError> {
        let it = table.difference(self.arm(arm)?, self.arm(against)?, None);
        it.ok_or_else(|| ResultsError::Damaged(arm.to_owned()))
    }

    fn arm(&self, name: &str) -> Result<usize, ResultsError> {
        let at = self.conditions.arms.iter().position(|own| own.name == name);
        at.ok_or_else(|| ResultsError::NoArm(name.to_owned()))
    }

    /// All other numbers, computed from the outcomes alone.
    ///
    /// # Errors
    /// Outcomes are missing.
    pub fn summarised(&self) -> Result<Summary, ResultsError> {
        Ok(Summary::of(&self.table()?, &self.families))
    }

    /// The outcomes as a table, as far as they are published: no texts and claims; signals and log-probabilities of single
    /// answers only of the first arm; of tokens that were taken, cut answers and rules only means.
    ///
    /// # Errors
    /// A family's columns don't fit together.
    pub fn table(&self) -> Result<Table, ResultsError> {
        let arms = self.conditions.arms.len();
        let table = |family: &Family| {
            family.table(arms).ok_or_else(|| ResultsError::Damaged(family.name.clone()))
        };
        Ok(Table {
            arms: self.conditions.arms.iter().map(|arm| arm.name.clone()).collect(),
            families: self.families.iter().map(table).collect::<Result<_, _>>()?,
        })
    }

    /// What pages show of it; as it is where outcomes were left out.
    fn shown(&self) -> Result<Self, ResultsError> {
        if self.families.is_empty() {
            return Ok(self.clone());
        }
        let summary = self.summarised()?;
        Ok(Self { summary, families: Vec::new(), ..self.clone() })
    }
}

#[cfg(test)]
mod tests;
