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
//! let (most, mut sampler) =
//!     (config.branch_tokens as usize, Sampler::new(SamplerConfig::Promised(config), 42)?);
//! sampler.set_phrases(vec![vec![10, 11, 12]]);
//!
//! let mut text: Vec<u32> = Vec::new();
//! while text.len() < 30 {
//!     let mut decision = sampler.decide(&model(&text), None, &text)?;
//!     match (decision.action, decision.retraction) {
//!         (Action::Branch, _) => {
//!             let mut branches = std::mem::take(&mut decision.branches);
//!             for branch in &mut branches {
//!                 loop {
//!                     let logits = model(&[text.as_slice(), &branch.tokens].concat());
//!                     let softmax = Softmax::of(&logits).unwrap();
//!                     let here = softmax.uncertainty();
//!                     branch.entropies.push(here.entropy_bits);
//!                     if sampler.is_calm(&here) || branch.tokens.len() == most {
//!                         break;
//!                     }
//!                     let token = sampler.continue_branch(&logits, &softmax)?.token;
//!                     branch.log_probabilities.push(softmax.log_probability(logits[token as usize]));
//!                     branch.tokens.push(token);
//!                 }
//!             }
//!             let kept = sampler.keep_branch(&mut decision, branches);
//!             text.extend(&decision.branches[kept].tokens);
//!         }
//!         (Action::Retract, Some(retraction)) => text.truncate(retraction.to as usize),
//!         (Action::Insert, _) => {
//!             text.push(decision.token);
//!             for token in sampler.phrase()[1..].to_vec() {
//!                 text.push(sampler.insert(&model(&text), token)?.token);
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

/// Where a token of the answer came from.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Origin {
    Drawn { high_entropy: bool },
    Inserted,
    Other,
}

/// The answer so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Past {
    origins: Vec<Origin>,
    inserts: u32,
    branchings: u32,
    resamples: u32,
    /// What was taken back last, until the next draw.
    retraction: Option<Retraction>,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Plan {
    Argmax,
    /// The phrase with this number.
    Insert(usize),
    Branch,
    /// Take back tokens.
    Resample(Retraction),
    /// Draw, and why nothing else.
    Draw(&'static str),
    /// Draw after tokens were taken back.
    DrawAgain(Retraction),
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

/// Whether H and V are both low.
pub(crate) fn is_calm(u: &Uncertainty, config: &PromisedConfig) -> bool {
    rule(u, config).0 == Rule::Lelv
}

impl Past {
    /// What to do where a rule matches, with these phrases, after `generated`.
    pub(crate) fn plan(
        &self,
        rule: Rule,
        config: &PromisedConfig,
        phrases: &[Vec<u32>],
        generated: &[u32],
    ) -> Plan {
        if let Some(retraction) = self.retraction {
            return Plan::DrawAgain(retraction);
        }
        let next = self.inserts as usize % phrases.len().max(1);
        match rule {
            Rule::Lelv | Rule::Adaptive => Plan::Argmax,
            Rule::Helv if phrases.get(next).is_none_or(Vec::is_empty) => {
                Plan::Draw("there is no phrase to insert")
            }
            Rule::Helv if self.inserts >= config.max_inserts => {
                Plan::Draw("no more phrases in this answer")
            }
            Rule::Helv if self.origins.last() == Some(&Origin::Inserted) => {
                Plan::Draw("a phrase was just inserted")
            }
            Rule::Helv => Plan::Insert(next),
            Rule::Lehv if self.branchings >= config.max_branchings => {
                Plan::Draw("no more branching in this answer")
            }
            Rule::Lehv => Plan::Branch,
            Rule::Hehv if self.resamples >= config.max_resamples => {
                Plan::Draw("no more taking back in this answer")
            }
            Rule::Hehv => self.resample(config, generated),
        }
    }

    /// Takes back the uncertain stretch: the drawn tokens of high entropy just before.
    fn resample(&self, config: &PromisedConfig, generated: &[u32]) -> Plan {
        let uncertain = Origin::Drawn { high_entropy: true };
        let run = self.origins.iter().rev().take_while(|&&origin| origin == uncertain);
        let count = run.take(config.resample_reach as usize).count();
        let to = self.origins.len() - count;
        match generated.get(to) {
            Some(&banned) => {
                Plan::Resample(Retraction { to: to as u32, count: count as u32, banned })
            }
            None => Plan::Draw("no uncertain draw before it to take back"),
        }
    }

    pub(crate) fn took_most_probable(&mut self) {
        self.origins.push(Origin::Other);
    }

    pub(crate) fn drew(&mut self, high_entropy: bool) {
        self.retraction = None;
        self.origins.push(Origin::Drawn { high_entropy });
    }

    pub(crate) fn began_phrase(&mut self) {
        self.inserts += 1;
        self.origins.push(Origin::Inserted);
    }

    pub(crate) fn went_on_with_phrase(&mut self) {
        self.origins.push(Origin::Inserted);
    }

    pub(crate) fn kept_branch(&mut self, tokens: usize) {
        self.branchings += 1;
        self.origins.extend(std::iter::repeat_n(Origin::Other, tokens));
    }

    pub(crate) fn took_back(&mut self, retraction: Retraction) {
        self.resamples += 1;
        self.origins.truncate(retraction.to as usize);
        self.retraction = Some(retraction);
    }
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
