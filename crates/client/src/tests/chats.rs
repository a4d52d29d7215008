//! Several chats, kept: what is stored when, two tabs, and storage that refuses.

mod held;

use super::*;
use crate::Keeping;
use crate::msg::{Ask, Refusal};

/// One more tab with the same storage and its own model.
fn tab(other: &Visit, chat: Option<&str>) -> Visit {
    let mut visit = opened(other, chat);
    visit.load();
    visit
}

/// The same before a model is loaded.
fn opened(other: &Visit, chat: Option<&str>) -> Visit {
    let kept = Kept { chat: chat.map(str::to_owned), ..Kept::default() };
    Visit::at(other.store.clone(), kept, &["simd"])
}

fn say(visit: &mut Visit, question: &str, answer: &str) {
    visit.send(question);
    visit.token(answer);
    visit.done(Finish::EndOfTurn);
}

fn titles(visit: &Visit) -> Vec<String> {
    visit.client.chats().into_iter().map(|chat| chat.title).collect()
}

/// What the other tab would be told.
fn tells(from: &Visit, to: &mut Visit) {
    let tells = from.seen.iter().rev().find_map(|effect| match effect {
        Effect::Chats(Ask::Save(save)) => Some((save.record.id.clone(), save.tell)),
        _ => None,
    });
    let (id, tell) = tells.unwrap();
    assert!(tell);
    to.tell(Msg::Chats(Told::Elsewhere(Some(id))));
}

#[test]
fn a_new_chat_keeps_the_old_one_and_each_has_its_draft_and_instructions() {
    let mut visit = Visit::loaded();
    visit.tell(Msg::System("Be brief.".into()));
    say(&mut visit, "What is the capital of France?", "Paris");
    visit.tell(Msg::Draft("and of".into()));
    let first = visit.client.chat().to_owned();
    visit.tell(Msg::NewChat);
    assert_eq!((visit.shown().len(), visit.client.chat()), (0, ""));
    assert_eq!((visit.client.draft().text(), visit.client.draft().system()), ("", ""));
    visit.wait(10.0);
    say(&mut visit, "Hello", "Hi");
    visit.tell(Msg::NewChat);
    visit.tell(Msg::Draft("for a third".into()));
    assert_eq!(titles(&visit), ["Hello", "What is the capital of France?"]);
    let sitting = visit.client.sitting();
    visit.tell(Msg::OpenChat(first));
    assert_ne!(visit.client.sitting(), sitting, "turns of two chats have the same ids");
    assert_eq!(visit.shown(), ["What is the capital of France?", "Paris"]);
    assert_eq!(visit.client.draft().text(), "and of");
    assert_eq!(visit.client.draft().system(), "Be brief.");
    visit.tell(Msg::NewChat);
    assert_eq!(visit.client.draft().text(), "for a third");
    // Looking at a chat does not change it.
    assert_eq!(titles(&visit), ["Hello", "What is the capital of France?"]);
}

#[test]
fn an_answer_is_kept_while_it_comes_once_a_second() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    assert_eq!(visit.store.borrow().saves, 1, "the question at once");
    for _ in 0..50 {
        visit.token("x");
        visit.wait(100.0);
    }
    let saves = visit.store.borrow().saves;
    assert!((4..=6).contains(&saves), "{saves} in five seconds");
    // The browser crashes.
    let next = tab(&visit, Some(visit.client.chat()));
    assert!(next.shown()[1].len() >= 38, "{:?}", next.shown());
    let turn = next.client.conversation().path()[1].id;
    let progress = next.client.conversation().answer(turn).unwrap().progress;
    assert_eq!(progress, entropix_conversation::Progress::Interrupted);
    // The page is left.
    visit.token("y");
    visit.tell(Msg::Leaving);
    let next = tab(&visit, Some(visit.client.chat()));
    assert!(next.shown()[1].ends_with('y'));
    // Nothing more, nothing to do.
    visit.done(Finish::EndOfTurn);
    let saves = visit.store.borrow().saves;
    visit.wait(9_000.0);
    visit.tell(Msg::Leaving);
    assert_eq!(visit.store.borrow().saves, saves);
    assert_eq!(visit.store.borrow().persists, 1);
}

#[test]
fn slow_storage_is_not_flooded_and_gets_all() {
    let mut visit = Visit::loaded();
    visit.slow = true;
    visit.send("Hello");
    for _ in 0..40 {
        visit.token("x");
        visit.wait(100.0);
    }
    visit.done(Finish::EndOfTurn);
    assert_eq!(visit.store.borrow().saves, 1);
    visit.slow = false;
    visit.hear();
    assert_eq!(visit.store.borrow().saves, 2);
    assert_eq!(tab(&visit, Some(visit.client.chat())).shown()[1].len(), 40);
}

#[test]
fn only_what_changed_is_written() {
    let mut visit = Visit::loaded();
    say(&mut visit, "Hello", "Hi");
    say(&mut visit, "More", "Yes");
    let saves = || {
        visit.seen.iter().filter_map(|effect| match effect {
            Effect::Chats(Ask::Save(save)) => Some(save),
            _ => None,
        })
    };
    let turns: Vec<Vec<u32>> =
        saves().map(|save| save.record.turns.iter().map(|(id, _)| *id).collect()).collect();
    assert_eq!(turns, [vec![1, 2], vec![2], vec![3, 4], vec![4]]);
    assert_eq!(saves().next_back().unwrap().record.words, "Hello\nHello\nHi\nMore\nYes");
    // A question without an answer makes room in storage, too.
    visit.send("Too long");
    let id = visit.generation();
    visit.fail(About::Generation { id }, ProblemKind::PromptTooLong);
    visit.send("Well?");
    let chat = visit.client.chat().to_owned();
    let stored = visit.store.borrow().chats[&chat].turns.clone();
    assert_eq!(stored.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [1, 2, 3, 4, 7, 8]);
}

#[test]
fn the_conversation_of_earlier_pages_moves_over() {
    let mut old = Visit::loaded();
    say(&mut old, "Hello", "Hi");
    let turns = serde_json::to_string(old.client.conversation().turns()).unwrap();
    let text = format!("{{\"version\":1,\"turns\":{turns},\"head\":2,\"last\":2}}");
    let kept = || Kept {
        conversation: Some(text.clone()),
        draft: Some("\"and\"".into()),
        system: Some("\"Be brief.\"".into()),
        ..Kept::default()
    };
    let forgotten = |visit: &Visit| {
        let is =
            |effect: &Effect<Bytes>| matches!(effect, Effect::Keep("entropix.conversation", None));
        visit.seen.iter().any(is)
    };
    let visit = Visit::with(kept(), &["simd"]);
    assert_eq!(
        (visit.shown(), titles(&visit)),
        (vec!["Hello".into(), "Hi".into()], vec!["Hello".into()])
    );
    assert_eq!((visit.client.draft().text(), visit.client.draft().system()), ("and", "Be brief."));
    assert!(forgotten(&visit));
    assert_eq!(tab(&visit, None).shown(), ["Hello", "Hi"]);
    // A move that was cut short before the page knew that it is stored, and an answer to it meanwhile in another tab.
    let again = Visit::at(Rc::clone(&visit.store), kept(), &["simd"]);
    assert_eq!((again.shown(), titles(&again)), (visit.shown(), titles(&visit)));
    assert!(forgotten(&again) && again.alert().is_none());
    assert_eq!((again.client.draft().text(), again.client.draft().system()), ("and", "Be brief."));
    let mut other = tab(&visit, None);
    say(&mut other, "More", "Yes");
    let again = Visit::at(Rc::clone(&visit.store), kept(), &["simd"]);
    assert_eq!((again.shown(), titles(&again)), (other.shown(), titles(&other)));
    // The person was quicker than storage.
    let mut again = Visit::slow(Rc::clone(&visit.store), kept(), &["simd"]);
    again.tell(Msg::NewChat);
    again.slow = false;
    again.hear();
    assert!(forgotten(&again));
    assert_eq!(titles(&again), titles(&visit));
    assert_eq!(visit.store.borrow().chats.len(), 1);
    // Where it can't be stored it stays where it is, until it is deleted.
    for refusal in [Refusal::Denied, Refusal::Full] {
        let store = Rc::new(RefCell::new(Store { refuses: Some(refusal), ..Store::default() }));
        let mut visit = Visit::at(store, kept(), &["simd"]);
        assert_eq!(visit.shown(), ["Hello", "Hi"]);
        assert!(!forgotten(&visit));
        let chat = visit.client.chat().to_owned();
        visit.tell(Msg::Delete(chat));
        assert!(forgotten(&visit) && titles(&visit).is_empty());
    }
}

#[test]
fn two_tabs_with_the_same_chat_lose_nothing() {
    let mut one = Visit::loaded();
    say(&mut one, "Hello", "Hi");
    let chat = one.client.chat().to_owned();
    let mut two = tab(&one, None);
    assert_eq!(two.shown(), ["Hello", "Hi"], "a new tab begins with the newest chat");
    // What one does the other shows.
    say(&mut two, "From two", "Yes");
    tells(&two, &mut one);
    assert_eq!(one.shown(), ["Hello", "Hi", "From two", "Yes"]);
    assert_eq!((one.client.chat(), one.alert()), (chat.as_str(), None));
    // Both at once: the second one notices, and goes on as a copy.
    one.send("From one");
    two.send("Again from two");
    assert_eq!(one.client.chat(), chat);
    assert_ne!(two.client.chat(), chat);
    assert!(two.client.alert().unwrap().problem.message.contains("another tab"));
    two.token("So");
    two.done(Finish::EndOfTurn);
    one.token("Well");
    one.done(Finish::EndOfTurn);
    let shown = |id: &str| tab(&one, Some(id)).shown();
    assert_eq!(shown(&chat)[4..], ["From one", "Well"]);
    assert_eq!(shown(two.client.chat())[2..], ["From two", "Yes", "Again from two", "So"]);
    assert_eq!(titles(&tab(&one, None)).len(), 2);
    assert!(titles(&two).contains(&"Hello (copy)".to_owned()));
    // Deleted in the other one, it is not lost here.
    let copy = two.client.chat().to_owned();
    one.tell(Msg::Delete(copy.clone()));
    two.tell(Msg::Chats(Told::Elsewhere(Some(copy.clone()))));
    assert_eq!(two.shown().len(), 6);
    say(&mut two, "Still here", "Yes");
    assert_ne!(two.client.chat(), copy);
    assert_eq!(tab(&two, Some(two.client.chat())).shown().len(), 8);
}

#[test]
fn without_room_the_chat_goes_on_and_is_kept_when_there_is_some() {
    for refusal in [Refusal::Full, Refusal::Denied, Refusal::Later] {
        let mut visit = Visit::loaded();
        visit.store.borrow_mut().refuses = Some(refusal);
        say(&mut visit, "Hello", "Hi");
        let full = refusal == Refusal::Full;
        assert_eq!(visit.client.keeping(), refusal.keeping());
        assert_eq!((visit.shown().len(), visit.alert()), (2, None));
        // Other chats of this visit stay in the page.
        let first = visit.client.chat().to_owned();
        visit.tell(Msg::NewChat);
        say(&mut visit, "Second", "Yes");
        let second = visit.client.chat().to_owned();
        visit.tell(Msg::OpenChat(if first.is_empty() { "none".into() } else { first.clone() }));
        if full {
            assert_eq!(visit.shown(), ["Hello", "Hi"]);
            visit.store.borrow_mut().refuses = None;
            say(&mut visit, "More", "Yes");
            assert_eq!(visit.client.keeping(), Keeping::Kept);
            assert_eq!(tab(&visit, Some(&first)).shown(), ["Hello", "Hi", "More", "Yes"]);
            visit.tell(Msg::OpenChat(second));
            assert_eq!(visit.shown(), ["Second", "Yes"]);
        }
    }
}

#[test]
fn a_chat_of_a_later_version_is_left_alone() {
    let mut visit = Visit::loaded();
    say(&mut visit, "Hello", "Hi");
    let chat = visit.client.chat().to_owned();
    let newer = |record: &mut crate::msg::Record| {
        record.cover = record.cover.replace("\"version\":1", "\"version\":2");
    };
    newer(visit.store.borrow_mut().chats.get_mut(&chat).unwrap());
    let mut next = opened(&visit, Some(&chat));
    assert_eq!(next.shown().len(), 0);
    assert_eq!(next.alert(), Some((ProblemKind::Version, false)));
    next.load();
    let before = visit.store.borrow().chats[&chat].clone();
    say(&mut next, "Mine", "Yes");
    next.tell(Msg::OpenChat(chat.clone()));
    assert_eq!(next.shown(), ["Mine", "Yes"]);
    assert_eq!(visit.store.borrow().chats[&chat], before);
}

#[test]
fn a_damaged_chat_shows_what_is_left() {
    let mut visit = Visit::loaded();
    say(&mut visit, "Hello", "Hi");
    say(&mut visit, "More", "Yes");
    let chat = visit.client.chat().to_owned();
    if let Some(record) = visit.store.borrow_mut().chats.get_mut(&chat) {
        record.turns[2].1.truncate(9);
        "{".clone_into(&mut record.cover);
    }
    let mut next = opened(&visit, None);
    assert_eq!(titles(&next), ["Untitled"]);
    assert_eq!(next.shown(), ["Hello", "Hi"]);
    assert!(next.client.alert().unwrap().problem.message.contains("can’t be read"));
    next.load();
    say(&mut next, "Go on", "Yes");
    assert_eq!(tab(&next, Some(&chat)).shown(), ["Hello", "Hi", "Go on", "Yes"]);
}

#[test]
fn chats_are_renamed_deleted_and_brought_back_and_found() {
    let mut visit = Visit::loaded();
    say(&mut visit, "Hello", "Bonjour");
    let first = visit.client.chat().to_owned();
    visit.tell(Msg::Rename(" French, É ".into()));
    visit.wait(10.0);
    visit.tell(Msg::NewChat);
    say(&mut visit, &"long ".repeat(40), "Yes");
    let title = &titles(&visit)[0];
    assert!(title.ends_with(" …") && title.chars().count() <= 62, "{title}");
    for text in ["french", "bonjour", "é"] {
        visit.tell(Msg::Search(text.into()));
        assert_eq!(titles(&visit), ["French, É"], "{text}");
    }
    visit.tell(Msg::Search("nowhere".into()));
    assert!(titles(&visit).is_empty());
    visit.tell(Msg::Search(String::new()));
    // One that is open makes room for a new one.
    visit.tell(Msg::OpenChat(first.clone()));
    visit.tell(Msg::Delete(first.clone()));
    assert_eq!((visit.shown().len(), titles(&visit).len()), (0, 1));
    assert_eq!(visit.client.deleted(), Some("French, É"));
    assert!(!visit.store.borrow().chats.contains_key(&first));
    visit.tell(Msg::Undelete);
    assert_eq!((titles(&visit).len(), visit.client.deleted()), (2, None));
    visit.tell(Msg::OpenChat(first.clone()));
    assert_eq!(visit.shown(), ["Hello", "Bonjour"]);
    visit.tell(Msg::Rename("  ".into()));
    assert!(titles(&visit).contains(&"Hello".to_owned()), "its own title again");
}

#[test]
fn a_chat_that_is_left_in_mid_answer_keeps_it() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    visit.token("Hi");
    let chat = visit.client.chat().to_owned();
    visit.tell(Msg::NewChat);
    assert_eq!((visit.stops(), visit.client.is_running()), (1, false));
    visit.tell(Msg::OpenChat(chat));
    assert_eq!(visit.shown(), ["Hello", "Hi"]);
    // Before its first token the question is the draft.
    let old = visit.generations()[0].0;
    let done = Step::Done { finish: Finish::Stopped, stats: Stats::default() };
    visit.say(Event::Generation { id: old, step: done });
    visit.send("And now?");
    let chat = visit.client.chat().to_owned();
    visit.tell(Msg::NewChat);
    assert_eq!(visit.client.draft().text(), "");
    visit.tell(Msg::OpenChat(chat));
    assert_eq!(visit.client.draft().text(), "And now?");
}
