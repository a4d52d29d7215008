//! The Entropix sampler: entropy, varentropy, decision rules, filters and draw.
//!
//! Logits go in, a [`Decision`] comes out: the token, the rule that chose it, the numbers that
//! fired the rule, and one plain sentence that says so.
//!
//! ```
//! use entropix::{Action, EntropixConfig, Preset, Rule, Sampler, SamplerConfig};
//!
//! # fn main() -> Result<(), entropix::SamplerError> {
//! let config = SamplerConfig::Entropix(EntropixConfig::preset(Preset::B));
//! let mut sampler = Sampler::new(config, 42)?;
//!
//! // One token holds all the mass: take it.
//! let sure = [20.0, 0.0, 0.0, 0.0];
//! let decision = sampler.decide(&sure, None, &[])?;
//! assert_eq!((decision.rule, decision.token), (Some(Rule::Lelv), 0));
//!
//! // 64 equal tokens: H = 6 bits, V = 0: insert the pause token, once per generation.
//! let flat = [0.0; 64];
//! let decision = sampler.decide(&flat, None, &[])?;
//! assert_eq!((decision.action, decision.token), (Action::Insert, 2564));
//! assert_eq!(
//!     decision.sentence,
//!     "H 6.00 bits > 5.00 and V 0.00 bits² < 0.10: insert the pause token"
//! );
//! # Ok(())
//! # }
//! ```
//!
//! Units: entropy H in bits, varentropy V in bits², log-probabilities in nats.

#![forbid(unsafe_code)]

pub mod attention;
pub mod compare;
pub mod conditions;
pub mod config;
pub mod decision;
pub mod dslider;
pub mod error;
pub mod filter;
pub mod knob;
pub mod promised;
pub mod regions;
pub mod rule;
pub mod rules;
pub mod sampler;
pub mod samplers;
pub mod sketch;
pub mod tempered;
pub mod thresholds;
pub mod uncertainty;

mod exp;
mod json;
mod penalties;
mod random;
mod range;
mod sentence;
mod truncation;

pub use attention::{Attention, AttentionMetrics, NormalisedMetrics};
pub use conditions::{Comparison, Metric};
pub use config::{
    AttentionVariance, BranchScore, DsliderConfig, EntropixConfig, Family, Insert, MinP,
    ModelDefaults, Noise, Nucleus, PlainConfig, Preset, PromisedConfig, SamplerConfig, SamplerKind,
};
pub use decision::{Action, Candidate, Decision, Draw, Parameters};
pub use error::SamplerError;
pub use filter::Filter;
pub use knob::Knob;
pub use promised::{Branch, BranchEnd, Retraction};
pub use random::fixed_noise;
pub use regions::Regions;
pub use rule::Rule;
pub use sampler::Sampler;
pub use sketch::{Sketch, SketchError};
pub use thresholds::{Thresholds, classify};
pub use uncertainty::{Softmax, Uncertainty, uncertainty};
