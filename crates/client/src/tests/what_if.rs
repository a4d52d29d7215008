//! Continuations of an answer from other words.

use entropix_conversation::TurnId;
use entropix_protocol::{Alternative, Continuations, Given, Grown, Outcomes, Parting, Recipe};

use super::*;
use crate::what_if::{Branch, Stand, WhatIf};

/// A token of H bits, and its other ways to go on: id, text, probability.
fn word(text: &str, h: f64, others: &[(u32, &str, f64)]) -> Step {
    let Step::Token { entry } = token(text) else { unreachable!() };
    let mut entry = *entry;
    entry.decision.uncertainty.entropy_bits = h;
    let other = |&(id, label, p): &(u32, &str, f64)| Alternative { id, label: label.into(), p };
    entry.top = others.iter().map(other).collect();
    entry.top.insert(0, Alternative { id: entry.decision.token, label: text.into(), p: 0.5 });
    Step::Token { entry: Box::new(entry) }
}

fn answered(question: &str) -> (Visit, TurnId) {
    let mut visit = Visit::loaded();
    visit.send(question);
    visit.step(word("To", 0.1, &[(20, "The", 0.001)]));
    visit.step(word(" find", 3.0, &[(21, " compare", 0.08), (22, " see", 0.3)]));
    visit.step(word(". It is 9.11", 2.0, &[(23, " 9.9", 0.2)]));
    visit.step(word("", 0.0, &[]));
    visit.done(Finish::EndOfTurn);
    let turn = visit.client.conversation().path().last().unwrap().id;
    visit.seen.clear();
    (visit, turn)
}

fn asked(visit: &Visit) -> Option<(u32, Recipe, Vec<Parting>)> {
    visit.requests().into_iter().rev().find_map(|request| match request {
        Request::WhatIf { id, recipe, partings, .. } => Some((id, recipe, partings)),
        _ => None,
    })
}

fn grow(visit: &mut Visit, number: u32, text: &str, finish: Option<Finish>) {
    tell(visit, Grown { number, text: text.into(), finish, outcomes: None });
}

/// Over, with what the worker says that it comes to where the answer comes to 9.11.
fn come_to(visit: &mut Visit, number: u32, finish: Option<Finish>, own: Option<&str>) {
    let outcomes = Outcomes {
        answer: "9.11".into(),
        differ: own.is_some_and(|own| own != "9.11"),
        continuation: own.map(str::to_owned),
    };
    tell(visit, Grown { number, text: " so.".into(), finish, outcomes: Some(outcomes) });
}

fn tell(visit: &mut Visit, grown: Grown) {
    let (id, ..) = asked(visit).unwrap();
    visit.say(Event::WhatIf { id, grown: vec![grown], last: false });
}

fn last(visit: &mut Visit) {
    let (id, ..) = asked(visit).unwrap();
    visit.say(Event::WhatIf { id, grown: Vec::new(), last: true });
}

fn headline(visit: &Visit) -> String {
    visit.client.what_if().map(WhatIf::headline).unwrap()
}

const END: Option<Finish> = Some(Finish::EndOfTurn);
const CUT: Option<Finish> = Some(Finish::MaxTokens);

#[test]
fn uncertain_words_are_parted_at_their_next_best() {
    let (mut visit, turn) = answered("Which is larger, 9.9 or 9.11?");
    visit.tell(Msg::WhatIf(turn));
    let (_, recipe, partings) = asked(&visit).unwrap();
    let all: Vec<_> = partings.iter().map(|it| (it.at, it.token)).collect();
    assert_eq!(all, [(1, 21), (1, 22), (2, 23)]);
    assert_eq!((recipe.max_tokens, recipe.attention), (40, false));
    let sent = visit.requests().into_iter().find_map(|request| match request {
        Request::WhatIf { messages, answer, .. } => Some((messages.len(), answer.len())),
        _ => None,
    });
    assert_eq!(sent, Some((1, 4)), "the question, and the answer with its end");
    let it = visit.client.what_if().unwrap();
    assert_eq!(it.lead(0), Some(("To".into(), "“find”, 50 %".into())));
    assert_eq!((it.lead(1), it.lead(2).map(|(lead, _)| lead)), (None, Some("To find".into())));

    grow(&mut visit, 0, " them. It is 9", None);
    assert_eq!(headline(&visit), "0 of 3 other endings …");
    come_to(&mut visit, 1, END, Some("9.11"));
    come_to(&mut visit, 0, END, Some("9.9"));
    come_to(&mut visit, 2, CUT, None);
    last(&mut visit);
    assert_eq!(
        headline(&visit),
        "One word away from: 9.9, at “compare”, 8 % (it said “find”, 50 %)."
    );
    let it = visit.client.what_if().unwrap();
    let notes: Vec<String> = it.branches.iter().map(Branch::note).collect();
    assert_eq!(
        notes,
        ["8 % · comes to 9.9 instead of 9.11", "30 % · comes to 9.11, too", "20 % · cut short"]
    );
    assert_eq!(it.stand, Stand::Complete);
}

#[test]
fn nothing_is_claimed_of_what_has_no_outcome() {
    let (mut visit, turn) = answered("Write a line.");
    visit.tell(Msg::WhatIf(turn));
    for number in 0..3 {
        grow(&mut visit, number, " so", END);
    }
    last(&mut visit);
    let read = "Read them: they say no number, yes or no, or option that could be compared.";
    assert_eq!(headline(&visit), read);
    assert!(visit.client.what_if().unwrap().branches.iter().all(|it| !it.differs()));
    // All come to the same.
    let (mut visit, turn) = answered("Which is larger, 9.9 or 9.11?");
    visit.tell(Msg::WhatIf(turn));
    for (number, own) in [Some("9.11"), None, Some("9.11")].into_iter().enumerate() {
        come_to(&mut visit, number as u32, END, own);
    }
    last(&mut visit);
    assert_eq!(
        headline(&visit),
        "None of 3 other words changed the outcome (9.11) within 40 tokens."
    );
}

#[test]
fn it_can_be_stopped_and_an_answer_waits_for_that() {
    let (mut visit, turn) = answered("Which is larger, 9.9 or 9.11?");
    visit.tell(Msg::WhatIf(turn));
    grow(&mut visit, 0, " them", None);
    visit.tell(Msg::Stop);
    assert_eq!((visit.stops(), headline(&visit)), (1, "Stopped: 0 of 3 other endings.".into()));
    visit.tell(Msg::Fork { turn, at: 1, given: Given::Token(21) });
    assert!(visit.generations().is_empty(), "the worker has not left it yet");
    last(&mut visit);
    assert_eq!(visit.generations().len(), 1);
    visit.done(Finish::Stopped);
    // A worker that dies leaves it as it is.
    visit.tell(Msg::Choose(turn));
    visit.tell(Msg::WhatIf(turn));
    visit.crash();
    assert_eq!(visit.client.what_if().unwrap().stand, Stand::Stopped);
}

const RECORDED: &str = include_str!("../../../../www/traces/larger-b.json");

/// Before any model: what was recorded is shown, and who chooses one is offered to repeat it.
#[test]
fn those_of_a_recorded_answer_are_recorded_too() {
    let mut visit = Visit::first();
    visit.manifest();
    visit.tell(Msg::Fetched(Page::Recording(0), Ok(RECORDED.into())));
    let turn = visit.client.conversation().path().last().unwrap().id;
    assert!(visit.client.can_ask_what_if(turn));
    visit.tell(Msg::WhatIf(turn));
    let asked = visit.seen.iter().any(|effect| {
        matches!(effect, Effect::Fetch(Page::Continuations(0), url) if url == "traces/what-if/a.json")
    });
    assert!(asked);
    let answer = visit.client.conversation().answer(turn).unwrap();
    let partings = entropix_conversation::partings(answer);
    let at = partings[0];
    let grown: Vec<Grown> = (0..partings.len() as u32)
        .map(|number| Grown { number, text: " so".into(), finish: CUT, outcomes: None })
        .collect();
    let text = serde_json::to_string(&Continuations { partings, grown }).unwrap();
    visit.tell(Msg::Fetched(Page::Continuations(0), Ok(text)));
    let it = visit.client.what_if().unwrap();
    assert_eq!(
        (it.stand, it.branches.len(), it.branches[0].text.as_str()),
        (Stand::Complete, 15, " so")
    );
    visit.tell(Msg::Fork { turn, at: at.at, given: Given::Token(at.token) });
    let offer = visit.client.offer().unwrap();
    assert_eq!((offer.prompt.as_str(), offer.can), ("Which is larger, 9.9 or 9.11?", false));
    assert!(visit.requests().is_empty(), "nothing by itself");
    visit.tell(Msg::Load(0));
    visit.hello();
    visit.ready("Smol", Storage::Stored);
    visit.tell(Msg::Replay);
    assert_eq!(visit.generations().len(), 1);
}
