//! What a person can set, as the page edits and stores it.

use entropix::{
    EntropixConfig, Knob, ModelDefaults, Preset, PromisedConfig, SamplerConfig, SamplerKind,
};
use entropix_protocol::Recipe;
use serde_json::{Map, Value};

use crate::knobs;

/// Everything about generating that a person can set.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Which sampler.
    pub choice: SamplerKind,
    /// What was changed, by sampler: names and values that differ from the sampler's own.
    pub(crate) own: Vec<(SamplerKind, Map<String, Value>)>,
    /// What the samplers take from the loaded model; never stored.
    pub model: ModelDefaults,
    /// Everything but the sampler, which `choice` and `own` give.
    pub(crate) answer: Recipe,
}

/// The plain sampler: a stranger's first answer shall show the model, not the quirks of October 2024.
impl Default for Settings {
    fn default() -> Self {
        Self {
            choice: SamplerKind::Plain,
            own: Vec::new(),
            model: ModelDefaults::default(),
            answer: Recipe::default(),
        }
    }
}

impl Settings {
    /// Those that an answer was made with.
    pub(crate) fn of(recipe: &Recipe, model: ModelDefaults) -> Self {
        let choice = recipe.sampler.kind();
        let mut settings = Self { choice, own: Vec::new(), model, answer: recipe.clone() };
        settings.adopt(&recipe.sampler);
        settings
    }

    /// Chooses a sampler with all its numbers; seed and length stay.
    pub fn adopt(&mut self, sampler: &SamplerConfig) {
        self.choice = sampler.kind();
        let changes = knobs::difference(sampler, &self.choice.config(&self.model));
        self.reset();
        if !changes.is_empty() {
            self.own.push((self.choice, changes));
        }
    }

    /// How answers are made. `attention` asks for each token's attention.
    pub fn recipe(&self, attention: bool) -> Recipe {
        Recipe { sampler: self.sampler(), attention, ..self.answer.clone() }
    }

    /// The chosen sampler with its numbers.
    pub fn sampler(&self) -> SamplerConfig {
        self.sampler_of(self.choice)
    }

    /// A preset with the numbers that were set.
    pub fn preset(&self, preset: Preset) -> EntropixConfig {
        match self.sampler_of(SamplerKind::Entropix(preset)) {
            SamplerConfig::Entropix(config) => config,
            _ => EntropixConfig::preset(preset),
        }
    }

    /// Whether anything of a sampler was changed.
    pub fn is_edited(&self, kind: SamplerKind) -> bool {
        self.own.iter().any(|(of, _)| *of == kind)
    }

    /// The knobs of the chosen sampler that do something, in the order shown.
    pub fn knobs(&self) -> Vec<&'static Knob> {
        self.sampler().knobs().collect()
    }

    /// The value of a knob of the answer or of the chosen sampler, as a control shows it; "" if there is
    /// no such knob.
    pub fn text(&self, name: &str) -> String {
        let values = if knobs::named(Recipe::KNOBS, name).is_some() {
            knobs::map(&self.answer)
        } else {
            knobs::map(&self.sampler())
        };
        values.get(name).map(knobs::text).unwrap_or_default()
    }

    /// Names and values of what differs from the chosen sampler's own.
    pub fn changes(&self) -> impl Iterator<Item = (&str, &Value)> {
        let own = self.own.iter().filter(|(kind, _)| *kind == self.choice);
        own.flat_map(|(_, changes)| changes).map(|(name, value)| (name.as_str(), value))
    }

    /// Sets a knob of the answer or of the chosen sampler as a text says it. What is refused changes
    /// nothing.
    ///
    /// # Errors
    /// Why not, in words.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), String> {
        if let Some(knob) = knobs::named(Recipe::KNOBS, name) {
            return self.put_answer(knob, knobs::read(knob, text)?);
        }
        let knob = self.choice.knob(name).filter(|knob| self.sampler().knobs().any(|k| k == *knob));
        let knob = knob.ok_or_else(|| format!("There is no number or switch called {name}"))?;
        self.put(self.choice, knob, knobs::read(knob, text)?)
    }

    /// The chosen sampler's own numbers and quirks; what belongs to the model stays.
    pub fn reset(&mut self) {
        self.own.retain(|(kind, _)| *kind != self.choice);
    }

    /// Takes over what belongs to a model: the pause token of its vocabulary, and the promised sampler's
    /// numbers for it. What it has none of is the library's own.
    pub fn set_model(&mut self, pause_token: Option<u32>, promised: Option<PromisedConfig>) {
        self.model = ModelDefaults { pause_token, promised: promised.unwrap_or_default() };
    }

    /// A sampler with its numbers.
    pub(crate) fn sampler_of(&self, kind: SamplerKind) -> SamplerConfig {
        let own = self.own.iter().find(|(of, _)| *of == kind);
        let usual = kind.config(&self.model);
        own.and_then(|(_, own)| knobs::over(&usual, own).ok()).unwrap_or(usual)
    }

    pub(crate) fn put_answer(&mut self, knob: &Knob, value: Value) -> Result<(), String> {
        self.answer = knobs::over(&self.answer, &knobs::one(knob, value))
            .map_err(|_| format!("{} is too large", knob.title()))?;
        Ok(())
    }

    pub(crate) fn put(
        &mut self,
        kind: SamplerKind,
        knob: &Knob,
        value: Value,
    ) -> Result<(), String> {
        let config = knobs::over(&self.sampler_of(kind), &knobs::one(knob, value))
            .map_err(|_| format!("{} can’t be that", knob.title()))?;
        config.check().map_err(|error| error.to_string())?;
        if knob.of_model {
            self.model.take_from(&config);
            return Ok(());
        }
        let changes = knobs::difference(&config, &kind.config(&self.model));
        self.own.retain(|(of, _)| *of != kind);
        if !changes.is_empty() {
            self.own.push((kind, changes));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entropix::knob::Kind;

    fn chosen(choice: SamplerKind) -> Settings {
        Settings { choice, ..Settings::default() }
    }

    /// A text that says another value than the one that is set.
    fn other(settings: &Settings, knob: &Knob) -> String {
        let now = settings.text(knob.name);
        match knob.kind {
            Kind::Whole => (now.parse::<u32>().unwrap() + 1).to_string(),
            Kind::Real => (now.parse::<f64>().unwrap() * 0.5 + 0.123).to_string(),
            Kind::Switch => (now != "true").to_string(),
            Kind::Options(options) => {
                options.iter().find(|(value, _)| *value != now).unwrap().0.to_owned()
            }
            Kind::Lines => " Hm,\n really?".to_owned(),
        }
    }

    #[test]
    fn every_knob_can_be_set_reset_and_set_to_itself() {
        for choice in SamplerKind::ALL {
            let mut settings = chosen(choice);
            let before = settings.clone();
            for knob in before.knobs() {
                settings.set(knob.name, &before.text(knob.name)).unwrap();
                assert_eq!(settings.own, before.own, "{}", knob.name);
                if knob.of_model {
                    continue;
                }
                let other = other(&before, knob);
                settings.set(knob.name, &other).unwrap();
                assert_eq!(settings.text(knob.name), other, "{}", knob.name);
                assert!(settings.is_edited(choice));
                settings.reset();
                assert!(!settings.is_edited(choice));
            }
        }
    }

    #[test]
    fn whole_numbers_are_known() {
        for choice in SamplerKind::ALL {
            for knob in chosen(choice).knobs().into_iter().filter(|knob| knob.is_number()) {
                let between =
                    format!("{}.5", chosen(choice).text(knob.name).split('.').next().unwrap());
                let taken = chosen(choice).set(knob.name, &between);
                let fits = knob.kind == Kind::Real && knob.range.contains(between.parse().unwrap());
                assert_eq!(taken.is_ok(), fits, "{}: {taken:?}", knob.name);
            }
        }
    }

    #[test]
    fn nonsense_is_refused_in_words_and_changes_nothing() {
        let mut settings = chosen(SamplerKind::Entropix(Preset::B));
        let before = settings.clone();
        for (name, text, words) in [
            ("temperature", "", "temperature must be a number"),
            ("temperature", "NaN", "temperature must be a number"),
            ("temperature", "-1", "temperature must be finite and not negative"),
            ("top_k", "2.5", "top-k must be a whole number"),
            ("top_k", "0", "top-k must be at least 1"),
            ("no_such_number", "1", "There is no number or switch called no_such_number"),
            ("faithful_nan", "true", "There is no number or switch called faithful_nan"),
            ("insert", "never", "pause token can’t be never"),
            ("noise", "", "random numbers can’t be empty"),
            ("nucleus", "true", "top-p counts from can’t be true"),
            ("seed", "-1", "seed must be a whole number"),
            ("seed", "1.5", "seed must be a whole number"),
            ("seed", "1e3", "seed must be a whole number"),
            ("seed", "", "seed must be a whole number"),
            ("seed", "18446744073709551616", "seed is too large: at most 18446744073709551615"),
            ("max_tokens", "-1", "most tokens must be a whole number"),
            ("max_tokens", "4294967296", "most tokens must be 0 to 4294967295"),
        ] {
            assert_eq!(settings.set(name, text), Err(words.to_owned()), "{name}={text}");
        }
        assert_eq!(settings, before);
        settings.choice = SamplerKind::Plain;
        assert!(settings.set("insert", "always").is_err());
    }

    #[test]
    fn a_sampler_is_adopted_with_its_numbers_and_nothing_else() {
        let mut settings = Settings::default();
        settings.set("seed", "7").unwrap();
        settings.set("temperature", "0.3").unwrap();
        let plain = settings.sampler();
        let own = EntropixConfig {
            high_logits_varentropy_threshold: 12.7,
            ..EntropixConfig::preset(Preset::B)
        };
        for sampler in [
            SamplerConfig::Entropix(own),
            SamplerConfig::Entropix(EntropixConfig::preset(Preset::B)),
            SamplerConfig::Promised(PromisedConfig { entropy_cut: 1.5, ..Default::default() }),
            SamplerConfig::Greedy,
        ] {
            settings.adopt(&sampler);
            assert_eq!(settings.sampler(), sampler);
            assert_eq!(settings.choice, sampler.kind());
            assert_eq!(settings.text("seed"), "7");
        }
        settings.choice = SamplerKind::Plain;
        assert_eq!(settings.sampler(), plain, "what another sampler was set to stays");
    }

    #[test]
    fn seeds_have_64_bits() {
        let mut settings = Settings::default();
        for seed in ["0", "9007199254740993", "18446744073709551615"] {
            settings.set("seed", seed).unwrap();
            assert_eq!(settings.text("seed"), seed);
            assert_eq!(settings.recipe(false).seed.to_string(), seed);
        }
    }

    #[test]
    fn what_belongs_to_the_model_stays_the_models() {
        let mut settings = chosen(SamplerKind::Entropix(Preset::B));
        settings.set_model(Some(4563), None);
        settings.set("high_logits_entropy_threshold", "4").unwrap();
        assert_eq!(settings.preset(Preset::B).pause_token, 4563);
        settings.reset();
        assert_eq!(settings.preset(Preset::B).pause_token, 4563);
        settings.set("pause_token", "7").unwrap();
        assert_eq!(settings.preset(Preset::A).pause_token, 7);
        assert!(settings.own.is_empty());
        // Another model without one: the preset's own again.
        settings.set_model(None, None);
        assert_eq!(settings.preset(Preset::B).pause_token, 2564);

        settings.choice = SamplerKind::Promised;
        settings.set("max_inserts", "5").unwrap();
        let cuts = PromisedConfig { entropy_cut: 3.0, ..PromisedConfig::default() };
        settings.set_model(None, Some(cuts.clone()));
        let wanted = PromisedConfig { max_inserts: 5, ..cuts };
        assert_eq!(settings.sampler(), SamplerConfig::Promised(wanted));
    }

    #[test]
    fn phrases_keep_their_blanks() {
        let mut settings = chosen(SamplerKind::Promised);
        settings.set("phrases", " Hm,\n\n really?\n").unwrap();
        let SamplerConfig::Promised(config) = settings.sampler() else { panic!() };
        assert_eq!(config.phrases, [" Hm,", " really?"]);
        assert!(settings.set("branch_score", "best").is_err());
    }
}
