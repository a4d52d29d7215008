//! The `sampler` of a request.

use entropix::{ModelDefaults, PlainConfig, SamplerConfig, SamplerKind};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::failure::Failure;

/// What `--sampler` takes.
pub(crate) fn help() -> String {
    format!("{}, or JSON", names())
}

fn names() -> String {
    SamplerKind::ALL.map(SamplerKind::name).join(", ")
}

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

/// Reads `"sampler"`: nothing for preset B; a name; `{"preset", "config"}`; or `{"kind", …numbers}`.
pub(crate) fn read(request: &Value, model: &ModelDefaults) -> Result<SamplerConfig, Failure> {
    let request = match request {
        Value::Null => SamplerRequest::default(),
        Value::String(name) => SamplerRequest { preset: Some(name.clone()), ..Default::default() },
        object => SamplerRequest::deserialize(object)?,
    };
    let mut numbers = request.numbers;
    numbers.extend(request.config);
    let is_plain = || {
        let known = |name: &String| PlainConfig::KNOBS.iter().any(|knob| knob.name == name);
        !numbers.is_empty() && numbers.keys().all(known)
    };
    let name = match (request.kind.as_deref(), request.preset.as_deref()) {
        (None | Some("entropix"), Some(preset)) => preset,
        (Some("entropix"), None) => SamplerKind::default().name(),
        (Some(kind), None) => kind,
        (None, None) if is_plain() => SamplerKind::Plain.name(),
        (None, None) => SamplerKind::default().name(),
        (Some(kind), Some(_)) => {
            return Err(Failure::bad_request(format!("sampler: kind {kind:?} has no preset")));
        }
    };
    let Some(kind) = SamplerKind::named(name) else {
        let known = names();
        return Err(Failure::bad_request(format!(
            "sampler: there is no preset {name:?}, only {known}"
        )));
    };
    if let (true, Some(name)) = (kind.knobs().is_empty(), numbers.keys().next()) {
        return Err(Failure::bad_request(format!(
            "sampler: {} has no setting {name:?}",
            kind.name()
        )));
    }
    // What the model has of its own gives way to what is asked for.
    let usual = fields(&kind.config(&ModelDefaults::default()))?;
    for (name, value) in fields(&kind.config(model))? {
        if ["kind", "preset"].contains(&name.as_str()) || usual.get(&name) != Some(&value) {
            numbers.entry(name).or_insert(value);
        }
    }
    Ok(SamplerConfig::deserialize(Value::Object(numbers))?)
}

fn fields(config: &SamplerConfig) -> Result<Map<String, Value>, Failure> {
    Ok(Map::deserialize(serde_json::to_value(config)?)?)
}

/// Reads a sampler of the command line: a name, or JSON as [`read`] takes it.
pub(crate) fn named(text: &str, model: &ModelDefaults) -> anyhow::Result<SamplerConfig> {
    let request = if text.trim_start().starts_with('{') {
        serde_json::from_str(text)?
    } else {
        Value::from(text)
    };
    read(&request, model).map_err(|failure| anyhow::anyhow!("{}", failure.to_json()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use entropix::PromisedConfig;
    use serde_json::json;

    fn model() -> ModelDefaults {
        let promised = PromisedConfig { entropy_cut: 3.5, ..PromisedConfig::default() };
        ModelDefaults { pause_token: Some(4563), promised }
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
        let usual = fields(&SamplerConfig::Plain(PlainConfig::default())).unwrap();
        for knob in PlainConfig::KNOBS {
            assert_eq!(name(json!({ knob.name: usual[knob.name] })), "plain", "{}", knob.name);
        }
        assert_eq!(name(json!({"repetition_penalty": 1.1, "dry_base": 2})), "plain");
        assert_eq!(name(json!({"kind": "dslider", "wild": false})), "DSLIDER");
    }

    #[test]
    fn every_config_reads_its_own_json() {
        for config in SamplerKind::ALL.map(|kind| kind.config(&ModelDefaults::default())) {
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
