//! Which sampler runs, and with which numbers.

mod dslider;
mod entropix;
mod kind;
mod plain;
mod preset;
mod promised;
mod quirks;

use serde::{Deserialize, Serialize};

pub use self::dslider::DsliderConfig;
pub use self::entropix::EntropixConfig;
pub use self::kind::{Family, ModelDefaults, SamplerKind};
pub use self::plain::PlainConfig;
pub use self::preset::Preset;
pub use self::promised::{BranchScore, PromisedConfig};
pub use self::quirks::{AttentionVariance, Insert, MinP, Noise, Nucleus};
use crate::SamplerError;
use crate::knob::Knob;

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
    /// Which sampler it is.
    pub fn kind(&self) -> SamplerKind {
        match self {
            Self::Greedy => SamplerKind::Greedy,
            Self::Plain(_) => SamplerKind::Plain,
            Self::Entropix(config) => SamplerKind::Entropix(config.preset),
            Self::Promised(_) => SamplerKind::Promised,
            Self::Dslider(_) => SamplerKind::Dslider,
        }
    }

    /// The name of its [`kind`](Self::kind).
    pub fn name(&self) -> &'static str {
        self.kind().name()
    }

    /// The knobs that do something in this configuration, in the order shown.
    pub fn knobs(&self) -> impl Iterator<Item = &'static Knob> {
        self.kind().knobs().iter().filter(move |knob| match self {
            Self::Entropix(config) => config.uses(knob),
            Self::Greedy | Self::Plain(_) | Self::Promised(_) | Self::Dslider(_) => true,
        })
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
