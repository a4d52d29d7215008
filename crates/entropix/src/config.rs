//! Which sampler runs, and with which numbers.

mod entropix;
mod preset;
mod quirks;

use serde::{Deserialize, Serialize};

pub use self::entropix::EntropixConfig;
pub use self::preset::Preset;
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
}

impl SamplerConfig {
    /// "greedy", "plain", or the name of the preset.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Greedy => "greedy",
            Self::Plain(_) => "plain",
            Self::Entropix(config) => config.preset.name(),
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
        }
    }
}

/// Entropix, preset B.
impl Default for SamplerConfig {
    fn default() -> Self {
        Self::Entropix(EntropixConfig::preset(Preset::B))
    }
}

/// The usual filters, applied in the order temperature, min-p, top-k, top-p.
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
}

/// Temperature 0.7, top-k 40, top-p 0.9.
impl Default for PlainConfig {
    fn default() -> Self {
        Self { temperature: 0.7, top_k: 40, top_p: 0.9, min_p: 0.0 }
    }
}

impl PlainConfig {
    /// Checks that every number is finite and not negative.
    ///
    /// # Errors
    /// [`SamplerError::InvalidConfig`] names the first number that is not.
    pub fn check(&self) -> Result<(), SamplerError> {
        check_number("temperature", self.temperature)?;
        check_number("top_p", self.top_p)?;
        check_number("min_p", self.min_p)
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
