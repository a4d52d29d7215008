//! One question answered in several ways.

use entropix::{Preset, SamplerKind};
use entropix_conversation::Progress;

use super::*;
use crate::side_by_side::{MOST, difference, label};

const B: SamplerKind = SamplerKind::Entropix(Preset::B);

/// One that compares these, with the question sent.
fn asked(ways: &[SamplerKind]) -> Visit {
    let mut visit = Visit::loaded();
    visit.tell(Msg::Ways(ways.into()));
    visit.send("Hello");
    visit
}

/// Sampler and seed of each answer that was asked for.
fn ways(visit: &Visit) -> Vec<(SamplerKind, u64)> {
    let sent = visit.requests().into_iter().rev().find_map(|request| match request {
        Request::SideBySide { recipes, .. } => Some(recipes),
        Request::Generate { recipe, .. } => Some(vec![recipe]),
        _ => None,
    });
    sent.unwrap().iter().map(|recipe| (recipe.sampler.kind(), recipe.seed.0)).collect()
}

/// The answer with this number does something.
fn step(visit: &mut Visit, number: u32, step: Step) {
    let id = visit.generation() + number;
    visit.say(Event::Generation { id, step });
}

fn done(visit: &mut Visit, number: u32, finish: Finish) {
    step(visit, number, Step::Done { finish, stats: Stats::default() });
}

fn said(visit: &Visit) -> Vec<String> {
    let conversation = visit.client.conversation();
    let answers = visit.client.beside().into_iter().filter_map(|turn| conversation.answer(turn));
    answers.map(entropix_conversation::Answer::text).collect()
}

#[test]
fn each_way_gets_its_answer_and_they_are_kept_as_versions() {
    let mut visit = asked(&[SamplerKind::Plain, B, SamplerKind::Plain, SamplerKind::Promised]);
    assert_eq!(
        ways(&visit),
        [
            (SamplerKind::Plain, 1337),
            (B, 1337),
            (SamplerKind::Plain, 1338),
            (SamplerKind::Promised, 1337)
        ]
    );
    let turns = visit.client.beside();
    assert_eq!((turns.len(), visit.client.running()), (4, turns.clone()));
    // As they come, one of them over before the others.
    step(&mut visit, 1, token("Ho"));
    step(&mut visit, 0, token("Hi"));
    done(&mut visit, 0, Finish::EndOfTurn);
    assert!(visit.client.is_running());
    let last = |visit: &Visit| difference(visit.client.conversation(), &turns, turns[1]);
    assert_eq!(last(&visit), None, "it may still change");
    step(&mut visit, 3, token("Hi"));
    for number in 1..4 {
        done(&mut visit, number, Finish::MaxTokens);
    }
    assert!(!visit.client.is_running());
    assert_eq!(visit.client.announcement(), "3 answers.", "one says nothing");
    assert_eq!(said(&visit), ["Hi", "Ho", "", "Hi"]);
    let differs = |turn| difference(visit.client.conversation(), &turns, turn).map(|it| it.0);
    assert_eq!(differs(turns[0]), None);
    assert_eq!(differs(turns[1]).unwrap(), "first differs at “Ho”; the first has “Hi”");
    assert_eq!(differs(turns[3]).unwrap(), "says the same as the first");
    // The chat goes on from the one that is chosen.
    visit.tell(Msg::Choose(turns[1]));
    assert!(visit.client.beside().is_empty());
    visit.tell(Msg::Ways(Vec::new()));
    visit.send("And?");
    assert_eq!(texts(&visit.generations().last().unwrap().1), ["Hello", "Ho", "And?"]);
    assert_eq!(ways(&visit).len(), 1);
}

#[test]
fn versions_made_one_after_the_other_stand_side_by_side_too() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    for number in 0..6 {
        visit.token(&number.to_string());
        visit.done(Finish::MaxTokens);
        assert_eq!(visit.client.count_beside(), [0, 2, 3, 4, 4, 4][number]);
        visit.tell(Msg::Beside(true));
        assert_eq!(visit.client.beside().len(), visit.client.count_beside());
        visit.tell(Msg::Regenerate { same_seed: false });
    }
    visit.token("6");
    visit.done(Finish::MaxTokens);
    assert_eq!(said(&visit), ["3", "4", "5", "6"]);
    // The one that the chat goes on from is always among them.
    let first = visit.client.conversation().turns()[1].id;
    visit.tell(Msg::Choose(first));
    visit.tell(Msg::Beside(true));
    assert_eq!(said(&visit), ["0", "4", "5", "6"]);
    visit.tell(Msg::Beside(false));
    assert!(visit.client.beside().is_empty());
    visit.tell(Msg::Beside(true));
    visit.tell(Msg::NewChat);
    assert!(visit.client.beside().is_empty());
}

#[test]
fn fewer_than_two_ways_are_one_answer_and_no_more_than_fit() {
    for (count, sent) in [(0, 1), (1, 1), (2, 2), (4, 4), (9, MOST)] {
        let mut visit = asked(&vec![B; count]);
        assert_eq!(ways(&visit).len(), sent);
        assert_eq!(visit.client.beside().len(), if sent > 1 { sent } else { 0 });
        visit.tell(Msg::Stop);
        assert_eq!(visit.stops(), 1);
    }
}

#[test]
fn a_worker_that_dies_interrupts_all_of_them() {
    let mut visit = asked(&[B, SamplerKind::Greedy]);
    step(&mut visit, 0, token("Hi"));
    visit.crash();
    let progress = |visit: &Visit| {
        let conversation = visit.client.conversation();
        let turns = visit.client.beside().into_iter();
        turns.map(|turn| conversation.answer(turn).unwrap().progress).collect::<Vec<_>>()
    };
    assert_eq!(progress(&visit), [Progress::Interrupted; 2]);
    assert!(!visit.client.is_running());
    // Its replacement answers in both ways again.
    visit.hello();
    visit.ready("Smol", Storage::Stored);
    visit.send("Hello");
    assert_eq!(ways(&visit).len(), 2);
}

#[test]
fn a_question_that_all_refuse_comes_back_once() {
    let mut visit = asked(&[B, SamplerKind::Greedy]);
    let id = visit.generation();
    for id in [id, id + 1] {
        visit.fail(About::Generation { id }, ProblemKind::PromptTooLong);
    }
    assert_eq!(visit.client.draft().text(), "Hello");
    assert!(!visit.client.is_running());
}

#[test]
fn a_chat_that_is_left_waits_for_all_that_still_go_on() {
    let mut visit = asked(&[B, SamplerKind::Greedy, SamplerKind::Plain]);
    let id = visit.generation();
    done(&mut visit, 1, Finish::EndOfTurn);
    visit.tell(Msg::NewChat);
    visit.tell(Msg::Ways(Vec::new()));
    visit.send("Next");
    assert_eq!(visit.generation(), id, "the worker is not free yet");
    for number in [0, 2] {
        assert_eq!(visit.generation(), id);
        visit.say(Event::Generation {
            id: id + number,
            step: Step::Done { finish: Finish::Stopped, stats: Stats::default() },
        });
    }
    assert_eq!(visit.generation(), id + 3);
    assert_eq!(texts(&visit.generations().last().unwrap().1), ["Next"]);
}

#[test]
fn nothing_is_asked_again_as_long_as_one_of_them_is_made() {
    let mut visit = asked(&[B, SamplerKind::Greedy]);
    done(&mut visit, 0, Finish::EndOfTurn);
    visit.tell(Msg::Beside(false));
    assert_eq!(visit.client.beside().len(), 2, "all that are made are seen");
    visit.tell(Msg::Regenerate { same_seed: false });
    assert_eq!(visit.generations().len(), 1);
    done(&mut visit, 1, Finish::EndOfTurn);
    assert!(!visit.client.is_running());
}

#[test]
fn versions_of_a_text_that_was_read_stand_one_at_a_time() {
    let mut visit = Visit::loaded();
    visit.tell(Msg::Draft("To be".into()));
    visit.tell(Msg::Read);
    visit.token("To");
    visit.token(" be");
    visit.done(Finish::MaxTokens);
    let turn = visit.client.conversation().turns()[0].id;
    visit.tell(Msg::Fork { turn, at: 1, given: entropix_protocol::Given::Token(9) });
    visit.done(Finish::MaxTokens);
    assert_eq!(visit.client.conversation().turns().len(), 2);
    assert_eq!(visit.client.count_beside(), 0);
}

#[test]
fn those_that_would_be_called_alike_say_which_version_they_are() {
    let mut visit = asked(&[SamplerKind::Greedy, B]);
    for number in [0, 1] {
        step(&mut visit, number, token("Hi"));
        done(&mut visit, number, Finish::EndOfTurn);
    }
    let names = |visit: &Visit| {
        let conversation = visit.client.conversation();
        let turns = visit.client.beside().into_iter();
        turns.map(|turn| label(conversation, turn)).collect::<Vec<_>>()
    };
    assert_eq!(names(&visit), ["Greedy · seed 1337", "Entropix B · seed 1337"]);
    let settings = crate::settings::Settings {
        choice: SamplerKind::Greedy,
        ..visit.client.settings().clone()
    };
    visit.tell(Msg::Settings(Box::new(settings)));
    visit.tell(Msg::Beside(false));
    visit.tell(Msg::Regenerate { same_seed: true });
    visit.token("Hi");
    visit.done(Finish::EndOfTurn);
    visit.tell(Msg::Beside(true));
    let [first, again] = ["version 1", "version 3"].map(|it| format!("Greedy · seed 1337 · {it}"));
    assert_eq!(names(&visit), [first, "Entropix B · seed 1337".to_owned(), again]);
}
