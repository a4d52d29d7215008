//! Every sampler, by name.

use serde::{Deserialize, Serialize};

use super::{DsliderConfig, EntropixConfig, PlainConfig, Preset, PromisedConfig, SamplerConfig};
use crate::knob::Knob;

/// A sampler, whatever its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum SamplerKind {
    /// Entropix as coded on some day.
    Entropix(Preset),
    /// The Dirichlet sampler of November 2024.
    Dslider,
    /// Entropix as its picture promised.
    Promised,
    /// The usual samplers, one after the other.
    Plain,
    /// The most probable token, always.
    Greedy,
}

/// What a sampler takes from the loaded model: given by whoever loads it, never stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelDefaults {
    /// The pause token of the model's vocabulary, if it has one.
    pub pause_token: Option<u32>,
    /// The promised sampler's numbers for the model.
    pub promised: PromisedConfig,
}

impl ModelDefaults {
    /// Takes over what belongs to the model from a configuration in which it was set.
    pub fn take_from(&mut self, config: &SamplerConfig) {
        if let SamplerConfig::Entropix(config) = config {
            self.pause_token = Some(config.pause_token);
        }
    }
}

impl SamplerKind {
    /// All of them, in the order shown.
    pub const ALL: [Self; 10] = [
        Self::Plain,
        Self::Greedy,
        Self::Promised,
        Self::Entropix(Preset::B),
        Self::Entropix(Preset::A),
        Self::Entropix(Preset::B0),
        Self::Entropix(Preset::Frog),
        Self::Entropix(Preset::Smollm),
        Self::Entropix(Preset::Oct31),
        Self::Dslider,
    ];

    /// Name in links and on the command line: that of the preset, "DSLIDER", "PROMISED", "plain" or
    /// "greedy".
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entropix(preset) => preset.name(),
            Self::Dslider => "DSLIDER",
            Self::Promised => "PROMISED",
            Self::Plain => "plain",
            Self::Greedy => "greedy",
        }
    }

    /// The sampler with this [`Self::name`], in small or capital letters.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    /// `kind` of its configuration in JSON; the presets share one.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Entropix(_) => "entropix",
            Self::Dslider => "dslider",
            Self::Promised => "promised",
            Self::Plain => "plain",
            Self::Greedy => "greedy",
        }
    }

    /// Name for people.
    pub fn title(self) -> String {
        match self {
            Self::Entropix(_) | Self::Dslider | Self::Promised => {
                format!("Entropix {}", self.name())
            }
            Self::Plain => "Plain".to_owned(),
            Self::Greedy => "Greedy".to_owned(),
        }
    }

    /// What it belongs to.
    pub const fn family(self) -> Family {
        match self {
            Self::Plain | Self::Greedy => Family::Usual,
            Self::Promised => Family::Promised,
            Self::Entropix(_) | Self::Dslider => Family::Coded,
        }
    }

    /// One line about it.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Entropix(preset) => preset.about(),
            Self::Dslider => {
                "8 November 2024: moving averages and a Dirichlet distribution instead of rules. Slow."
            }
            Self::Promised => {
                "What the picture says: argmax, a phrase, real branches, going back. Never coded by its authors."
            }
            Self::Plain => {
                "Penalties, temperature, min-p, top-k, typical, top-p: what most programs do."
            }
            Self::Greedy => "Always the most probable token; no chance involved.",
        }
    }

    /// Its numbers and switches, in the order shown.
    pub const fn knobs(self) -> &'static [Knob] {
        match self {
            Self::Entropix(_) => EntropixConfig::KNOBS,
            Self::Dslider => DsliderConfig::KNOBS,
            Self::Promised => PromisedConfig::KNOBS,
            Self::Plain => PlainConfig::KNOBS,
            Self::Greedy => &[],
        }
    }

    /// Its knob of this name.
    pub fn knob(self, name: &str) -> Option<&'static Knob> {
        self.knobs().iter().find(|knob| knob.name == name)
    }

    /// Its own numbers, with those that belong to the model.
    pub fn config(self, model: &ModelDefaults) -> SamplerConfig {
        match self {
            Self::Entropix(preset) => {
                let own = EntropixConfig::preset(preset);
                let pause_token = model.pause_token.unwrap_or(own.pause_token);
                SamplerConfig::Entropix(EntropixConfig { pause_token, ..own })
            }
            Self::Dslider => SamplerConfig::Dslider(DsliderConfig::default()),
            Self::Promised => SamplerConfig::Promised(model.promised.clone()),
            Self::Plain => SamplerConfig::Plain(PlainConfig::default()),
            Self::Greedy => SamplerConfig::Greedy,
        }
    }
}

/// Where samplers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// They know nothing of varentropy.
    Usual,
    /// What the authors of Entropix said.
    Promised,
    /// What the authors of Entropix wrote.
    Coded,
}

impl Family {
    /// All of them, in the order shown.
    pub const ALL: [Self; 3] = [Self::Usual, Self::Promised, Self::Coded];

    /// Name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Usual => "Without Entropix",
            Self::Promised => "Entropix as promised",
            Self::Coded => "Entropix as coded in 2024",
        }
    }

    /// Its samplers, in the order shown.
    pub fn kinds(self) -> impl Iterator<Item = SamplerKind> {
        SamplerKind::ALL.into_iter().filter(move |kind| kind.family() == self)
    }
}

/// That of [`SamplerConfig::default`].
impl Default for SamplerKind {
    fn default() -> Self {
        Self::Entropix(Preset::B)
    }
}

impl From<SamplerKind> for String {
    fn from(kind: SamplerKind) -> Self {
        kind.name().to_owned()
    }
}

impl TryFrom<String> for SamplerKind {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::named(&name).ok_or_else(|| format!("there is no sampler {name:?}"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    /// A sampler that is not in the list is in no page, link, help or schema.
    #[test]
    fn the_list_has_every_kind_that_json_has() {
        let error =
            serde_json::from_str::<SamplerConfig>(r#"{"kind": "?"}"#).unwrap_err().to_string();
        let named: BTreeSet<_> =
            error.split('`').skip(1).step_by(2).filter(|name| *name != "?").collect();
        let listed: BTreeSet<_> = SamplerKind::ALL.into_iter().map(SamplerKind::tag).collect();
        assert_eq!(listed, named, "{error}");
        let presets: Vec<_> = Preset::ALL
            .into_iter()
            .filter(|p| SamplerKind::ALL.contains(&SamplerKind::Entropix(*p)))
            .collect();
        assert_eq!(presets, Preset::ALL);
    }

    #[test]
    fn knobs_are_what_a_configuration_says_in_json() {
        for kind in SamplerKind::ALL {
            let config = kind.config(&ModelDefaults::default());
            config.check().unwrap();
            assert_eq!((config.kind(), SamplerKind::named(kind.name())), (kind, Some(kind)));
            let Value::Object(json) = serde_json::to_value(&config).unwrap() else { panic!() };
            assert_eq!(json["kind"], kind.tag());
            let said: BTreeSet<_> = json
                .keys()
                .filter(|key| *key != "kind" && *key != "preset")
                .map(String::as_str)
                .collect();
            let knobs: BTreeSet<_> = kind.knobs().iter().map(|knob| knob.name).collect();
            assert_eq!(knobs, said, "{kind:?}");
            for knob in kind.knobs() {
                assert!(!knob.about().is_empty() && !knob.title().is_empty(), "{knob:?}");
            }
        }
    }

    #[test]
    fn what_belongs_to_the_model_comes_from_the_model() {
        let promised = PromisedConfig { entropy_cut: 3.5, ..PromisedConfig::default() };
        let model = ModelDefaults { pause_token: Some(7), promised: promised.clone() };
        let SamplerConfig::Entropix(b) = SamplerKind::Entropix(Preset::B).config(&model) else {
            panic!()
        };
        assert_eq!(b.pause_token, 7);
        assert_eq!(SamplerKind::Promised.config(&model), SamplerConfig::Promised(promised));
        assert!(SamplerKind::Entropix(Preset::B).knob("pause_token").unwrap().of_model);
    }

    #[test]
    fn what_looks_at_no_attention_shows_no_knobs_of_attention() {
        let shown = |preset| -> Vec<_> {
            let config = SamplerConfig::Entropix(EntropixConfig::preset(preset));
            config.knobs().map(|knob| knob.name).collect()
        };
        assert!(!shown(Preset::A).contains(&"attention_gates"));
        assert!(shown(Preset::A).contains(&"nucleus"));
        assert!(shown(Preset::B).contains(&"attention_gates"));
        assert!(!shown(Preset::B).contains(&"low_attention_entropy_threshold"));
        assert!(shown(Preset::Frog).contains(&"low_attention_entropy_threshold"));
        assert!(!shown(Preset::Frog).contains(&"faithful_nan"));
    }
}
