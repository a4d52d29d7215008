//! Every number of the Entropix rules, with the values of both generations.

use serde::{Deserialize, Deserializer, Serialize};

use super::{Preset, check, check_number};
use crate::SamplerError;

/// More draws than this per token are a mistake.
const MAX_SAMPLES: u32 = 1024;

/// One table gives the struct, the presets, and the reader of partial configurations.
macro_rules! table {
    ($(
        $(#[$doc:meta])*
        $name:ident: $type:ty = { A: $a:expr, B: $b:expr } $(or $alias:literal)*;
    )*) => {
        /// The numbers of an Entropix preset.
        ///
        /// Both generations run the same rules on different numbers: what a generation does not
        /// have is a coefficient of 0. Names are those of e55e9a3 where it has one; its short
        /// names (`temp`, `low_ent`, `low_ent_thresh`, …) are accepted when reading. Keys left
        /// out when reading keep the preset's value, unknown keys are an error. In every `…_max`,
        /// 0 means no limit.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        pub struct EntropixConfig {
            /// Which generation's numbers are the starting point. A never looks at attention.
            pub preset: Preset,
            $($(#[$doc])* pub $name: $type,)*
        }

        impl EntropixConfig {
            /// The preset's own numbers.
            pub fn preset(preset: Preset) -> Self {
                match preset {
                    Preset::A => Self { preset, $($name: $a,)* },
                    Preset::B => Self { preset, $($name: $b,)* },
                }
            }

            /// Every number with its name.
            pub fn numbers(&self) -> impl Iterator<Item = (&'static str, f64)> + use<> {
                [$((stringify!($name), f64::from(self.$name)),)*].into_iter()
            }
        }

        /// A configuration with holes.
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Overrides {
            preset: Option<Preset>,
            $($(#[serde(alias = $alias)])* $name: Option<$type>,)*
        }

        impl Overrides {
            fn over(self, preset: Preset) -> EntropixConfig {
                let mut config = EntropixConfig::preset(self.preset.unwrap_or(preset));
                $(if let Some(value) = self.$name { config.$name = value; })*
                config
            }
        }
    };
}

table! {
    /// Base temperature T₀.
    temperature: f64 = { A: 0.666, B: 0.666 } or "temp";
    /// Base nucleus mass.
    top_p: f64 = { A: 0.90, B: 0.90 };
    /// Base number of most probable tokens kept; at least 1.
    top_k: u32 = { A: 27, B: 27 };
    /// Base min-p. As coded it has no effect; generation A has none.
    min_p: f64 = { A: 0.0, B: 0.03 };

    /// LELV needs H below this, in bits.
    low_logits_entropy_threshold: f64 = { A: 0.1, B: 0.1 } or "low_ent" or "low_ent_thresh";
    /// LELV and HELV need V below this, in bits².
    low_logits_varentropy_threshold: f64 = { A: 0.1, B: 0.1 } or "low_vent" or "low_vent_thresh";
    /// HEHV needs H above this, in bits. (In B, 3.0 and 5.0 changed places between HELV and HEHV
    /// when the thresholds became a configuration.)
    medium_logits_entropy_threshold: f64 = { A: 5.0, B: 3.0 } or "med_ent" or "med_ent_thresh";
    /// HELV needs H above this, LEHV below it, in bits.
    high_logits_entropy_threshold: f64 = { A: 5.0, B: 5.0 } or "high_ent" or "high_ent_thresh";
    /// LEHV and HEHV need V above this, in bits².
    high_logits_varentropy_threshold: f64 = { A: 5.0, B: 5.0 } or "high_vent" or "high_vent_thresh";

    /// The token that HELV inserts, once per generation. 2564 is " ..." in Llama 3's vocabulary
    /// and something else in any other.
    pause_token: u32 = { A: 2564, B: 2564 };
    /// HELV after the pause: T = T₀·(this + coefficient·AE).
    helv_attn_ent_offset: f64 = { A: 1.5, B: 1.3 };
    /// HELV after the pause: temperature factor per bit of attention entropy AE.
    helv_attn_ent_coef: f64 = { A: 0.0, B: 0.2 };
    /// HELV after the pause: upper limit of T.
    helv_temperature_max: f64 = { A: 1.3, B: 1.5 };

    /// LEHV: T = T₀·(this + coefficient·IS).
    lehv_interaction_strength_offset: f64 = { A: 1.5, B: 1.2 };
    /// LEHV: temperature factor per unit of interaction strength IS.
    lehv_interaction_strength_coef: f64 = { A: 0.0, B: 0.3 };
    /// LEHV: upper limit of T.
    lehv_temperature_max: f64 = { A: 1.2, B: 1.5 };
    /// LEHV: top-k = ⌊base·(1 + this·(1 − AG))⌋, AG being the agreement.
    lehv_top_k_coef: f64 = { A: 0.0, B: 0.5 };
    /// LEHV: lower limit of top-k.
    lehv_top_k_min: u32 = { A: 1, B: 5 };

    /// HEHV: T = T₀·(this + coefficient·AV).
    hehv_attn_vent_offset: f64 = { A: 3.0, B: 2.0 };
    /// HEHV: temperature factor per bit² of attention varentropy AV.
    hehv_attn_vent_coef: f64 = { A: 0.0, B: 0.5 };
    /// HEHV: lower limit of T.
    hehv_temperature_min: f64 = { A: 2.0, B: 2.0 };
    /// HEHV: top-p falls by this per bit of attention entropy AE.
    hehv_attn_ent_coef: f64 = { A: 0.0, B: 0.2 };
    /// HEHV: lower limit of top-p.
    hehv_top_p_min: f64 = { A: 0.0, B: 0.5 };

    /// Adaptive: number of draws, of which the one with the best score is kept; 1 to 1024.
    n_adaptive_samples: u32 = { A: 1, B: 5 };
    /// Adaptive: T = T₀·(this + terms in H + V, AE + AV and AG).
    ada_temp_offset: f64 = { A: 0.0, B: 1.0 };
    /// Adaptive: temperature factor per unit of H + V (bits + bits², as coded).
    ada_temp_logits: f64 = { A: 0.1, B: 0.3 };
    /// Adaptive: temperature factor per unit of AE + AV.
    ada_temp_attn: f64 = { A: 0.0, B: 0.2 };
    /// Adaptive: temperature factor taken away per unit of agreement AG.
    ada_temp_agree: f64 = { A: 0.0, B: 0.2 };
    /// Adaptive: lower limit of the temperature factor.
    ada_temp_min: f64 = { A: 0.5, B: 0.0 };
    /// Adaptive: upper limit of the temperature factor.
    ada_temp_max: f64 = { A: 2.0, B: 0.0 };
    /// Adaptive: top-p = base·(1 + this·AV).
    ada_top_p: f64 = { A: 0.0, B: 0.1 };
    /// Adaptive: lower limit of top-p.
    ada_top_p_min: f64 = { A: 0.0, B: 0.1 };
    /// Adaptive: upper limit of top-p.
    ada_top_p_max: f64 = { A: 1.0, B: 1.0 };
    /// Adaptive: top-k = round(base·(1 + this·IS − …)).
    ada_top_k_int: f64 = { A: 0.0, B: 0.3 };
    /// Adaptive: top-k = round(base·(1 + … − this·AG)).
    ada_top_k_agree: f64 = { A: 0.0, B: 0.2 };
    /// Adaptive: lower limit of top-k.
    ada_top_k_min: u32 = { A: 1, B: 1 };
    /// Adaptive: upper limit of top-k.
    ada_top_k_max: u32 = { A: 0, B: 100 };
    /// Adaptive: min-p = base·(1 − this·(H + V)).
    ada_min_p: f64 = { A: 0.0, B: 0.5 };
    /// Adaptive: lower limit of min-p.
    ada_min_p_min: f64 = { A: 0.0, B: 0.01 };
    /// Adaptive: upper limit of min-p.
    ada_min_p_max: f64 = { A: 0.5, B: 0.5 };

    /// Score of a draw: weight of 1 − H.
    ada_score_logits_ent: f64 = { A: 0.0, B: 0.1 };
    /// Score of a draw: weight of 1 − AE.
    ada_score_attn_ent: f64 = { A: 0.0, B: 0.2 };
    /// Score of a draw: weight of 1 − V.
    ada_score_logits_vent: f64 = { A: 0.0, B: 0.3 };
    /// Score of a draw: weight of 1 − AV.
    ada_score_attn_vent: f64 = { A: 0.0, B: 0.4 };
    /// Score of a draw: weight of AG.
    ada_score_agree: f64 = { A: 0.0, B: 0.5 };
    /// Score of a draw: weight of IS.
    ada_score_int: f64 = { A: 0.0, B: 0.6 };
}

impl EntropixConfig {
    /// The preset's numbers with those of a map, such as a JSON object, put over them.
    ///
    /// # Errors
    /// A key that does not exist, which the error names, or a value of the wrong type.
    pub fn with_overrides<'de, D: Deserializer<'de>>(
        preset: Preset,
        overrides: D,
    ) -> Result<Self, D::Error> {
        Ok(Overrides::deserialize(overrides)?.over(preset))
    }

    /// Checks that every number is finite, not negative and in range.
    ///
    /// # Errors
    /// [`SamplerError::InvalidConfig`] names the first number that is not.
    pub fn check(&self) -> Result<(), SamplerError> {
        for (name, value) in self.numbers() {
            check_number(name, value)?;
        }
        check("top_k", f64::from(self.top_k), self.top_k > 0, "at least 1")?;
        let n = self.n_adaptive_samples;
        check("n_adaptive_samples", f64::from(n), (1..=MAX_SAMPLES).contains(&n), "1 to 1024")
    }
}

/// A map that may leave out anything; without `preset` it starts from B.
impl<'de> Deserialize<'de> for EntropixConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::with_overrides(Preset::B, deserializer)
    }
}
