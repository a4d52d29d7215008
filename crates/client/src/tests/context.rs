//! A context that fills up.

use super::*;
use crate::Meter;

/// The worker has counted the draft.
fn measured(visit: &mut Visit, tokens: u32, context_length: u32) -> Option<Meter> {
    visit.wait(400.0);
    let id = visit.requests().iter().rev().find_map(|request| match request {
        Request::Measure { id, .. } => Some(*id),
        _ => None,
    });
    visit.say(Event::Measured { id: id.unwrap(), tokens, context_length });
    visit.client.meter()
}

/// Four exchanges of the same length, and a draft.
fn long_chat() -> Visit {
    let mut visit = Visit::loaded();
    let mut settings = visit.client.settings().clone();
    settings.answer.max_tokens = 200;
    visit.tell(Msg::Settings(Box::new(settings)));
    visit.tell(Msg::System("Be brief.".into()));
    for question in ["One?", "Two?", "Three?", "Four?"] {
        visit.send(&format!("{question} {}", "word ".repeat(20)));
        visit.token(&"word ".repeat(20));
        visit.done(Finish::EndOfTurn);
    }
    visit.tell(Msg::Draft("Five?".into()));
    visit
}

#[test]
fn the_meter_speaks_up_in_time() {
    let mut visit = long_chat();
    assert_eq!(measured(&mut visit, 400, 1000), None);
    visit.tell(Msg::Draft("Five? More.".into()));
    let meter = measured(&mut visit, 600, 1000).unwrap();
    assert_eq!(
        (meter.text.as_str(), meter.too_long),
        ("600 of 1,000 tokens of the context", false)
    );
    assert_eq!(meter.carry, None);
    visit.tell(Msg::Draft("Five? Even more.".into()));
    let meter = measured(&mut visit, 900, 1000).unwrap();
    assert!(
        meter.text.starts_with("900 of 1,000 tokens of the context: room for an answer of 100.")
    );
    assert!(
        meter.text.ends_with(
            "begin with “Three? word word word word word word …”; the 4 turns before it stay here."
        ),
        "{}",
        meter.text
    );
    assert!(!meter.too_long && meter.carry.is_some());
}

#[test]
fn a_full_chat_goes_on_in_a_new_one_and_loses_nothing() {
    let mut visit = long_chat();
    visit.tell(Msg::NewChat);
    visit.tell(Msg::Draft("of the new chat".into()));
    visit.wait(400.0);
    let old = visit.client.chats()[0].id.clone();
    visit.tell(Msg::OpenChat(old.clone()));
    let before = visit.shown();
    let meter = measured(&mut visit, 1100, 1000).unwrap();
    assert!(meter.too_long);
    assert!(
        meter
            .text
            .starts_with("Too long: 1,100 tokens, and the context holds 1,000. Start a new chat.")
    );
    visit.tell(Msg::CarryOver);
    assert_ne!(visit.client.chat(), old);
    assert_eq!(visit.shown(), before[6..]);
    assert_eq!(
        (visit.client.draft().text(), visit.client.draft().system()),
        ("Five?", "Be brief.")
    );
    assert!(visit.client.chats().iter().any(|chat| chat.title.ends_with("(continued)")));
    assert_eq!(visit.client.meter(), None, "it is counted anew");
    let stored = |visit: &Visit, id: &str| {
        let kept = Kept { chat: Some(id.to_owned()), ..Kept::default() };
        Visit::at(visit.store.clone(), kept, &["simd"]).shown()
    };
    assert_eq!(stored(&visit, visit.client.chat()), before[6..]);
    assert_eq!(stored(&visit, &old), before);
    // It goes on, and so do the old one and the new one that was begun before.
    visit.tell(Msg::Send);
    let sent = visit.generations().last().unwrap().1.clone();
    assert_eq!(sent.len(), 4, "{sent:?}");
    visit.token("Yes");
    visit.done(Finish::EndOfTurn);
    visit.tell(Msg::OpenChat(old));
    assert_eq!((visit.shown(), visit.client.draft().text()), (before, ""));
    visit.tell(Msg::NewChat);
    assert_eq!(visit.client.draft().text(), "of the new chat");
}

#[test]
fn where_nothing_can_be_carried_over_nothing_is_offered() {
    // A message that is too long by itself.
    let mut visit = long_chat();
    visit.tell(Msg::Draft("d ".repeat(9000)));
    let meter = measured(&mut visit, 9000, 1000).unwrap();
    assert_eq!((meter.too_long, meter.carry), (true, None));
    let before = visit.shown();
    visit.tell(Msg::CarryOver);
    assert_eq!(visit.shown(), before);
    // One exchange is all there is.
    let mut visit = Visit::loaded();
    visit.send("Hello");
    visit.token("Hi");
    visit.done(Finish::ContextFull);
    let meter = visit.client.meter().unwrap();
    assert_eq!(meter.text, "The context of 8,192 tokens is full.");
    assert_eq!((meter.too_long, meter.carry), (false, None));
}

#[test]
fn an_answer_that_filled_the_context_is_said_before_anything_is_written() {
    let mut visit = long_chat();
    visit.tell(Msg::Draft(String::new()));
    visit.send("And so on");
    visit.token("word");
    visit.done(Finish::ContextFull);
    let meter = visit.client.meter().unwrap();
    assert!(
        meter.text.starts_with("The context of 8,192 tokens is full. A new chat can begin with “")
    );
    assert!(!meter.too_long && meter.carry.is_some());
}
