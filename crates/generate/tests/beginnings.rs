//! Answers that go on from tokens of another one.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use entropix::{
    Action, DsliderConfig, EntropixConfig, PlainConfig, Preset, PromisedConfig, SamplerConfig,
};
use entropix_generate::{Chat, ChatError};
use entropix_protocol::{Beginning, Finish, Given, Grown, Parting, Recipe, Step, TokenEntry};
use support::{Mood, decided, moods, promised, prompt, recipe, run, scripted, stats, tiny_loaded};

const PROMPT: usize = 12;

fn samplers() -> Vec<SamplerConfig> {
    let tiny = PromisedConfig {
        entropy_cut: 7.9,
        varentropy_cut: 0.3,
        phrases: vec![" hell".to_owned()],
        ..PromisedConfig::default()
    };
    vec![
        SamplerConfig::Greedy,
        SamplerConfig::Plain(PlainConfig::default()),
        SamplerConfig::Plain(PlainConfig { repetition_penalty: 1.3, ..PlainConfig::default() }),
        SamplerConfig::Dslider(DsliderConfig::default()),
        SamplerConfig::Promised(tiny),
        SamplerConfig::Entropix(EntropixConfig {
            pause_token: 67,
            ..EntropixConfig::preset(Preset::B)
        }),
    ]
}

fn tokens(steps: &[Step]) -> Vec<TokenEntry> {
    let mut entries = Vec::new();
    for step in steps {
        match step {
            Step::Token { entry } => entries.push((**entry).clone()),
            Step::Retract { to, .. } => entries.truncate(*to as usize),
            _ => {}
        }
    }
    entries
}

fn ids(entries: &[TokenEntry]) -> Vec<u32> {
    entries.iter().map(|entry| entry.decision.token).collect()
}

fn text(entries: &[TokenEntry]) -> String {
    entries.iter().map(|entry| entry.text.as_str()).collect()
}

fn go_on(chat: &mut Chat, kept: &[u32], then: Given, recipe: Recipe) -> Vec<Step> {
    let beginning = Beginning { kept: kept.to_vec(), then };
    let generation = chat.go_on(prompt(3, PROMPT), beginning, recipe).unwrap();
    run(chat, generation)
}

/// One number of the stream for each token, so that nothing shows where an answer was cut.
#[test]
fn plain_answers_go_on_as_if_they_had_never_stopped() {
    for sampler in samplers().into_iter().take(3) {
        let mut chat = Chat::new(tiny_loaded());
        let whole = go_on(&mut chat, &[], Given::Nothing, recipe(sampler.clone(), 5, 14));
        let whole = tokens(&whole);
        for cut in 0..whole.len() {
            let most = (whole.len() - cut) as u32;
            let rest = recipe(sampler.clone(), 5, most);
            let kept = ids(&whole[..cut]);
            let steps = tokens(&go_on(&mut chat, &kept, Given::Nothing, rest.clone()));
            assert_eq!(steps, whole[cut..], "cut at {cut}, {sampler:?}");
            // The same where the next token is given: told with all that is known of it.
            let given = Given::Token(whole[cut].decision.token);
            let most = most - 1;
            if most > 0 {
                let rest = Recipe { max_tokens: most, ..rest };
                let steps = tokens(&go_on(&mut chat, &kept, given, rest));
                assert_eq!(steps[0].decision.action, Action::Given);
                assert_eq!((&steps[0].top, steps[0].p), (&whole[cut].top, whole[cut].p));
                assert_eq!(steps[0].text, whole[cut].text);
                assert_eq!(steps[1..], whole[cut + 1..], "given at {cut}, {sampler:?}");
            }
        }
    }
}

/// Whatever was cached, and however often.
#[test]
fn the_same_beginning_gives_the_same_answer() {
    for sampler in samplers() {
        let mut warm = Chat::new(tiny_loaded());
        let recipe = Recipe { attention: true, ..recipe(sampler.clone(), 7, 12) };
        let first = tokens(&go_on(&mut warm, &[], Given::Nothing, recipe.clone()));
        for at in [0, 1, first.len() - 1] {
            let said = first[at].decision.token;
            let rank = first[at].top.iter().position(|other| other.id != said).unwrap();
            let other = first[at].top[rank].id;
            let kept = ids(&first[..at]);
            let given = Given::Token(other);
            let steps = go_on(&mut warm, &kept, given.clone(), recipe.clone());
            let mut fresh = Chat::new(tiny_loaded());
            assert_eq!(
                decided(&steps),
                decided(&go_on(&mut fresh, &kept, given, recipe.clone())),
                "{sampler:?}"
            );
            let entries = tokens(&steps);
            assert_eq!((entries[0].decision.token, entries[0].rank as usize), (other, rank));
            // And from what came of it, again: forks of forks.
            let kept = [kept, ids(&entries)].concat();
            let again = go_on(&mut warm, &kept[..kept.len() - 1], Given::Nothing, recipe.clone());
            let anew = go_on(&mut fresh, &kept[..kept.len() - 1], Given::Nothing, recipe.clone());
            assert_eq!(decided(&again), decided(&anew), "{sampler:?}");
        }
    }
}

#[test]
fn only_what_is_new_is_read() {
    let (mut chat, handle) = scripted(|_| Mood::Sure);
    let greedy = |most| recipe(SamplerConfig::Greedy, 0, most);
    let first = tokens(&go_on(&mut chat, &[], Given::Nothing, greedy(20)));
    let kept = ids(&first[..10]);
    handle.read();
    let steps = go_on(&mut chat, &kept, Given::Token(70), greedy(1));
    // The last kept token, for its logits, and the one that was given.
    assert_eq!(handle.read(), 2);
    let stats = stats(&steps);
    assert_eq!((stats.prompt_tokens, stats.reused_tokens), (22, 21));
    assert_eq!(ids(&tokens(&steps))[0], 70);
    assert_eq!(tokens(&steps).len(), 2, "most tokens counts what comes after the beginning");
    // The earlier answer is still there.
    let kept = ids(&first[..15]);
    go_on(&mut chat, &kept, Given::Nothing, greedy(1));
    assert_eq!(handle.read(), 1);
}

#[test]
fn what_was_given_is_never_taken_back() {
    let script = [Mood::Wild; 16];
    let (mut chat, _) = scripted(moods(PROMPT, &script));
    let steps =
        go_on(&mut chat, &[67, 68, 69], Given::Text("and".into()), recipe(promised(), 1, 8));
    let back: Vec<u32> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Retract { to, .. } => Some(*to),
            _ => None,
        })
        .collect();
    let given = tokens(&steps).iter().filter(|e| e.decision.action == Action::Given).count() as u32;
    assert!(!back.is_empty() && back.iter().all(|to| *to >= 3 + given), "{back:?}, {given} given");
}

#[test]
fn a_text_is_spelled_as_it_stands() {
    let mut chat = Chat::new(tiny_loaded());
    let recipe = recipe(SamplerConfig::Greedy, 0, 2);
    for words in ["hell", " hell", "é", "<|im_end|>", " a\n b", "🦀"] {
        let steps = go_on(&mut chat, &[70, 71], Given::Text(words.into()), recipe.clone());
        let given: Vec<TokenEntry> = tokens(&steps)
            .into_iter()
            .filter(|entry| entry.decision.action == Action::Given)
            .collect();
        assert_eq!(text(&given), words);
        assert_eq!(tokens(&steps).len(), given.len() + 2);
    }
    let steps = go_on(&mut chat, &[70], Given::Text(String::new()), recipe);
    assert_eq!(tokens(&steps).len(), 2);
}

#[test]
fn the_end_can_be_given() {
    let mut chat = Chat::new(tiny_loaded());
    let end = chat.tokenizer().end_ids()[0];
    let steps = go_on(&mut chat, &[70], Given::Token(end), recipe(promised(), 0, 9));
    assert_eq!(tokens(&steps).len(), 1);
    assert!(matches!(steps.last(), Some(Step::Done { finish: Finish::EndOfTurn, .. })));
}

#[test]
fn what_can_not_be_is_refused_and_the_chat_goes_on() {
    let mut chat = Chat::new(tiny_loaded());
    let recipe = recipe(SamplerConfig::Greedy, 0, 2);
    let context = chat.loaded().model.shape().context_length;
    let begin = |kept: Vec<u32>, then| Beginning { kept, then };
    let long = begin(vec![70; context - PROMPT - 1], Given::Token(70));
    let Err(error) = chat.go_on(prompt(3, PROMPT), long, recipe.clone()) else { panic!() };
    assert!(matches!(error, ChatError::PromptTooLong { tokens, .. } if tokens == context));
    for beginning in
        [begin(vec![70, 1 << 30], Given::Nothing), begin(vec![70], Given::Token(1 << 30))]
    {
        let mut generation = chat.go_on(prompt(3, PROMPT), beginning, recipe.clone()).unwrap();
        let error = loop {
            match generation.advance(&mut chat) {
                Ok(Step::Done { .. }) => panic!("it was taken"),
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert_eq!(error.problem().kind, entropix_protocol::ProblemKind::BadRequest);
    }
    assert_eq!(tokens(&go_on(&mut chat, &[70], Given::Nothing, recipe)).len(), 2);
}

/// What is shown of a continuation is what an answer that goes on there says.
#[test]
fn continuations_side_by_side_are_answers_that_went_on() {
    for sampler in samplers() {
        let mut chat = Chat::new(tiny_loaded());
        let recipe = recipe(sampler.clone(), 7, 12);
        let first = tokens(&go_on(&mut chat, &[], Given::Nothing, recipe.clone()));
        let partings: Vec<Parting> = (0..first.len().min(7) as u32)
            .map(|at| Parting { at, token: first[at as usize].top[1].id })
            .collect();
        let answer = ids(&first);
        let (answer, most) = (answer.clone(), partings.len());
        let (prompt, recipe) = (prompt(3, PROMPT), recipe.clone());
        let mut what_if =
            chat.what_if(prompt, &[], answer.clone(), partings.clone(), recipe.clone());
        let mut found = vec![None; most];
        while !what_if.is_over() {
            for Grown { number, text, finish, .. } in what_if.advance(&mut chat).unwrap() {
                found[number as usize] = Some((text, finish));
            }
        }
        for (Parting { at, token }, found) in partings.into_iter().zip(found) {
            let given = Given::Token(token);
            let steps = go_on(&mut chat, &answer[..at as usize], given, recipe.clone());
            let Some(Step::Done { finish, .. }) = steps.last() else { panic!() };
            let expected = text(&tokens(&steps)[1..]);
            assert_eq!(found, Some((expected, Some(*finish))), "{sampler:?} at {at}");
        }
    }
}
