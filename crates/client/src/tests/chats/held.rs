//! What is left, brought back or erased while storage is full or another tab writes.

use super::*;

#[test]
fn erased_means_erased_in_every_tab() {
    let mut one = Visit::loaded();
    say(&mut one, "Hello", "Hi");
    let mut two = tab(&one, None);
    one.tell(Msg::Erase);
    one.tell(Msg::Leaving);
    two.tell(Msg::Chats(Told::Elsewhere(None)));
    two.tell(Msg::Leaving);
    assert_eq!((two.shown().len(), titles(&two).len()), (0, 0));
    assert!(one.store.borrow().chats.is_empty());
    say(&mut two, "Anew", "Yes");
    assert_eq!(one.store.borrow().chats.len(), 1);
}

#[test]
fn a_chat_that_is_left_while_storage_fills_up_is_held_until_it_fits() {
    let mut visit = Visit::loaded();
    say(&mut visit, "Hello", "Hi");
    let first = visit.client.chat().to_owned();
    visit.slow = true;
    visit.send("More");
    visit.token("Yes");
    visit.store.borrow_mut().refuses = Some(Refusal::Full);
    visit.tell(Msg::NewChat);
    visit.slow = false;
    visit.hear();
    assert_eq!(visit.client.keeping(), Keeping::Full);
    visit.tell(Msg::OpenChat(first.clone()));
    assert_eq!(visit.shown(), ["Hello", "Hi", "More", "Yes"], "what storage lacks is here");
    visit.tell(Msg::NewChat);
    visit.store.borrow_mut().refuses = None;
    say(&mut visit, "Room again", "Yes");
    assert_eq!(visit.client.keeping(), Keeping::Kept);
    assert_eq!(tab(&visit, Some(&first)).shown(), ["Hello", "Hi", "More", "Yes"]);
    assert_eq!(titles(&visit), ["Room again", "Hello"], "and it is no copy");
}

#[test]
fn a_chat_that_was_brought_back_without_room_is_not_lost() {
    let mut visit = Visit::loaded();
    say(&mut visit, "Hello", "Hi");
    let chat = visit.client.chat().to_owned();
    visit.tell(Msg::Delete(chat.clone()));
    visit.store.borrow_mut().refuses = Some(Refusal::Full);
    visit.tell(Msg::Undelete);
    visit.tell(Msg::OpenChat(chat));
    assert_eq!(visit.shown(), ["Hello", "Hi"]);
    assert_eq!(visit.client.keeping(), Keeping::Full);
}

#[test]
fn a_chat_that_is_left_after_another_tab_changed_it_is_kept_as_a_copy() {
    let mut one = Visit::loaded();
    say(&mut one, "Hello", "Hi");
    let chat = one.client.chat().to_owned();
    let mut two = tab(&one, None);
    say(&mut two, "From two", "Yes");
    one.slow = true;
    one.send("From one");
    one.token("So");
    one.tell(Msg::NewChat);
    one.slow = false;
    one.hear();
    assert_eq!(titles(&one), ["Hello", "Hello (copy)"]);
    assert_eq!(tab(&one, Some(&chat)).shown(), ["Hello", "Hi", "From two", "Yes"]);
    let copy = one.client.chats().into_iter().find(|it| it.id != chat).unwrap().id;
    one.tell(Msg::OpenChat(copy));
    assert_eq!(one.shown(), ["Hello", "Hi", "From one", "So"]);
}

#[test]
fn what_is_erased_does_not_come_back_from_any_tab() {
    let mut one = Visit::loaded();
    say(&mut one, "Hello", "Hi");
    one.tell(Msg::Draft("a secret".into()));
    let mut two = tab(&one, None);
    two.tell(Msg::System("Be brief.".into()));
    two.send("More");
    two.token("Yes");
    two.tell(Msg::Draft("another".into()));
    one.seen.clear();
    two.seen.clear();
    one.tell(Msg::Erase);
    two.tell(Msg::Chats(Told::Elsewhere(None)));
    one.wait(5_000.0);
    one.tell(Msg::Leaving);
    two.wait(5_000.0);
    two.tell(Msg::Leaving);
    for visit in [&one, &two] {
        let kept = |effect: &Effect<Bytes>| match effect {
            Effect::Keep(key, Some(text)) => *key != "entropix.chat" || !text.is_empty(),
            Effect::KeepDraft(_, text) => text.is_some(),
            _ => false,
        };
        assert!(!visit.seen.iter().any(kept), "{:?}", visit.seen.iter().find(|it| kept(it)));
        assert!(visit.store.borrow().chats.is_empty());
    }
    assert_eq!((two.shown().len(), titles(&two).len()), (0, 0));
    assert_eq!((two.client.draft().text(), two.client.draft().system()), ("", ""));
    // The other tab goes on.
    two.say(Event::Generation {
        id: two.generations().last().map_or(1, |it| it.0),
        step: Step::Done { finish: Finish::Stopped, stats: Stats::default() },
    });
    say(&mut two, "Afresh", "Yes");
    assert_eq!(titles(&tab(&one, None)), ["Afresh"]);
}
