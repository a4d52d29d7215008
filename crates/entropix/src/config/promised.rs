//! The sampler that the project's picture promised, in numbers.

use serde::{Deserialize, Serialize};

use super::{check, check_number};
use crate::{PlainConfig, SamplerError};

/// What makes one branch better than another. Both numbers are means over a branch's tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BranchScore {
    /// The log₂-probability of its tokens.
    LogProbability,
    /// Little entropy after its tokens.
    Entropy,
    /// The log₂-probability less the entropy.
    #[default]
    Both,
}

/// Four quadrants, one cut for each axis: argmax, insert, branch, resample.
///
/// The cuts are quantiles of the model's own H and V over its chat answers (`entropix calibrate`).
/// Budgets are per answer; what is over budget is drawn, as is everything that no action applies to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PromisedConfig {
    /// H above this is high, in bits.
    pub entropy_cut: f64,
    /// V above this is high, in bits².
    pub varentropy_cut: f64,
    /// What is inserted at high H and low V, one after the other.
    pub phrases: Vec<String>,
    /// Most phrases inserted.
    pub max_inserts: u32,
    /// First tokens that a branching tries, the most probable ones; 2 to 16.
    pub branches: u32,
    /// Most tokens of a branch; 1 to 128.
    pub branch_tokens: u32,
    /// Which branch is kept.
    pub branch_score: BranchScore,
    /// Most branchings.
    pub max_branchings: u32,
    /// Most tokens that are taken back at once; 1 to 64.
    pub resample_reach: u32,
    /// What is drawn again is drawn at this times the temperature.
    pub resample_heat: f64,
    /// Most times that tokens are taken back.
    pub max_resamples: u32,
    /// Of draws: divides the logits; 0 means greedy.
    pub temperature: f64,
    /// Of draws: number of most probable tokens kept; 0 = all.
    pub top_k: u32,
    /// Of draws: nucleus mass.
    pub top_p: f64,
    /// Of draws: share of the largest probability below which tokens are dropped.
    pub min_p: f64,
}

/// Cuts of SmolLM2-135M-Instruct (`Q4_1`) at the quantile 0.8, and [`PlainConfig`]'s draws.
impl Default for PromisedConfig {
    fn default() -> Self {
        let PlainConfig { temperature, top_k, top_p, min_p, .. } = PlainConfig::default();
        Self {
            entropy_cut: 4.57,
            varentropy_cut: 11.06,
            phrases: vec![
                " ... wait, let me think.".into(),
                " ... let me take this step by step.".into(),
            ],
            max_inserts: 2,
            branches: 4,
            branch_tokens: 12,
            branch_score: BranchScore::Both,
            max_branchings: 6,
            resample_reach: 8,
            resample_heat: 1.5,
            max_resamples: 3,
            temperature,
            top_k,
            top_p,
            min_p,
        }
    }
}

impl PromisedConfig {
    /// Every number with its name.
    pub fn numbers(&self) -> [(&'static str, f64); 13] {
        [
            ("entropy_cut", self.entropy_cut),
            ("varentropy_cut", self.varentropy_cut),
            ("temperature", self.temperature),
            ("top_k", f64::from(self.top_k)),
            ("top_p", self.top_p),
            ("min_p", self.min_p),
            ("max_inserts", f64::from(self.max_inserts)),
            ("branches", f64::from(self.branches)),
            ("branch_tokens", f64::from(self.branch_tokens)),
            ("max_branchings", f64::from(self.max_branchings)),
            ("resample_reach", f64::from(self.resample_reach)),
            ("resample_heat", self.resample_heat),
            ("max_resamples", f64::from(self.max_resamples)),
        ]
    }

    /// Checks that every number is finite, not negative and in range.
    ///
    /// # Errors
    /// [`SamplerError::InvalidConfig`] names the first number that is not.
    pub fn check(&self) -> Result<(), SamplerError> {
        for (name, value) in self.numbers() {
            check_number(name, value)?;
        }
        let range = |name, value: u32, range: std::ops::RangeInclusive<u32>, wanted| {
            check(name, f64::from(value), range.contains(&value), wanted)
        };
        range("branches", self.branches, 2..=16, "2 to 16")?;
        range("branch_tokens", self.branch_tokens, 1..=128, "1 to 128")?;
        range("resample_reach", self.resample_reach, 1..=64, "1 to 64")?;
        check("resample_heat", self.resample_heat, self.resample_heat > 0.0, "above 0")
    }

    /// The sampler of its draws, its temperature times `heat`.
    pub(crate) fn draws(&self, heat: f64) -> PlainConfig {
        PlainConfig {
            temperature: (self.temperature * heat).min(f64::MAX),
            top_k: self.top_k,
            top_p: self.top_p,
            min_p: self.min_p,
            ..PlainConfig::default()
        }
    }
}
