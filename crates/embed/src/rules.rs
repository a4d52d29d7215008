//! The sampler's rules: what they are, and where they hold.
//!
//! Where they hold travels as a list of numbers, its *limits*: none (no rules), two (one cut per axis,
//! H in bits and V in bits², as PROMISED has it), five (the thresholds that are attributes) or six (every
//! threshold by itself, in the order of [`Thresholds`]).

use entropix::{Preset, PromisedConfig, Regions, Rule, Thresholds};
use entropix_simplex::color;
use wasm_bindgen::prelude::*;

/// The numbers of a sampler's configuration on which its limits depend: names, separated by spaces.
#[wasm_bindgen]
pub fn limiting(kind: &str) -> String {
    let names = match kind {
        "entropix" => {
            "low_logits_entropy_threshold low_logits_varentropy_threshold \
             medium_logits_entropy_threshold high_logits_entropy_threshold \
             high_logits_varentropy_threshold swapped_thresholds"
        }
        "promised" => "entropy_cut varentropy_cut",
        _ => "",
    };
    names.to_owned()
}

/// The usual values of [`limiting`]; a switch is 0 or 1. Of a preset that is read as since 7 October the
/// first five are its thresholds as attributes.
///
/// # Errors
/// There is no such preset.
#[wasm_bindgen]
pub fn usual(kind: &str, preset: &str) -> Result<Vec<f64>, String> {
    match kind {
        "entropix" => {
            let preset = Preset::named(preset).ok_or("there is no such preset")?;
            let ([a, b, c, d, e], swapped) = preset.thresholds().row().unwrap_or_default();
            Ok(vec![a, b, c, d, e, f64::from(u8::from(swapped))])
        }
        "promised" => {
            let config = PromisedConfig::default();
            Ok(vec![config.entropy_cut, config.varentropy_cut])
        }
        _ => Ok(Vec::new()),
    }
}

/// The limits that follow from values of [`limiting`].
#[wasm_bindgen]
pub fn limits(values: &[f64]) -> Vec<f64> {
    let &[low_h, low_v, medium, high, high_v, swapped] = values else { return values.to_vec() };
    let row = [low_h, low_v, medium, high, high_v];
    let t = if swapped > 0.0 { Thresholds::from(row) } else { Thresholds::unswapped(row) };
    vec![
        t.low_entropy,
        t.helv_entropy,
        t.lehv_entropy,
        t.hehv_entropy,
        t.low_varentropy,
        t.high_varentropy,
    ]
}

/// The name of the rule at (H, V) for these limits; none without limits.
#[wasm_bindgen]
pub fn rule_at(entropy_bits: f64, varentropy_bits2: f64, limits: &[f64]) -> Option<String> {
    let regions = regions(limits)?;
    Some(regions.rule(entropy_bits, varentropy_bits2).name().to_owned())
}

/// The rules as JSON: `[{"code", "name", "color", "words"}, …]`, as traces have them ("LELV"), as the
/// picture has them ("argmax"), as charts paint them (`#rrggbb`), and what was done, in words.
#[wasm_bindgen]
pub fn rules() -> String {
    let mut json = String::new();
    for rule in Rule::ALL {
        let color = color::rule(rule).css();
        let [code, name, words] = [rule.code(), rule.name(), words(rule)];
        for part in [
            if json.is_empty() { "[{\"code\":\"" } else { ",{\"code\":\"" },
            code,
            "\",\"name\":\"",
            name,
            "\",\"color\":\"",
            &color,
            "\",\"words\":\"",
            words,
            "\"}",
        ] {
            json.push_str(part);
        }
    }
    json + "]"
}

fn words(rule: Rule) -> &'static str {
    match rule {
        Rule::Lelv => "took the most probable token",
        Rule::Helv => "high H, low V; put in a pause, once (as promised: a phrase)",
        Rule::Lehv => {
            "low H, high V; drew one token a little hotter (as promised: tried several paths)"
        }
        Rule::Hehv => "high H, high V; drew one token much hotter (as promised: went back)",
        Rule::Adaptive => "temperature follows H and V",
    }
}

/// The regions of limits.
pub(crate) fn regions(limits: &[f64]) -> Option<Regions> {
    match *limits {
        [entropy_bits, varentropy_bits2] => {
            Some(Regions::AsPromised { entropy_bits, varentropy_bits2 })
        }
        [low_h, low_v, medium, high, high_v] => {
            Some(Regions::AsCoded([low_h, low_v, medium, high, high_v].into()))
        }
        [
            low_entropy,
            helv_entropy,
            lehv_entropy,
            hehv_entropy,
            low_varentropy,
            high_varentropy,
        ] => Some(Regions::AsCoded(Thresholds {
            low_entropy,
            helv_entropy,
            lehv_entropy,
            hehv_entropy,
            low_varentropy,
            high_varentropy,
        })),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use entropix::{DsliderConfig, EntropixConfig, PlainConfig, SamplerConfig};
    use serde_json::{Value, json};

    use super::*;

    /// As the elements do it: what the JSON has not is the usual value.
    fn of_json(config: &Value) -> Result<Vec<f64>, String> {
        let text = |name: &str| config[name].as_str().unwrap_or("B");
        let kind = text("kind");
        let value = |(name, usual): (&str, f64)| match &config[name] {
            Value::Bool(switch) => f64::from(u8::from(*switch)),
            value => value.as_f64().unwrap_or(usual),
        };
        let usual = usual(kind, text("preset"))?;
        let names = limiting(kind);
        assert_eq!(names.split_whitespace().count(), usual.len(), "{kind}");
        Ok(limits(&names.split_whitespace().zip(usual).map(value).collect::<Vec<_>>()))
    }

    fn samplers() -> Vec<SamplerConfig> {
        let mut all = vec![
            SamplerConfig::Greedy,
            SamplerConfig::Plain(PlainConfig::default()),
            SamplerConfig::Dslider(DsliderConfig::default()),
            SamplerConfig::Promised(PromisedConfig::default()),
            SamplerConfig::Promised(PromisedConfig {
                entropy_cut: 1.5,
                varentropy_cut: 2.5,
                ..PromisedConfig::default()
            }),
        ];
        for preset in Preset::ALL {
            let config = EntropixConfig::preset(preset);
            for swapped_thresholds in [false, true] {
                all.push(SamplerConfig::Entropix(EntropixConfig {
                    swapped_thresholds,
                    medium_logits_entropy_threshold: 1.25,
                    high_logits_varentropy_threshold: 4.5,
                    ..config.clone()
                }));
            }
            all.push(SamplerConfig::Entropix(config));
        }
        all
    }

    #[test]
    fn a_sampler_has_the_regions_of_its_configuration() {
        for sampler in samplers() {
            let config = serde_json::to_value(&sampler).unwrap();
            let limits = of_json(&config).unwrap();
            assert_eq!(regions(&limits), sampler.regions(), "{config}");
        }
    }

    #[test]
    fn what_is_left_out_is_the_preset_s() {
        for preset in Preset::ALL {
            let short = json!({ "kind": "entropix", "preset": preset.name() });
            let sampler: SamplerConfig = serde_json::from_value(short.clone()).unwrap();
            assert_eq!(regions(&of_json(&short).unwrap()), sampler.regions(), "{short}");
        }
        let short = json!({ "kind": "promised" });
        let sampler: SamplerConfig = serde_json::from_value(short.clone()).unwrap();
        assert_eq!(regions(&of_json(&short).unwrap()), sampler.regions());
        assert!(of_json(&json!({ "kind": "entropix", "preset": "C" })).is_err());
    }

    #[test]
    fn rules_are_json() {
        let rules: Vec<Value> = serde_json::from_str(&rules()).unwrap();
        for (rule, json) in Rule::ALL.into_iter().zip(&rules) {
            assert_eq!(json["code"], rule.code());
            assert_eq!(json["name"], rule.name());
            assert_eq!(json["color"], color::rule(rule).css());
            assert_eq!(json["words"], words(rule));
        }
        assert_eq!(rules.len(), Rule::ALL.len());
    }

    #[test]
    fn five_thresholds_are_still_understood() {
        let b = usual("entropix", "B").unwrap();
        assert_eq!(b, [0.1, 0.1, 3.0, 5.0, 5.0, 1.0]);
        for (h, v, rule) in [
            (0.01, 0.01, "argmax"),
            (6.0, 0.01, "insert"),
            (2.0, 8.0, "branch"),
            (6.0, 8.0, "resample"),
            (2.0, 2.0, "adaptive"),
        ] {
            assert_eq!(rule_at(h, v, &b[..5]).as_deref(), Some(rule));
        }
        assert_eq!(rule_at(6.0, 8.0, &[]), None);
        assert_eq!(usual("entropix", "B0").unwrap().last(), Some(&0.0));
    }
}
