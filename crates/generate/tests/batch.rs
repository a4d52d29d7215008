//! Answers side by side are what they are alone.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use entropix::{DsliderConfig, EntropixConfig, PlainConfig, Preset, PromisedConfig, SamplerConfig};
use entropix_generate::{Chat, Generation, batch};
use entropix_protocol::{Recipe, Step};
use proptest::prelude::*;
use support::{
    Failure, Mood, answer, decided, mix, promised, prompt, recipe, scripted, tiny_loaded,
};

/// One of several answers.
#[derive(Clone, Debug)]
struct Ask {
    prompt: Vec<u32>,
    recipe: Recipe,
    /// The round in which it begins.
    at: usize,
    /// Its own round, if any, in which it is stopped.
    stop: Option<usize>,
}

/// Moods as the tokens fall, an end now and then.
fn mood(ids: &[u32]) -> Mood {
    match mix(ids) >> 40 & 31 {
        0 => Mood::End,
        1..=8 => Mood::Torn,
        9..=16 => Mood::Wild,
        17..=22 => Mood::Flat,
        _ => Mood::Sure,
    }
}

fn samplers() -> impl Strategy<Value = SamplerConfig> {
    // Cuts in the midst of the tiny model's H and V.
    let tiny = PromisedConfig {
        entropy_cut: 7.9,
        varentropy_cut: 0.3,
        phrases: vec![" hell".to_owned()],
        ..PromisedConfig::default()
    };
    prop_oneof![
        Just(SamplerConfig::Greedy),
        Just(SamplerConfig::Plain(PlainConfig::default())),
        Just(SamplerConfig::Plain(PlainConfig { repetition_penalty: 1.3, ..Default::default() })),
        Just(SamplerConfig::Dslider(DsliderConfig::default())),
        Just(promised()),
        Just(SamplerConfig::Promised(tiny)),
        prop::sample::select(&Preset::ALL[..]).prop_map(|preset| {
            let pause_token = 67;
            SamplerConfig::Entropix(EntropixConfig {
                pause_token,
                ..EntropixConfig::preset(preset)
            })
        }),
    ]
}

fn asks() -> impl Strategy<Value = Vec<Ask>> {
    let ask = (samplers(), any::<u64>(), 1..20_u32, 0..4_u32, 1..40_usize, 0..12_usize);
    let ask = (ask, prop::option::of(0..30_usize), any::<bool>());
    let ask = ask.prop_map(|((sampler, seed, most, which, length, at), stop, attention)| Ask {
        prompt: prompt(which, length),
        recipe: Recipe { attention, ..recipe(sampler, seed, most) },
        at,
        stop,
    });
    prop::collection::vec(ask, 1..6)
}

/// What each asks for, advanced together.
fn together(chat: &mut Chat, asks: &[Ask]) -> Vec<Vec<Step>> {
    let mut steps = vec![Vec::new(); asks.len()];
    let mut going: Vec<(usize, Generation)> = Vec::new();
    for round in 0.. {
        for (which, ask) in asks.iter().enumerate().filter(|(_, ask)| ask.at == round) {
            let generation = chat.generate(ask.prompt.clone(), ask.recipe.clone()).unwrap();
            going.push((which, generation));
        }
        going.retain_mut(|(which, generation)| {
            let own: &mut Vec<Step> = &mut steps[*which];
            let stop = asks[*which].stop == Some(decided(own).len());
            if stop {
                own.push(generation.stop(chat));
            }
            !stop && !matches!(own.last(), Some(Step::Done { .. }))
        });
        if going.is_empty() && asks.iter().all(|ask| ask.at <= round) {
            break;
        }
        let mut batch: Vec<&mut Generation> = going.iter_mut().map(|(_, each)| each).collect();
        let results = batch::advance(chat, &mut batch);
        for ((which, _), result) in going.iter().zip(results) {
            steps[*which].push(result.unwrap());
        }
    }
    steps
}

/// What one asks for, alone with the model.
fn alone(mut chat: Chat, ask: &Ask) -> Vec<Step> {
    let ask = Ask { at: 0, ..ask.clone() };
    together(&mut chat, &[ask]).remove(0)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn scripted_answers_are_the_same_in_a_batch(asks in asks()) {
        let all = together(&mut scripted(mood).0, &asks);
        for (ask, steps) in asks.iter().zip(all) {
            prop_assert_eq!(decided(&steps), decided(&alone(scripted(mood).0, ask)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// To the last digit: what is recorded of a token holds logits, and the attention if asked for.
    #[test]
    fn answers_of_a_model_are_the_same_in_a_batch(asks in asks()) {
        let all = together(&mut Chat::new(tiny_loaded()), &asks);
        for (ask, steps) in asks.iter().zip(all) {
            prop_assert_eq!(decided(&steps), decided(&alone(Chat::new(tiny_loaded()), ask)));
        }
    }
}

#[test]
fn several_answers_take_one_pass() {
    let (mut chat, handle) = scripted(|_| Mood::Sure);
    let mut generations: Vec<Generation> = (0..4)
        .map(|which| {
            // All but its last token is known: one step of reading is left.
            let prompt = prompt(50 * which, 9);
            let _ = answer(&mut chat, prompt.clone(), recipe(SamplerConfig::Greedy, 0, 1));
            chat.generate(prompt, recipe(SamplerConfig::Greedy, 0, 5)).unwrap()
        })
        .collect();
    let mut batch: Vec<&mut Generation> = generations.iter_mut().collect();
    for passes in [4, 0, 1, 1, 1, 1, 0] {
        handle.passes();
        let steps = batch::advance(&mut chat, &mut batch);
        assert_eq!((steps.len(), handle.passes()), (4, passes));
    }
    assert!(batch::advance(&mut chat, &mut []).is_empty());
}

#[test]
fn one_that_fails_does_not_end_the_others() {
    let (mut chat, handle) = scripted(|_| Mood::Sure);
    let begin = |chat: &mut Chat, which: u32| {
        chat.generate(prompt(which, 9), recipe(promised(), 0, 6)).unwrap()
    };
    let expected: Vec<_> = [0, 50, 100]
        .map(|which| {
            answer(&mut scripted(|_| Mood::Sure).0, prompt(which, 9), recipe(promised(), 0, 6))
        })
        .to_vec();
    let mut generations = [0, 50, 100].map(|which| begin(&mut chat, which));
    let mut steps = vec![Vec::new(); 3];
    for round in 0..20 {
        // The second one, in the midst of its answer.
        if round == 8 {
            handle.fail(Some(Failure::Begins(prompt(50, 1)[0])));
        }
        let results = batch::advance(&mut chat, &mut generations.each_mut());
        for (own, (which, result)) in steps.iter_mut().zip(results.into_iter().enumerate()) {
            match result {
                Ok(step) => own.push(step),
                Err(error) => assert!(which == 1, "{which}: {error}"),
            }
        }
        for own in &mut steps {
            // Over is over.
            own.dedup_by(|a, b| matches!((a, b), (Step::Done { .. }, Step::Done { .. })));
        }
    }
    assert_eq!(decided(&steps[0]), decided(&expected[0]));
    assert_eq!(decided(&steps[2]), decided(&expected[2]));
    let (failed, whole) = (decided(&steps[1]), decided(&expected[1]));
    assert!(failed.len() < whole.len(), "{failed:?}");
    assert_eq!(failed[..failed.len() - 1], whole[..failed.len() - 1]);
}
