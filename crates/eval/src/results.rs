//! What is published of a run: enough of each outcome that others can recompute every number, in a file that a page can
//! load.

mod column;

use serde::{Deserialize, Serialize};

use crate::Verdict;
use crate::analysis::{FamilyTable, Table};
use crate::arms::Arm;
use crate::outcome::{Acts, End, Outcome, Signals};
use crate::shard::Log;
use crate::split::Part;
use crate::statistics::{Estimate, holm};
use column::{Column, verdicts, verdicts_of};

/// The version of the format.
pub const VERSION: u32 = 1;

/// A run and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// The version of the format.
    pub version: u32,
    /// Where it was made.
    pub origin: Origin,
    /// The program.
    pub generator: String,
    /// The SHA-256 of the model file.
    pub model: String,
    /// Which part of the items; `None` for questions from a file.
    pub part: Option<Part>,
    /// What the engine computed with.
    pub engine: String,
    /// What the items followed from.
    pub seed: String,
    /// What the draws followed from.
    pub draws: String,
    /// Most tokens of an answer.
    pub max_tokens: u32,
    /// Whether an answer ended with its first line.
    pub one_line: bool,
    /// What was compared.
    pub arms: Vec<Arm>,
    /// What came of it, by family.
    pub families: Vec<Family>,
    /// The comparisons that were named in advance.
    pub comparisons: Vec<Comparison>,
}

/// Where a run was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The commit of the program.
    pub commit: String,
    /// The commit that fixed the plan.
    pub plan: String,
    /// The processor, and how many of its threads were used.
    pub machine: String,
    /// The command.
    pub command: String,
    /// How long it took, in seconds, of all shares together.
    pub seconds: u64,
}

/// The outcomes of a family.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// Its name.
    pub name: String,
    /// The fact of each item.
    pub facts: Column,
    /// The level of each item.
    pub levels: Column,
    /// The arms, in their order.
    pub arms: Vec<Outcomes>,
    /// What the model knew in the first arm's answers: H, V and margin of the first token, then the means over the answer,
    /// then the mean log-probability; (items, 7).
    pub signals: Vec<[f32; 7]>,
}

/// The outcomes of an arm in a family, an item each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcomes {
    /// `r` for right, `w` for wrong, `n` for an answer that says nothing of the kind.
    pub verdicts: String,
    /// Tokens.
    pub tokens: Column,
    /// Tokens that were made.
    pub made: Column,
    /// Phrases begun.
    pub inserts: Column,
    /// Branchings.
    pub branchings: Column,
    /// Times that tokens were taken back.
    pub retractions: Column,
    /// Times that the best of several draws was taken.
    pub best_of: Column,
    /// The mean log-probability of a token, over all answers, in nats.
    pub log_probability: f64,
    /// The most tokens in a row that are there twice, the mean over all answers.
    pub repeated: f64,
}

/// A comparison that was named in advance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
}

/// Why a comparison can't be made.
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
    /// Of a log in which every item was run.
    ///
    /// # Errors
    /// Items are missing, or an arm of a comparison is.
    pub fn of(log: &Log, origin: Origin, named: &[(&str, &str)]) -> Result<Self, ResultsError> {
        let missing = log.missing().iter().map(|block| block.to - block.from).sum();
        if missing > 0 {
            return Err(ResultsError::Missing(missing));
        }
        let table = Table::of(log);
        let header = &log.header;
        let mut results = Self {
            version: VERSION,
            origin,
            generator: header.generator.clone(),
            model: header.model.clone(),
            part: header.part,
            engine: header.engine.clone(),
            seed: header.seed.clone(),
            draws: header.draws.clone(),
            max_tokens: header.max_tokens,
            one_line: header.one_line,
            arms: header.arms.clone(),
            families: table.families.iter().map(|it| Family::of(it, header.arms.len())).collect(),
            comparisons: Vec::new(),
        };
        results.comparisons = results.compare(named)?;
        Ok(results)
    }

    /// Comparisons, computed from the outcomes alone.
    ///
    /// # Errors
    /// An arm is missing.
    pub fn compare(&self, named: &[(&str, &str)]) -> Result<Vec<Comparison>, ResultsError> {
        let table = self.table();
        let arm = |name: &str| {
            let at = table.arms.iter().position(|own| own == name);
            at.ok_or_else(|| ResultsError::NoArm(name.to_owned()))
        };
        let mut found = Vec::new();
        for &(name, against) in named {
            let it = table
                .difference(arm(name)?, arm(against)?, None)
                .ok_or_else(|| ResultsError::Damaged(name.to_owned()))?;
            found.push(Comparison {
                arm: name.to_owned(),
                against: against.to_owned(),
                difference: Estimate { value: it.difference, low: it.low, high: it.high },
                p: it.p,
                corrected: it.p,
            });
        }
        let p: Vec<f64> = found.iter().map(|it| it.p).collect();
        for (comparison, corrected) in found.iter_mut().zip(holm(&p).unwrap_or_default()) {
            comparison.corrected = corrected;
        }
        Ok(found)
    }

    /// The outcomes as a table. Texts are not published, and signals only of the first arm.
    pub fn table(&self) -> Table {
        Table {
            arms: self.arms.iter().map(|arm| arm.name.clone()).collect(),
            families: self.families.iter().map(Family::table).collect(),
        }
    }
}

impl Family {
    fn of(table: &FamilyTable, arms: usize) -> Self {
        let of_arm = |arm: usize| table.outcomes.iter().filter_map(move |item| item.get(arm));
        let outcomes = |arm: usize| {
            let column = |number: fn(&Outcome) -> u32| of_arm(arm).map(number).collect();
            let count = table.outcomes.len().max(1) as f64;
            Outcomes {
                verdicts: verdicts(of_arm(arm).map(|outcome| outcome.verdict)),
                tokens: column(|outcome| outcome.tokens),
                made: column(|outcome| outcome.made),
                inserts: column(|outcome| outcome.acts.inserts),
                branchings: column(|outcome| outcome.acts.branchings),
                retractions: column(|outcome| outcome.acts.retractions),
                best_of: column(|outcome| outcome.acts.best_of),
                log_probability: of_arm(arm).map(|it| it.log_probability).sum::<f64>() / count,
                repeated: of_arm(arm).map(|it| f64::from(it.repeated)).sum::<f64>() / count,
            }
        };
        let signals = |outcome: &Outcome| {
            let Outcome { first, mean, .. } = outcome;
            let all = [
                first.entropy,
                first.varentropy,
                first.margin,
                mean.entropy,
                mean.varentropy,
                mean.margin,
                outcome.log_probability,
            ];
            // Three decimals, to keep the file small: some values tie then.
            all.map(|number| ((number * 1e3).round() / 1e3) as f32)
        };
        Self {
            name: table.name.clone(),
            facts: table.facts.iter().copied().collect(),
            levels: table.levels.iter().copied().collect(),
            arms: (0..arms).map(outcomes).collect(),
            signals: of_arm(0).map(signals).collect(),
        }
    }

    fn table(&self) -> FamilyTable {
        let facts = self.facts.numbers();
        let columns: Vec<Vec<Outcome>> = self.arms.iter().map(Outcomes::outcomes).collect();
        let outcomes = (0..facts.len()).map(|item| {
            let mut arms: Vec<Outcome> =
                columns.iter().filter_map(|column| column.get(item).cloned()).collect();
            if let (Some(first), Some(signals)) = (arms.first_mut(), self.signals.get(item)) {
                let [h, v, margin, mean_h, mean_v, mean_margin, log_probability] =
                    signals.map(f64::from);
                first.first = Signals { entropy: h, varentropy: v, margin };
                first.mean = Signals { entropy: mean_h, varentropy: mean_v, margin: mean_margin };
                first.log_probability = log_probability;
            }
            arms
        });
        FamilyTable {
            name: self.name.clone(),
            outcomes: outcomes.collect(),
            levels: self.levels.numbers(),
            facts,
        }
    }
}

impl Outcomes {
    fn outcomes(&self) -> Vec<Outcome> {
        let columns = [
            &self.tokens,
            &self.made,
            &self.inserts,
            &self.branchings,
            &self.retractions,
            &self.best_of,
        ];
        let columns = columns.map(Column::numbers);
        let number = |column: usize, item: usize| {
            columns.get(column).and_then(|numbers| numbers.get(item)).copied().unwrap_or_default()
        };
        let outcome = |(item, verdict): (usize, Verdict)| Outcome {
            verdict,
            claim: String::new(),
            text: String::new(),
            tokens: number(0, item),
            made: number(1, item),
            log_probability: self.log_probability,
            acts: Acts {
                inserts: number(2, item),
                branchings: number(3, item),
                retractions: number(4, item),
                best_of: number(5, item),
                ..Acts::default()
            },
            end: End::Model,
            repeated: 0,
            first: Signals::default(),
            mean: Signals::default(),
            ids: String::new(),
        };
        verdicts_of(&self.verdicts).enumerate().map(outcome).collect()
    }
}

#[cfg(test)]
mod tests;
