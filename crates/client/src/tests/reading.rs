//! Texts that are only read.

use entropix_conversation::TurnId;
use entropix_protocol::{Beginning, Given};

use super::*;
use crate::reading::surprisal;

fn read(id: u32, text: &str, p: f64) -> Step {
    let Step::Token { entry } = token(text) else { unreachable!() };
    let mut entry = TokenEntry { p, ..*entry };
    (entry.decision.token, entry.decision.action) = (id, Action::Read);
    Step::Token { entry: Box::new(entry) }
}

fn asked(visit: &Visit) -> (Vec<ChatMessage>, Beginning) {
    let request = visit.requests().into_iter().rev().find_map(|request| match request {
        Request::Generate { messages, beginning, .. } => Some((messages, beginning)),
        _ => None,
    });
    request.unwrap()
}

fn score(visit: &mut Visit, text: &str) -> TurnId {
    visit.tell(Msg::Draft(text.into()));
    visit.tell(Msg::Read);
    visit.client.conversation().path().last().unwrap().id
}

fn answer(visit: &Visit, turn: TurnId) -> &entropix_conversation::Answer {
    visit.client.conversation().answer(turn).unwrap()
}

#[test]
fn a_text_is_read_by_itself_in_a_chat_of_its_own() {
    let mut visit = Visit::loaded();
    visit.tell(Msg::System("Be brief.".into()));
    visit.send("Hello");
    visit.token("Hi");
    visit.done(Finish::EndOfTurn);
    visit.wait(5000.0);
    let turn = score(&mut visit, " It was so.");
    let then = Given::Whole(" It was so.".into());
    assert_eq!(asked(&visit), (Vec::new(), Beginning { kept: Vec::new(), then }));
    for (id, text, p) in [(1, " It", 0.25), (2, " was", 0.5), (3, " so.", 0.125)] {
        visit.step(read(id, text, p));
    }
    visit.done(Finish::MaxTokens);
    assert_eq!(visit.shown(), [" It was so."]);
    assert_eq!(visit.client.draft().text(), "");
    assert!(visit.client.is_text(turn));
    // (2 + 1 + 3) bits over three tokens.
    assert_eq!(surprisal(answer(&visit, turn)).unwrap(), "surprisal 2.00 bits a token");
    assert_eq!(visit.client.announcement(), "surprisal 2.00 bits a token");
    assert!(!visit.client.can_ask_what_if(turn) && visit.client.link(turn).is_none());
    let titles: Vec<String> = visit.client.chats().into_iter().map(|chat| chat.title).collect();
    assert_eq!(titles, ["It was so.", "Hello"]);
    // It can be gone on with; the text still stands alone.
    visit.tell(Msg::Continue(turn));
    let (messages, beginning) = asked(&visit);
    assert!(messages.is_empty());
    assert_eq!(beginning, Beginning { kept: vec![1, 2, 3], then: Given::Nothing });
    visit.token(" Really");
    visit.done(Finish::EndOfTurn);
    assert_eq!(surprisal(answer(&visit, turn)).unwrap(), "surprisal 2.00 bits a token");
    // And parted from.
    visit.tell(Msg::Fork { turn, at: 1, given: Given::Token(9) });
    assert_eq!(asked(&visit).1, Beginning { kept: vec![1], then: Given::Token(9) });
    visit.tell(Msg::Stop);
    visit.done(Finish::Stopped);
    // A question is about something else.
    visit.send("And now?");
    assert_eq!(texts(&asked(&visit).0), ["And now?"]);
    assert_eq!(visit.shown(), ["And now?", ""]);
    assert_eq!(visit.client.chats().len(), 3);
}

#[test]
fn a_text_that_was_not_read_to_its_end_is_not_gone_on_with() {
    let mut visit = Visit::loaded();
    let turn = score(&mut visit, " It was so.");
    visit.step(read(1, " It", 0.5));
    visit.tell(Msg::Stop);
    visit.done(Finish::Stopped);
    assert!(!visit.client.can_continue(turn));
    visit.tell(Msg::Continue(turn));
    assert_eq!(visit.generations().len(), 1);
    let turn = score(&mut visit, " It was so.");
    for (id, text) in [(1, " It"), (2, " was"), (3, " so.")] {
        visit.step(read(id, text, 0.5));
    }
    visit.done(Finish::MaxTokens);
    assert!(visit.client.can_continue(turn));
}

#[test]
fn what_was_not_read_comes_back() {
    let mut visit = Visit::loaded();
    let turn = score(&mut visit, "Too long");
    let id = visit.generation();
    visit.fail(About::Generation { id }, ProblemKind::PromptTooLong);
    assert_eq!(visit.client.draft().text(), "Too long");
    assert!(visit.alert().is_some());
    assert!(surprisal(answer(&visit, turn)).is_none());
    // The next one takes its place.
    score(&mut visit, "Short");
    visit.step(read(1, "Short", 0.0));
    visit.done(Finish::MaxTokens);
    assert_eq!(visit.shown(), ["Short"]);
    let turn = visit.client.conversation().path().last().unwrap().id;
    // As little as a number can be: no infinity.
    assert_eq!(surprisal(answer(&visit, turn)).unwrap(), "surprisal 1022.00 bits a token");
}

#[test]
fn nothing_is_read_without_a_model_a_text_or_in_the_middle_of_an_answer() {
    let mut visit = Visit::first();
    visit.tell(Msg::Draft("A text".into()));
    visit.tell(Msg::Read);
    assert!(visit.requests().is_empty());
    assert_eq!(visit.client.draft().text(), "A text");
    let mut visit = Visit::loaded();
    visit.tell(Msg::Draft(" \n".into()));
    visit.tell(Msg::Read);
    assert!(visit.generations().is_empty());
    visit.send("Hello");
    visit.tell(Msg::Draft("A text".into()));
    visit.tell(Msg::Read);
    assert_eq!(visit.generations().len(), 1);
    assert_eq!(visit.client.draft().text(), "A text");
}
