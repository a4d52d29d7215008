//! Runs on a real model of 40 KB.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "../../engine/tests/support/mod.rs"]
mod support;

use std::io::Cursor;

use candle_core::quantized::gguf_file::Value;
use entropix::{ModelDefaults, PromisedConfig};
use entropix_engine::EngineOptions;
use entropix_eval::arms::{Arm, Tuned, all};
use entropix_eval::expected::Pick;
use entropix_eval::gates::{Bands, Signal};
use entropix_eval::run::{Answered, Options, RunError, Traced, run};
use entropix_eval::{Expected, Item, Outcome, Verdict};
use entropix_generate::Chat;

const TEMPLATE: &str = "{% for message in messages %}{{ message['content'] }}{% endfor %}";

fn chat() -> Chat {
    let template = Value::String(TEMPLATE.to_owned());
    let entries = vec![("tokenizer.chat_template".to_owned(), template)];
    let model = support::tiny_model_with(support::byte_alphabet(), entries, Vec::new());
    Chat::new(entropix_engine::load(&mut Cursor::new(model), EngineOptions::default()).unwrap())
}

/// Cuts in the middle of the tiny model's H and V: every quadrant comes up.
fn model() -> ModelDefaults {
    let promised = PromisedConfig {
        entropy_cut: 7.56,
        varentropy_cut: 1.25,
        phrases: vec![" hm".to_owned()],
        branch_tokens: 3,
        ..PromisedConfig::default()
    };
    ModelDefaults { promised, ..ModelDefaults::default() }
}

fn items(count: u32) -> Vec<Item> {
    let item = |number| Item {
        family: "letters".to_owned(),
        number,
        fact: number,
        level: 1,
        examples: [].into(),
        question: format!("Say {number}"),
        expected: Expected::Number {
            value: f64::from(number),
            terms: Vec::new(),
            pick: Pick::Last,
        },
    };
    (0..count).map(item).collect()
}

fn arms(names: &[&str], bands: Vec<Bands>) -> Vec<Arm> {
    let all = all(&model(), &Tuned { bands, ..Tuned::default() });
    let named = |name: &&str| all.iter().find(|arm| arm.name == *name).unwrap().clone();
    names.iter().map(named).collect()
}

fn options(width: usize) -> Options {
    Options { draws: "tests".to_owned(), max_tokens: 12, width, ..Options::default() }
}

fn answered(names: &[&str], width: usize) -> Answered {
    run(&mut chat(), &items(6), &arms(names, Vec::new()), &options(width), |_| {}).unwrap()
}

const NAMES: [&str; 10] = [
    "greedy",
    "plain",
    "B",
    "PROMISED",
    "PROMISED argmax+branch",
    "PROMISED sham",
    "PROMISED sham of acts",
    "self-consistency",
    "CoT-decoding",
    "cautious",
];

#[test]
fn how_many_go_side_by_side_changes_nothing() {
    let one = answered(&NAMES, 1);
    assert!(one.outcomes.iter().all(|item| item.len() == NAMES.len()));
    for width in [2, 7, 64] {
        assert_eq!(answered(&NAMES, width).outcomes, one.outcomes, "{width}");
    }
}

#[test]
fn an_arm_is_what_it_is_alone() {
    let together = answered(&NAMES, 7);
    for (at, name) in NAMES.iter().enumerate() {
        let with: &[&str] =
            if name.contains("sham") { &["PROMISED", name] } else { std::slice::from_ref(name) };
        let alone = answered(with, 7);
        let own = |answered: &Answered, at: usize| -> Vec<Outcome> {
            answered.outcomes.iter().map(|item| item[at].clone()).collect()
        };
        assert_eq!(own(&alone, with.len() - 1), own(&together, at), "{name}");
    }
}

#[test]
fn an_item_is_what_it_is_alone() {
    let names = &NAMES[..5];
    let all = answered(names, 7);
    for (item, outcomes) in items(6).into_iter().zip(all.outcomes) {
        let arms = arms(names, Vec::new());
        let alone = run(&mut chat(), &[item], &arms, &options(7), |_| {}).unwrap();
        assert_eq!(alone.outcomes, [outcomes]);
    }
}

#[test]
fn what_promised_saw_is_kept_and_cuts_follow_from_it() {
    let looks: Vec<_> = answered(&["PROMISED"], 7).looks.concat();
    let without: usize = answered(&["greedy"], 7).looks.iter().map(Vec::len).sum();
    assert!(looks.len() > 20 && without == 0);
    assert!(looks.iter().any(|look| look.in_branch) && looks.iter().any(|look| !look.in_branch));
    let bands = Signal::ALL.map(|signal| Bands::fitted(signal, &looks).unwrap()).to_vec();
    let names = ["PROMISED", "PROMISED by H", "PROMISED by V", "PROMISED by margin"];
    let arms = arms(&names, bands);
    let all = run(&mut chat(), &items(6), &arms, &options(7), |_| {}).unwrap();
    let decisions =
        |at: usize| -> u32 { all.outcomes.iter().map(|item| item[at].acts.decisions).sum() };
    assert!((0..4).all(|at| decisions(at) > 0));
}

#[test]
fn all_that_was_made_is_told() {
    let mut told = 0;
    let arms = arms(&NAMES, Vec::new());
    let all = run(&mut chat(), &items(6), &arms, &options(7), |made| told += made).unwrap();
    let outcomes = all.outcomes.concat();
    assert_eq!(outcomes.iter().map(|outcome| outcome.made).sum::<u32>(), told);
    for outcome in outcomes {
        assert!(outcome.tokens <= outcome.made && outcome.tokens <= 25);
        assert!(outcome.log_probability <= 0.0 && outcome.mean.entropy >= 0.0);
        // A line, and one more after each phrase.
        let lines = outcome.text.lines().filter(|line| !line.trim().is_empty());
        assert!(lines.count() <= 3, "{:?}", outcome.text);
        assert_eq!(outcome.claim.is_empty(), outcome.verdict == Verdict::Nothing);
    }
}

#[test]
fn a_trace_is_the_answer() {
    let arms = arms(&NAMES, Vec::new());
    let traced = Options { traced: true, ..options(7) };
    let with = run(&mut chat(), &items(6), &arms, &traced, |_| {}).unwrap();
    let without = answered(&NAMES, 7);
    assert_eq!(with.outcomes, without.outcomes);
    assert!(without.traces.is_empty());
    // All but those of which one is taken.
    assert_eq!(with.traces.len(), 6 * (NAMES.len() - 2));
    for Traced { item, arm, trace } in with.traces {
        let outcome = &with.outcomes[item][arm];
        assert_eq!(trace.text(), outcome.text, "{}", NAMES[arm]);
        assert_eq!(trace.tokens.len() as u32, outcome.tokens, "{}", NAMES[arm]);
        assert_eq!(trace.retracted.len() as u32, outcome.acts.retractions, "{}", NAMES[arm]);
        // Real PROMISED says what was compared, and a sham that nothing was.
        let says = |words: &str| {
            let mut first = trace.tokens.iter().take(1);
            first.all(|entry| entry.decision.sentence.starts_with(words))
        };
        assert!(NAMES[arm] != "PROMISED" || says("H "), "{:?}", trace.tokens.first());
        assert!(NAMES[arm] != "PROMISED sham" || says("counted as "));
        assert_eq!(trace.messages.last().unwrap().content, items(6)[item].question);
    }
}

#[test]
fn a_sham_needs_the_real_one() {
    let arms = arms(&["greedy", "PROMISED sham"], Vec::new());
    let error = run(&mut chat(), &items(2), &arms, &options(7), |_| {}).unwrap_err();
    assert!(matches!(&error, RunError::NoDonor(name) if name == "PROMISED sham"), "{error}");
}

#[test]
fn an_item_that_does_not_fit_is_named() {
    let mut items = items(2);
    items[1].question = "long ".repeat(2000);
    let arms = arms(&["greedy"], Vec::new());
    let error = run(&mut chat(), &items, &arms, &options(7), |_| {}).unwrap_err();
    assert!(error.to_string().starts_with("item 1 of \"letters\": the prompt has"), "{error}");
}

#[test]
fn no_items_are_no_outcomes() {
    let arms = arms(&["greedy"], Vec::new());
    let all = run(&mut chat(), &[], &arms, &options(7), |_| {}).unwrap();
    assert!(all.outcomes.is_empty() && all.looks.is_empty());
}
