//! Models: of the list, of one's own, refused, cancelled, and several at once.

use super::*;

#[test]
fn a_load_goes_through_its_phases() {
    let mut visit = Visit::first();
    visit.manifest();
    visit.tell(Msg::Load(1));
    assert_eq!(*visit.client.status(), ModelStatus::Starting);
    visit.hello();
    let phase = entropix_protocol::Phase::Download;
    visit.say(Event::Progress { phase, done: 50.0, total: 200.0 });
    assert_eq!(visit.client.status().fraction(), Some(0.25));
    visit.ready("Big", Storage::NotStored { why: "full".into() });
    assert_eq!((visit.model(), visit.client.stored().len()), (Some("Big"), 0));
    assert_eq!(visit.client.announcement(), "Big is ready.");
}

#[test]
fn all_models_of_the_list_are_offered() {
    let mut visit = Visit::first();
    visit.manifest();
    let names: Vec<_> = visit.client.offered().iter().map(|model| model.name.as_str()).collect();
    assert_eq!(names, ["Smol", "Big"]);
}

#[test]
fn what_belongs_to_a_model_goes_with_it() {
    let mut visit = Visit::loaded();
    let b = |visit: &Visit| visit.client.settings().preset(entropix::Preset::B).pause_token;
    let own = entropix::EntropixConfig::preset(entropix::Preset::B).pause_token;
    assert_eq!(b(&visit), 4563);
    visit.tell(Msg::Load(1));
    visit.ready("Big", Storage::Stored);
    assert_eq!(b(&visit), own, "Big has no pause token");
    assert!((visit.client.settings().model.promised.entropy_cut - 3.5).abs() < 1e-12);
    visit.tell(Msg::Open { name: "file".into(), bytes: "f" });
    visit.ready("file", Storage::OwnFile);
    assert_eq!(visit.client.settings().model.promised, entropix::PromisedConfig::default());
    // Nor does it outlive the visit.
    let text = serde_json::to_string(visit.client.settings()).unwrap();
    let again: crate::settings::Settings = serde_json::from_str(&text).unwrap();
    assert_eq!(again.preset(entropix::Preset::B).pause_token, own);
}

#[test]
fn a_refused_file_leaves_the_loaded_model() {
    let mut visit = Visit::loaded();
    visit.tell(Msg::Open { name: "photo.png".into(), bytes: "photo" });
    visit.say(Event::Kept { model: model("Smol") });
    visit.fail(About::Load, ProblemKind::NotAModel);
    assert_eq!(
        (visit.model(), visit.alert()),
        (Some("Smol"), Some((ProblemKind::NotAModel, false)))
    );
}

#[test]
fn a_refused_file_does_not_end_the_answer() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    visit.token("Hi");
    visit.tell(Msg::Open { name: "photo.png".into(), bytes: "photo" });
    assert_eq!(visit.stops(), 0);
    visit.say(Event::Kept { model: model("Smol") });
    visit.fail(About::Load, ProblemKind::NotAModel);
    visit.token(" there");
    visit.done(Finish::EndOfTurn);
    assert_eq!(visit.shown(), ["Hello", "Hi there"]);
    assert_eq!(visit.alert(), Some((ProblemKind::NotAModel, false)));
}

/// One with a file loaded by the worker for any architecture.
fn generic() -> Visit {
    let mut visit = Visit::loaded();
    visit.tell(Msg::Open { name: "qwen.gguf".into(), bytes: "qwen" });
    visit.say(Event::Kept { model: model("Smol") });
    visit.fail(About::Load, ProblemKind::Architecture);
    assert_eq!(visit.alert(), None);
    visit.hello();
    visit.ready("qwen.gguf", Storage::OwnFile);
    assert_eq!((visit.scripts(), visit.model()), (vec!["/generic.js"], Some("qwen.gguf")));
    visit.seen.clear();
    visit
}

fn peek(visit: &mut Visit, is_model: bool) {
    let number = visit.seen.iter().rev().find_map(|effect| match effect {
        Effect::Peek { number, .. } => Some(*number),
        _ => None,
    });
    visit.tell(Msg::Peeked { number: number.unwrap(), is_model });
}

#[test]
fn a_photo_does_not_cost_a_model_of_another_architecture() {
    let mut visit = generic();
    visit.tell(Msg::Open { name: "photo.png".into(), bytes: "photo" });
    peek(&mut visit, false);
    assert_eq!(visit.last_load().unwrap().1, "photo.png /generic.js");
    visit.say(Event::Kept { model: model("qwen.gguf") });
    visit.fail(About::Load, ProblemKind::NotAModel);
    assert_eq!((visit.scripts(), visit.model()), (vec!["/generic.js"], Some("qwen.gguf")));
}

#[test]
fn a_file_that_no_worker_runs_leaves_the_loaded_model() {
    let mut visit = generic();
    visit.send("Hello");
    visit.token("Hi");
    visit.tell(Msg::Open { name: "mamba.gguf".into(), bytes: "mamba" });
    peek(&mut visit, true);
    assert_eq!(visit.last_load().unwrap().1, "mamba.gguf /simd.js");
    visit.hello();
    visit.fail(About::Load, ProblemKind::Architecture);
    assert_eq!(visit.last_load().unwrap().1, "mamba.gguf /generic.js");
    assert_eq!(visit.scripts(), ["/generic.js"]);
    visit.say(Event::Kept { model: model("qwen.gguf") });
    visit.fail(About::Load, ProblemKind::Architecture);
    assert_eq!(
        (visit.model(), visit.alert()),
        (Some("qwen.gguf"), Some((ProblemKind::Architecture, false)))
    );
    visit.token(" there");
    assert_eq!(visit.shown(), ["Hello", "Hi there"], "the answer went on");
}

#[test]
fn the_engines_own_file_goes_back_to_its_worker() {
    let mut visit = generic();
    visit.send("Hello");
    visit.token("Hi");
    visit.tell(Msg::Open { name: "llama.gguf".into(), bytes: "llama" });
    peek(&mut visit, true);
    visit.hello();
    visit.ready("llama.gguf", Storage::OwnFile);
    assert_eq!((visit.scripts(), visit.model()), (vec!["/simd.js"], Some("llama.gguf")));
    assert_eq!(
        (visit.shown(), visit.client.is_running()),
        (vec!["Hello".into(), "Hi".into()], false)
    );
}

#[test]
fn a_model_that_breaks_while_it_is_built_makes_room_for_the_earlier_one() {
    let mut visit = Visit::loaded();
    visit.tell(Msg::Open { name: "cut.gguf".into(), bytes: "cut" });
    // No word that the earlier one is kept: it had to make room.
    visit.fail(About::Load, ProblemKind::Truncated);
    assert_eq!(visit.last_load().unwrap().1, "Smol /simd.js");
    visit.ready("Smol", Storage::OwnFile);
    assert_eq!(
        (visit.model(), visit.alert()),
        (Some("Smol"), Some((ProblemKind::Truncated, false)))
    );
}

#[test]
fn an_earlier_model_that_can_not_be_brought_back_is_given_up() {
    let mut visit = Visit::loaded();
    visit.tell(Msg::Open { name: "cut.gguf".into(), bytes: "cut" });
    visit.fail(About::Load, ProblemKind::Truncated);
    visit.fail(About::Load, ProblemKind::Browser);
    assert_eq!(
        (visit.client.status(), visit.alert()),
        (&ModelStatus::Empty, Some((ProblemKind::Browser, true)))
    );
}

#[test]
fn a_cancelled_load_ends_quietly() {
    let mut visit = Visit::first();
    visit.manifest();
    visit.tell(Msg::Load(0));
    visit.hello();
    visit.tell(Msg::Stop);
    assert_eq!((visit.stops(), visit.client.status()), (1, &ModelStatus::Empty));
    let phase = entropix_protocol::Phase::Download;
    visit.say(Event::Progress { phase, done: 1.0, total: 2.0 });
    assert_eq!(*visit.client.status(), ModelStatus::Empty);
    visit.fail(About::Load, ProblemKind::Network);
    assert_eq!((visit.alert(), visit.client.status()), (None, &ModelStatus::Empty));
}

#[test]
fn a_cancelled_load_gives_back_the_earlier_model() {
    let mut visit = Visit::loaded();
    visit.tell(Msg::Load(1));
    visit.tell(Msg::Stop);
    visit.say(Event::Kept { model: model("Smol") });
    visit.fail(About::Load, ProblemKind::Network);
    assert_eq!((visit.alert(), visit.model()), (None, Some("Smol")));
}

#[test]
fn a_file_dropped_on_a_load_is_loaded_without_a_complaint() {
    let mut visit = Visit::first();
    visit.manifest();
    visit.tell(Msg::Load(0));
    visit.hello();
    visit.tell(Msg::Open { name: "mine.gguf".into(), bytes: "mine" });
    // The worker ends the first one.
    visit.fail(About::Load, ProblemKind::Network);
    assert_eq!(visit.alert(), None);
    visit.ready("mine.gguf", Storage::OwnFile);
    assert_eq!((visit.alert(), visit.model()), (None, Some("mine.gguf")));
}

#[test]
fn a_browser_without_the_powers_is_told_so() {
    let mut visit = Visit::with(Kept::default(), &[]);
    visit.manifest();
    assert!(!visit.client.can_run());
    visit.tell(Msg::Open { name: "mine.gguf".into(), bytes: "mine" });
    assert_eq!((visit.alert(), visit.workers.len()), (Some((ProblemKind::Browser, false)), 0));
}

#[test]
fn stored_models_are_remembered_and_forgotten() {
    let mut visit = Visit::first();
    visit.manifest();
    visit.tell(Msg::Load(0));
    visit.hello();
    visit.ready("Smol", Storage::Stored);
    assert!(visit.kept("entropix.model").unwrap().contains("smol.gguf"));
    visit.tell(Msg::Load(1));
    visit.ready("Big", Storage::Stored);
    let stored = |visit: &Visit| -> Vec<String> {
        visit.client.stored().iter().map(|model| model.name.clone()).collect()
    };
    assert_eq!(stored(&visit), ["Big", "Smol"]);
    visit.tell(Msg::Load(0));
    visit.ready("Smol", Storage::Stored);
    assert_eq!(stored(&visit), ["Smol", "Big"]);
    let kept = visit.kept("entropix.model").unwrap();
    visit.tell(Msg::Forget("ab".into()));
    assert_eq!(visit.requests().last(), Some(&Request::Forget { sha256: "ab".into() }));
    visit.say(Event::Forgotten { sha256: "ab".into() });
    assert_eq!(stored(&visit), ["Big"]);
    visit.say(Event::Forgotten { sha256: "cd".into() });
    assert_eq!((stored(&visit).len(), visit.kept("entropix.model")), (0, None));
    // The next visit knows them; one that an earlier page kept is a list of one.
    let of = |model: &str| Kept { model: Some(model.to_owned()), ..Kept::default() };
    assert_eq!(stored(&Visit::with(of(&kept), &["simd"])), ["Smol", "Big"]);
    let one = &kept[1..kept.find(",{").unwrap()];
    assert_eq!(stored(&Visit::with(of(one), &["simd"])), ["Smol"]);
}
