//! Files of chats and traces: out of one browser, into another.

use super::*;
use crate::Keeping;
use crate::msg::Refusal;

fn say(visit: &mut Visit, question: &str, answer: &str) {
    visit.wait(10.0);
    visit.send(question);
    visit.token(answer);
    visit.done(Finish::EndOfTurn);
}

fn titles(visit: &Visit) -> Vec<String> {
    visit.client.chats().into_iter().map(|chat| chat.title).collect()
}

/// What was downloaded last.
fn downloaded(visit: &Visit) -> String {
    let text = visit.seen.iter().rev().find_map(|effect| match effect {
        Effect::Download { text, .. } => Some(text.clone()),
        _ => None,
    });
    text.expect("no download")
}

fn exported(visit: &mut Visit) -> String {
    visit.tell(Msg::ExportAll);
    downloaded(visit)
}

fn open(visit: &mut Visit, text: &str) {
    visit.tell(Msg::OpenText(text.into()));
}

/// Two chats, one with a title, a draft and instructions of its own.
fn two_chats() -> Visit {
    let mut visit = Visit::loaded();
    visit.tell(Msg::System("Be brief.".into()));
    say(&mut visit, "Hello", "Hi");
    visit.tell(Msg::Regenerate { same_seed: false });
    visit.token("Hey");
    visit.done(Finish::EndOfTurn);
    visit.tell(Msg::Rename("</script>\u{202e}".into()));
    visit.tell(Msg::NewChat);
    say(&mut visit, "Second", "Yes");
    visit
}

#[test]
fn all_chats_go_into_one_file_and_come_back_as_they_were() {
    let mut visit = two_chats();
    let file = exported(&mut visit);
    serde_json::from_str::<serde_json::Value>(&file).unwrap();
    let mut other = Visit::loaded();
    open(&mut other, &file);
    assert_eq!(other.client.notice(), "2 chats were added.");
    assert_eq!(titles(&other), ["Second", "</script>\u{202e}"]);
    let store = |visit: &Visit| visit.store.borrow().chats.clone();
    assert_eq!(store(&other), store(&visit), "stored in the same words");
    other.tell(Msg::OpenChat(other.client.chats()[1].id.clone()));
    assert_eq!(other.shown(), ["Hello", "Hey"]);
    assert_eq!(other.client.conversation().versions(3), [2, 3]);
    assert_eq!(other.client.draft().system(), "Be brief.");
    // Once more, where they come from and where they went to: nothing changes.
    for visit in [&mut visit, &mut other] {
        let before = store(visit);
        open(visit, &file);
        assert_eq!(visit.client.notice(), "0 chats were added, 2 were here already.");
        assert_eq!(store(visit), before);
    }
    // What has changed since stays beside what the file has, and the file's is not added twice.
    say(&mut other, "More", "So");
    open(&mut other, &file);
    open(&mut other, &file);
    assert_eq!(titles(&other).len(), 3);
    assert_eq!(other.client.notice(), "0 chats were added, 2 were here already.");
}

#[test]
fn an_answer_in_the_middle_goes_along_and_goes_on() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    visit.token("Hi");
    let file = exported(&mut visit);
    assert!(visit.client.is_running());
    let mut other = Visit::loaded();
    open(&mut other, &file);
    assert_eq!(other.shown(), ["Hello", "Hi"]);
    // Opened in the middle of an answer it is in the list, and the answer goes on.
    let second = exported(&mut two_chats());
    open(&mut visit, &second);
    assert!(visit.client.is_running());
    assert_eq!((visit.shown()[0].as_str(), titles(&visit).len()), ("Hello", 3));
}

#[test]
fn without_storage_chats_go_out_and_in_all_the_same() {
    for refusal in [Refusal::Full, Refusal::Denied] {
        let mut visit = Visit::loaded();
        visit.store.borrow_mut().refuses = Some(refusal);
        say(&mut visit, "Hello", "Hi");
        visit.tell(Msg::NewChat);
        say(&mut visit, "Second", "Yes");
        let file = exported(&mut visit);
        let mut other = Visit::loaded();
        other.store.borrow_mut().refuses = Some(refusal);
        open(&mut other, &file);
        assert_eq!(titles(&other), ["Second", "Hello"]);
        assert_eq!(other.shown(), ["Second", "Yes"]);
        assert_ne!(other.client.keeping(), Keeping::Kept);
        other.tell(Msg::OpenChat(other.client.chats()[1].id.clone()));
        assert_eq!(other.shown(), ["Hello", "Hi"]);
    }
}

#[test]
fn a_trace_opens_as_a_chat_that_goes_on() {
    let mut visit = two_chats();
    let turn = visit.client.conversation().path()[1].id;
    visit.tell(Msg::Export(turn));
    let trace = downloaded(&visit);
    let mut other = Visit::loaded();
    open(&mut other, &format!("{trace}\n{}", exported(&mut visit)));
    assert_eq!(other.client.notice(), "3 chats were added.");
    let chat = other.client.chats().into_iter().find(|chat| chat.title == "Second").unwrap();
    other.tell(Msg::OpenChat(chat.id));
    assert_eq!(other.shown(), ["Second", "Yes"]);
    assert!(!other.client.conversation().is_recorded());
    say(&mut other, "More", "So");
    let sent = other.generations().last().unwrap().1.clone();
    assert_eq!(texts(&sent), ["Second", "Yes", "More"]);
}

#[test]
fn files_from_elsewhere_are_called_by_their_name_and_change_nothing() {
    let mut visit = two_chats();
    let file = exported(&mut visit);
    let turn = visit.client.conversation().path()[1].id;
    visit.tell(Msg::Export(turn));
    let trace = downloaded(&visit);
    let before = visit.store.borrow().chats.clone();
    let later = file.replacen("\"version\":1", "\"version\":99", 1);
    for (text, kind) in [
        ("{}", ProblemKind::WrongFile),
        ("{\"format\":7}", ProblemKind::WrongFile),
        ("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", ProblemKind::WrongFile),
        (&*later, ProblemKind::Version),
        (&*trace.replacen("\"schema\":2", "\"schema\":99", 1), ProblemKind::Version),
        (&file[..file.len() / 2], ProblemKind::Truncated),
        ("{", ProblemKind::Truncated),
        ("{ This is no JSON }", ProblemKind::WrongFile),
        (&*"{\"a\":".repeat(5000), ProblemKind::Truncated),
        (&*file.replacen("\"turns\":[", "\"turns\":7,\"x\":[", 1), ProblemKind::WrongFile),
    ] {
        open(&mut visit, text);
        assert_eq!(visit.alert(), Some((kind, false)), "{text:.60}");
        assert_eq!(visit.store.borrow().chats, before, "{text:.60}");
        assert_eq!(visit.shown(), ["Second", "Yes"]);
    }
}

#[test]
fn a_damaged_turn_of_a_file_costs_no_other() {
    let mut visit = two_chats();
    let file = exported(&mut visit).replacen("\"Said\"", "\"Sung\"", 1);
    let mut other = Visit::loaded();
    open(&mut other, &file);
    assert_eq!(other.client.notice(), "1 chat was added, 1 could not be read in full.");
}
