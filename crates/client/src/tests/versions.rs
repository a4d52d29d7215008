//! Answers made again, gone on with, and parted at a word.

use entropix_conversation::TurnId;
use entropix_protocol::{Beginning, Given, Recipe};

use super::*;
use crate::versions::made;

/// A token of its own id.
fn word(id: u32, text: &str) -> Step {
    let Step::Token { entry } = token(text) else { unreachable!() };
    let mut entry = *entry;
    entry.decision.token = id;
    Step::Token { entry: Box::new(entry) }
}

/// One with an answer of three tokens.
fn answered() -> (Visit, TurnId) {
    let mut visit = Visit::loaded();
    visit.send("Which is larger?");
    for (id, text) in [(10, "To"), (11, " find"), (12, " 9.11")] {
        visit.step(word(id, text));
    }
    visit.done(Finish::MaxTokens);
    let turn = head(&visit);
    visit.seen.clear();
    (visit, turn)
}

fn head(visit: &Visit) -> TurnId {
    visit.client.conversation().path().last().unwrap().id
}

fn versions(visit: &Visit) -> Vec<TurnId> {
    visit.client.conversation().versions(head(visit))
}

/// What was last asked for.
fn asked(visit: &Visit) -> Option<(Recipe, Beginning)> {
    visit.requests().into_iter().rev().find_map(|request| match request {
        Request::Generate { recipe, beginning, .. } => Some((recipe, beginning)),
        _ => None,
    })
}

fn how(visit: &Visit) -> String {
    made(visit.client.conversation(), head(visit)).unwrap()
}

#[test]
fn made_again_it_has_a_seed_of_its_own() {
    let (mut visit, _) = answered();
    for seed in [1338, 1339] {
        visit.tell(Msg::Regenerate { same_seed: false });
        let (recipe, beginning) = asked(&visit).unwrap();
        assert_eq!((recipe.seed.0, beginning), (seed, Beginning::default()));
        visit.token("Hi");
        visit.done(Finish::EndOfTurn);
        assert!(how(&visit).ends_with(&format!("seed {seed}")), "{}", how(&visit));
    }
    visit.tell(Msg::Regenerate { same_seed: true });
    assert_eq!(asked(&visit).unwrap().0.seed.0, 1337);
    visit.done(Finish::Stopped);
    // Nothing came of it, so that its seed is free; one of another sampler is free, too.
    let mut settings = visit.client.settings().clone();
    settings.choice = entropix::SamplerKind::Greedy;
    visit.tell(Msg::Settings(Box::new(settings)));
    visit.tell(Msg::Regenerate { same_seed: false });
    assert_eq!(asked(&visit).unwrap().0.seed.0, 1337);
}

#[test]
fn another_word_makes_a_version_that_knows_where_it_parted() {
    let (mut visit, first) = answered();
    let settings = crate::settings::Settings {
        choice: entropix::SamplerKind::Greedy,
        ..visit.client.settings().clone()
    };
    visit.tell(Msg::Settings(Box::new(settings)));
    visit.tell(Msg::Fork { turn: first, at: 1, given: Given::Token(99) });
    let (recipe, beginning) = asked(&visit).unwrap();
    assert_eq!(beginning, Beginning { kept: vec![10], then: Given::Token(99) });
    let earlier = visit.client.conversation().answer(first).unwrap().made.recipe.clone();
    assert_eq!(recipe, earlier, "as the earlier one, whatever is set now");
    assert_eq!(visit.shown(), ["Which is larger?", "To"]);
    visit.step(Step::Prefill { done: 20, total: 21 });
    visit.step(word(99, " compare"));
    visit.step(word(98, " 9.9"));
    visit.done(Finish::EndOfTurn);
    assert_eq!(visit.shown(), ["Which is larger?", "To compare 9.9"]);
    assert_eq!(how(&visit), "sampler plain · seed 1337 · “compare” instead of “find” at token 2");
    let second = head(&visit);
    assert_eq!(versions(&visit), [first, second]);
    let answer = visit.client.conversation().answer(second).unwrap();
    assert_eq!(answer.prompt_tokens, 20, "what is kept is no part of the prompt");

    // Undone, and done again: it is shown, not made anew.
    visit.seen.clear();
    visit.tell(Msg::Choose(first));
    assert_eq!(visit.shown(), ["Which is larger?", "To find 9.11"]);
    visit.tell(Msg::Fork { turn: first, at: 1, given: Given::Token(99) });
    assert_eq!((asked(&visit), head(&visit)), (None, second));
    let marked = visit.seen.iter().rev().find_map(|effect| match effect {
        Effect::Choose { turn, index } => Some((*turn, *index)),
        _ => None,
    });
    assert_eq!(marked, Some((second, 1)), "the first word that differs is chosen");
}

#[test]
fn a_word_of_ones_own_stands_where_the_other_stood() {
    for (at, typed, text) in [
        (0, "Yes", "Yes"),
        (1, "compare them", " compare them"),
        (1, "  compare", "  compare"),
        (1, ", so", ", so"),
        (1, "… so", "… so"),
        (1, "épeler", " épeler"),
        (1, "比較", " 比較"),
        (2, "9.9", " 9.9"),
    ] {
        let (mut visit, first) = answered();
        visit.tell(Msg::Fork { turn: first, at, given: Given::Text(typed.into()) });
        assert_eq!(asked(&visit).unwrap().1.then, Given::Text(text.into()));
        visit.step(word(50, text));
        visit.done(Finish::EndOfTurn);
        assert!(how(&visit).contains(&format!("· “{}” instead of", text.trim())));
    }
}

#[test]
fn what_can_not_part_does_not() {
    let (mut visit, first) = answered();
    for (at, given) in [
        (1, Given::Token(11)),
        (1, Given::Text(" \n".into())),
        (3, Given::Token(99)),
        (u32::MAX, Given::Nothing),
    ] {
        visit.tell(Msg::Fork { turn: first, at, given });
    }
    visit.tell(Msg::Fork { turn: first + 100, at: 0, given: Given::Token(99) });
    visit.tell(Msg::Fork { turn: first - 1, at: 0, given: Given::Token(99) });
    assert_eq!(asked(&visit), None);
    // Not while it is being made.
    visit.tell(Msg::Regenerate { same_seed: false });
    visit.token("Hi");
    assert!(!visit.client.can_part(first));
    visit.done(Finish::EndOfTurn);
    assert!(visit.client.can_part(first));
    // Ids mean something else to another model.
    visit.tell(Msg::Open { name: "other.gguf".into(), bytes: "other" });
    visit.ready("other.gguf", Storage::OwnFile);
    visit.seen.clear();
    visit.tell(Msg::Fork { turn: first, at: 1, given: Given::Token(99) });
    visit.tell(Msg::Continue(first));
    assert_eq!((asked(&visit), visit.client.can_part(first)), (None, false));
}

#[test]
fn what_was_cut_short_goes_on() {
    type End = fn(&mut Visit);
    let ends: [(&str, bool, End); 5] = [
        ("length", true, |visit| visit.done(Finish::MaxTokens)),
        ("stopped", true, |visit| visit.done(Finish::Stopped)),
        ("its end", false, |visit| visit.done(Finish::EndOfTurn)),
        ("the context", false, |visit| visit.done(Finish::ContextFull)),
        ("crashed", true, |visit| {
            visit.crash();
            visit.hello();
            visit.ready("Smol", Storage::OwnFile);
        }),
    ];
    for (name, goes_on, end) in ends {
        let mut visit = Visit::loaded();
        visit.send("Hello");
        visit.step(Step::Prefill { done: 9, total: 9 });
        visit.step(word(10, "Hi"));
        end(&mut visit);
        let turn = head(&visit);
        visit.seen.clear();
        assert_eq!(visit.client.can_continue(turn), goes_on, "{name}");
        visit.tell(Msg::Continue(turn));
        let kept = asked(&visit).map(|(_, beginning)| beginning);
        let expected = Beginning { kept: vec![10], then: Given::Nothing };
        assert_eq!(kept, goes_on.then_some(expected), "{name}");
        if goes_on {
            visit.step(Step::Prefill { done: 10, total: 10 });
            visit.step(word(11, " there"));
            visit.done(Finish::EndOfTurn);
            assert_eq!(visit.shown(), ["Hello", "Hi there"], "{name}");
            assert_eq!(
                (head(&visit), versions(&visit)),
                (turn, vec![turn]),
                "no version of its own"
            );
            let answer = visit.client.conversation().answer(turn).unwrap();
            assert_eq!(answer.prompt_tokens, 9);
        }
    }
}

/// A worker that dies before the word came is asked for all of it again.
#[test]
fn a_fork_that_nobody_heard_of_waits_for_the_next_worker() {
    let (mut visit, first) = answered();
    visit.tell(Msg::Fork { turn: first, at: 1, given: Given::Token(99) });
    visit.step(word(99, " compare"));
    visit.crash();
    visit.hello();
    visit.ready("Smol", Storage::OwnFile);
    visit.tell(Msg::Continue(head(&visit)));
    assert_eq!(asked(&visit).unwrap().1, Beginning { kept: vec![10, 99], then: Given::Nothing });
}
