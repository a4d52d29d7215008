//! The rules' cuts of the H–V plane.

use crate::Rule;

/// Where H (bits) and V (bits²) are cut.
///
/// ```
/// use entropix::{EntropixConfig, Preset, Thresholds};
///
/// // [low H, low V, medium H, high H, high V]
/// let own = Thresholds::from([0.1, 0.1, 3.0, 5.0, 5.0]);
/// assert_eq!(own, EntropixConfig::preset(Preset::B).thresholds());
/// assert_eq!((own.hehv_entropy, own.helv_entropy), (3.0, 5.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// LELV needs H below this.
    pub low_entropy: f64,
    /// HELV needs H above this.
    pub helv_entropy: f64,
    /// LEHV needs H below this.
    pub lehv_entropy: f64,
    /// HEHV needs H above this.
    pub hehv_entropy: f64,
    /// LELV and HELV need V below this.
    pub low_varentropy: f64,
    /// LEHV and HEHV need V above this.
    pub high_varentropy: f64,
}

/// `[low H, low V, medium H, high H, high V]`, as in the original's configuration since 7 October.
impl From<[f64; 5]> for Thresholds {
    fn from([low_entropy, low_varentropy, medium, high, high_varentropy]: [f64; 5]) -> Self {
        Self {
            low_entropy,
            helv_entropy: high,
            lehv_entropy: high,
            hehv_entropy: medium,
            low_varentropy,
            high_varentropy,
        }
    }
}

/// The rule for a point of the H–V plane (H in bits, V in bits²), attention aside.
///
/// Strict inequalities, tested in this order: a value on a threshold matches neither side.
///
/// ```
/// use entropix::{Preset, Rule, classify};
///
/// let thresholds = Preset::B.thresholds();
/// assert_eq!(classify(0.01, 0.02, &thresholds), Rule::Lelv);
/// assert_eq!(classify(6.0, 0.05, &thresholds), Rule::Helv);
/// assert_eq!(classify(2.0, 8.0, &thresholds), Rule::Lehv);
/// assert_eq!(classify(5.5, 8.0, &thresholds), Rule::Hehv);
/// assert_eq!(classify(2.0, 1.0, &thresholds), Rule::Adaptive);
/// ```
pub fn classify(entropy: f64, varentropy: f64, thresholds: &Thresholds) -> Rule {
    let (h, v, t) = (entropy, varentropy, thresholds);
    if h < t.low_entropy && v < t.low_varentropy {
        Rule::Lelv
    } else if h > t.helv_entropy && v < t.low_varentropy {
        Rule::Helv
    } else if h < t.lehv_entropy && v > t.high_varentropy {
        Rule::Lehv
    } else if h > t.hehv_entropy && v > t.high_varentropy {
        Rule::Hehv
    } else {
        Rule::Adaptive
    }
}
