//! The sampler's numbers as the page edits and stores them.

use entropix::{EntropixConfig, PlainConfig, Preset, SamplerConfig};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Which sampler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// Entropix of 4 October 2024.
    A,
    /// Entropix of 7–31 October 2024.
    B,
    /// Temperature, top-k, top-p, min-p.
    Plain,
    /// The most probable token, always.
    Greedy,
}

impl Choice {
    /// All of them, in the order shown.
    pub const ALL: [Self; 4] = [Self::B, Self::A, Self::Plain, Self::Greedy];

    /// Value of the form control.
    pub fn value(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::Plain => "plain",
            Self::Greedy => "greedy",
        }
    }

    /// Name.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "Entropix A",
            Self::B => "Entropix B",
            Self::Plain => "Plain",
            Self::Greedy => "Greedy",
        }
    }

    /// One line about it.
    pub fn words(self) -> &'static str {
        match self {
            Self::A => "4 October 2024: H and V alone decide, as coded.",
            Self::B => "7–31 October 2024: what both blog posts describe, as coded.",
            Self::Plain => "Temperature, min-p, top-k, top-p: what most programs do.",
            Self::Greedy => "Always the most probable token; no chance involved.",
        }
    }
}

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
    /// Numbers of A.
    pub a: EntropixConfig,
    /// Numbers of B.
    pub b: EntropixConfig,
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
            choice: Choice::B,
            a: EntropixConfig::preset(Preset::A),
            b: EntropixConfig::preset(Preset::B),
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
            Choice::A => SamplerConfig::Entropix(self.a.clone()),
            Choice::B => SamplerConfig::Entropix(self.b.clone()),
            Choice::Plain => SamplerConfig::Plain(self.plain.clone()),
            Choice::Greedy => SamplerConfig::Greedy,
        }
    }

    /// The numbers of the chosen sampler.
    pub fn fields(&self) -> Vec<Field> {
        match self.choice {
            Choice::A => entropix_fields(&self.a),
            Choice::B => entropix_fields(&self.b),
            Choice::Plain => {
                let p = &self.plain;
                [
                    ("temperature", p.temperature),
                    ("min_p", p.min_p),
                    ("top_k", f64::from(p.top_k)),
                    ("top_p", p.top_p),
                ]
                .map(|(name, value)| field(name, value))
                .into()
            }
            Choice::Greedy => Vec::new(),
        }
    }

    /// Sets one number of the chosen sampler. Returns why not, in words.
    ///
    /// # Errors
    /// The value is not a number the sampler takes.
    pub fn set(&mut self, name: &str, value: f64) -> Result<(), String> {
        let mut next = self.clone();
        match next.choice {
            Choice::A => next.a = replaced(&next.a, name, value)?,
            Choice::B => next.b = replaced(&next.b, name, value)?,
            Choice::Plain => next.plain = replaced(&next.plain, name, value)?,
            Choice::Greedy => return Err("Greedy has no numbers".to_owned()),
        }
        next.sampler().check().map_err(|error| error.to_string())?;
        *self = next;
        Ok(())
    }

    /// The chosen sampler's own numbers; the pause token stays that of the model.
    pub fn reset(&mut self) {
        let (pause_a, pause_b) = (self.a.pause_token, self.b.pause_token);
        match self.choice {
            Choice::A => self.a = EntropixConfig::preset(Preset::A),
            Choice::B => self.b = EntropixConfig::preset(Preset::B),
            Choice::Plain => self.plain = PlainConfig::default(),
            Choice::Greedy => {}
        }
        (self.a.pause_token, self.b.pause_token) = (pause_a, pause_b);
    }

    /// The pause token of a model's vocabulary.
    pub fn set_pause_token(&mut self, token: u32) {
        self.a.pause_token = token;
        self.b.pause_token = token;
    }
}

fn entropix_fields(config: &EntropixConfig) -> Vec<Field> {
    config.numbers().map(|(name, value)| field(name, value)).collect()
}

fn field(name: &'static str, value: f64) -> Field {
    let threshold = name.ends_with("_threshold");
    let group = if threshold {
        Group::Thresholds
    } else if matches!(
        name,
        "temperature" | "top_p" | "top_k" | "min_p" | "pause_token" | "n_adaptive_samples"
    ) {
        Group::Base
    } else {
        Group::Coefficients
    };
    let unit = if !threshold {
        ""
    } else if name.contains("varentropy") {
        "bits²"
    } else {
        "bits"
    };
    let whole = matches!(name, "pause_token" | "n_adaptive_samples")
        || name.contains("top_k")
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
        "temperature" => "temperature".into(),
        "top_k" => "top-k".into(),
        "top_p" => "top-p".into(),
        "min_p" => "min-p".into(),
        "pause_token" => "pause token (id)".into(),
        "n_adaptive_samples" => "adaptive draws".into(),
        // The rest keep the names of the original code, so that they can be found there.
        other => other.replace('_', " "),
    }
}

fn replaced<T: Serialize + for<'de> Deserialize<'de>>(
    config: &T,
    name: &str,
    value: f64,
) -> Result<T, String> {
    let number = if value.fract() == 0.0 && value.abs() < 9e15 {
        Value::from(value as i64)
    } else {
        serde_json::Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| "That is not a number".to_owned())?
    };
    let mut map = serde_json::to_value(config).map_err(|error| error.to_string())?;
    match map.get_mut(name) {
        Some(slot) => *slot = number,
        None => return Err(format!("There is no number called {name}")),
    }
    serde_json::from_value(map).map_err(|_| format!("{} can't be {value}", label(name)))
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
                let fraction = settings.clone().set(field.name, 1.5).is_ok();
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
        assert_eq!(settings.b.pause_token, 4563);
        assert!((settings.b.high_logits_entropy_threshold - 5.0).abs() < 1e-12);
    }

    #[test]
    fn settings_are_stored_and_read() {
        let settings = Settings { seed: 5, choice: Choice::Plain, ..Settings::default() };
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
        // Older or partial settings are filled up.
        assert_eq!(serde_json::from_str::<Settings>("{}").unwrap(), Settings::default());
    }
}
