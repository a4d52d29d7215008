//! Answers as links.

use entropix_protocol::{Beginning, Given, Recipe};

use super::*;

fn word(id: u32, text: &str) -> Step {
    let Step::Token { entry } = token(text) else { unreachable!() };
    let mut entry = *entry;
    entry.decision.token = id;
    Step::Token { entry: Box::new(entry) }
}

fn asked(visit: &Visit) -> Option<(Recipe, Beginning)> {
    visit.requests().into_iter().rev().find_map(|request| match request {
        Request::Generate { recipe, beginning, .. } => Some((recipe, beginning)),
        _ => None,
    })
}

fn head(visit: &Visit) -> u32 {
    visit.client.conversation().path().last().unwrap().id
}

fn say(visit: &mut Visit, words: &[(u32, &str)]) {
    for (id, text) in words {
        visit.step(word(*id, text));
    }
    visit.done(Finish::EndOfTurn);
}

fn link(visit: &mut Visit) -> Option<String> {
    let turn = head(visit);
    let link = visit.client.link(turn);
    visit.tell(Msg::Share(turn));
    let shared = visit.seen.iter().rev().find_map(|effect| match effect {
        Effect::Share(link) => Some(link.clone()),
        _ => None,
    });
    assert_eq!(link, shared);
    link
}

/// An answer that parted thrice: the second place is before the first.
fn parted() -> Visit {
    let mut visit = Visit::loaded();
    visit.tell(Msg::System("Be brief & exact.".into()));
    visit.send("Which is larger, 9.9 or 9.11?");
    say(&mut visit, &[(10, "To"), (11, " find"), (12, " 9.11")]);
    for (at, given, words) in [
        (2, Given::Token(50), &[(50, " it"), (51, " out")][..]),
        (1, Given::Text(" see = #1".into()), &[(60, " see"), (61, " ="), (62, " #1"), (63, "!")]),
        (4, Given::Token(70), &[(70, "?")]),
    ] {
        let turn = head(&visit);
        visit.tell(Msg::Fork { turn, at, given });
        say(&mut visit, words);
    }
    visit
}

fn opened(hash: &str, name: Option<(&str, usize)>) -> Visit {
    let mut visit = Visit::first();
    visit.tell(Msg::Moved(hash.into()));
    visit.manifest();
    if let Some((name, number)) = name {
        visit.tell(Msg::Load(number));
        visit.hello();
        visit.ready(name, Storage::Stored);
    }
    visit
}

#[test]
fn a_link_repeats_an_answer_and_where_it_parted() {
    let mut visit = parted();
    let made = asked(&visit).unwrap().0;
    let link = link(&mut visit).unwrap();
    assert!(link.is_ascii() && link.contains("sha256=ab"), "{link}");

    let mut other = opened(&format!("#{link}"), None);
    let offer = other.client.offer().unwrap();
    assert_eq!((offer.can, offer.prompt.as_str()), (false, "Which is larger, 9.9 or 9.11?"));
    assert!(offer.note.starts_with("Made with Smol, Q4_1. Load the model"), "{}", offer.note);
    assert_eq!((other.requests().len(), other.workers.len()), (0, 0), "nothing by itself");

    other = opened(&format!("#{link}"), Some(("Smol", 0)));
    assert!(other.generations().is_empty(), "nothing by itself");
    let offer = other.client.offer().unwrap();
    assert!(offer.can && offer.note.ends_with("the same words will come."), "{}", offer.note);
    other.tell(Msg::Replay);
    assert_eq!(asked(&other).unwrap(), (made.clone(), Beginning::default()));
    assert_eq!(texts(&other.generations()[0].1)[0], "Be brief & exact.");
    say(&mut other, &[(10, "To"), (11, " find"), (12, " 9.11")]);
    let then = Given::Text(" see = #1".into());
    assert_eq!(asked(&other).unwrap(), (made.clone(), Beginning { kept: vec![10], then }));
    say(&mut other, &[(60, " see"), (61, " ="), (62, " #1"), (63, "!")]);
    let then = Given::Token(70);
    assert_eq!(asked(&other).unwrap().1, Beginning { kept: vec![10, 60, 61, 62], then });
    say(&mut other, &[(70, "?")]);
    assert_eq!(other.shown()[1], "To see = #1?");
    assert_eq!((other.client.offer(), other.client.is_running()), (None, false));
    // What was repeated can be handed on.
    assert_eq!(self::link(&mut other), Some(link));
}

#[test]
fn another_model_is_named_and_does_not_part() {
    let link = link(&mut parted()).unwrap();
    let mut other = opened(&link, Some(("Big", 1)));
    let offer = other.client.offer().unwrap();
    assert!(offer.can && offer.note.contains("Big, Q4_1 is loaded: other words"), "{}", offer.note);
    other.tell(Msg::Replay);
    say(&mut other, &[(10, "To")]);
    assert_eq!(other.generations().len(), 1);
}

#[test]
fn who_stops_it_or_asks_something_else_is_not_interrupted() {
    let link = link(&mut parted()).unwrap();
    let mut other = opened(&link, Some(("Smol", 0)));
    other.tell(Msg::Replay);
    other.step(word(10, "To"));
    other.done(Finish::Stopped);
    assert_eq!(other.generations().len(), 1);
    other.send("And now?");
    say(&mut other, &[(10, "Now"), (11, " this")]);
    assert_eq!(other.generations().len(), 2);
    // A second question is no longer what a link can repeat.
    assert_eq!(other.client.link(head(&other)), None);
}

#[test]
fn links_without_a_question_repeat_nothing() {
    for link in [
        "sampler=B&seed=7&tokens=32",
        "prompt=Hi",
        "sampler=B&prompt=%20",
        "sampler=B&prompt=Hi&fork=x",
    ] {
        assert_eq!(opened(link, None).client.offer(), None, "{link}");
    }
    assert!(opened("sampler=B&prompt=Hi", None).client.offer().is_some());
}
