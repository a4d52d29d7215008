//! Every stage of an answer, and what stopping or failing in it leaves behind.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use entropix::{Action, SamplerConfig};
use entropix_generate::{Chat, ChatError, Generation};
use entropix_protocol::{Finish, Step};
use support::Mood::{End, Flat, Leaving, Sure, Torn, Wild};
use support::{
    Failure, Handle, answer, decided, moods, promised, prompt, recipe, run, scripted, stats,
};

/// A step in a letter, a token with the action that chose it.
fn letters(steps: &[Step]) -> String {
    let letter = |step: &Step| match step {
        Step::Prefill { .. } => 'p',
        Step::Branch { .. } => 'b',
        Step::Retract { .. } => 'r',
        Step::Done { .. } => '.',
        Step::Token { entry } => match entry.decision.action {
            Action::Argmax => 'A',
            Action::Insert => 'I',
            Action::Branch => 'B',
            Action::Sample => 'S',
            Action::Resample => 'R',
            other => panic!("{other:?}"),
        },
    };
    steps.iter().map(letter).collect()
}

fn finish(steps: &[Step]) -> Finish {
    match steps.last() {
        Some(Step::Done { finish, .. }) => *finish,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_transition() {
    for (script, expected) in [
        // Reading, choosing, over.
        (vec![Sure, Sure, End], "ppAAA."),
        // A phrase of two tokens, and back to choosing. Another may not follow at once, nor a third at all.
        (vec![Flat, Flat, Flat, Flat, Flat, Flat, Sure, End], "ppIISIISAA."),
        // Branches until they are calm: the tokens of the one that is kept, and back to choosing.
        (vec![Torn, Sure, Sure, End], "ppbbBAAA."),
        (vec![Torn, Torn, Torn, Sure, End], "ppbbbbBSSAA."),
        // Branches of the full length, three tokens, and others right after them.
        (vec![Torn, Torn, Torn, Torn, Sure, End], "ppbbbbBSSbbBAA."),
        // A branch that ends the answer.
        (vec![Torn, Leaving], "ppbbBS."),
        // An uncertain draw is taken back at the next uncertain place and drawn again, three times at most.
        (vec![Wild, Wild, End], "ppSrRrRrRSA."),
    ] {
        let (mut chat, _) = scripted(moods(5, &script));
        let steps = answer(&mut chat, prompt(0, 5), recipe(promised(), 1, 0));
        let shown = letters(&steps).replace("ppp", "pp");
        assert_eq!(shown, expected, "{script:?}");
        assert_eq!(finish(&steps), Finish::EndOfTurn, "{script:?}");
        let stats = stats(&steps);
        let told = steps.iter().filter(|step| matches!(step, Step::Token { .. })).count();
        assert_eq!(stats.tokens as usize, told, "{script:?}");
        assert_eq!(stats.prompt_tokens, 5);
    }
}

/// One answer that goes through every stage: a draw, branches, a phrase, a taking-back, the end.
const ALL: [support::Mood; 16] =
    [Wild, Sure, Torn, Torn, Torn, Sure, Flat, Sure, Sure, Sure, Wild, Wild, Wild, Sure, Sure, End];
const PROMPT: usize = 5;

fn begin() -> (Chat, Handle, Generation) {
    let (mut chat, handle) = scripted(moods(PROMPT, &ALL));
    let generation = chat.generate(prompt(0, PROMPT), recipe(promised(), 3, 0)).unwrap();
    (chat, handle, generation)
}

/// What the chat knows of prompt and answer is still right: asked again, it reads nothing that it had read,
/// and answers as a new one does.
fn goes_on(chat: &mut Chat, handle: &Handle, told: &[u32], at: usize) {
    let next = [prompt(0, PROMPT), told.to_vec(), vec![99]].concat();
    handle.read();
    let steps = answer(chat, next.clone(), recipe(SamplerConfig::Greedy, 0, 1));
    // The last token that was told is read by the next step, so that it may be missing.
    let (read, new) = (handle.read(), if told.is_empty() { PROMPT + 1 } else { 2 });
    assert!(read <= new, "after {at} steps {read} tokens were read again");
    assert_eq!(stats(&steps).reused_tokens as usize, next.len() - read);
    let (mut fresh, _) = scripted(moods(PROMPT, &ALL));
    let expected = answer(&mut fresh, next, recipe(SamplerConfig::Greedy, 0, 1));
    assert_eq!(decided(&steps), decided(&expected), "after {at} steps");
}

#[test]
fn the_long_answer_has_every_stage() {
    let (mut chat, _, generation) = begin();
    let letters = letters(&run(&mut chat, generation));
    for stage in ["p", "A", "S", "bB", "II", "rR", "."] {
        assert!(letters.contains(stage), "no {stage} in {letters}");
    }
}

#[test]
fn stopped_anywhere_the_answer_is_what_was_told_and_the_cache_stays() {
    for at in 0.. {
        let (mut chat, handle, mut generation) = begin();
        let mut told = Vec::new();
        for _ in 0..at {
            match generation.advance(&mut chat).unwrap() {
                Step::Token { entry } => told.push(entry.decision.token),
                Step::Retract { to, .. } => told.truncate(to as usize),
                // Complete: every step was a place to stop.
                Step::Done { .. } => return,
                Step::Prefill { .. } | Step::Branch { .. } => {}
            }
        }
        let stopped = generation.stop(&mut chat);
        let Step::Done { finish, stats } = stopped else { panic!("{stopped:?}") };
        assert!(finish == Finish::Stopped || told.last() == Some(&1), "{finish:?} at {at}");
        assert_eq!(generation.ids(), told, "after {at} steps");
        assert_eq!(stats.reused_tokens, 0);
        // Again is no harm, and no step follows.
        assert_eq!(generation.stop(&mut chat), stopped);
        assert_eq!(generation.advance(&mut chat).unwrap(), stopped);
        goes_on(&mut chat, &handle, &told, at);
    }
}

#[test]
fn failing_anywhere_the_answer_ends_and_the_cache_stays() {
    let mut failures = 0;
    for at in 0.. {
        let (mut chat, handle, mut generation) = begin();
        let mut told = Vec::new();
        for _ in 0..at {
            match generation.advance(&mut chat).unwrap() {
                Step::Token { entry } => told.push(entry.decision.token),
                Step::Retract { to, .. } => told.truncate(to as usize),
                Step::Done { .. } => {
                    assert!(failures > 15, "{failures}");
                    return;
                }
                Step::Prefill { .. } | Step::Branch { .. } => {}
            }
        }
        handle.fail(Some(Failure::Always));
        // Only telling needs nothing of the engine.
        let failed = loop {
            match generation.advance(&mut chat) {
                Ok(Step::Token { entry }) => told.push(entry.decision.token),
                Ok(Step::Done { .. }) => break false,
                Ok(step) => panic!("{step:?} with a broken engine"),
                Err(error) => break matches!(error, ChatError::Engine(_)),
            }
        };
        failures += usize::from(failed);
        assert_eq!(generation.ids(), told, "after {at} steps");
        let over = generation.advance(&mut chat).unwrap();
        assert!(matches!(over, Step::Done { .. }), "{over:?}");
        handle.fail(None);
        goes_on(&mut chat, &handle, &told, at);
    }
}

#[test]
fn short_memory_costs_what_was_kept_and_not_the_answer() {
    let (mut chat, handle) = scripted(moods(PROMPT, &ALL));
    let alone = answer(&mut chat, prompt(0, PROMPT), recipe(promised(), 3, 0));
    for at in 0..alone.len() - 1 {
        let (mut chat, handle, mut generation) = begin();
        // Something to let go of.
        let _ = answer(&mut chat, prompt(100, 9), recipe(SamplerConfig::Greedy, 0, 1));
        let mut steps: Vec<Step> =
            (0..at).map(|_| generation.advance(&mut chat).unwrap()).collect();
        handle.fail(Some(Failure::MemoryOnce));
        steps.extend(run(&mut chat, generation));
        assert_eq!(decided(&steps), decided(&alone), "after {at} steps");
    }
    let _ = handle;
}

#[test]
fn a_prompt_that_is_stopped_counts_what_was_read() {
    let (mut chat, handle) = scripted(|_| Sure);
    let mut generation = chat.generate(prompt(0, 100), recipe(promised(), 0, 0)).unwrap();
    let Step::Prefill { done, total } = generation.advance(&mut chat).unwrap() else { panic!() };
    assert!(done < total);
    let Step::Done { stats, .. } = generation.stop(&mut chat) else { panic!() };
    assert_eq!((stats.prompt_tokens, stats.tokens), (done, 0));
    assert_eq!(handle.read(), done as usize);
    // What was read then counts as known now.
    let steps = answer(&mut chat, prompt(0, 100), recipe(promised(), 0, 3));
    assert_eq!(
        (support::stats(&steps).reused_tokens, support::stats(&steps).prompt_tokens),
        (done, 100)
    );
    // Even if it is stopped before anything is read.
    let mut generation = chat.generate(prompt(0, 100), recipe(promised(), 0, 3)).unwrap();
    let Step::Done { stats, .. } = generation.stop(&mut chat) else { panic!() };
    assert_eq!((stats.prompt_tokens, stats.reused_tokens), (99, 99));
    assert_eq!(stats.prefill_tokens_per_second(), None);
}

#[test]
fn the_first_token_belongs_to_the_prompt() {
    for mood in [Sure, Flat, Torn] {
        let (mut chat, _) = scripted(move |_| mood);
        let one = stats(&answer(&mut chat, prompt(0, 5), recipe(promised(), 0, 1)));
        assert_eq!((one.tokens, one.decode_tokens_per_second()), (1, None), "{mood:?}");
        let more = stats(&answer(&mut chat, prompt(0, 5), recipe(promised(), 0, 4)));
        let rate = more.decode_tokens_per_second().unwrap();
        assert!((rate - 3000.0 / more.decode_ms).abs() < 1e-9 * rate, "{mood:?}");
    }
    let (mut chat, _) = scripted(|_| Sure);
    let one = stats(&answer(&mut chat, prompt(0, 5), recipe(SamplerConfig::Greedy, 0, 1)));
    assert_eq!(one.decode_ms.to_bits(), 0.0_f64.to_bits());
}

#[test]
fn an_answer_fills_the_context_and_not_more() {
    const CONTEXT: usize = 128;
    for (length, mood) in [(100, Sure), (125, Torn), (126, Flat), (127, Sure), (127, Torn)] {
        let (mut chat, _) = scripted(move |_| mood);
        let steps = answer(&mut chat, prompt(0, length), recipe(promised(), 0, 0));
        assert_eq!(finish(&steps), Finish::ContextFull);
        let stats = stats(&steps);
        assert_eq!((stats.prompt_tokens + stats.tokens) as usize, CONTEXT, "{length} {mood:?}");
    }
    let (mut chat, _) = scripted(|_| Sure);
    let refused = chat.generate(prompt(0, CONTEXT), recipe(promised(), 0, 0)).err();
    assert!(matches!(refused, Some(ChatError::PromptTooLong { tokens: 128, .. })), "{refused:?}");
    let refused = chat.generate(Vec::new(), recipe(promised(), 0, 0)).err();
    assert!(matches!(refused, Some(ChatError::EmptyPrompt)), "{refused:?}");
}

#[test]
fn no_more_tokens_than_asked_for() {
    for most in 1..12 {
        let (mut chat, _, _) = begin();
        let steps = answer(&mut chat, prompt(0, PROMPT), recipe(promised(), 3, most));
        let stays = steps.iter().fold(0, |count, step| match step {
            Step::Token { .. } => count + 1,
            Step::Retract { to, .. } => *to,
            _ => count,
        });
        assert_eq!((stays, finish(&steps)), (most, Finish::MaxTokens));
    }
}

#[test]
fn texts_join_to_the_answer_also_when_tokens_are_taken_back() {
    let (mut chat, _, generation) = begin();
    let mut texts: Vec<String> = Vec::new();
    let mut ids = Vec::new();
    for step in run(&mut chat, generation) {
        match step {
            Step::Token { entry } => {
                ids.push(entry.decision.token);
                texts.push(entry.text);
            }
            Step::Retract { to, .. } => {
                texts.truncate(to as usize);
                ids.truncate(to as usize);
            }
            _ => {}
        }
    }
    ids.pop();
    assert_eq!(texts.concat(), chat.tokenizer().decode(&ids));
    assert!(texts.concat().contains(" hell"));
}
