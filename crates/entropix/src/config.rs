//! Which sampler runs, and with which numbers.

mod dslider;
mod entropix;
mod preset;
mod promised;
mod quirks;

use serde::{Deserialize, Serialize};

pub use self::dslider::DsliderConfig;
pub use self::entropix::EntropixConfig;
pub use self::preset::Preset;
pub use self::promised::{BranchScore, PromisedConfig};
pub use self::quirks::{AttentionVariance, Insert, MinP, Noise, Nucleus};
use crate::SamplerError;

/// A sampler and its numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "there is one per sampler")]
pub enum SamplerConfig {
    /// Always the most probable token.
    Greedy,
    /// Temperature, top-k, top-p, min-p.
    Plain(PlainConfig),
    /// Entropix as coded.
    Entropix(EntropixConfig),
    /// Entropix as promised.
    Promised(PromisedConfig),
    /// The Dirichlet sampler of November 2024, as coded: [`dslider`](crate::dslider).
    ///
    /// Its state lives in the sampler and begins with the first logits, taken for a prompt of one
    /// position; the original takes the mean over all positions of the prompt. It is slow: see
    /// [`dslider`](crate::dslider).
    Dslider(DsliderConfig),
}

impl SamplerConfig {
    /// "greedy", "plain", "PROMISED", "DSLIDER", or the name of the preset.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Greedy => "greedy",
            Self::Plain(_) => "plain",
            Self::Entropix(config) => config.preset.name(),
            Self::Promised(_) => "PROMISED",
            Self::Dslider(_) => "DSLIDER",
        }
    }

    /// Checks that every number is in range.
    ///
    /// # Errors
    /// [`SamplerError::InvalidConfig`] names the first number that is not.
    pub fn check(&self) -> Result<(), SamplerError> {
        match self {
            Self::Greedy => Ok(()),
            Self::Plain(config) => config.check(),
            Self::Entropix(config) => config.check(),
            Self::Promised(config) => config.check(),
            Self::Dslider(config) => config.check(),
        }
    }
}

/// Entropix, preset B.
impl Default for SamplerConfig {
    fn default() -> Self {
        Self::Entropix(EntropixConfig::preset(Preset::B))
    }
}

/// The usual samplers, in the order repetition penalty, DRY, temperature, min-p, top-k, typical,
/// top-p. Each looks at what the one before left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlainConfig {
    /// Divides the logits; 0 means greedy.
    pub temperature: f64,
    /// Keep the k most probable tokens; 0 = off.
    pub top_k: u32,
    /// Keep the smallest set with at least this mass; 1 = off.
    pub top_p: f64,
    /// Drop tokens below `min_p` × the largest probability; 0 = off.
    pub min_p: f64,
    /// Keep the tokens whose surprisal is nearest to the entropy, up to this mass; 1 = off
    /// (locally typical sampling, arXiv:2202.00666).
    pub typical_p: f64,
    /// Divides a positive logit of a token of the answer, multiplies a negative one; 1 = off.
    pub repetition_penalty: f64,
    /// Tokens of the answer that the repetition penalty remembers; 0 = all.
    pub repetition_window: u32,
    /// DRY: what a token loses that would prolong a repeat just above the allowed length, in nats;
    /// 0 = off.
    pub dry_multiplier: f64,
    /// DRY: the loss grows by this factor with each token of the repeat.
    pub dry_base: f64,
    /// DRY: a repeat of fewer tokens costs nothing.
    pub dry_allowed_length: u32,
}

/// Temperature 0.7, top-k 40, top-p 0.9; the rest off.
impl Default for PlainConfig {
    fn default() -> Self {
        Self {
            temperature: 0.7,
            top_k: 40,
            top_p: 0.9,
            min_p: 0.0,
            typical_p: 1.0,
            repetition_penalty: 1.0,
            repetition_window: 64,
            dry_multiplier: 0.0,
            dry_base: 1.75,
            dry_allowed_length: 2,
        }
    }
}

impl PlainConfig {
    /// Every number with its name, in the order in which they act.
    pub fn numbers(&self) -> [(&'static str, f64); 10] {
        [
            ("repetition_penalty", self.repetition_penalty),
            ("repetition_window", f64::from(self.repetition_window)),
            ("dry_multiplier", self.dry_multiplier),
            ("dry_base", self.dry_base),
            ("dry_allowed_length", f64::from(self.dry_allowed_length)),
            ("temperature", self.temperature),
            ("min_p", self.min_p),
            ("top_k", f64::from(self.top_k)),
            ("typical_p", self.typical_p),
            ("top_p", self.top_p),
        ]
    }

    /// Checks that every number is finite and not negative, and the penalty above 0.
    ///
    /// # Errors
    /// [`SamplerError::InvalidConfig`] names the first number that is not.
    pub fn check(&self) -> Result<(), SamplerError> {
        for (name, value) in self.numbers() {
            check_number(name, value)?;
        }
        let penalty = self.repetition_penalty;
        check("repetition_penalty", penalty, penalty > 0.0, "above 0")
    }
}

fn check_number(field: &'static str, value: f64) -> Result<(), SamplerError> {
    check(field, value, value.is_finite() && value >= 0.0, "finite and not negative")
}

fn check(
    field: &'static str,
    value: f64,
    good: bool,
    wanted: &'static str,
) -> Result<(), SamplerError> {
    if good { Ok(()) } else { Err(SamplerError::InvalidConfig { field, value, wanted }) }
}
