//! Between visits: what is kept, what is fetched, what the address says.

use super::*;
use crate::settings::Settings;
use entropix::SamplerKind;

const TRACE: &str = include_str!("../../../../www/traces/larger-b.json");

/// What the next visit finds.
pub(super) fn again(visit: &Visit) -> Kept {
    Kept {
        settings: visit.kept("entropix.settings"),
        system: visit.kept("entropix.system"),
        draft: visit.kept_draft(""),
        chat: visit.kept("entropix.chat"),
        conversation: visit.kept("entropix.conversation"),
        model: visit.kept("entropix.model"),
        partial: visit.kept("entropix.partial"),
        by_itself: visit.kept("entropix.by-itself"),
    }
}

/// The next visit.
fn next(visit: &Visit) -> Visit {
    Visit::at(visit.store.clone(), again(visit), &["simd"])
}

#[test]
fn a_reload_in_the_middle_of_an_answer_keeps_what_was_said_and_written() {
    let mut visit = Visit::loaded();
    visit.tell(Msg::System("Be brief.".into()));
    visit.send("Hello");
    visit.token("Hi");
    visit.tell(Msg::Draft("and then".into()));
    visit.tell(Msg::Leaving);
    let chat = visit.client.chat().to_owned();
    visit.store.borrow_mut().draft = visit.kept_draft(&chat);
    let mut next = next(&visit);
    assert_eq!(next.shown(), ["Hello", "Hi"]);
    assert_eq!(next.client.draft().text(), "and then");
    assert_eq!(next.client.draft().system(), "Be brief.");
    assert!(!next.client.is_running());
    let recordings = |visit: &Visit| {
        visit.seen.iter().any(|effect| matches!(effect, Effect::Fetch(Page::Recording(_), _)))
    };
    assert!(!recordings(&next), "no recording over one's own conversation");
    next.manifest();
    next.tell(Msg::Load(0));
    next.hello();
    next.ready("Smol", Storage::Stored);
    next.send("Go on");
    assert_eq!(texts(&next.generations()[0].1), ["Be brief.", "Hello", "Hi", "Go on"]);
    next.tell(Msg::NewChat);
    next.tell(Msg::Draft(String::new()));
    next.wait(400.0);
    let last = self::next(&next);
    assert_eq!((last.shown().len(), last.client.draft().text()), (0, ""));
    assert!(recordings(&last));
}

#[test]
fn where_storage_is_denied_or_full_of_rubbish_the_page_starts() {
    let rubbish = || Some("{\"version\":9}".to_owned());
    let kept = Kept {
        settings: Some("[]".into()),
        system: rubbish(),
        draft: Some("null".into()),
        chat: rubbish(),
        conversation: rubbish(),
        model: rubbish(),
        partial: rubbish(),
        by_itself: rubbish(),
    };
    for kept in [Kept::default(), kept] {
        let mut visit = Visit::with(kept, &["simd"]);
        visit.manifest();
        assert_eq!(*visit.client.settings(), Settings::default());
        assert_eq!((visit.alert(), visit.shown().len()), (None, 0));
        assert_eq!(visit.client.offered().len(), 2);
    }
}

#[test]
fn without_the_list_a_stored_model_is_still_offered() {
    let mut visit = Visit::first();
    visit.manifest();
    visit.tell(Msg::Load(0));
    visit.hello();
    visit.ready("Smol", Storage::Stored);
    let mut next = Visit::with(again(&visit), &["simd"]);
    next.tell(Msg::Fetched(Page::Models, Err("status 503".into())));
    assert_eq!(next.alert(), None);
    next.tell(Msg::Load(0));
    assert_eq!(next.last_load().unwrap().1, "Smol /simd.js");
    let mut other = Visit::first();
    other.tell(Msg::Fetched(Page::Models, Err("status 503".into())));
    assert_eq!(other.alert(), Some((ProblemKind::Network, false)));
    other.tell(Msg::Dismiss);
    assert_eq!(other.alert(), None);
    // A list that is no list is as if there were none.
    other.tell(Msg::Fetched(Page::Models, Ok("<!doctype html>".into())));
    assert_eq!(other.alert(), Some((ProblemKind::Network, false)));
}

#[test]
fn a_recording_is_shown_with_its_most_telling_token_and_makes_room() {
    let mut visit = Visit::first();
    let names = (vec!["A".to_owned(), "B".to_owned()], 0);
    assert_eq!(visit.client.recordings(), names, "named before one is there");
    let asked = |visit: &Visit, wanted: usize, file: &str| {
        visit.seen.iter().any(
            |effect| matches!(effect, Effect::Fetch(Page::Recording(n), url) if *n == wanted && url == file),
        )
    };
    assert!(asked(&visit, 0, "traces/a.json"));
    visit.tell(Msg::Fetched(Page::Recording(0), Ok(TRACE.into())));
    assert_eq!(visit.client.recordings(), names);
    // Another answer to the same question; one that was no longer wanted comes too late.
    let sitting = visit.client.sitting();
    visit.tell(Msg::Recording(1));
    assert!(asked(&visit, 1, "traces/b.json"));
    visit.tell(Msg::Fetched(Page::Recording(0), Ok(TRACE.into())));
    assert_eq!(visit.client.sitting(), sitting);
    visit.tell(Msg::Fetched(Page::Recording(1), Ok(TRACE.into())));
    assert_eq!((visit.client.sitting(), visit.client.recordings().1), (sitting + 1, 1));
    visit.tell(Msg::Recording(7));
    assert_eq!(visit.client.recordings().1, 1);
    assert!(visit.client.conversation().is_recorded());
    let chosen = visit.seen.iter().find_map(|effect| match effect {
        Effect::Choose { turn, index } => Some((*turn, *index)),
        _ => None,
    });
    let (turn, index) = chosen.unwrap();
    let answer = visit.client.conversation().answer(turn).unwrap();
    assert!(answer.entries[index as usize].decision.draw.is_some());
    assert_eq!(visit.kept("entropix.conversation"), None);
    visit.manifest();
    visit.tell(Msg::Load(0));
    visit.hello();
    visit.ready("Smol", Storage::Stored);
    visit.send("Mine");
    assert_eq!(visit.shown(), ["Mine", ""]);
    // One that comes late, or is no trace, disturbs nothing.
    for late in [TRACE, "{}", ""] {
        visit.tell(Msg::Fetched(Page::Recording(1), Ok(late.into())));
    }
    visit.tell(Msg::Fetched(Page::Recording(0), Err("status 404".into())));
    assert_eq!((visit.shown(), visit.alert()), (vec!["Mine".to_owned(), String::new()], None));
    assert!(visit.client.recordings().0.is_empty());
}

#[test]
fn a_recording_that_does_not_come_is_named_no_more() {
    for text in [Err("status 404".into()), Ok("{}".into())] {
        let mut visit = Visit::first();
        assert!(visit.client.is_fresh());
        visit.tell(Msg::Fetched(Page::Recording(0), text));
        assert!(visit.client.recordings().0.is_empty());
        assert!(visit.client.is_fresh() && visit.alert().is_none());
    }
}

#[test]
fn until_it_is_known_which_chats_there_are_nothing_is_shown_as_new() {
    let mut client = Client::default();
    let _ = client.update(0.0, start(Kept::default(), 1, &[]));
    assert!(!client.is_fresh() && client.recordings().0.is_empty());
    let _ = client.update(1.0, Msg::Chats(Told::Listed(Ok(Vec::new()))));
    assert!(client.is_fresh() && !client.recordings().0.is_empty());
}

#[test]
fn the_address_follows_the_settings_and_the_settings_the_address() {
    let mut visit = Visit::first();
    let links = |visit: &Visit| -> Vec<String> {
        let link = |effect: &Effect<Bytes>| match effect {
            Effect::Link(link) => Some(link.clone()),
            _ => None,
        };
        visit.seen.iter().filter_map(link).collect()
    };
    visit.tell(Msg::Settings(Box::new(visit.client.settings().clone())));
    assert!(links(&visit).is_empty(), "nothing was changed");
    let mut settings = visit.client.settings().clone();
    settings.set("seed", "7").unwrap();
    visit.tell(Msg::Settings(Box::new(settings)));
    assert_eq!(links(&visit), ["sampler=plain&seed=7&tokens=256"]);
    visit.seen.clear();
    visit.tell(Msg::Moved("#sampler=greedy&seed=9".into()));
    assert_eq!(visit.client.settings().choice, SamplerKind::Greedy);
    assert!(visit.seen.iter().any(|effect| matches!(effect, Effect::Settings)));
    assert!(visit.kept("entropix.settings").unwrap().contains("greedy"));
    visit.tell(Msg::Moved("#top".into()));
    assert_eq!(visit.client.settings().choice, SamplerKind::Greedy);
}
