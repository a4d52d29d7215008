//! What the schema of traces says where it does not follow from a type.

use std::borrow::Cow;

use entropix::SamplerConfig;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::Seed;

impl JsonSchema for Seed {
    fn schema_name() -> Cow<'static, str> {
        "Seed".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "64 bits: a number, or decimal text where a double would round it.",
            "oneOf": [
                { "type": "integer", "minimum": 0 },
                { "type": "string", "pattern": "^[0-9]{1,20}$" }
            ]
        })
    }
}

/// A sampler's kind; its numbers are those of `crates/entropix/SAMPLERS.md`.
pub(crate) fn sampler(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "required": ["kind"],
        "properties": { "kind": { "enum": variants::<SamplerConfig>(json!({ "kind": "?" })) } }
    })
}

/// The sketch of a distribution is text.
pub(crate) fn sketch(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "pattern": "^[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]*$" })
}

/// Names of the variants of an enum, as serde knows them; `unknown` is one with the name "?".
pub(crate) fn variants<T: DeserializeOwned>(unknown: Value) -> Vec<String> {
    let Err(error) = serde_json::from_value::<T>(unknown) else {
        panic!("no variant is called ?");
    };
    // unknown variant `?`, expected one of `a`, `b`
    let names: Vec<String> =
        error.to_string().split('`').skip(3).step_by(2).map(str::to_owned).collect();
    assert!(!names.is_empty(), "{error}");
    names
}
