//! What is kept between answers, and what is let go of.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use entropix::SamplerConfig::Greedy;
use entropix_generate::{Chat, PoolLimits};
use entropix_protocol::Step;
use support::{Handle, Mood, answer, prompt, recipe, scripted, scripted_with, stats, tiny_loaded};

const LIMITS: PoolLimits = PoolLimits { caches: 3, positions: 200 };

/// Answers with three tokens; returns the tokens of the prompt that were read.
fn ask(chat: &mut Chat, handle: &Handle, prompt: &[u32]) -> usize {
    handle.read();
    let steps = answer(chat, prompt.to_vec(), recipe(Greedy, 0, 3));
    let stats = stats(&steps);
    // The answer's tokens, but for the last.
    let read = handle.read() - 2;
    assert_eq!(read, (stats.prompt_tokens - stats.reused_tokens) as usize);
    read
}

/// A prompt with its answer and the next question.
fn next_turn(chat: &mut Chat, prompt: &[u32]) -> Vec<u32> {
    let steps = answer(chat, prompt.to_vec(), recipe(Greedy, 0, 3));
    let told = steps.iter().filter_map(|step| match step {
        Step::Token { entry } => Some(entry.decision.token),
        _ => None,
    });
    [prompt.to_vec(), told.collect(), vec![250; 4]].concat()
}

#[test]
fn a_conversation_that_goes_on_reads_only_what_is_new() {
    let (mut chat, handle) = scripted(|_| Mood::Sure);
    assert_eq!(ask(&mut chat, &handle, &prompt(0, 20)), 20);
    let next = next_turn(&mut chat, &prompt(0, 20));
    // The answer's last token and the question.
    assert_eq!(ask(&mut chat, &handle, &next), 5);
    // The same again: the last token is read for its logits.
    assert_eq!(ask(&mut chat, &handle, &next), 1);
    assert_eq!(ask(&mut chat, &handle, &prompt(0, 20)), 1);
}

#[test]
fn changing_between_conversations_reads_nothing_again() {
    let (mut chat, handle) = scripted_with(LIMITS, |_| Mood::Sure);
    let mut talks = [prompt(0, 20), prompt(60, 30), prompt(120, 10)];
    for talk in &mut talks {
        assert_eq!(ask(&mut chat, &handle, talk), talk.len());
    }
    for _ in 0..3 {
        for talk in &mut talks {
            *talk = next_turn(&mut chat, talk);
            assert_eq!(ask(&mut chat, &handle, talk), 5);
        }
    }
}

#[test]
fn the_least_recently_used_goes_when_there_are_too_many() {
    let (mut chat, handle) = scripted_with(LIMITS, |_| Mood::Sure);
    for which in [0, 50, 100] {
        ask(&mut chat, &handle, &prompt(which, 20));
    }
    // Used again: 50 is now the oldest.
    assert_eq!(ask(&mut chat, &handle, &prompt(0, 20)), 1);
    assert_eq!(ask(&mut chat, &handle, &prompt(150, 20)), 20);
    for (which, read) in [(0, 1), (100, 1), (150, 1), (50, 20)] {
        assert_eq!(ask(&mut chat, &handle, &prompt(which, 20)), read, "{which}");
    }
}

#[test]
fn the_least_recently_used_goes_when_there_are_too_many_positions() {
    let (mut chat, handle) = scripted_with(LIMITS, |_| Mood::Sure);
    ask(&mut chat, &handle, &prompt(0, 90));
    ask(&mut chat, &handle, &prompt(100, 90));
    // 92 + 92 + 92 positions are more than 200.
    ask(&mut chat, &handle, &prompt(50, 90));
    assert_eq!(ask(&mut chat, &handle, &prompt(100, 90)), 1);
    assert_eq!(ask(&mut chat, &handle, &prompt(0, 90)), 90);
    // The one used last stays, however large.
    let limits = PoolLimits { caches: 3, positions: 10 };
    let (mut chat, handle) = scripted_with(limits, |_| Mood::Sure);
    ask(&mut chat, &handle, &prompt(0, 90));
    assert_eq!(ask(&mut chat, &handle, &prompt(0, 90)), 1);
}

#[test]
fn what_answers_have_in_common_counts_once() {
    let (mut chat, handle) = scripted_with(LIMITS, |_| Mood::Sure);
    let with = |tail: u32| [prompt(0, 90), vec![tail; 10]].concat();
    // Three answers to prompts of 100 tokens, of which 90 are the same: 126 positions, not 306.
    assert_eq!(ask(&mut chat, &handle, &with(200)), 100);
    assert_eq!(ask(&mut chat, &handle, &with(201)), 10);
    assert_eq!(ask(&mut chat, &handle, &with(202)), 10);
    for tail in [200, 201, 202] {
        assert_eq!(ask(&mut chat, &handle, &with(tail)), 1, "{tail}");
    }
}

#[test]
fn a_longer_cache_takes_the_place_of_its_beginning() {
    let (mut chat, handle) = scripted_with(LIMITS, |_| Mood::Sure);
    ask(&mut chat, &handle, &prompt(100, 20));
    ask(&mut chat, &handle, &prompt(150, 20));
    let mut talk = prompt(0, 20);
    for _ in 0..5 {
        talk = next_turn(&mut chat, &talk);
    }
    // Five turns are one conversation: the other two are still there.
    assert_eq!(ask(&mut chat, &handle, &prompt(100, 20)), 1);
    assert_eq!(ask(&mut chat, &handle, &prompt(150, 20)), 1);
}

#[test]
fn limits_follow_from_the_model() {
    let shape = tiny_loaded().model.shape().clone();
    // 2 layers · 1 KV head · 16 numbers · key and value · 2 bytes.
    let expected = PoolLimits { caches: 8, positions: (256 << 20) / 128 };
    assert_eq!(PoolLimits::of(&shape), expected);
}
