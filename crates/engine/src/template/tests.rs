//! Renderings held against jinja2's (`tests/golden/templates`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::Value;

use super::{ChatTemplate, LocalTime, Message, TemplateError};
use crate::EngineError;

/// The time of all renderings.
const NOW: LocalTime = LocalTime { year: 2026, month: 11, day: 25, hour: 15, minute: 4, second: 9 };

fn golden(name: &str) -> String {
    let path = format!("{}/../../tests/golden/templates/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn json(name: &str) -> Value {
    serde_json::from_str(&golden(name)).unwrap()
}

fn template(source: &str) -> ChatTemplate {
    let special = [
        ("bos_token", "<|im_start|>"),
        ("eos_token", "<|im_end|>"),
        ("unk_token", "<|endoftext|>"),
        ("pad_token", "<|im_end|>"),
    ];
    ChatTemplate::new(Ok(source), special.map(|(name, text)| (name, text.to_owned())).to_vec())
}

fn messages(turns: &Value) -> Vec<Message<'_>> {
    let turns = turns.as_array().unwrap().iter();
    turns
        .map(|turn| Message {
            role: turn["role"].as_str().unwrap(),
            content: turn["content"].as_str().unwrap(),
            ids: None,
        })
        .collect()
}

/// Compares a rendering with jinja2's, where none is an error.
fn compare(source: &str, turns: &Value, prompt: bool, right: &Value) -> Option<String> {
    let ours = template(source).render(&messages(turns), prompt, NOW);
    match (ours, right.as_str()) {
        (Ok(ours), Some(right)) if ours == right => None,
        (Err(_), None) => None,
        (ours, right) => Some(format!("{source}\n   is    {ours:?}\n   right {right:?}\n")),
    }
}

fn report(differences: &[String], of: usize) {
    let count = differences.len();
    assert!(differences.is_empty(), "{count} of {of} differ:\n{}", differences.join("\n"));
}

#[test]
fn expressions_are_jinja2s() {
    let turns = &json("conversations.json")["expressions"];
    let cases = [json("expressions.json"), json("reported.json")];
    let cases: Vec<&Value> = cases.iter().flat_map(|cases| cases.as_array().unwrap()).collect();
    let compared =
        cases.iter().filter_map(|case| compare(case[0].as_str().unwrap(), turns, true, &case[1]));
    report(&compared.collect::<Vec<_>>(), cases.len());
}

#[test]
fn reported_templates_are_jinja2s() {
    let cases = json("templates.json");
    let cases = cases.as_array().unwrap();
    let compared = cases.iter().filter_map(|case| {
        let prompt = case["add_generation_prompt"].as_bool().unwrap();
        compare(case["template"].as_str().unwrap(), &case["messages"], prompt, &case["expected"])
    });
    report(&compared.collect::<Vec<_>>(), cases.len());
}

/// Length and SHA-256 of a text, as `make.py` writes them.
fn digest(text: &str) -> String {
    let hash = <sha2::Sha256 as sha2::Digest>::digest(text);
    hash.iter().take(16).fold(format!("{}:", text.len()), |hex, byte| format!("{hex}{byte:02x}"))
}

/// Compares all templates of a folder that a golden file names with the texts of which it has digests.
fn compare_folder(folder: &str, golden: &str) {
    let conversations = json("conversations.json");
    let conversations = conversations["templates"].as_array().unwrap();
    let (mut differences, mut count) = (Vec::new(), 0);
    for (name, right) in json(golden).as_object().unwrap() {
        let source = std::fs::read_to_string(format!("{folder}/{name}"));
        let source = source.unwrap_or_else(|error| panic!("{folder}/{name}: {error}"));
        let template = template(&source);
        let cases = conversations.iter().flat_map(|turns| [(turns, false), (turns, true)]);
        for ((turns, prompt), right) in cases.zip(right.as_array().unwrap()) {
            count += 1;
            let ours = template.render(&messages(turns), prompt, NOW);
            if ours.as_deref().ok().map(digest).as_deref() != right.as_str() {
                differences.push(format!("{name}: {ours:?}, {right}"));
            }
        }
    }
    assert!(count > 0, "no templates");
    report(&differences, count);
}

#[test]
fn own_templates_are_jinja2s() {
    let folder = format!("{}/../../tests/golden/templates/own", env!("CARGO_MANIFEST_DIR"));
    compare_folder(&folder, "own.json");
}

/// The templates that the README names, in a folder that `TEMPLATES` names.
#[test]
#[ignore = "needs the templates of tests/golden/templates/README.md: TEMPLATES=FOLDER"]
fn public_templates_are_jinja2s() {
    let folder = std::env::var("TEMPLATES").expect("TEMPLATES names a folder");
    compare_folder(&folder, "public.json");
}

#[test]
fn what_is_wrong_has_a_name() {
    let hi = [Message { role: "user", content: "Hi", ids: None }];
    let render = |source: &str| match template(source).render(&hi, true, NOW) {
        Err(EngineError::Template(error)) => error,
        other => panic!("{source}: {other:?}"),
    };
    assert!(matches!(render("{% if %}"), TemplateError::Broken(_)));
    assert!(
        matches!(render("a\n{{ 1 | }}"), TemplateError::Broken(words) if words.starts_with("line 2"))
    );
    let refused = TemplateError::Refused("No.".to_owned());
    assert_eq!(render("{{ raise_exception('No.') }}"), refused);
    assert_eq!(
        render("{% macro f() %}{{ raise_exception('No.') }}{% endmacro %}{{ f() }}"),
        refused
    );
    let failed = render("a\nb {{ messages[0].nothing.more }}");
    assert!(
        matches!(failed, TemplateError::Failed(words) if words.starts_with("line 2: an undefined"))
    );
    let missing = ChatTemplate::new(Err(TemplateError::Missing), Vec::new());
    assert_eq!(missing.problem(), Some(&TemplateError::Missing));
    assert!(missing.render(&hi, true, NOW).is_err());
}

/// Templates that would take for ever, or all memory.
#[test]
fn hostile_templates_end() {
    let hi = [Message { role: "user", content: "Hi", ids: None }];
    for source in [
        "{% for a in range(99999) %}{% for b in range(99999) %}{{ a }}{% endfor %}{% endfor %}",
        "{% set n = namespace(s='x') %}{% for a in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
        "{% set n = namespace(s='x') %}{% for a in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
        "{% set n = namespace(s=[1]) %}{% for a in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
        "{% set n = namespace(s='x') %}{% for a in range(99) %}{% set n.s = n.s.replace('x', 'xx') %}{% endfor %}",
        "{{ 'x' * 999999999 }}",
        "{{ [1] * 999999999 }}",
        "{{ 'x'.center(999999999) }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% for a in [1] %}{% set x %}{% break %}{% endset %}{% endfor %}",
    ] {
        assert!(template(source).render(&hi, true, NOW).is_err(), "{source}");
    }
    let deep = format!("{}1{}", "(".repeat(5000), ")".repeat(5000));
    assert!(template(&format!("{{{{ {deep} }}}}")).problem().is_some());
    let blocks = "{% if 1 %}".repeat(5000) + &"{% endif %}".repeat(5000);
    assert!(template(&blocks).problem().is_some());
}

/// Each message looks at all others here, as some templates' do.
#[test]
fn long_conversations_render() {
    let source = "{% for m in messages %}{% set i = loop.index0 %}{% for n in messages %}{% if loop.index0 == i %}\
                  {{ n.role }}: {{ m.content }}\n{% endif %}{% endfor %}{% endfor %}";
    let turns: Vec<_> = (0..1001)
        .map(|i| Message { role: ["user", "assistant"][i % 2], content: "x", ids: None })
        .collect();
    let text = template(source).render(&turns, true, NOW).unwrap();
    assert_eq!(text.lines().count(), 1001);
}
