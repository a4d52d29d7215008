//! Texts that are only read.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use entropix::{Action, SamplerConfig};
use entropix_engine::LocalTime;
use entropix_generate::{Chat, ChatError};
use entropix_protocol::{Beginning, Finish, Given, PositionScore, Step, TokenEntry};
use support::{promised, recipe, run, tiny_loaded};

const TEXT: &str = " hello hell, é\n 🦀 <|im_end|> hell";

fn whole(text: &str) -> Beginning {
    Beginning { kept: Vec::new(), then: Given::Whole(text.to_owned()) }
}

fn entries(steps: Vec<Step>) -> Vec<TokenEntry> {
    let entry = |step| if let Step::Token { entry } = step { Some(*entry) } else { None };
    steps.into_iter().filter_map(entry).collect()
}

/// As evaluations have it, by another way through the engine; whatever the sampler, and whatever was cached.
#[test]
fn a_text_is_told_as_it_is_scored_and_nothing_follows() {
    let mut chat = Chat::new(tiny_loaded());
    let start = chat.tokenizer().start().unwrap();
    let now = LocalTime { year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 5 };
    assert_eq!(chat.prompt(&[], now).unwrap().ids, [start]);
    let ids = chat.tokenizer().encode(TEXT, false).unwrap();
    let mut scoring = chat.score([&[start], ids.as_slice()].concat(), 0);
    let mut scores: Vec<PositionScore> = Vec::new();
    while let Some(some) = scoring.advance().unwrap() {
        scores.extend(some);
    }
    for sampler in [SamplerConfig::Greedy, promised(), promised()] {
        let reading = chat.go_on(vec![start], whole(TEXT), recipe(sampler, 3, 50)).unwrap();
        let steps = run(&mut chat, reading);
        assert!(matches!(steps.last(), Some(Step::Done { finish: Finish::MaxTokens, .. })));
        let entries = entries(steps);
        assert_eq!(entries.iter().map(|it| it.text.as_str()).collect::<String>(), TEXT);
        assert_eq!(entries.iter().map(|it| it.decision.token).collect::<Vec<_>>(), ids);
        for (entry, score) in entries.iter().zip(&scores) {
            assert_eq!(entry.decision.action, Action::Read);
            let near = |a: f64, b: f64| (a - b).abs() < 1e-4;
            assert!(near(entry.p.ln(), score.next_logprob.unwrap()), "{entry:?}");
            let seen = entry.decision.uncertainty;
            assert!(near(seen.entropy_bits, score.entropy_bits), "{entry:?}");
            assert!(near(seen.varentropy_bits2, score.varentropy_bits2), "{entry:?}");
        }
    }
}

#[test]
fn a_text_can_be_gone_on_with() {
    let mut chat = Chat::new(tiny_loaded());
    let start = chat.tokenizer().start().unwrap();
    let kept = chat.tokenizer().encode(" hell", false).unwrap();
    let beginning = Beginning { kept: kept.clone(), then: Given::Nothing };
    let going = chat.go_on(vec![start], beginning, recipe(SamplerConfig::Greedy, 0, 4)).unwrap();
    assert_eq!(entries(run(&mut chat, going)).len(), 4);
}

#[test]
fn no_text_and_too_long_a_one_are_refused() {
    let mut chat = Chat::new(tiny_loaded());
    let start = chat.tokenizer().start().unwrap();
    let recipe = recipe(SamplerConfig::Greedy, 0, 4);
    let empty = chat.go_on(vec![start], whole(""), recipe.clone());
    assert!(matches!(empty, Err(ChatError::EmptyPrompt)));
    let context_length = chat.loaded().model.shape().context_length;
    let long = chat.go_on(vec![start], whole(&"hell ".repeat(context_length)), recipe);
    assert!(matches!(long, Err(ChatError::PromptTooLong { .. })));
}
