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

/// Above a cut (`true`) or below.
pub(crate) type Side = (bool, f64);

impl Thresholds {
    /// Where one of the tested rules wants H and V; of the adaptive one, which wants nothing, where LEHV.
    pub(crate) fn sides(&self, rule: Rule) -> [Side; 2] {
        let (low_v, high_v) = ((false, self.low_varentropy), (true, self.high_varentropy));
        match rule {
            Rule::Lelv => [(false, self.low_entropy), low_v],
            Rule::Helv => [(true, self.helv_entropy), low_v],
            Rule::Lehv | Rule::Adaptive => [(false, self.lehv_entropy), high_v],
            Rule::Hehv => [(true, self.hehv_entropy), high_v],
        }
    }

    /// The same five numbers as B0 reads them: HELV asks for the medium H, HEHV for the high one.
    pub fn unswapped(row: [f64; 5]) -> Self {
        let thresholds = Self::from(row);
        let Self { helv_entropy, hehv_entropy, .. } = thresholds;
        Self { helv_entropy: hehv_entropy, hehv_entropy: helv_entropy, ..thresholds }
    }

    /// The five numbers, and whether they are read as since 7 October (`true`) or as in B0.
    ///
    /// `None` if no five numbers say the same.
    pub fn row(&self) -> Option<([f64; 5], bool)> {
        let row = |medium| {
            let Self { low_entropy, low_varentropy, lehv_entropy, high_varentropy, .. } = *self;
            [low_entropy, low_varentropy, medium, lehv_entropy, high_varentropy]
        };
        let (swapped, unswapped) = (row(self.hehv_entropy), row(self.helv_entropy));
        if Self::from(swapped) == *self {
            Some((swapped, true))
        } else {
            (Self::unswapped(unswapped) == *self).then_some((unswapped, false))
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
    let is_beyond = |value: f64, (above, cut): Side| if above { value > cut } else { value < cut };
    let holds = |rule: &Rule| {
        let [h, v] = thresholds.sides(*rule);
        is_beyond(entropy, h) && is_beyond(varentropy, v)
    };
    Rule::TESTED.into_iter().find(holds).unwrap_or(Rule::Adaptive)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EntropixConfig, Preset};

    #[test]
    fn every_preset_has_its_row() {
        for preset in Preset::ALL {
            let config = EntropixConfig::preset(preset);
            let (row, swapped) = preset.thresholds().row().unwrap();
            let again = if swapped { Thresholds::from(row) } else { Thresholds::unswapped(row) };
            assert_eq!(again, config.thresholds(), "{preset:?}");
            assert_eq!(row[2].to_bits(), config.medium_logits_entropy_threshold.to_bits());
            assert_eq!(swapped, config.swapped_thresholds, "{preset:?}");
        }
        let odd = Thresholds { lehv_entropy: 1.0, ..Preset::B.thresholds() };
        assert_eq!(odd.row(), None);
    }
}
