//! Which rule holds where on the H–V plane, for every sampler that has rules.

use crate::{Rule, SamplerConfig, Thresholds, classify};

/// The H–V plane, cut into the rules' regions; attention aside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Regions {
    /// As coded: thresholds per rule, and what they leave is adaptive ([`classify`]).
    AsCoded(Thresholds),
    /// As promised: one cut per axis, and every point has its quadrant. A value on its cut is low.
    AsPromised {
        /// Cut of H, in bits.
        entropy_bits: f64,
        /// Cut of V, in bits².
        varentropy_bits2: f64,
    },
}

impl Regions {
    /// The rule at a point (H in bits, V in bits²).
    ///
    /// ```
    /// use entropix::{EntropixConfig, Preset, Regions, Rule, SamplerConfig};
    ///
    /// // In B0 the medium and the high H have changed places.
    /// let b0 = SamplerConfig::Entropix(EntropixConfig::preset(Preset::B0)).regions();
    /// assert_eq!(b0.map(|regions| regions.rule(4.0, 8.0)), Some(Rule::Lehv));
    /// assert_eq!(b0.map(|regions| regions.rule(4.0, 0.05)), Some(Rule::Helv));
    /// assert_eq!(SamplerConfig::Greedy.regions(), None);
    /// ```
    // Not inlined: where it is called, size counts more.
    #[inline(never)]
    pub fn rule(&self, entropy_bits: f64, varentropy_bits2: f64) -> Rule {
        match *self {
            Self::AsCoded(ref thresholds) => classify(entropy_bits, varentropy_bits2, thresholds),
            Self::AsPromised { entropy_bits: h, varentropy_bits2: v } => {
                match (entropy_bits > h, varentropy_bits2 > v) {
                    (false, false) => Rule::Lelv,
                    (true, false) => Rule::Helv,
                    (false, true) => Rule::Lehv,
                    (true, true) => Rule::Hehv,
                }
            }
        }
    }
}

impl SamplerConfig {
    /// Where its rules hold; `None` for a sampler without rules.
    pub fn regions(&self) -> Option<Regions> {
        match self {
            Self::Entropix(config) => Some(Regions::AsCoded(config.thresholds())),
            Self::Promised(config) => Some(config.regions()),
            Self::Greedy | Self::Plain(_) | Self::Dslider(_) => None,
        }
    }
}
