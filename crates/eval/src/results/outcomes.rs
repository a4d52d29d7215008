//! Outcomes of a family, a letter or two each.

use serde::{Deserialize, Serialize};

use super::column::{Column, verdicts, verdicts_of};
use crate::Verdict;
use crate::analysis::FamilyTable;
use crate::outcome::{Acts, End, Outcome, Signals};
use crate::plan::BLOCK;

/// The outcomes of a family.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Family {
    /// Its name.
    pub name: String,
    /// The fact of each item.
    pub facts: Column,
    /// The level of each item.
    pub levels: Column,
    /// The arms, in their order.
    pub arms: Vec<Outcomes>,
    /// What the model knew in the first arm's answers, in thousandths: H, V and margin of the first token, the means over the
    /// answer, and the mean surprise of its tokens in nats.
    pub signals: [Column; 7],
}

/// The outcomes of an arm in a family, an item each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Outcomes {
    /// `r` for right, `w` for wrong, `n` for an answer that says nothing of the kind.
    pub verdicts: String,
    /// Tokens.
    pub tokens: Column,
    /// Tokens that were made beyond those.
    pub beyond: Column,
    /// Phrases begun.
    pub inserts: Column,
    /// Branchings.
    pub branchings: Column,
    /// Times that tokens were taken back.
    pub retractions: Column,
    /// Times that the best of several draws was taken.
    pub best_of: Column,
    /// 20 bits of the SHA-256 of the token ids, of the first answers: whoever runs it again can see that they are the same.
    pub ids: Column,
    /// Means over all answers.
    pub means: Means,
}

/// What is published of an arm's answers in a family as means only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Means {
    /// Time of an answer in seconds, while others are made beside it.
    pub seconds: f64,
    /// Log-probability of a token, in nats.
    pub log_probability: f64,
    /// The most tokens in a row that are there twice.
    pub repeated: f64,
    /// Share of answers that were cut.
    pub cut: f64,
    /// Times that the most probable token was taken.
    pub argmax: f64,
    /// How often each rule decided.
    pub rules: [f64; 5],
}

/// Answers of which the token ids are published: a block, since shams need all of it.
const FINGERPRINTS: usize = BLOCK as usize;

/// The number that is published of a fingerprint: its first 20 bits.
pub(super) fn short(ids: &str) -> u32 {
    ids.get(..5).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or_default()
}

/// In thousandths.
fn thousandths(number: f64) -> u32 {
    (number.max(0.0) * 1e3).round() as u32
}

/// To the nearest: more digits say nothing.
fn millionths(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

impl Family {
    /// `seconds` are those that each arm took.
    pub(super) fn of(table: &FamilyTable, seconds: &[f64]) -> Self {
        let of_arm = |arm: usize| table.outcomes.iter().filter_map(move |item| item.get(arm));
        let signals: [fn(&Outcome) -> f64; 7] = [
            |outcome| outcome.first.entropy,
            |outcome| outcome.first.varentropy,
            |outcome| outcome.first.margin,
            |outcome| outcome.mean.entropy,
            |outcome| outcome.mean.varentropy,
            |outcome| outcome.mean.margin,
            |outcome| -outcome.log_probability,
        ];
        Self {
            name: table.name.clone(),
            facts: table.facts.iter().copied().collect(),
            levels: table.levels.iter().copied().collect(),
            arms: (0..)
                .zip(seconds)
                .map(|(arm, &seconds)| Outcomes::of(&of_arm(arm), seconds))
                .collect(),
            signals: signals
                .map(|signal| of_arm(0).map(|outcome| thousandths(signal(outcome))).collect()),
        }
    }

    /// As a table; `None` if the columns don't fit together.
    pub(super) fn table(&self, arms: usize) -> Option<FamilyTable> {
        let (facts, levels) = (self.facts.numbers(), self.levels.numbers());
        let mut columns: Vec<_> = self
            .arms
            .iter()
            .map(|arm| arm.outcomes(facts.len()))
            .collect::<Option<Vec<_>>>()?
            .into_iter()
            .map(Vec::into_iter)
            .collect();
        let signals = self.signals.each_ref().map(Column::numbers);
        let whole = signals.iter().all(|column| column.len() == facts.len());
        if !whole || levels.len() != facts.len() || columns.len() != arms {
            return None;
        }
        let outcomes = (0..facts.len()).map(|item| {
            let mut outcomes: Vec<Outcome> =
                columns.iter_mut().filter_map(Iterator::next).collect();
            if let Some(first) = outcomes.first_mut() {
                let of_item = |column: &Vec<u32>| column.get(item).copied().unwrap_or_default();
                let [h, v, margin, mean_h, mean_v, mean_margin, surprise] =
                    signals.each_ref().map(|column| f64::from(of_item(column)) / 1e3);
                first.first = Signals { entropy: h, varentropy: v, margin };
                first.mean = Signals { entropy: mean_h, varentropy: mean_v, margin: mean_margin };
                first.log_probability = -surprise;
            }
            outcomes
        });
        Some(FamilyTable { name: self.name.clone(), outcomes: outcomes.collect(), levels, facts })
    }
}

impl Outcomes {
    fn of<'a>(outcomes: &(impl Iterator<Item = &'a Outcome> + Clone), seconds: f64) -> Self {
        let column = |number: fn(&Outcome) -> u32| outcomes.clone().map(number).collect();
        let count = outcomes.clone().count().max(1) as f64;
        let mean = |number: &dyn Fn(&Outcome) -> f64| {
            millionths(outcomes.clone().map(number).sum::<f64>() / count)
        };
        let rule =
            |at: usize| mean(&|outcome| outcome.acts.rules.get(at).map_or(0.0, |&n| n.into()));
        let means = Means {
            seconds: millionths(seconds / count),
            log_probability: mean(&|outcome| outcome.log_probability),
            repeated: mean(&|outcome| f64::from(outcome.repeated)),
            cut: mean(&|outcome| f64::from(outcome.end == End::Cut)),
            argmax: mean(&|outcome| f64::from(outcome.acts.argmax)),
            rules: [0, 1, 2, 3, 4].map(rule),
        };
        Self {
            verdicts: verdicts(outcomes.clone().map(|outcome| outcome.verdict)),
            tokens: column(|outcome| outcome.tokens),
            beyond: column(|outcome| outcome.made.saturating_sub(outcome.tokens)),
            inserts: column(|outcome| outcome.acts.inserts),
            branchings: column(|outcome| outcome.acts.branchings),
            retractions: column(|outcome| outcome.acts.retractions),
            best_of: column(|outcome| outcome.acts.best_of),
            ids: outcomes.clone().take(FINGERPRINTS).map(|outcome| short(&outcome.ids)).collect(),
            means,
        }
    }

    /// As they were, as far as they are published; `None` unless there are `count`.
    fn outcomes(&self, count: usize) -> Option<Vec<Outcome>> {
        let columns = [
            &self.tokens,
            &self.beyond,
            &self.inserts,
            &self.branchings,
            &self.retractions,
            &self.best_of,
        ];
        let columns = columns.map(Column::numbers);
        let whole = columns.iter().all(|column| column.len() == count);
        let verdicts = verdicts_of(&self.verdicts)?;
        if !whole || verdicts.len() != count {
            return None;
        }
        let number = |column: usize, item: usize| {
            columns.get(column).and_then(|numbers| numbers.get(item)).copied().unwrap_or_default()
        };
        let outcome = |(item, verdict): (usize, Verdict)| Outcome {
            verdict,
            claim: String::new(),
            text: String::new(),
            tokens: number(0, item),
            made: number(0, item).saturating_add(number(1, item)),
            log_probability: self.means.log_probability,
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
        Some(verdicts.into_iter().enumerate().map(outcome).collect())
    }
}
