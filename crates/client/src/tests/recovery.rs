//! Workers that die, fall silent, never speak or speak another version.

use super::*;
use entropix_conversation::Progress;

fn progress(visit: &Visit) -> Option<Progress> {
    let last = visit.client.conversation().path().last()?.id;
    Some(visit.client.conversation().answer(last)?.progress)
}

#[test]
fn a_worker_that_dies_in_an_answer_is_replaced_with_the_same_model() {
    for kind in [ProblemKind::Crashed, ProblemKind::OutOfMemory] {
        let mut visit = Visit::loaded();
        visit.send("Hello");
        visit.token("Hi");
        let old = visit.newest();
        visit.fail(About::Worker, kind);
        assert_eq!(progress(&visit), Some(Progress::Interrupted));
        assert_eq!(visit.shown(), ["Hello", "Hi"], "what was said stays");
        assert_eq!(visit.alert(), Some((kind, false)));
        let (worker, what, bytes) = visit.last_load().unwrap();
        assert_ne!(worker, old);
        assert_eq!((what.as_str(), bytes), ("Smol /simd.js", Some("its bytes")));
        // What the old one still says is not for us.
        visit.say_as(old, Event::Generation { id: visit.generation(), step: token("late") });
        visit.say_as(old, Event::Failed { about: About::Worker, problem: problem(kind) });
        assert_eq!((visit.shown(), visit.workers.len()), (vec!["Hello".into(), "Hi".into()], 1));
        visit.hello();
        visit.ready("Smol", Storage::OwnFile);
        // As it was stored, not as it came back.
        let ModelStatus::Ready { storage, .. } = visit.client.status() else { panic!("not ready") };
        assert_eq!(*storage, Storage::Stored);
        assert_eq!(visit.client.stored().len(), 1);
        visit.tell(Msg::Regenerate { same_seed: false });
        visit.token("Hi again");
        visit.done(Finish::EndOfTurn);
        let conversation = visit.client.conversation();
        let last = conversation.path().last().unwrap().id;
        assert_eq!(conversation.versions(last).len(), 2, "the half answer is a version");
    }
}

#[test]
fn a_worker_that_dies_while_it_branches_is_replaced_too() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    visit.token("Hi");
    visit.step(Step::Branch { branches: 5, tokens: 3 });
    assert_eq!(progress(&visit), Some(Progress::Branching(5, 3)));
    visit.broken(true);
    assert_eq!(progress(&visit), Some(Progress::Interrupted));
    assert_eq!(visit.last_load().unwrap().2, Some("its bytes"));
}

#[test]
fn a_question_without_a_token_comes_back_when_the_worker_dies() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    visit.step(Step::Prefill { done: 1, total: 9 });
    visit.crash();
    assert_eq!(visit.client.draft().text(), "Hello");
    visit.hello();
    visit.ready("Smol", Storage::OwnFile);
    visit.tell(Msg::Regenerate { same_seed: false });
    assert_eq!(visit.client.draft().text(), "", "it is on its way again");
    assert_eq!(texts(&visit.generations().last().unwrap().1), ["Hello"]);
}

#[test]
fn a_worker_that_dies_while_it_loads_the_first_model_can_be_tried_again() {
    let mut visit = Visit::first();
    visit.manifest();
    visit.tell(Msg::Load(0));
    visit.hello();
    visit.crash();
    assert_eq!(visit.alert(), Some((ProblemKind::Crashed, true)));
    assert_eq!((visit.client.status(), visit.workers.len()), (&ModelStatus::Empty, 0));
    visit.tell(Msg::Retry);
    visit.hello();
    visit.ready("Smol", Storage::Stored);
    assert_eq!((visit.model(), visit.alert()), (Some("Smol"), None));
}

#[test]
fn a_worker_that_dies_of_another_model_brings_back_the_earlier_one() {
    let mut visit = Visit::loaded();
    visit.tell(Msg::Open { name: "huge.gguf".into(), bytes: "huge" });
    visit.fail(About::Worker, ProblemKind::OutOfMemory);
    assert_eq!(visit.last_load().unwrap().1, "Smol /simd.js");
    visit.hello();
    visit.ready("Smol", Storage::OwnFile);
    assert_eq!(
        (visit.model(), visit.alert()),
        (Some("Smol"), Some((ProblemKind::OutOfMemory, false)))
    );
}

#[test]
fn four_deaths_in_a_minute_are_enough() {
    let mut visit = Visit::loaded();
    for death in 1..=4 {
        visit.wait(5_000.0);
        visit.crash();
        assert_eq!(visit.workers.is_empty(), death == 4, "death {death}");
        if death < 4 {
            visit.hello();
            visit.ready("Smol", Storage::OwnFile);
        }
    }
    assert_eq!(visit.alert(), Some((ProblemKind::Crashed, true)));
    // The person may try, and after a minute so may we.
    visit.wait(61_000.0);
    visit.tell(Msg::Retry);
    visit.hello();
    visit.ready("Smol", Storage::Stored);
    visit.crash();
    assert_eq!(visit.workers.len(), 1);
}

#[test]
fn a_worker_that_never_speaks_is_followed_by_the_next_of_its_kind() {
    type End = fn(&mut Visit);
    let ends: [(&str, End); 3] = [
        ("an error", |visit| visit.broken(true)),
        ("words", |visit| visit.fail(About::Worker, ProblemKind::Browser)),
        ("silence", |visit| visit.wait(61_000.0)),
    ];
    for (name, end) in ends {
        let mut visit = Visit::with(Kept::default(), &["simd", "relaxed-simd"]);
        visit.manifest();
        visit.tell(Msg::Load(0));
        assert_eq!(visit.scripts(), ["/relaxed.js"]);
        end(&mut visit);
        assert_eq!(visit.last_load().unwrap().1, "Smol /simd.js", "{name}");
        assert_eq!((visit.scripts(), visit.alert()), (vec!["/simd.js"], None), "{name}");
        end(&mut visit);
        assert!(visit.workers.is_empty(), "{name}");
        assert!(visit.alert().unwrap().1, "{name}: it can be tried again");
        assert_eq!(*visit.client.status(), ModelStatus::Empty);
        visit.tell(Msg::Retry);
        assert_eq!(visit.scripts(), ["/relaxed.js"]);
        visit.hello();
        visit.ready("Smol", Storage::Stored);
        assert_eq!(visit.model(), Some("Smol"), "{name}");
    }
}

#[test]
fn without_a_network_the_words_say_so() {
    let mut visit = Visit::with(Kept::default(), &["simd", "relaxed-simd"]);
    visit.manifest();
    visit.tell(Msg::Load(0));
    visit.broken(false);
    assert_eq!(visit.alert(), Some((ProblemKind::Network, true)));
    assert!(visit.client.alert().unwrap().problem.message.contains("no network"));
    assert!(visit.workers.is_empty());
}

#[test]
fn without_a_network_the_loaded_model_stays() {
    let mut visit = Visit::loaded();
    // The worker that is there finds that it can't read the file.
    visit.tell(Msg::Open { name: "qwen.gguf".into(), bytes: "qwen" });
    visit.say(Event::Kept { model: model("Smol") });
    visit.fail(About::Load, ProblemKind::Architecture);
    assert_eq!(visit.scripts(), ["/simd.js", "/generic.js"]);
    visit.broken(false);
    assert_eq!((visit.scripts(), visit.model()), (vec!["/simd.js"], Some("Smol")));
    assert_eq!(visit.alert(), Some((ProblemKind::Network, false)));
    visit.send("Still there?");
    visit.token("Yes");
    assert_eq!(visit.shown(), ["Still there?", "Yes"]);
}

#[test]
fn another_version_is_refused() {
    let mut visit = Visit::first();
    visit.manifest();
    visit.tell(Msg::Load(0));
    visit.say(Event::Hello { protocol: PROTOCOL_VERSION + 1 });
    assert_eq!(visit.alert(), Some((ProblemKind::Version, false)));
    assert_eq!((visit.client.status(), visit.workers.len()), (&ModelStatus::Empty, 0));
    // A newer generic worker does not cost the model that runs.
    let mut visit = Visit::loaded();
    visit.tell(Msg::Open { name: "qwen.gguf".into(), bytes: "qwen" });
    visit.say(Event::Kept { model: model("Smol") });
    visit.fail(About::Load, ProblemKind::Architecture);
    visit.say(Event::Hello { protocol: PROTOCOL_VERSION + 1 });
    assert_eq!((visit.scripts(), visit.model()), (vec!["/simd.js"], Some("Smol")));
}

#[test]
fn a_worker_that_is_gone_without_a_word_is_found_out_by_stop() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    visit.token("Hi");
    visit.tell(Msg::Stop);
    visit.wait(11_000.0);
    assert_eq!(visit.shown(), ["Hello", "Hi"]);
    assert_eq!(progress(&visit), Some(Progress::Interrupted));
    assert_eq!(visit.alert(), Some((ProblemKind::Crashed, false)));
    assert_eq!(visit.last_load().unwrap().2, Some("its bytes"));
}

#[test]
fn a_new_chat_works_with_a_worker_that_is_gone_without_a_word() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    visit.token("Hi");
    visit.tell(Msg::NewChat);
    visit.send("Are you there?");
    assert_eq!(visit.shown(), ["Are you there?", ""]);
    visit.wait(11_000.0);
    visit.hello();
    visit.ready("Smol", Storage::OwnFile);
    assert_eq!(texts(&visit.generations().last().unwrap().1), ["Are you there?"]);
    visit.token("Yes");
    assert_eq!(visit.shown(), ["Are you there?", "Yes"]);
}

#[test]
fn a_question_to_a_worker_that_is_gone_without_a_word_is_asked_again() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    visit.wait(11_000.0);
    visit.hello();
    visit.ready("Smol", Storage::OwnFile);
    assert_eq!(visit.generations().len(), 2);
    visit.token("Hi");
    assert_eq!(visit.shown(), ["Hello", "Hi"]);
}

#[test]
fn a_file_opens_with_a_worker_that_is_gone_without_a_word() {
    let mut visit = Visit::loaded();
    visit.tell(Msg::Open { name: "other.gguf".into(), bytes: "other" });
    let old = visit.newest();
    visit.wait(11_000.0);
    let (worker, what, bytes) = visit.last_load().unwrap();
    assert_ne!(worker, old);
    assert_eq!((what.as_str(), bytes), ("other.gguf /simd.js", Some("other")));
    visit.hello();
    visit.ready("other.gguf", Storage::OwnFile);
    assert_eq!(visit.model(), Some("other.gguf"));
}

#[test]
fn a_worker_that_works_in_silence_is_asked_first() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    visit.say(Event::Pong);
    let pings = |visit: &Visit| {
        let is_ping = |effect: &&Effect<Bytes>| matches!(effect, Effect::Tell { request, .. } if **request == Request::Ping);
        visit.seen.iter().filter(is_ping).count()
    };
    let asked = pings(&visit);
    for round in 1..5 {
        visit.wait(10_000.0);
        visit.wait(30_000.0);
        assert_eq!((visit.workers.len(), visit.alert()), (1, None), "round {round}");
        assert!(pings(&visit) > asked);
        visit.say(Event::Pong);
    }
    // A page that slept wakes up with a timer long due: the worker slept as well.
    visit.wait(25_000.0);
    visit.now += 60_000.0;
    visit.wait(0.0);
    visit.say(Event::Pong);
    assert_eq!((visit.workers.len(), visit.alert()), (1, None));
    visit.token("Hi");
    assert_eq!(visit.shown(), ["Hello", "Hi"]);
}

#[test]
fn a_worker_that_owes_nothing_is_left_in_peace() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    visit.token("Hi");
    visit.done(Finish::EndOfTurn);
    visit.seen.clear();
    visit.wait(600_000.0);
    let told = visit.requests();
    assert_eq!((told.len(), visit.workers.len()), (0, 1), "{told:?}");
}
