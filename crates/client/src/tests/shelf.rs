//! What is in the browser: a model that loads by itself, a download that is paused, and models of elsewhere.

use super::visits::again;
use entropix_protocol::Verdict;

use super::*;
use entropix_protocol::{Phase, Source};

/// The next visit, before the list of models is there.
fn next(visit: &Visit) -> Visit {
    Visit::with(again(visit), &["simd"])
}

/// What was last asked to be loaded, and whether it must be stored.
fn asked(visit: &Visit) -> Option<(String, bool)> {
    visit.requests().into_iter().rev().find_map(|request| match request {
        Request::Load { source: Source::Web { name, .. } | Source::Blob { name }, only_stored } => {
            Some((name, only_stored))
        }
        _ => None,
    })
}

fn by_itself(visit: &Visit) -> Option<String> {
    visit.kept("entropix.by-itself")
}

fn download(visit: &mut Visit, done: f64) {
    visit.say(Event::Progress { phase: Phase::Download, done, total: 98e6 });
}

fn part(visit: &mut Visit, sha256: &str, bytes: f64) {
    visit.say(Event::Partial { sha256: sha256.into(), bytes });
}

/// One that has downloaded some of the first model.
fn downloading() -> Visit {
    let mut visit = Visit::first();
    visit.manifest();
    visit.tell(Msg::Load(0));
    visit.hello();
    download(&mut visit, 3e6);
    visit
}

/// One whose download was paused.
fn paused() -> Visit {
    let mut visit = downloading();
    part(&mut visit, "ab", 4e6);
    visit.tell(Msg::Pause);
    part(&mut visit, "ab", 41e6);
    visit.fail(About::Load, ProblemKind::Network);
    visit
}

#[test]
fn the_model_that_was_used_last_loads_by_itself_and_nothing_is_downloaded() {
    let mut visit = Visit::first();
    assert_eq!(visit.requests(), [], "a first visit asks for nothing");
    visit.load();
    assert_eq!(asked(&visit), Some(("Smol".into(), false)));
    assert_eq!(by_itself(&visit).as_deref(), Some("ab"));
    let mut next = next(&visit);
    assert_eq!(asked(&next), Some(("Smol".into(), true)));
    assert!(next.client.status().is_loading());
    next.manifest();
    next.hello();
    next.ready("Smol", Storage::Stored);
    assert_eq!((next.model(), next.alert()), (Some("Smol"), None));
    assert_eq!(by_itself(&next).as_deref(), Some("ab"));
    assert!(next.client.offered()[0].is_stored());
}

#[test]
fn bytes_that_are_gone_make_it_a_first_visit() {
    let mut visit = Visit::first();
    visit.load();
    let mut next = next(&visit);
    next.manifest();
    next.hello();
    assert!(next.client.offered()[0].is_stored());
    next.fail(About::Load, ProblemKind::NotStored);
    assert_eq!((next.client.status(), next.alert()), (&ModelStatus::Empty, None));
    assert_eq!((next.client.stored().len(), next.kept("entropix.model")), (0, None));
    assert!(!next.client.offered()[0].is_stored());
    assert_eq!(by_itself(&next), None);
    next.tell(Msg::Load(0));
    assert_eq!(asked(&next), Some(("Smol".into(), false)), "the person asked");
}

#[test]
fn what_was_not_used_last_or_is_not_stored_does_not_load() {
    type Act = fn(&mut Visit);
    let acts: [(&str, Act); 5] = [
        ("removed", |visit| {
            visit.tell(Msg::Forget("ab".into()));
            visit.say(Event::Forgotten { sha256: "ab".into() });
        }),
        ("a file of one's own", |visit| {
            visit.tell(Msg::Open { name: "mine.gguf".into(), bytes: "mine" });
            visit.ready("mine.gguf", Storage::OwnFile);
        }),
        ("no room for it", |visit| {
            visit.tell(Msg::Load(1));
            visit.ready("Big", Storage::NotStored { why: "full".into() });
        }),
        ("a load that has not ended", |visit| visit.tell(Msg::Load(1))),
        ("a worker that died of it", |visit| {
            visit.crash();
            visit.hello();
            visit.crash();
        }),
    ];
    for (name, act) in acts {
        let mut visit = Visit::first();
        visit.load();
        act(&mut visit);
        assert_eq!(by_itself(&visit), None, "{name}");
        assert_eq!(next(&visit).requests(), [], "{name}");
    }
}

#[test]
fn a_refused_file_changes_nothing_about_the_next_visit() {
    let mut visit = Visit::first();
    visit.load();
    visit.tell(Msg::Open { name: "photo.png".into(), bytes: "photo" });
    assert_eq!(by_itself(&visit), None);
    visit.say(Event::Kept { model: model("Smol") });
    visit.fail(About::Load, ProblemKind::NotAModel);
    assert_eq!(by_itself(&visit).as_deref(), Some("ab"));
}

#[test]
fn it_loads_once_more_only_if_the_load_did_not_break_the_page() {
    let mut visit = Visit::first();
    visit.load();
    let kept = again(&visit);
    // The page is gone without a word, by a crash: whatever was kept last counts.
    let crashed = next(&visit);
    let after = Kept { by_itself: by_itself(&crashed), ..kept.clone() };
    assert_eq!(Visit::with(after, &["simd"]).requests(), []);
    // It is closed or loaded again in the middle: that is no crash.
    let mut left = next(&visit);
    left.tell(Msg::Leaving);
    let after = Kept { by_itself: by_itself(&left), ..kept.clone() };
    assert_eq!(asked(&Visit::with(after, &["simd"])), Some(("Smol".into(), true)));
    // The worker dies.
    let mut died = next(&visit);
    died.hello();
    died.crash();
    assert_eq!((died.alert(), by_itself(&died)), (Some((ProblemKind::Crashed, true)), None));
    // So it does where nobody looks.
    let mut hidden = next(&visit);
    hidden.hello();
    hidden.tell(Msg::Leaving);
    assert_eq!(by_itself(&hidden).as_deref(), Some("ab"));
    hidden.crash();
    assert_eq!(by_itself(&hidden), None);
    // All is forgotten.
    let mut erased = next(&visit);
    erased.tell(Msg::Erase);
    erased.tell(Msg::Leaving);
    assert_eq!(by_itself(&erased), None);
}

#[test]
fn it_can_be_cancelled_and_then_waits_to_be_asked() {
    let mut visit = Visit::first();
    visit.load();
    let mut next = next(&visit);
    next.manifest();
    next.hello();
    next.tell(Msg::Stop);
    // The worker may not have heard of it yet.
    next.tell(Msg::Leaving);
    assert_eq!(by_itself(&next), None);
    next.fail(About::Load, ProblemKind::Network);
    assert_eq!((next.client.status(), next.alert()), (&ModelStatus::Empty, None));
    assert_eq!((by_itself(&next), next.client.stored().len()), (None, 1));
    assert!(next.client.offered()[0].is_stored());
    next.tell(Msg::Load(0));
    next.ready("Smol", Storage::Stored);
    assert_eq!(by_itself(&next).as_deref(), Some("ab"));
}

#[test]
fn in_a_frame_or_without_a_worker_nothing_loads_by_itself() {
    let mut visit = Visit::first();
    visit.load();
    assert_eq!(Visit::with(again(&visit), &[]).requests(), []);
    let mut framed = Visit::with(Kept::default(), &["simd"]);
    framed.tell(Msg::Start(Box::new(Start {
        kept: again(&visit),
        framed: true,
        tab: 9,
        hash: String::new(),
        variants: variants(),
        features: vec!["simd".into()],
        models: "manifest".into(),
        recordings: String::new(),
        absolute: str::to_owned,
    })));
    assert_eq!(framed.requests(), []);
}

#[test]
fn a_download_can_be_paused_once_something_of_it_is_kept() {
    let mut visit = downloading();
    assert!(!visit.client.can_pause());
    visit.tell(Msg::Pause);
    assert_eq!(visit.requests().len(), 1, "nothing would be kept");
    part(&mut visit, "ab", 4e6);
    assert!(visit.client.can_pause());
    visit.tell(Msg::Pause);
    assert_eq!(visit.requests().last(), Some(&Request::Pause));
    part(&mut visit, "ab", 41e6);
    visit.fail(About::Load, ProblemKind::Network);
    assert_eq!((visit.client.status(), visit.alert()), (&ModelStatus::Empty, None));
    assert_eq!(visit.client.announcement(), "Paused. 41.0 MB of 98.0 MB are here.");
    let here = |visit: &Visit| (visit.client.first(), visit.client.offered()[0].here);
    assert_eq!(here(&visit), (Some(0), 41e6));
    assert!(visit.client.offered()[0].is_part());
    // After a reload it is offered, and not begun.
    let mut next = next(&visit);
    next.manifest();
    assert_eq!((here(&next), next.requests().len()), ((Some(0), 41e6), 0));
    next.tell(Msg::Load(0));
    next.hello();
    download(&mut next, 42e6);
    assert!(next.client.can_pause());
    next.ready("Smol", Storage::Stored);
    assert!(next.client.offered()[0].is_stored());
    assert_eq!(next.kept("entropix.partial"), None);
}

#[test]
fn a_paused_one_comes_before_a_stored_one() {
    let mut visit = paused();
    visit.tell(Msg::Load(1));
    visit.ready("Big", Storage::Stored);
    let mut next = next(&visit);
    next.manifest();
    next.hello();
    next.tell(Msg::Stop);
    next.fail(About::Load, ProblemKind::Network);
    assert_eq!(next.client.first(), Some(0));
    next.tell(Msg::Forget("ab".into()));
    next.say(Event::Forgotten { sha256: "ab".into() });
    assert_eq!(next.client.first(), Some(1));
    assert!(!next.client.offered()[0].is_part());
}

#[test]
fn what_is_cancelled_is_thrown_away() {
    let mut visit = downloading();
    part(&mut visit, "ab", 4e6);
    visit.tell(Msg::Stop);
    assert_eq!(visit.requests().last(), Some(&Request::Stop));
    part(&mut visit, "ab", 0.0);
    visit.fail(About::Load, ProblemKind::Network);
    assert!(!visit.client.offered()[0].is_part());
    assert_eq!(visit.kept("entropix.partial"), None);
}

#[test]
fn a_download_by_a_worker_that_was_only_coming_is_thrown_away_by_the_other() {
    let mut visit = Visit::first();
    visit.tell(Msg::Open { name: "qwen.gguf".into(), bytes: "qwen" });
    visit.hello();
    visit.fail(About::Load, ProblemKind::Architecture);
    visit.hello();
    visit.ready("qwen.gguf", Storage::OwnFile);
    visit.manifest();
    let generic = visit.newest();
    visit.tell(Msg::Load(0));
    visit.hello();
    part(&mut visit, "ab", 4e6);
    visit.tell(Msg::Stop);
    assert_eq!((visit.newest(), visit.model()), (generic, Some("qwen.gguf")));
    assert_eq!(visit.requests().last(), Some(&Request::Forget { sha256: "ab".into() }));
}

#[test]
fn a_broken_connection_leaves_what_has_come() {
    let mut visit = downloading();
    part(&mut visit, "ab", 20e6);
    visit.fail(About::Load, ProblemKind::Network);
    assert_eq!(visit.alert(), Some((ProblemKind::Network, true)));
    assert!(visit.client.offered()[0].is_part());
    // Of what nobody knows, nothing is noted.
    part(&mut visit, "ff", 20e6);
    assert_eq!(visit.client.offered().len(), 2);
    // Without the list it is still offered.
    let mut next = next(&visit);
    next.tell(Msg::Fetched(Page::Models, Err("status 503".into())));
    assert_eq!((next.client.offered().len(), next.alert()), (1, None));
}

/// A model of a repository, as `<entropix-hub>` tells of it.
const ENTRY: &str = r#"{"name":"New-Q8_0","file":"New-Q8_0.gguf","bytes":7000000,"sha256":"ef","licence":"mit",
    "tried":false,"urls":["https://huggingface.co/a/b/resolve/main/New-Q8_0.gguf"]}"#;

#[test]
fn a_model_of_elsewhere_is_loaded_and_offered_from_then_on() {
    let mut visit = Visit::first();
    visit.manifest();
    for text in ["", "{}", "7", "[]"] {
        visit.tell(Msg::LoadEntry(text.into()));
        assert_eq!((asked(&visit), visit.client.offered().len()), (None, 2), "{text}");
    }
    visit.tell(Msg::LoadEntry(ENTRY.into()));
    assert_eq!(asked(&visit), Some(("New-Q8_0".into(), false)));
    visit.hello();
    visit.ready("New-Q8_0", Storage::Stored);
    // Chosen again it is the same one; one of the list is that of the list.
    visit.tell(Msg::LoadEntry(ENTRY.into()));
    visit.ready("New-Q8_0", Storage::Stored);
    assert_eq!(visit.client.offered().len(), 3);
    visit.tell(Msg::LoadEntry(ENTRY.replace("\"ef\"", "\"cd\"")));
    assert_eq!(asked(&visit), Some(("Big".into(), false)));
    visit.say(Event::Kept { model: model("New-Q8_0") });
    visit.fail(About::Load, ProblemKind::Network);
    // The next visit has it, though no list does.
    visit.tell(Msg::LoadEntry(ENTRY.into()));
    visit.ready("New-Q8_0", Storage::Stored);
    let mut next = next(&visit);
    assert_eq!(asked(&next), Some(("New-Q8_0".into(), true)));
    next.manifest();
    let names: Vec<_> = next.client.offered().iter().map(|it| it.name.as_str()).collect();
    assert_eq!((names, next.client.first()), (vec!["Smol", "Big", "New-Q8_0"], Some(2)));
}

#[test]
fn a_stored_model_is_hashed_again_and_goes_if_it_is_damaged() {
    let mut visit = Visit::loaded();
    visit.tell(Msg::Verify("cd".into()));
    assert_eq!(visit.client.verified("cd"), None, "it is not stored");
    let asked = |visit: &Visit| {
        visit.requests().into_iter().filter(|it| matches!(it, Request::Verify { .. })).count()
    };
    for (verdict, said, stays) in [
        (Verdict::Sound, "checked: its SHA-256 is right", true),
        (Verdict::Unreadable, "can’t be read now; try again later", true),
        (Verdict::Damaged, "was damaged, and is removed", false),
    ] {
        visit.tell(Msg::Verify("ab".into()));
        assert_eq!(visit.client.verified("ab"), Some("checking …"));
        if !stays {
            visit.say(Event::Forgotten { sha256: "ab".into() });
        }
        visit.say(Event::Verified { sha256: "ab".into(), verdict });
        assert_eq!(visit.client.verified("ab"), Some(said));
        assert_eq!(visit.client.stored().len(), usize::from(stays));
    }
    assert_eq!(asked(&visit), 3);
    // Another file by now, of which nothing is known.
    visit.tell(Msg::Load(0));
    visit.ready("Smol", Storage::Stored);
    assert_eq!((visit.client.verified("ab"), visit.client.stored().len()), (None, 1));
    // It was gone already, which is all that is said.
    visit.tell(Msg::Verify("ab".into()));
    visit.say(Event::Forgotten { sha256: "ab".into() });
    assert_eq!((visit.client.verified("ab"), visit.client.stored().len()), (None, 0));
}

#[test]
fn what_a_dead_worker_was_hashing_is_not_said_to_go_on() {
    let mut visit = Visit::loaded();
    visit.tell(Msg::Verify("ab".into()));
    visit.crash();
    assert_eq!(visit.client.verified("ab"), None);
}
