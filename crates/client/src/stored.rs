//! Settings as they are stored: versioned, and read piece by piece, so that what this version does not
//! know or take is left out and everything else stays.

use entropix::SamplerKind;
use entropix_protocol::Recipe;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::knobs;
use crate::settings::Settings;

/// Version 1 had no number: whole configurations, the pause token among them.
const VERSION: u32 = 2;

impl Serialize for Settings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let own: Map<String, Value> = self
            .own
            .iter()
            .map(|(kind, changes)| (kind.name().to_owned(), changes.clone().into()))
            .collect();
        let mut answer = knobs::map(&self.answer);
        answer.retain(|name, _| knobs::named(Recipe::KNOBS, name).is_some());
        let sampler = self.choice.name();
        json!({ "version": VERSION, "sampler": sampler, "own": own, "answer": answer })
            .serialize(serializer)
    }
}

/// Never fails on JSON: what can't be read is as if it had not been stored.
impl<'de> Deserialize<'de> for Settings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Value::deserialize(deserializer)?;
        let mut settings = Self::default();
        if stored["version"].is_null() {
            settings.take_first(&stored);
        } else {
            settings.take_choice(&stored["sampler"]);
            for (name, changes) in stored["own"].as_object().into_iter().flatten() {
                settings.take_sampler(name, changes);
            }
            settings.take_answer(&stored["answer"]);
        }
        Ok(settings)
    }
}

impl Settings {
    /// Version 1: `{"choice", "presets": [{"preset", …}], "dslider", "promised", "plain", "seed",
    /// "max_tokens"}`. Its `pause_token` belonged to a model that may not be the one loaded now.
    fn take_first(&mut self, stored: &Value) {
        self.take_choice(&stored["choice"]);
        for config in stored["presets"].as_array().into_iter().flatten() {
            self.take_sampler(config["preset"].as_str().unwrap_or_default(), config);
        }
        for kind in [SamplerKind::Dslider, SamplerKind::Promised, SamplerKind::Plain] {
            self.take_sampler(kind.name(), &stored[kind.tag()]);
        }
        self.take_answer(stored);
    }

    fn take_choice(&mut self, name: &Value) {
        self.choice = name.as_str().and_then(SamplerKind::named).unwrap_or(self.choice);
    }

    fn take_sampler(&mut self, name: &str, changes: &Value) {
        let Some(kind) = SamplerKind::named(name) else { return };
        for (name, value) in changes.as_object().into_iter().flatten() {
            if let Some(knob) = kind.knob(name).filter(|knob| !knob.of_model) {
                // What is refused stays the sampler's own.
                drop(self.put(kind, knob, value.clone()));
            }
        }
    }

    fn take_answer(&mut self, values: &Value) {
        for knob in Recipe::KNOBS {
            if let Some(value) = values.get(knob.name) {
                drop(self.put_answer(knob, value.clone()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entropix::{Nucleus, Preset, SamplerConfig};
    use entropix_protocol::Seed;

    fn read(text: &str) -> Settings {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn settings_survive_being_stored() {
        let mut settings =
            Settings { choice: SamplerKind::Entropix(Preset::A), ..Settings::default() };
        settings.set("nucleus", "descending").unwrap();
        settings.set("top_k", "30").unwrap();
        settings.set("seed", "18446744073709551615").unwrap();
        settings.set("max_tokens", "7").unwrap();
        settings.choice = SamplerKind::Dslider;
        settings.set("wild", "false").unwrap();
        settings.model.pause_token = Some(9);
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(
            text,
            r#"{"answer":{"max_tokens":7,"seed":"18446744073709551615"},"own":{"A":{"nucleus":"descending","top_k":30},"DSLIDER":{"wild":false}},"sampler":"DSLIDER","version":2}"#
        );
        settings.model.pause_token = None;
        assert_eq!(read(&text), settings);
    }

    /// As pages of version 1 stored them.
    #[test]
    fn old_settings_are_read() {
        let old = r#"{"choice":"A","presets":[{"preset":"A","temperature":0.666,"top_p":0.9,"top_k":30,"pause_token":2564,"nucleus":"descending","faithful_nan":false}],"pause_token":4563,"dslider":{"noise_floor":-12.0,"outlier_topk":9,"wild":false},"promised":{"entropy_cut":3.5,"phrases":[" Hm,"],"max_inserts":2},"plain":{"temperature":0.7,"top_k":40,"top_p":0.8,"min_p":0.0,"typical_p":1.0,"repetition_penalty":1.1,"repetition_window":64,"dry_multiplier":0.0,"dry_base":1.75,"dry_allowed_length":2},"seed":5,"max_tokens":64}"#;
        let mut settings = read(old);
        assert_eq!(settings.choice, SamplerKind::Entropix(Preset::A));
        let a = settings.preset(Preset::A);
        assert_eq!((a.top_k, a.nucleus, a.pause_token), (30, Nucleus::Descending, 2564));
        let recipe = settings.recipe(true);
        assert_eq!((recipe.seed, recipe.max_tokens), (Seed(5), 64));
        settings.choice = SamplerKind::Plain;
        let SamplerConfig::Plain(plain) = settings.sampler() else { panic!() };
        assert_eq!((plain.top_p, plain.repetition_penalty, plain.top_k), (0.8, 1.1, 40));
        settings.choice = SamplerKind::Dslider;
        let SamplerConfig::Dslider(dslider) = settings.sampler() else { panic!() };
        assert_eq!((dslider.outlier_topk, dslider.wild), (9, false));
        settings.choice = SamplerKind::Promised;
        let SamplerConfig::Promised(promised) = settings.sampler() else { panic!() };
        assert_eq!((promised.entropy_cut, promised.phrases.len()), (3.5, 1));
    }

    #[test]
    fn what_is_not_known_resets_nothing_else() {
        for text in ["{}", "null", "[]", "7", r#"{"version":2}"#, r#"{"choice":"C","presets":7}"#] {
            assert_eq!(read(text), Settings::default(), "{text}");
        }
        let newer = r#"{"version":3,"sampler":"plain","own":{"plain":{"top_k":3,"warmth":1,"min_p":-2,"top_p":"all"},"C":{"top_k":1}},"answer":{"seed":8,"max_tokens":-1,"voice":"low"},"more":1}"#;
        let settings = read(newer);
        assert_eq!(settings.changes().map(|(name, _)| name).collect::<Vec<_>>(), ["top_k"]);
        assert_eq!(
            (settings.text("seed").as_str(), settings.text("max_tokens").as_str()),
            ("8", "256")
        );
    }
}
