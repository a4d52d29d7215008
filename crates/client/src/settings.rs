//! The sampler's numbers as the page edits and stores them.

use entropix::{
    BranchScore, DsliderConfig, EntropixConfig, PlainConfig, Preset, PromisedConfig, SamplerConfig,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::quirks::{Quirk, map};

/// Which sampler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Choice {
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

impl Choice {
    /// All of them, in the order shown.
    pub const ALL: [Self; 10] = [
        Self::Entropix(Preset::B),
        Self::Entropix(Preset::A),
        Self::Entropix(Preset::B0),
        Self::Entropix(Preset::Frog),
        Self::Entropix(Preset::Smollm),
        Self::Entropix(Preset::Oct31),
        Self::Dslider,
        Self::Promised,
        Self::Plain,
        Self::Greedy,
    ];

    /// Value of the form control.
    pub fn value(self) -> &'static str {
        match self {
            Self::Entropix(preset) => preset.name(),
            Self::Dslider => "DSLIDER",
            Self::Promised => "PROMISED",
            Self::Plain => "plain",
            Self::Greedy => "greedy",
        }
    }

    /// The choice with this [`Self::value`].
    pub fn named(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.value() == value)
    }

    /// Name.
    pub fn name(self) -> String {
        match self {
            Self::Entropix(preset) => format!("Entropix {}", preset.name()),
            Self::Dslider => "Entropix DSLIDER".to_owned(),
            Self::Promised => "Entropix PROMISED".to_owned(),
            Self::Plain => "Plain".to_owned(),
            Self::Greedy => "Greedy".to_owned(),
        }
    }

    /// One line about it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Entropix(Preset::A) => "4 October 2024: H and V alone decide, as coded.",
            Self::Entropix(Preset::B0) => {
                "5 October 2024: attention joins in; 3.0 and 5.0 bits the other way round than in B."
            }
            Self::Entropix(Preset::B) => {
                "7–31 October 2024: what both blog posts describe, as coded."
            }
            Self::Entropix(Preset::Frog) => {
                "8 October 2024, branch “frog”: every rule also asks for attention."
            }
            Self::Entropix(Preset::Smollm) => {
                "A port to SmolLM2-135M: the rules of FROG with thresholds for this model."
            }
            Self::Entropix(Preset::Oct31) => {
                "31 October 2024: without a rule, the hotter the surer the model is."
            }
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
}

impl From<Choice> for String {
    fn from(choice: Choice) -> Self {
        choice.value().to_owned()
    }
}

impl TryFrom<String> for Choice {
    type Error = String;

    fn try_from(value: String) -> Result<Self, String> {
        Self::named(&value).ok_or_else(|| format!("there is no sampler {value:?}"))
    }
}

/// By what a branch is kept, as the configuration and as people say it.
pub const BRANCH_SCORES: [(BranchScore, &str, &str); 3] = [
    (BranchScore::Both, "both", "probability and certainty"),
    (BranchScore::LogProbability, "log_probability", "probability"),
    (BranchScore::Entropy, "entropy", "certainty"),
];

/// What a number belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Where one rule ends and the next begins.
    Thresholds,
    /// What every draw starts from.
    Base,
    /// How the numbers of a draw follow H, V and attention.
    Coefficients,
}

/// One number that can be edited.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Name in the configuration.
    pub name: &'static str,
    /// Name for people.
    pub label: String,
    /// Unit, or "".
    pub unit: &'static str,
    /// What it belongs to.
    pub group: Group,
    /// Whether it is a whole number.
    pub whole: bool,
    /// The value.
    pub value: f64,
}

/// Everything about generating that a person can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Which sampler.
    pub choice: Choice,
    /// Numbers of the presets that were changed.
    pub presets: Vec<EntropixConfig>,
    /// The pause token of the model's vocabulary.
    #[serde(skip)]
    pub pause_token: Option<u32>,
    /// Numbers of the Dirichlet sampler.
    pub dslider: DsliderConfig,
    /// Numbers of the promised sampler, if they were changed.
    pub promised: Option<PromisedConfig>,
    /// The promised sampler's numbers for the model.
    #[serde(skip)]
    pub promised_of_model: PromisedConfig,
    /// Numbers of the plain sampler.
    pub plain: PlainConfig,
    /// Seed of the random stream.
    pub seed: u32,
    /// Most tokens per answer; 0 = as many as fit.
    pub max_tokens: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            choice: Choice::Entropix(Preset::B),
            presets: Vec::new(),
            pause_token: None,
            dslider: DsliderConfig::default(),
            promised: None,
            promised_of_model: PromisedConfig::default(),
            plain: PlainConfig::default(),
            seed: 1337,
            max_tokens: 256,
        }
    }
}

impl Settings {
    /// The chosen sampler with its numbers.
    pub fn sampler(&self) -> SamplerConfig {
        match self.choice {
            Choice::Entropix(preset) => SamplerConfig::Entropix(self.preset(preset)),
            Choice::Dslider => SamplerConfig::Dslider(self.dslider.clone()),
            Choice::Promised => SamplerConfig::Promised(self.promised().clone()),
            Choice::Plain => SamplerConfig::Plain(self.plain.clone()),
            Choice::Greedy => SamplerConfig::Greedy,
        }
    }

    /// A preset with the numbers that were set.
    pub fn preset(&self, preset: Preset) -> EntropixConfig {
        let own = self.presets.iter().find(|config| config.preset == preset);
        let mut config = own.cloned().unwrap_or_else(|| EntropixConfig::preset(preset));
        if let Some(token) = self.pause_token {
            config.pause_token = token;
        }
        config
    }

    /// The promised sampler with the numbers that were set.
    pub fn promised(&self) -> &PromisedConfig {
        self.promised.as_ref().unwrap_or(&self.promised_of_model)
    }

    /// Sets numbers and phrases of the promised sampler.
    pub fn set_promised(&mut self, config: PromisedConfig) {
        self.promised = (config != self.promised_of_model).then_some(config);
    }

    /// The numbers of the chosen sampler.
    pub fn fields(&self) -> Vec<Field> {
        match self.choice {
            Choice::Entropix(preset) => entropix_fields(&self.preset(preset)),
            Choice::Dslider => {
                self.dslider.numbers().map(|(name, value)| field(name, value)).into()
            }
            Choice::Promised => {
                self.promised().numbers().map(|(name, value)| field(name, value)).into()
            }
            Choice::Plain => self.plain.numbers().map(|(name, value)| field(name, value)).into(),
            Choice::Greedy => Vec::new(),
        }
    }

    /// The quirks of the chosen sampler, with their values.
    pub fn quirks(&self) -> Vec<(Quirk, Value)> {
        match self.choice {
            Choice::Entropix(preset) => Quirk::of(&self.preset(preset)),
            Choice::Dslider | Choice::Promised | Choice::Plain | Choice::Greedy => Vec::new(),
        }
    }

    /// Names and values of what differs from the chosen sampler's own.
    pub fn changes(&self) -> Vec<(String, Value)> {
        let mut usual = self.clone();
        usual.reset();
        let usual = map(&usual.sampler());
        let own = map(&self.sampler()).into_iter();
        own.filter(|(name, value)| usual.get(name) != Some(value)).collect()
    }

    /// Sets one number of the chosen sampler. Returns why not, in words.
    ///
    /// # Errors
    /// The value is not a number the sampler takes.
    pub fn set(&mut self, name: &str, value: f64) -> Result<(), String> {
        if !value.is_finite() {
            return Err("That is not a number".to_owned());
        }
        let whole = value.fract() == 0.0 && value.abs() < 9e15;
        let value = if whole { Value::from(value as i64) } else { Value::from(value) };
        self.put(name, value)
    }

    /// Sets one quirk of the chosen sampler, as [`Quirk::read`] reads it. Returns why not, in words.
    ///
    /// # Errors
    /// The sampler has no such quirk, or it can't be this.
    pub fn set_quirk(&mut self, name: &str, text: &str) -> Result<(), String> {
        let quirk = Quirk::named(name).ok_or_else(|| nothing_called(name))?;
        self.put(name, quirk.read(text)?)
    }

    /// Sets what is neither a number nor a quirk: the promised sampler's `phrases`, one per line, and
    /// `branch_score`. Returns why not, in words.
    ///
    /// # Errors
    /// The sampler has nothing of the name, or it can't be this.
    pub fn set_text(&mut self, name: &str, text: &str) -> Result<(), String> {
        match (self.choice, name) {
            (Choice::Promised, "branch_score") => self.put(name, text.into()),
            (Choice::Promised, "phrases") => {
                let phrases = text.lines().filter(|line| !line.trim().is_empty());
                self.put(name, phrases.collect::<Vec<_>>().into())
            }
            _ => Err(nothing_called(name)),
        }
    }

    fn put(&mut self, name: &str, value: Value) -> Result<(), String> {
        let mut next = self.clone();
        match next.choice {
            Choice::Entropix(preset) => {
                let usual = EntropixConfig::preset(preset);
                let mut config = replaced(&next.preset(preset), name, value)?;
                if config.pause_token != next.preset(preset).pause_token {
                    next.pause_token = Some(config.pause_token);
                }
                config.pause_token = usual.pause_token;
                next.presets.retain(|config| config.preset != preset);
                if config != usual {
                    next.presets.push(config);
                }
            }
            Choice::Dslider => next.dslider = replaced(&next.dslider, name, value)?,
            Choice::Promised => next.set_promised(replaced(next.promised(), name, value)?),
            Choice::Plain => next.plain = replaced(&next.plain, name, value)?,
            Choice::Greedy => return Err("Greedy has no numbers".to_owned()),
        }
        next.sampler().check().map_err(|error| error.to_string())?;
        *self = next;
        Ok(())
    }

    /// The chosen sampler's own numbers and quirks; the pause token stays that of the model.
    pub fn reset(&mut self) {
        match self.choice {
            Choice::Entropix(preset) => self.presets.retain(|config| config.preset != preset),
            Choice::Dslider => self.dslider = DsliderConfig::default(),
            Choice::Promised => self.promised = None,
            Choice::Plain => self.plain = PlainConfig::default(),
            Choice::Greedy => {}
        }
    }

    /// Takes over what belongs to a model: the pause token of its vocabulary, and the promised sampler's numbers
    /// for it. What it has none of is the library's own.
    pub fn set_model(&mut self, pause_token: Option<u32>, promised: Option<PromisedConfig>) {
        self.pause_token = pause_token;
        self.promised_of_model = promised.unwrap_or_default();
    }

    /// The pause token of a model's vocabulary.
    pub fn set_pause_token(&mut self, token: u32) {
        self.pause_token = Some(token);
    }
}

/// Name of the number that belongs to the model.
pub const PAUSE: &str = "pause_token";

/// The numbers that this preset looks at.
fn entropix_fields(config: &EntropixConfig) -> Vec<Field> {
    let unused = |name: &str| match name {
        "low_attention_entropy_threshold"
        | "high_attention_entropy_threshold"
        | "low_attention_varentropy_threshold"
        | "high_attention_varentropy_threshold" => !config.attention_gates,
        "low_agreement_threshold"
        | "high_agreement_threshold"
        | "low_interaction_strength_threshold"
        | "high_interaction_strength_threshold" => !config.agreement_gates,
        "attention_buffer" => !config.preset.uses_attention(),
        _ => false,
    };
    let used = config.numbers().filter(|(name, _)| !unused(name));
    used.map(|(name, value)| field(name, value)).collect()
}

fn field(name: &'static str, value: f64) -> Field {
    let threshold = name.ends_with("_threshold") || name.ends_with("_cut");
    let group = if threshold {
        Group::Thresholds
    } else if matches!(
        name,
        "temperature"
            | "top_p"
            | "top_k"
            | "min_p"
            | "typical_p"
            | "repetition_penalty"
            | "dry_multiplier"
            | PAUSE
            | "n_adaptive_samples"
    ) {
        Group::Base
    } else {
        Group::Coefficients
    };
    let unit = if !threshold || name.contains("agreement") || name.contains("interaction") {
        ""
    } else if name.contains("varentropy") {
        "bits²"
    } else {
        "bits"
    };
    let whole = matches!(
        name,
        PAUSE
            | "n_adaptive_samples"
            | "attention_buffer"
            | "repetition_window"
            | "dry_allowed_length"
            | "max_inserts"
            | "branches"
            | "outlier_topk"
            | "branch_tokens"
            | "max_branchings"
            | "resample_reach"
            | "max_resamples"
    ) || name.contains("top_k")
        && !name.ends_with("_coef")
        && !name.ends_with("_int")
        && !name.ends_with("_agree");
    Field { name, label: label(name), unit, group, whole, value }
}

fn label(name: &str) -> String {
    match name {
        "low_logits_entropy_threshold" => "low H".into(),
        "medium_logits_entropy_threshold" => "medium H".into(),
        "high_logits_entropy_threshold" => "high H".into(),
        "low_logits_varentropy_threshold" => "low V".into(),
        "high_logits_varentropy_threshold" => "high V".into(),
        "low_attention_entropy_threshold" => "low AE".into(),
        "high_attention_entropy_threshold" => "high AE".into(),
        "low_attention_varentropy_threshold" => "low AV".into(),
        "high_attention_varentropy_threshold" => "high AV".into(),
        "low_agreement_threshold" => "low AG".into(),
        "high_agreement_threshold" => "high AG".into(),
        "low_interaction_strength_threshold" => "low IS".into(),
        "high_interaction_strength_threshold" => "high IS".into(),
        "entropy_cut" => "cut of H".into(),
        "varentropy_cut" => "cut of V".into(),
        "max_inserts" => "most phrases".into(),
        "branch_tokens" => "tokens of a branch".into(),
        "max_branchings" => "most branchings".into(),
        "resample_reach" => "most tokens taken back".into(),
        "resample_heat" => "then temperature ×".into(),
        "max_resamples" => "most times back".into(),
        "temperature" => "temperature".into(),
        "top_k" => "top-k".into(),
        "top_p" => "top-p".into(),
        "min_p" => "min-p".into(),
        "typical_p" => "typical-p".into(),
        "dry_multiplier" => "DRY multiplier".into(),
        "dry_base" => "DRY base".into(),
        "dry_allowed_length" => "DRY allowed length".into(),
        PAUSE => "pause token (id)".into(),
        "n_adaptive_samples" => "adaptive draws".into(),
        // The rest keep the names of the original code, so that they can be found there.
        other => other.replace('_', " "),
    }
}

fn replaced<T: Serialize + for<'de> Deserialize<'de>>(
    config: &T,
    name: &str,
    value: Value,
) -> Result<T, String> {
    let mut map = map(config);
    let refused = format!("{} can't be {value}", label(name));
    *map.get_mut(name).ok_or_else(|| nothing_called(name))? = value;
    serde_json::from_value(map.into()).map_err(|_| refused)
}

fn nothing_called(name: &str) -> String {
    format!("There is no number or switch called {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_can_be_set_to_itself() {
        for choice in Choice::ALL {
            let mut settings = Settings { choice, ..Settings::default() };
            let before = settings.clone();
            for field in before.fields() {
                settings.set(field.name, field.value).unwrap();
            }
            assert_eq!(settings, before);
        }
    }

    #[test]
    fn whole_numbers_are_known() {
        for choice in Choice::ALL {
            let settings = Settings { choice, ..Settings::default() };
            for field in settings.fields() {
                let between = field.value.floor() + 0.5;
                let fraction = settings.clone().set(field.name, between).is_ok();
                assert_eq!(fraction, !field.whole, "{}", field.name);
            }
        }
    }

    #[test]
    fn nonsense_is_refused_and_changes_nothing() {
        let mut settings = Settings::default();
        let before = settings.clone();
        assert!(settings.set("temperature", f64::NAN).is_err());
        assert!(settings.set("temperature", -1.0).is_err());
        assert!(settings.set("top_k", 2.5).is_err());
        assert!(settings.set("no_such_number", 1.0).is_err());
        assert_eq!(settings, before);
    }

    #[test]
    fn reset_keeps_the_models_pause_token() {
        let mut settings = Settings::default();
        settings.set_pause_token(4563);
        settings.set("high_logits_entropy_threshold", 4.0).unwrap();
        settings.reset();
        let b = settings.preset(Preset::B);
        assert_eq!(b.pause_token, 4563);
        assert!((b.high_logits_entropy_threshold - 5.0).abs() < 1e-12);
    }

    #[test]
    fn quirks_are_set_and_reset_with_the_numbers() {
        let mut settings = Settings::default();
        settings.set_quirk("attention_gates", "true").unwrap();
        settings.set_quirk("insert", "always").unwrap();
        assert_eq!(settings.preset(Preset::B).insert, entropix::Insert::Always);
        // What it asks for can be edited now.
        assert!(settings.fields().iter().any(|field| field.label == "low AE"));
        settings.reset();
        assert_eq!(settings, Settings::default());
        for (name, text) in
            [("insert", "never"), ("nucleus", "true"), ("noise", ""), ("faithful_nan", "true")]
        {
            assert!(settings.set_quirk(name, text).is_err(), "{name}={text}");
        }
        settings.choice = Choice::Plain;
        assert!(settings.set_quirk("insert", "always").is_err());
    }

    #[test]
    fn phrases_and_scores_are_set_and_reset() {
        let mut settings = Settings { choice: Choice::Promised, ..Settings::default() };
        settings.set_text("phrases", " Hm,\n\n really?\n").unwrap();
        assert_eq!(settings.promised().phrases, [" Hm,", " really?"]);
        for (score, name, _) in BRANCH_SCORES {
            settings.set_text("branch_score", name).unwrap();
            assert_eq!(settings.promised().branch_score, score);
        }
        assert!(settings.set_text("branch_score", "best").is_err());
        assert!(settings.set_text("nucleus", "ascending").is_err());
        // The model's own numbers stay where none was set.
        settings.reset();
        settings.promised_of_model.entropy_cut = 3.0;
        assert!((settings.promised().entropy_cut - 3.0).abs() < 1e-12);
        settings.choice = Choice::Plain;
        assert!(settings.set_text("phrases", "a").is_err());
    }

    #[test]
    fn settings_are_stored_and_read() {
        let mut settings = Settings { seed: 5, choice: Choice::Plain, ..Settings::default() };
        settings.presets.push(EntropixConfig {
            nucleus: entropix::Nucleus::Descending,
            ..EntropixConfig::preset(Preset::A)
        });
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
        // Older or partial settings are filled up.
        assert_eq!(serde_json::from_str::<Settings>("{}").unwrap(), Settings::default());
    }
}
