//! One prompt answered in several ways: each as it is alone, the prompt read once.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use entropix::{EntropixConfig, PlainConfig, Preset, SamplerConfig};
use entropix_generate::{Chat, ChatError};
use entropix_protocol::{Recipe, Step};
use support::{Mood, answer, decided, mix, promised, prompt, recipe, scripted, tiny_loaded};

fn ways() -> Vec<Recipe> {
    let plain = || SamplerConfig::Plain(PlainConfig::default());
    let coded = SamplerConfig::Entropix(EntropixConfig {
        pause_token: 67,
        ..EntropixConfig::preset(Preset::B)
    });
    [
        (SamplerConfig::Greedy, 0, 9),
        (promised(), 3, 14),
        (plain(), 1, 1),
        (plain(), 2, 12),
        (coded, 5, 8),
    ]
    .map(|(sampler, seed, most)| Recipe { attention: true, ..recipe(sampler, seed, most) })
    .into()
}

/// What each did.
fn together(chat: &mut Chat, prompt: Vec<u32>, ways: Vec<Recipe>) -> Vec<Vec<Step>> {
    let mut steps = vec![Vec::new(); ways.len()];
    let mut all = chat.side_by_side(prompt, ways);
    while !all.is_over() {
        for (number, step) in all.advance(chat) {
            steps[number].push(step.unwrap());
        }
    }
    assert!(all.advance(chat).is_empty() && all.stop(chat).is_empty());
    steps
}

/// Moods as the tokens fall.
fn mood(ids: &[u32]) -> Mood {
    [Mood::Torn, Mood::Wild, Mood::Flat, Mood::Sure][mix(ids) as usize >> 7 & 3]
}

#[test]
fn each_is_what_it_is_alone() {
    for length in [1, 2, 40, 100] {
        let all = together(&mut scripted(mood).0, prompt(3, length), ways());
        let real = together(&mut Chat::new(tiny_loaded()), prompt(3, length), ways());
        for ((way, steps), real) in ways().into_iter().zip(all).zip(real) {
            let alone = answer(&mut scripted(mood).0, prompt(3, length), way.clone());
            assert_eq!(decided(&steps), decided(&alone), "{way:?} after {length}");
            let alone = answer(&mut Chat::new(tiny_loaded()), prompt(3, length), way.clone());
            assert_eq!(decided(&real), decided(&alone), "{way:?} after {length}");
        }
    }
}

#[test]
fn the_prompt_is_read_once() {
    let (mut chat, handle) = scripted(|_| Mood::Sure);
    let greedy = |most| recipe(SamplerConfig::Greedy, 0, most);
    let steps = together(&mut chat, prompt(3, 100), vec![greedy(6); 4]);
    // Each of the others reads its last token again, for its logits; and all but the last of an answer.
    assert_eq!(handle.read(), 100 + 3 + 4 * 5);
    let pieces =
        |steps: &[Step]| steps.iter().filter(|step| matches!(step, Step::Prefill { .. })).count();
    assert!(steps[1..].iter().all(|steps| pieces(steps) == 1));
    // Side by side: a pass for each token of the longest.
    handle.passes();
    let _ = together(&mut chat, prompt(3, 100), vec![greedy(6); 4]);
    // The prompt's last token for each; then five for all, one step later for those that waited for the first.
    assert_eq!(handle.passes(), 4 + 6);
}

#[test]
fn all_stop_where_they_stand_also_before_they_began() {
    for rounds in 0..30 {
        let (mut chat, _) = scripted(mood);
        let mut all = chat.side_by_side(prompt(3, 70), ways());
        let mut over = 0;
        for _ in 0..rounds {
            let done = |(_, step): &(usize, Result<Step, ChatError>)| {
                matches!(step, Ok(Step::Done { .. }))
            };
            over += all.advance(&mut chat).iter().filter(|said| done(said)).count();
        }
        let stopped = all.stop(&mut chat);
        assert_eq!(stopped.len() + over, ways().len(), "after {rounds}");
        assert!(stopped.into_iter().all(|(_, step)| matches!(step, Ok(Step::Done { .. }))));
        assert!(all.is_over());
    }
}

#[test]
fn one_that_is_refused_does_not_keep_the_others_from_it() {
    let (mut chat, _) = scripted(|_| Mood::Sure);
    let bad = SamplerConfig::Plain(PlainConfig { temperature: -1.0, ..PlainConfig::default() });
    let good = || recipe(SamplerConfig::Greedy, 0, 3);
    let mut all = chat.side_by_side(prompt(3, 9), vec![recipe(bad, 0, 3), good(), good()]);
    let (mut refused, mut done) = (Vec::new(), Vec::new());
    while !all.is_over() {
        for (number, step) in all.advance(&mut chat) {
            match step {
                Err(_) => refused.push(number),
                Ok(Step::Done { .. }) => done.push(number),
                Ok(_) => {}
            }
        }
    }
    assert_eq!((refused, done), (vec![0], vec![1, 2]));

    let mut all = chat.side_by_side(prompt(3, 100_000), vec![good(), good()]);
    let said = all.advance(&mut chat);
    let too_long =
        |step: &Result<Step, ChatError>| matches!(step, Err(ChatError::PromptTooLong { .. }));
    assert!(said.len() == 2 && said.iter().all(|(_, step)| too_long(step)) && all.is_over());
}
