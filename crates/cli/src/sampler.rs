//! The `sampler` of a request.

use entropix::{DsliderConfig, EntropixConfig, PlainConfig, Preset, PromisedConfig, SamplerConfig};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::failure::Failure;

/// How a sampler may be named in JSON.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SamplerRequest {
    /// As in traces: the sampler and all its numbers in one object.
    kind: Option<String>,
    /// A preset, "PROMISED", "plain" or "greedy".
    preset: Option<String>,
    /// Numbers put over the preset's.
    config: Map<String, Value>,
    /// Numbers of the sampler, beside `preset` or `kind`.
    #[serde(flatten)]
    numbers: Map<String, Value>,
}

/// What a sampler takes from the model, unless the request has its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct OfModel {
    /// The pause token of its vocabulary.
    pub(crate) pause_token: Option<u32>,
    /// Its cuts and phrases.
    pub(crate) promised: PromisedConfig,
}

/// Reads `"sampler"`: nothing for preset B; a name; `{"preset", "config"}`; or `{"kind", …numbers}`.
pub(crate) fn read(request: &Value, model: &OfModel) -> Result<SamplerConfig, Failure> {
    let request = match request {
        Value::Null => SamplerRequest::default(),
        Value::String(name) => SamplerRequest { preset: Some(name.clone()), ..Default::default() },
        object => SamplerRequest::deserialize(object)?,
    };
    let mut numbers = request.numbers;
    numbers.extend(request.config);
    let plain = ["temperature", "top_k", "top_p", "min_p"];
    let name = match (request.kind.as_deref(), request.preset.as_deref()) {
        (None | Some("entropix"), Some(preset)) => preset,
        (Some("entropix"), None) => "B",
        (Some(kind), None) => kind,
        (None, None)
            if !numbers.is_empty() && numbers.keys().all(|key| plain.contains(&key.as_str())) =>
        {
            "plain"
        }
        (None, None) => "B",
        (Some(kind), Some(_)) => {
            return Err(Failure::bad_request(format!("sampler: kind {kind:?} has no preset")));
        }
    };
    match name {
        "greedy" => match numbers.keys().next() {
            None => Ok(SamplerConfig::Greedy),
            Some(key) => {
                Err(Failure::bad_request(format!("sampler: greedy has no setting {key:?}")))
            }
        },
        "plain" => Ok(SamplerConfig::Plain(PlainConfig::deserialize(Value::Object(numbers))?)),
        "DSLIDER" | "dslider" => {
            Ok(SamplerConfig::Dslider(DsliderConfig::deserialize(Value::Object(numbers))?))
        }
        "PROMISED" | "promised" => promised(numbers, &model.promised).map(SamplerConfig::Promised),
        _ => entropix(name, numbers, model.pause_token).map(SamplerConfig::Entropix),
    }
}

/// Reads a sampler of the command line: a name, or JSON as [`read`] takes it.
pub(crate) fn named(text: &str, model: &OfModel) -> anyhow::Result<SamplerConfig> {
    let request = if text.trim_start().starts_with('{') {
        serde_json::from_str(text)?
    } else {
        Value::from(text)
    };
    read(&request, model).map_err(|failure| anyhow::anyhow!("{}", failure.to_json()))
}

/// The promised sampler with numbers put over the model's.
fn promised(
    numbers: Map<String, Value>,
    of_model: &PromisedConfig,
) -> Result<PromisedConfig, Failure> {
    let mut all = serde_json::to_value(of_model)?;
    if let Value::Object(all) = &mut all {
        all.extend(numbers);
    }
    Ok(PromisedConfig::deserialize(all)?)
}

/// A preset with numbers put over its own.
pub(crate) fn entropix(
    preset: &str,
    mut numbers: Map<String, Value>,
    pause_token: Option<u32>,
) -> Result<EntropixConfig, Failure> {
    let Some(preset) = Preset::named(preset) else {
        let known = Preset::ALL.map(Preset::name).join(", ");
        return Err(Failure::bad_request(format!(
            "sampler: there is no preset {preset:?}, only {known}, DSLIDER, PROMISED, plain or greedy"
        )));
    };
    if let Some(id) = pause_token {
        numbers.entry("pause_token").or_insert_with(|| id.into());
    }
    Ok(EntropixConfig::with_overrides(preset, Value::Object(numbers))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn model() -> OfModel {
        let promised = PromisedConfig { entropy_cut: 3.5, ..PromisedConfig::default() };
        OfModel { pause_token: Some(4563), promised }
    }

    #[expect(clippy::needless_pass_by_value, reason = "for short calls")]
    fn name(request: Value) -> String {
        read(&request, &model()).map_or_else(|f| f.to_json().to_string(), |c| c.name().to_owned())
    }

    #[test]
    fn samplers_are_named_in_many_ways() {
        assert_eq!(name(Value::Null), "B");
        assert_eq!(name(json!("greedy")), "greedy");
        assert_eq!(name(json!({"preset": "A"})), "A");
        assert_eq!(name(json!({"temperature": 0.7})), "plain");
        assert_eq!(name(json!({"kind": "plain", "top_k": 3})), "plain");
        assert_eq!(name(json!({"preset": "B", "config": {"high_ent": 4.0}})), "B");
    }

    #[test]
    fn every_config_reads_its_own_json() {
        for config in [
            SamplerConfig::Greedy,
            SamplerConfig::Plain(PlainConfig::default()),
            SamplerConfig::Promised(PromisedConfig::default()),
            SamplerConfig::Dslider(DsliderConfig::default()),
            SamplerConfig::default(),
        ] {
            let json = serde_json::to_value(&config).unwrap();
            assert_eq!(read(&json, &model()).unwrap(), config, "{json}");
        }
    }

    #[test]
    fn the_models_pause_token_is_the_default() {
        let pause = |request| match read(&request, &model()).unwrap() {
            SamplerConfig::Entropix(config) => config.pause_token,
            other => panic!("{other:?}"),
        };
        assert_eq!(pause(json!({"preset": "B"})), 4563);
        assert_eq!(pause(json!({"preset": "B", "config": {"pause_token": 7}})), 7);
    }

    #[test]
    fn the_models_cuts_are_the_default() {
        let config = |request| match read(&request, &model()).unwrap() {
            SamplerConfig::Promised(config) => (config.entropy_cut, config.max_inserts),
            other => panic!("{other:?}"),
        };
        assert_eq!(config(json!("PROMISED")), (3.5, 2));
        let own = json!({"preset": "PROMISED", "entropy_cut": 2.5, "max_inserts": 0});
        assert_eq!(config(own), (2.5, 0));
    }

    #[test]
    fn mistakes_are_named() {
        assert!(name(json!({"preset": "C"})).contains("no preset"));
        assert!(name(json!({"preset": "B", "config": {"nonsense": 1}})).contains("nonsense"));
        assert!(name(json!({"preset": "PROMISED", "nonsense": 1})).contains("nonsense"));
        assert!(name(json!({"kind": "greedy", "temperature": 1})).contains("temperature"));
        assert!(name(json!(7)).contains("error"));
    }
}
