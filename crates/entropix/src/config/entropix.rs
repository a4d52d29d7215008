//! Every number and switch of the Entropix rules, with the values of every generation.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::quirks::{AttentionVariance, Insert, MinP, Noise, Nucleus};
use super::{Preset, preset};
#[cfg(doc)]
use crate::Sampler;
use crate::Thresholds;
use crate::knob::json::{Field, Given, Value, write};
use crate::knob::{Group, Knob, Needs, Range, knobs};

const fn draw(label: &'static str) -> Knob {
    Knob::labelled(label).group(Group::Draw)
}

const fn threshold(label: &'static str, unit: &'static str) -> Knob {
    Knob::labelled(label).group(Group::Thresholds).unit(unit)
}

const fn quirk(label: &'static str) -> Knob {
    Knob::labelled(label).group(Group::Quirks)
}

/// One table gives the struct, the presets, and the reader of partial configurations.
macro_rules! table {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident: $type:ty = $values:expr $(, or $alias:literal)* $(=> $knob:expr)?;
    )*
    ) => {
        /// The numbers and quirks of an Entropix preset.
        ///
        /// What a generation does not have is a coefficient of 0, or a switch that is off. Names are
        /// those of e55e9a3 and 8084588 where they have one; short names (`temp`, `low_ent`,
        /// `low_ent_thresh`, …) are accepted when reading. Keys left out when reading keep the
        /// preset's value, unknown keys are an error. In every `…_max`, 0 means no limit.
        #[derive(Clone, Debug, PartialEq)]
        pub struct EntropixConfig {
            /// Which generation's rules these are, and whose numbers are the starting point.
            pub preset: Preset,
            $($(#[doc = $doc])* pub $name: $type,)*
        }

        /// The values, by preset.
        #[expect(non_upper_case_globals, reason = "they are named as the fields are")]
        mod rows {
            use super::*;
            $(pub(super) const $name: [$type; preset::COUNT] = $values;)*
        }

        impl EntropixConfig {
            /// The preset's own numbers and switches.
            pub fn preset(preset: Preset) -> Self {
                let column = preset as usize;
                Self {
                    preset,
                    $($name: rows::$name[column],)*
                }
            }

            knobs! { $($(#[doc = $doc])* $name $(or $alias)*: $type $(, $knob)?;)* }
        }
    };
}

// Columns: A, B0, B, FROG, SMOLLM-135M, OCT31.
table! {
    /// Base temperature T₀.
    temperature: f64 = [0.666, 0.666, 0.666, 0.666, 0.666, 0.8], or "temp"
        => draw("temperature");
    /// Base nucleus mass.
    top_p: f64 = [0.90, 0.90, 0.90, 0.90, 0.90, 0.90]
        => draw("top-p");
    /// Base number of most probable tokens kept; at least 1.
    top_k: u32 = [27, 27, 27, 27, 27, 40]
        => draw("top-k").range(Range::AtLeast(1.0));
    /// Min-p of every rule but the adaptive one in B0. What it does is [`Self::min_p_effect`].
    min_p: f64 = [0.0, 0.0, 0.03, 0.03, 0.03, 0.05]
        => draw("min-p");

    /// LELV needs H below this, in bits.
    low_logits_entropy_threshold: f64 = [0.1, 0.1, 0.1, 0.01, 0.5, 0.8], or "low_ent", or "low_ent_thresh"
        => threshold("low H", "bits");
    /// LELV and HELV need V below this, in bits².
    low_logits_varentropy_threshold: f64 = [0.1, 0.1, 0.1, 0.05, 3.18, 0.4], or "low_vent", or "low_vent_thresh"
        => threshold("low V", "bits²");
    /// HEHV needs H above this, in bits; in B0, HELV does ([`Self::swapped_thresholds`]).
    medium_logits_entropy_threshold: f64 = [5.0, 3.0, 3.0, 0.7, 1.484, 1.7], or "med_ent", or "med_ent_thresh"
        => threshold("medium H", "bits");
    /// HELV needs H above this, LEHV below it, in bits; in B0, HEHV instead of HELV.
    high_logits_entropy_threshold: f64 = [5.0, 5.0, 5.0, 2.1, 2.07, 2.5], or "high_ent", or "high_ent_thresh"
        => threshold("high H", "bits");
    /// LEHV and HEHV need V above this, in bits².
    high_logits_varentropy_threshold: f64 = [5.0, 5.0, 5.0, 5.8, 6.08, 1.2], or "high_vent", or "high_vent_thresh"
        => threshold("high V", "bits²");

    /// FROG and after: LELV, HELV and LEHV need attention entropy AE below this, in bits.
    low_attention_entropy_threshold: f64 = [0.0, 0.0, 0.0, 11.915, 7.84, 1.0]
        => threshold("low AE", "bits").needs(Needs::AttentionGates);
    /// FROG and after: HEHV needs AE above this, in bits; scores are scaled by it.
    high_attention_entropy_threshold: f64 = [0.0, 0.0, 0.0, 11.926, 7.41, 2.0]
        => threshold("high AE", "bits").needs(Needs::AttentionGates);
    /// FROG and after: LELV and HELV need the heads' variance AV below this, in bits².
    low_attention_varentropy_threshold: f64 = [0.0, 0.0, 0.0, 0.001, 5.112, 0.3]
        => threshold("low AV", "bits²").needs(Needs::AttentionGates);
    /// FROG and after: LEHV and HEHV need AV above this, in bits²; scores are scaled by it.
    high_attention_varentropy_threshold: f64 = [0.0, 0.0, 0.0, 0.009, 6.82, 0.8]
        => threshold("high AV", "bits²").needs(Needs::AttentionGates);
    /// FROG: LELV, HELV and LEHV need agreement AG below this.
    low_agreement_threshold: f64 = [0.0, 0.0, 0.0, 2e-6, 1.8e-6, 0.0]
        => threshold("low AG", "").needs(Needs::AgreementGates);
    /// FROG: HEHV needs AG above this; scores are scaled by it.
    high_agreement_threshold: f64 = [0.0, 0.0, 0.0, 5e-6, 4.8e-6, 0.0]
        => threshold("high AG", "").needs(Needs::AgreementGates);
    /// FROG: LELV and HELV need interaction strength IS below this, LEHV above it.
    low_interaction_strength_threshold: f64 = [0.0, 0.0, 0.0, 0.2, 0.18, 0.0]
        => threshold("low IS", "").needs(Needs::AgreementGates);
    /// FROG: HEHV needs IS above this; scores are scaled by it.
    high_interaction_strength_threshold: f64 = [0.0, 0.0, 0.0, 0.264, 0.244, 0.0]
        => threshold("high IS", "").needs(Needs::AgreementGates);
    /// Keys of the original's cache. Unused ones count with a score of 0: attention is padded to this.
    attention_buffer: u32 = [0, 4096, 4096, 4096, 2048, 4096]
        => Knob::NUMBER.needs(Needs::Attention).unit("keys");

    /// The token that HELV inserts, once per generation. 2564 is " ..." in Llama 3's vocabulary
    /// and something else in any other.
    pause_token: u32 = [2564, 2564, 2564, 2564, 2564, 2564]
        => draw("pause token (id)").of_model();
    /// HELV after the pause: T = T₀·(this + coefficient·AE).
    helv_attn_ent_offset: f64 = [1.5, 1.3, 1.3, 1.3, 1.3, 1.0];
    /// HELV after the pause: temperature factor per bit of attention entropy AE.
    helv_attn_ent_coef: f64 = [0.0, 0.2, 0.2, 0.2, 0.2, 0.0];
    /// HELV after the pause: upper limit of T.
    helv_temperature_max: f64 = [1.3, 1.5, 1.5, 1.5, 1.5, 0.0];

    /// LEHV: T = T₀·(this + coefficient·IS).
    lehv_interaction_strength_offset: f64 = [1.5, 1.2, 1.2, 1.2, 1.2, 1.0];
    /// LEHV: temperature factor per unit of interaction strength IS.
    lehv_interaction_strength_coef: f64 = [0.0, 0.3, 0.3, 0.3, 0.3, 0.0];
    /// LEHV: upper limit of T.
    lehv_temperature_max: f64 = [1.2, 1.5, 1.5, 1.5, 1.5, 0.0];
    /// LEHV: top-k = ⌊base·(1 + this·(1 − AG))⌋, AG being the agreement.
    lehv_top_k_coef: f64 = [0.0, 0.5, 0.5, 0.5, 0.5, 0.0];
    /// LEHV: lower limit of top-k.
    lehv_top_k_min: u32 = [1, 5, 5, 5, 5, 1];

    /// HEHV: T = T₀·(this + coefficient·AV).
    hehv_attn_vent_offset: f64 = [3.0, 2.0, 2.0, 2.0, 2.0, 0.3];
    /// HEHV: temperature factor per bit² of attention varentropy AV.
    hehv_attn_vent_coef: f64 = [0.0, 0.5, 0.5, 0.5, 0.5, 0.25];
    /// HEHV: lower limit of T.
    hehv_temperature_min: f64 = [2.0, 2.0, 2.0, 2.0, 2.0, 0.0];
    /// HEHV: upper limit of T.
    hehv_temperature_max: f64 = [0.0, 0.0, 0.0, 0.0, 0.0, 2.0];
    /// HEHV: top-p falls by this per bit of attention entropy AE.
    hehv_attn_ent_coef: f64 = [0.0, 0.2, 0.2, 0.2, 0.2, 0.3];
    /// HEHV: lower limit of top-p.
    hehv_top_p_min: f64 = [0.0, 0.5, 0.5, 0.5, 0.5, 0.5];

    /// Adaptive: number of draws, of which the one with the best score is kept; 1 to 1024.
    n_adaptive_samples: u32 = [1, 5, 5, 5, 5, 5]
        => draw("adaptive draws").range(Range::Between(1.0, 1024.0));
    /// Adaptive: T = T₀·(this + terms in H + V, AE + AV and AG); FROG's terms are H and AE alone.
    /// OCT31: T = T₀·√((this + coefficient·CE)/(CE + 10⁻⁶)), CE being the entropy in nats.
    ada_temp_offset: f64 = [0.0, 1.0, 1.0, 1.0, 1.0, 2.0];
    /// Adaptive: coefficient of H + V (bits + bits², as coded), of H (FROG) or of CE (OCT31).
    ada_temp_logits: f64 = [0.1, 0.3, 0.3, 0.3, 0.3, 1.2];
    /// Adaptive: coefficient of AE + AV, or of AE (FROG).
    ada_temp_attn: f64 = [0.0, 0.2, 0.2, 0.2, 0.2, 0.0];
    /// Adaptive: temperature factor taken away per unit of agreement AG.
    ada_temp_agree: f64 = [0.0, 0.2, 0.2, 0.2, 0.2, 0.0];
    /// Adaptive: lower limit of the temperature factor; of T in OCT31.
    ada_temp_min: f64 = [0.5, 0.0, 0.0, 0.0, 0.0, 0.1];
    /// Adaptive: upper limit of the temperature factor; of T in OCT31.
    ada_temp_max: f64 = [2.0, 0.0, 0.0, 0.0, 0.0, 2.0];
    /// Adaptive: top-p = base·(1 + this·AV).
    ada_top_p: f64 = [0.0, 0.1, 0.1, 0.1, 0.1, 0.0];
    /// Adaptive: lower limit of top-p.
    ada_top_p_min: f64 = [0.0, 0.1, 0.1, 0.1, 0.1, 0.1];
    /// Adaptive: upper limit of top-p.
    ada_top_p_max: f64 = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
    /// Adaptive: top-k = round(base·(1 + this·IS − …)).
    ada_top_k_int: f64 = [0.0, 0.3, 0.3, 0.3, 0.3, 0.0];
    /// Adaptive: top-k = round(base·(1 + … − this·AG)).
    ada_top_k_agree: f64 = [0.0, 0.2, 0.2, 0.2, 0.2, 0.0];
    /// Adaptive: lower limit of top-k.
    ada_top_k_min: u32 = [1, 1, 1, 1, 1, 1];
    /// Adaptive: upper limit of top-k.
    ada_top_k_max: u32 = [0, 100, 100, 100, 100, 100];
    /// Adaptive: base of min-p, where it is another one; 0 = the same.
    ada_base_min_p: f64 = [0.0, 0.03, 0.0, 0.0, 0.0, 0.0];
    /// Adaptive: min-p = base·(1 − this·(H + V)); of V alone in FROG and OCT31.
    ada_min_p: f64 = [0.0, 0.5, 0.5, 0.5, 0.5, 0.2];
    /// Adaptive: lower limit of min-p.
    ada_min_p_min: f64 = [0.0, 0.01, 0.01, 0.01, 0.01, 0.01];
    /// Adaptive: upper limit of min-p.
    ada_min_p_max: f64 = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5];

    /// Score of a draw: weight of 1 − H; FROG and after divide each number by its high threshold.
    ada_score_logits_ent: f64 = [0.0, 0.1, 0.1, 0.1, 0.1, 1.0];
    /// Score of a draw: weight of 1 − AE.
    ada_score_attn_ent: f64 = [0.0, 0.2, 0.2, 0.2, 0.2, 0.8];
    /// Score of a draw: weight of 1 − V.
    ada_score_logits_vent: f64 = [0.0, 0.3, 0.3, 0.3, 0.3, 0.6];
    /// Score of a draw: weight of 1 − AV.
    ada_score_attn_vent: f64 = [0.0, 0.4, 0.4, 0.4, 0.4, 0.4];
    /// Score of a draw: weight of AG.
    ada_score_agree: f64 = [0.0, 0.5, 0.5, 0.5, 0.5, 0.0];
    /// Score of a draw: weight of IS.
    ada_score_int: f64 = [0.0, 0.6, 0.6, 0.6, 0.6, 0.0];
    /// 3.0 and 5.0 changed places between HELV and HEHV when they became a configuration: on, HELV
    /// asks for the high threshold of H and HEHV for the medium one; off, the other way round.
    swapped_thresholds: bool = [true, false, true, true, true, true]
        => quirk("medium and high H swapped");
    /// The first token of an answer is the most probable one, without a rule ([`Sampler::first`]).
    first_token_argmax: bool = [true, true, true, true, false, true]
        => quirk("first token without a rule");
    /// When HELV inserts the pause token. Otherwise HELV draws.
    insert: Insert = {
        use Insert::{Always, Once};
        [Once, Once, Once, Once, Once, Always]
    } => quirk("pause token");
    /// From which end top-p counts. From the least probable, it can drop the most probable tokens.
    nucleus: Nucleus = [Nucleus::Ascending; preset::COUNT] => quirk("top-p counts from");
    /// What min-p does. The original’s comes too late to act.
    min_p_effect: MinP = {
        use MinP::{NoEffect, UndoesTemperature};
        [NoEffect, NoEffect, NoEffect, NoEffect, UndoesTemperature, NoEffect]
    } => quirk("what min-p does");
    /// Where random numbers come from. The original’s loop uses the same ones at every token; no preset
    /// keeps that.
    noise: Noise = [Noise::Stream; preset::COUNT] => quirk("random numbers");
    /// Whoever runs the model shall hand its attention to [`Sampler::decide`]; off, the logits alone
    /// decide, and nothing is asked of attention.
    wants_attention: bool = [false, true, true, true, true, true]
        => quirk("look at attention").needs(Needs::Attention);
    /// Every rule also asks for attention's mean entropy AE and its variance AV.
    attention_gates: bool = [false, false, false, true, true, true]
        => quirk("rules ask for attention entropy").needs(Needs::Attention);
    /// Every rule also asks for agreement AG and interaction strength IS.
    agreement_gates: bool = [false, false, false, true, false, false]
        => quirk("rules ask for agreement").needs(Needs::Attention);
    /// How AV is computed from attention entropies.
    attention_variance: AttentionVariance = {
        use AttentionVariance::{OverHeads, OverOneQuery, Unbiased};
        [OverHeads, OverOneQuery, OverHeads, OverHeads, Unbiased, OverHeads]
    } => quirk("variance AV").needs(Needs::Attention);
    /// A logit that is not finite makes H and V NaN, as coded: no rule but the adaptive one
    /// matches, at a temperature of NaN. For tests.
    faithful_nan: bool = [false; preset::COUNT] => quirk("NaN as coded").needs(Needs::Tests);
}

impl EntropixConfig {
    /// The preset's numbers with those of a map, such as a JSON object, put over them.
    ///
    /// # Errors
    /// A key that does not exist, which the error names, or a value of the wrong type.
    ///
    /// ```
    /// use entropix::{EntropixConfig, Preset};
    /// use serde_json::json;
    ///
    /// let own = json!({ "temperature": 0.8, "insert": "always" });
    /// let config = EntropixConfig::with_overrides(Preset::B, own)?;
    /// assert_eq!((config.temperature, config.top_k), (0.8, 27));
    ///
    /// let wrong = EntropixConfig::with_overrides(Preset::B, json!({ "temprature": 0.8 }));
    /// assert!(wrong.unwrap_err().to_string().contains("temprature"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn with_overrides<'de, D: Deserializer<'de>>(
        preset: Preset,
        overrides: D,
    ) -> Result<Self, D::Error> {
        let mut given = Given::deserialize(overrides)?;
        let mut preset = preset;
        if let Some(value) = given.take("preset")
            && value != Value::Nothing
            && !preset.take(value)
        {
            return Err(de::Error::custom("there is no such `preset`"));
        }
        let mut config = Self::preset(preset);
        given.over(config.rows().as_mut())?;
        Ok(config)
    }

    /// Whether a knob does something in this configuration.
    pub fn uses(&self, knob: &Knob) -> bool {
        match knob.needs {
            Needs::Nothing => true,
            Needs::Attention => self.preset.uses_attention(),
            Needs::AttentionGates => self.attention_gates,
            Needs::AgreementGates => self.agreement_gates,
            Needs::Tests => false,
        }
    }

    /// What the rules ask of H and V.
    pub fn thresholds(&self) -> Thresholds {
        cuts(
            [
                self.low_logits_entropy_threshold,
                self.low_logits_varentropy_threshold,
                self.medium_logits_entropy_threshold,
                self.high_logits_entropy_threshold,
                self.high_logits_varentropy_threshold,
            ],
            self.swapped_thresholds,
        )
    }
}

impl Preset {
    /// What its rules ask of H and V.
    pub fn thresholds(self) -> Thresholds {
        let at = self as usize;
        let row = [
            rows::low_logits_entropy_threshold[at],
            rows::low_logits_varentropy_threshold[at],
            rows::medium_logits_entropy_threshold[at],
            rows::high_logits_entropy_threshold[at],
            rows::high_logits_varentropy_threshold[at],
        ];
        cuts(row, self != Self::B0)
    }
}

fn cuts(row: [f64; 5], swapped: bool) -> Thresholds {
    if swapped { row.into() } else { Thresholds::unswapped(row) }
}

impl Serialize for EntropixConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields: Vec<(_, &dyn Field)> = vec![("preset", &self.preset)];
        fields.extend(self.fields().as_ref());
        write(serializer, "EntropixConfig", &fields)
    }
}

/// In configurations: its name.
impl Field for Preset {
    fn say(&self) -> Value {
        Value::Text(self.name().to_owned())
    }

    fn take(&mut self, value: Value) -> bool {
        let Value::Text(name) = value else { return false };
        let found = Self::ALL.into_iter().find(|preset| preset.name() == name);
        found.map(|preset| *self = preset).is_some()
    }
}

/// A map that may leave out anything; without `preset` it starts from B.
impl<'de> Deserialize<'de> for EntropixConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::with_overrides(Preset::B, deserializer)
    }
}
