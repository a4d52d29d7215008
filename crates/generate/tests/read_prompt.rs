//! A prompt that is read once: answers begin after it as they would by themselves.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use entropix::samplers::{Gate, Place};
use entropix::{
    Action, Branch, BranchEnd, EntropixConfig, PlainConfig, Preset, Rule, SamplerConfig,
};
use entropix_generate::{Chat, ChatError};
use entropix_protocol::{Beginning, Given, Recipe, Step};
use support::{
    Failure, Mood, answer, decided, mix, promised, prompt, recipe, run, scripted, tiny_loaded,
};

fn ways() -> Vec<Recipe> {
    let coded = |preset| {
        let config = EntropixConfig { pause_token: 67, ..EntropixConfig::preset(preset) };
        SamplerConfig::Entropix(config)
    };
    let plain = SamplerConfig::Plain(PlainConfig::default());
    let samplers = [
        SamplerConfig::Greedy,
        plain,
        coded(Preset::B),
        coded(Preset::Smollm),
        promised(),
        SamplerConfig::Dslider(entropix::DsliderConfig::default()),
    ];
    samplers.into_iter().zip(1..).map(|(sampler, seed)| recipe(sampler, seed, 12)).collect()
}

/// Moods as the tokens fall.
fn mood(ids: &[u32]) -> Mood {
    [Mood::Torn, Mood::Wild, Mood::Flat, Mood::Sure][mix(ids) as usize >> 7 & 3]
}

/// Tokens, actions and H, which does not depend on what is recorded.
fn chosen(steps: &[Step]) -> Vec<(u32, Action, f64)> {
    let decision = |step: &Step| match step {
        Step::Token { entry } => Some(entry.decision.clone()),
        Step::Retract { reason, .. } => Some(reason.as_ref().clone()),
        _ => None,
    };
    let decisions = steps.iter().filter_map(decision);
    decisions.map(|it| (it.token, it.action, it.uncertainty.entropy_bits)).collect()
}

#[test]
fn answers_are_what_they_are_without_it() {
    for length in [1, 2, 40, 100] {
        for make in [|| scripted(mood).0, || Chat::new(tiny_loaded())] {
            let mut chat = make();
            let read = chat.read_prompt(prompt(3, length)).unwrap();
            assert_eq!(read.ids(), prompt(3, length));
            for way in ways() {
                let alone = answer(&mut make(), prompt(3, length), way.clone());
                let generation = chat.answer(&read, way.clone()).unwrap();
                assert_eq!(decided(&run(&mut chat, generation)), decided(&alone), "{way:?}");
                let brief = chat.answer(&read, way).unwrap().brief();
                let brief = run(&mut chat, brief);
                assert_eq!(chosen(&brief), chosen(&alone));
                let (brief, alone) = (probabilities(&brief), probabilities(&alone));
                assert_eq!(brief, alone);
            }
        }
    }
}

/// Of each token and of the two most probable ones.
fn probabilities(steps: &[Step]) -> Vec<(f64, Vec<(u32, f64)>)> {
    let entries = steps.iter().filter_map(|step| match step {
        Step::Token { entry } => Some(entry),
        _ => None,
    });
    entries
        .map(|it| (it.p, it.top.iter().take(2).map(|other| (other.id, other.p)).collect()))
        .collect()
}

#[test]
fn an_answer_may_begin_with_something_given() {
    let mut chat = Chat::new(tiny_loaded());
    let read = chat.read_prompt(prompt(3, 40)).unwrap();
    let firsts = read.first_tokens(3);
    let greedy = || recipe(SamplerConfig::Greedy, 0, 5);
    let alone = answer(&mut Chat::new(tiny_loaded()), prompt(3, 40), greedy());
    let Some(Step::Token { entry }) = decided(&alone).into_iter().next() else { panic!() };
    assert_eq!(firsts, entry.top.iter().take(3).map(|other| other.id).collect::<Vec<_>>());
    for first in firsts {
        let then = || Given::Token(first);
        let beginning = Beginning { kept: Vec::new(), then: then() };
        let mut alone = Chat::new(tiny_loaded());
        let generation = alone.go_on(prompt(3, 40), beginning, greedy()).unwrap();
        let alone = run(&mut alone, generation);
        let generation = chat.answer_after(&read, then(), greedy()).unwrap();
        assert_eq!(decided(&run(&mut chat, generation)), decided(&alone));
    }
}

#[test]
fn nothing_is_read_again() {
    let (mut chat, handle) = scripted(|_| Mood::Sure);
    let read = chat.read_prompt(prompt(3, 100)).unwrap();
    assert_eq!((handle.read(), handle.passes()), (100, 1));
    for _ in 0..3 {
        let generation = chat.answer(&read, recipe(SamplerConfig::Greedy, 0, 6)).unwrap();
        run(&mut chat, generation);
        assert_eq!((handle.read(), handle.passes()), (5, 5));
    }
    // What another prompt has in common with it neither.
    let longer = [prompt(3, 100), vec![7; 10]].concat();
    chat.read_prompt(longer).unwrap();
    assert_eq!(handle.read(), 10);
}

#[test]
fn what_cannot_be_read_says_why() {
    let (mut chat, handle) = scripted(|_| Mood::Sure);
    assert!(matches!(chat.read_prompt(Vec::new()), Err(ChatError::EmptyPrompt)));
    let long = chat.read_prompt(prompt(1, 100_000));
    assert!(matches!(long, Err(ChatError::PromptTooLong { tokens: 100_000, .. })));
    handle.fail(Some(Failure::Always));
    assert!(matches!(chat.read_prompt(prompt(1, 9)), Err(ChatError::Engine(_))));
    // Caches give way to what is read now.
    handle.fail(None);
    chat.read_prompt(prompt(1, 9)).unwrap();
    handle.fail(Some(Failure::MemoryOnce));
    chat.read_prompt(prompt(2, 9)).unwrap();
}

/// One quadrant everywhere.
#[derive(Clone, Debug)]
struct Everywhere(Rule);

impl Gate for Everywhere {
    fn rule(&mut self, _: &Place<'_>) -> Rule {
        self.0
    }

    fn boxed(&self) -> Box<dyn Gate> {
        Box::new(self.clone())
    }
}

#[test]
fn a_gate_decides_about_quadrants() {
    let (mut chat, _) = scripted(mood);
    let read = chat.read_prompt(prompt(3, 10)).unwrap();
    let generation = chat.answer(&read, recipe(promised(), 4, 12)).unwrap();
    let steps = run(&mut chat, generation.gated(Box::new(Everywhere(Rule::Lelv))));
    assert!(chosen(&steps).iter().all(|(_, action, _)| *action == Action::Argmax));
    // Others have none.
    let plain = || recipe(SamplerConfig::Plain(PlainConfig::default()), 4, 12);
    let generation = chat.answer(&read, plain()).unwrap();
    let gated = run(&mut chat, generation.gated(Box::new(Everywhere(Rule::Lelv))));
    let generation = chat.answer(&read, plain()).unwrap();
    assert_eq!(decided(&gated), decided(&run(&mut chat, generation)));
}

#[test]
fn the_end_of_a_line_costs_a_branch_as_much_as_any_token() {
    let mut lines = 0;
    for make in [|| scripted(mood).0, || Chat::new(tiny_loaded())] {
        let mut chat = make();
        for seed in 0..40 {
            let read = chat.read_prompt(prompt(seed, 10)).unwrap();
            let recipe = Recipe { one_line: true, ..recipe(promised(), u64::from(seed), 24) };
            let generation = chat.answer(&read, recipe).unwrap();
            let generation = generation.gated(Box::new(Everywhere(Rule::Lehv)));
            for step in run(&mut chat, generation) {
                let Step::Token { entry } = step else { continue };
                for Branch { tokens, entropies, end, .. } in &entry.decision.branches {
                    let unread = usize::from(*end == BranchEnd::EndOfTurn);
                    assert_eq!(entropies.len(), tokens.len() - unread, "{end:?}");
                    let breaks = |id: &u32| chat.tokenizer().decode(&[*id]).contains('\n');
                    // Only the last token of a branch ends its line.
                    let (last, before) = tokens.split_last().unwrap();
                    assert!(!before.iter().any(breaks));
                    lines += usize::from(breaks(last));
                }
            }
        }
    }
    assert!(lines > 0, "no branch ended with a line");
}
