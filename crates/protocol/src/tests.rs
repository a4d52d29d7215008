//! The schema of traces follows from the types, and the file that hosts read is held against it; so is the README.

use entropix::SamplerConfig;
use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::{Value, json};

use crate::schema::variants;
use crate::{Event, Request, Step, Trace};

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
