//! The schema of traces, which follows from the types; the file that hosts read is held against it.

use std::borrow::Cow;

use entropix::SamplerConfig;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{Event, Request, Seed, Step, Trace};

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
fn variants<T: DeserializeOwned>(unknown: Value) -> Vec<String> {
    let Err(error) = serde_json::from_value::<T>(unknown) else {
        panic!("no variant is called ?");
    };
    // unknown variant `?`, expected one of `a`, `b`
    let names: Vec<String> =
        error.to_string().split('`').skip(3).step_by(2).map(str::to_owned).collect();
    assert!(!names.is_empty(), "{error}");
    names
}

/// Objects have no other properties; numbers have bounds instead of Rust's names for their types; links of
/// the documentation are plain text.
struct Plain;

impl Transform for Plain {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(object) = schema.as_object_mut() {
            if object.contains_key("properties") && !object.contains_key("oneOf") {
                object.entry("additionalProperties").or_insert(json!(false));
            }
            if object.remove("format") == Some(json!("uint32")) {
                object.entry("maximum").or_insert(json!(u32::MAX));
            }
            if let Some(Value::String(text)) = object.get_mut("description") {
                *text = text.replace("[`", "`").replace("`]", "`").replace('\n', " ");
            }
        }
        transform_subschemas(self, schema);
    }
}

/// The file, as it should be.
fn written() -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<Trace>();
    Plain.transform(&mut schema);
    // A sampler has its numbers besides its kind.
    if let Some(sampler) = schema.pointer_mut("/properties/sampler").and_then(Value::as_object_mut)
    {
        sampler.remove("additionalProperties");
    }
    schema.insert("title".to_owned(), json!("Entropix trace, schemas 1 and 2"));
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    text + "\n"
}

#[test]
fn the_schema_of_traces_follows_from_the_types() {
    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/trace.schema.json");
    let written = written();
    if std::env::var_os("ENTROPIX_WRITE").is_some() {
        std::fs::write(FILE, &written).unwrap();
    }
    let found = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        found == written,
        "run `ENTROPIX_WRITE=1 cargo test -p entropix-protocol schema` and look at what changed"
    );
}

#[test]
fn the_schema_knows_every_sampler() {
    let kinds = variants::<SamplerConfig>(json!({ "kind": "?" }));
    for kind in ["greedy", "plain", "entropix", "promised", "dslider"] {
        assert!(kinds.iter().any(|known| known == kind), "{kind} is not in {kinds:?}");
    }
}

#[test]
fn the_readme_lists_every_message() {
    let readme = include_str!("../README.md");
    let table = |heading: &str| -> Vec<String> {
        let (_, rest) = readme.split_once(heading).expect(heading);
        let section = rest.split("\n## ").next().unwrap_or_default();
        let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
        rows.filter_map(|row| row.split('`').next()).map(str::to_owned).collect()
    };
    assert_eq!(table("\n## Requests"), variants::<Request>(json!("?")));
    assert_eq!(table("\n## Events"), variants::<Event>(json!("?")));
    assert_eq!(table("\n## Steps"), variants::<Step>(json!("?")));
}
