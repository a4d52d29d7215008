//! What the picture with the four quadrants promised: argmax, insert, branch, resample.
//!
//! Here it is decided what to do. Whoever runs the model forks, rolls back and inserts:
//!
//! ```
//! use entropix::{Action, PromisedConfig, Sampler, SamplerConfig, Softmax};
//! # fn main() -> Result<(), entropix::SamplerError> {
//! // A model whose logits follow from the text before.
//! let model = |text: &[u32]| -> Vec<f32> {
//!     let next = |i: u32| (text.iter().sum::<u32>() + 7 * i) % 31;
//!     (0..50).map(|i| next(i) as f32 * 0.2).collect()
//! };
//! let config = PromisedConfig { entropy_cut: 5.0, varentropy_cut: 3.0, ..Default::default() };
//! let most = config.branch_tokens as usize;
//! let phrases = vec![vec![10, 11, 12]];
//! let mut sampler = Sampler::with_phrases(SamplerConfig::Promised(config), phrases, 42)?;
//!
//! let mut text: Vec<u32> = Vec::new();
//! while text.len() < 30 {
//!     let mut decision = sampler.decide(&model(&text), None, &text)?;
//!     let Some(promised) = sampler.as_promised() else { break };
//!     match (decision.action, decision.retraction) {
//!         (Action::Branch, _) => {
//!             let mut branches = std::mem::take(&mut decision.branches);
//!             for branch in &mut branches {
//!                 loop {
//!                     let logits = model(&[text.as_slice(), &branch.tokens].concat());
//!                     let softmax = Softmax::of(&logits).unwrap();
//!                     let here = softmax.uncertainty();
//!                     branch.entropies.push(here.entropy_bits);
//!                     let calm = promised.is_calm(&logits, &softmax, branch.tokens.len());
//!                     if calm || branch.tokens.len() == most {
//!                         break;
//!                     }
//!                     let token = promised.continue_branch(&logits, &softmax)?.token;
//!                     branch.log_probabilities.push(softmax.log_probability(logits[token as usize]));
//!                     branch.tokens.push(token);
//!                 }
//!             }
//!             let kept = promised.keep_branch(&mut decision, branches);
//!             text.extend(&decision.branches[kept].tokens);
//!         }
//!         (Action::Retract, Some(retraction)) => text.truncate(retraction.to as usize),
//!         (Action::Insert, _) => {
//!             text.push(decision.token);
//!             for token in promised.phrase()[1..].to_vec() {
//!                 text.push(promised.insert(&model(&text), token)?.token);
//!             }
//!         }
//!         _ => text.push(decision.token),
//!     }
//!     println!("{}", decision.sentence);
//! }
//! # Ok(())
//! # }
//! ```

use std::f64::consts::LN_2;

use serde::{Deserialize, Serialize};

use crate::{BranchScore, Comparison, Metric, PromisedConfig, Regions, Rule, Uncertainty};

/// One branch of a branching.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Branch {
    /// Its tokens.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub tokens: Vec<u32>,
    /// The log-probability of each token at temperature 1, in nats.
    #[cfg_attr(feature = "schema", schemars(inner(range(max = 0))))]
    pub log_probabilities: Vec<f64>,
    /// H after each token, in bits; one fewer if the last token ends the answer.
    #[cfg_attr(feature = "schema", schemars(inner(range(min = 0))))]
    pub entropies: Vec<f64>,
    /// Its score, in bits; more is better.
    pub score: f64,
    /// Why it ended.
    pub end: BranchEnd,
}

/// Why a branch ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BranchEnd {
    /// H and V are both below their cuts.
    Calm,
    /// The model ended the answer.
    EndOfTurn,
    /// It has as many tokens as a branch, the answer or the context may have.
    #[default]
    Length,
}

/// What was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Retraction {
    /// Tokens of the answer that stay.
    pub to: u32,
    /// Tokens that go.
    pub count: u32,
    /// The token that was drawn at `to`, and may not be drawn there next.
    pub banned: u32,
}

impl PromisedConfig {
    /// Where its rules hold.
    pub fn regions(&self) -> Regions {
        Regions::AsPromised {
            entropy_bits: self.entropy_cut,
            varentropy_bits2: self.varentropy_cut,
        }
    }
}

/// The rule of a point, with both comparisons. A value on its cut is low.
pub fn rule(u: &Uncertainty, config: &PromisedConfig) -> (Rule, Vec<Comparison>) {
    let high_h = u.entropy_bits > config.entropy_cut;
    let high_v = u.varentropy_bits2 > config.varentropy_cut;
    let rule = config.regions().rule(u.entropy_bits, u.varentropy_bits2);
    let compare = |metric, value, above, threshold| Comparison {
        rule,
        metric,
        value,
        above,
        threshold,
        or_equal: !above,
    };
    let because = vec![
        compare(Metric::H, u.entropy_bits, high_h, config.entropy_cut),
        compare(Metric::V, u.varentropy_bits2, high_v, config.varentropy_cut),
    ];
    (rule, because)
}

/// The score of a branch, in bits.
pub(crate) fn score(branch: &Branch, how: BranchScore) -> f64 {
    let mean = |numbers: &[f64]| numbers.iter().sum::<f64>() / numbers.len().max(1) as f64;
    let probability = mean(&branch.log_probabilities) / LN_2;
    let entropy = mean(&branch.entropies);
    match how {
        BranchScore::LogProbability => probability,
        BranchScore::Entropy => -entropy,
        BranchScore::Both => probability - entropy,
    }
}
