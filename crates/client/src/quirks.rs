//! The quirks of an Entropix preset as switches: what the original does and nobody would expect.

use entropix::EntropixConfig;
use serde_json::{Map, Value};

/// One switch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quirk {
    /// Name in the configuration.
    pub name: &'static str,
    /// Name for people.
    pub label: &'static str,
    /// One line about it.
    pub words: &'static str,
    /// What it can be besides on and off: values of the configuration with their names.
    pub options: &'static [(&'static str, &'static str)],
    /// Whether it only concerns samplers that look at attention.
    attention: bool,
}

const fn quirk(name: &'static str, label: &'static str, words: &'static str) -> Quirk {
    Quirk { name, label, words, options: &[], attention: false }
}

/// All of them, in the order shown. Left out is `faithful_nan`, which is for tests.
pub const ALL: [Quirk; 10] = [
    quirk(
        "swapped_thresholds",
        "medium and high H swapped",
        "On: HELV asks for high H, HEHV for medium H. Off: the other way round.",
    ),
    quirk(
        "first_token_argmax",
        "first token without a rule",
        "An answer begins with the most probable token.",
    ),
    Quirk {
        options: &[
            ("once", "once per answer"),
            ("not_twice_in_a_row", "not twice in a row"),
            ("always", "every time"),
        ],
        ..quirk("insert", "pause token", "When HELV inserts it. Otherwise HELV draws.")
    },
    Quirk {
        options: &[
            ("ascending", "the least probable"),
            ("descending", "the most probable, as is usual"),
        ],
        ..quirk(
            "nucleus",
            "top-p counts from",
            "Counted from the least probable, it can drop the most probable tokens.",
        )
    },
    Quirk {
        options: &[
            ("no_effect", "nothing"),
            ("undoes_temperature", "undo the temperature"),
            ("works", "drop improbable tokens"),
        ],
        ..quirk("min_p_effect", "what min-p does", "The original’s min-p comes too late to act.")
    },
    Quirk {
        options: &[
            ("stream", "a stream from the seed"),
            ("fixed", "the same numbers at every token"),
        ],
        ..quirk("noise", "random numbers", "The original’s loop uses the same ones at every token.")
    },
    Quirk {
        attention: true,
        ..quirk(
            "wants_attention",
            "look at attention",
            "Off: decide from the logits alone, and ask nothing of attention.",
        )
    },
    Quirk {
        attention: true,
        ..quirk(
            "attention_gates",
            "rules ask for attention entropy",
            "Every rule also has thresholds for its mean AE and its variance AV.",
        )
    },
    Quirk {
        attention: true,
        ..quirk(
            "agreement_gates",
            "rules ask for agreement",
            "Every rule also has thresholds for agreement AG and interaction strength IS.",
        )
    },
    Quirk {
        options: &[
            ("over_heads", "over the heads"),
            ("unbiased", "over the heads, divided by one less"),
            ("over_one_query", "over one query: always 0"),
        ],
        attention: true,
        ..quirk("attention_variance", "variance AV", "How it is computed from attention entropies.")
    },
];

impl Quirk {
    /// The quirk of this name.
    pub fn named(name: &str) -> Option<Self> {
        ALL.into_iter().find(|quirk| quirk.name == name)
    }

    /// Those that do something in a configuration, with its values.
    pub fn of(config: &EntropixConfig) -> Vec<(Self, Value)> {
        let mut values = map(config);
        let attention = config.preset.uses_attention();
        let used = ALL.into_iter().filter(|quirk| attention || !quirk.attention);
        used.filter_map(|quirk| Some((quirk, values.remove(quirk.name)?))).collect()
    }

    /// Its value as a text says it: `true`, `false`, or one of the options.
    ///
    /// # Errors
    /// The text says nothing that this quirk can be.
    pub fn read(&self, text: &str) -> Result<Value, String> {
        let known = |text: &str| self.options.iter().any(|(value, _)| *value == text);
        match text {
            "true" | "false" if self.options.is_empty() => Ok(Value::Bool(text == "true")),
            text if known(text) => Ok(Value::from(text)),
            _ => Err(format!("{} can’t be {text}", self.label)),
        }
    }
}

/// A configuration as names and values.
pub(crate) fn map(config: &impl serde::Serialize) -> Map<String, Value> {
    match serde_json::to_value(config) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entropix::Preset;

    #[test]
    fn every_switch_of_the_configuration_has_a_label() {
        let config = map(&EntropixConfig::preset(Preset::B));
        let is_switch = |name: &str, value: &Value| {
            !value.is_number() && name != "preset" && name != "faithful_nan"
        };
        let mut switches: Vec<_> =
            config.iter().filter(|(name, value)| is_switch(name, value)).map(|(n, _)| n).collect();
        let mut labelled: Vec<_> = ALL.iter().map(|quirk| quirk.name).collect();
        switches.sort();
        labelled.sort_unstable();
        assert_eq!(labelled, switches);
    }

    #[test]
    fn every_option_of_a_switch_has_a_label() {
        let usual = EntropixConfig::preset(Preset::B);
        for quirk in ALL {
            // A value that no switch has: the refusal names those that it could have.
            let mut config = map(&usual);
            config.insert(quirk.name.into(), Value::from("?"));
            let error = serde_json::from_value::<EntropixConfig>(config.into()).unwrap_err();
            let error = error.to_string();
            let mut wanted: Vec<_> =
                error.split('`').skip(1).step_by(2).filter(|name| *name != "?").collect();
            let mut labelled: Vec<_> = quirk.options.iter().map(|(value, _)| *value).collect();
            wanted.sort_unstable();
            labelled.sort_unstable();
            assert_eq!(labelled, wanted, "{}: {error}", quirk.name);
        }
    }

    #[test]
    fn what_looks_at_no_attention_shows_no_quirks_of_attention() {
        let names = |preset| -> Vec<_> {
            let quirks = Quirk::of(&EntropixConfig::preset(preset));
            quirks.into_iter().map(|(quirk, _)| quirk.name).collect()
        };
        assert_eq!(names(Preset::B).len(), ALL.len());
        assert!(!names(Preset::A).contains(&"attention_gates"));
        assert!(names(Preset::A).contains(&"nucleus"));
    }
}
