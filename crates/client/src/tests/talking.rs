//! Questions, answers, and what comes between.

use super::*;

#[test]
fn an_answer_streams_and_ends() {
    let mut visit = Visit::loaded();
    visit.send(" Hello ");
    assert_eq!(visit.client.draft().text(), "");
    assert!(visit.client.is_running());
    visit.step(Step::Prefill { done: 3, total: 9 });
    visit.token("Hi");
    visit.token(" there");
    let stats = Stats { prompt_tokens: 9, tokens: 2, ..Stats::default() };
    visit.step(Step::Done { finish: Finish::MaxTokens, stats });
    assert_eq!(
        (visit.shown(), visit.client.is_running()),
        (vec!["Hello".into(), "Hi there".into()], false)
    );
    assert_eq!(visit.client.announcement(), "Hi there");
    assert_eq!(visit.client.stats(), Some(stats));
    visit.send("And now?");
    assert_eq!(texts(&visit.generations().last().unwrap().1), ["Hello", "Hi there", "And now?"]);
}

#[test]
fn a_message_of_an_answer_that_is_gone_changes_nothing() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    let id = visit.generation();
    visit.token("Hi");
    visit.done(Finish::EndOfTurn);
    let before = visit.client.conversation().clone();
    for id in [id, id + 1, 99] {
        visit.say(Event::Generation { id, step: token("late") });
        visit.fail(About::Generation { id }, ProblemKind::Sampler);
        visit.say(Event::Measured { id: 12345, tokens: 1, context_length: 2 });
    }
    assert_eq!(*visit.client.conversation(), before);
    assert_eq!((visit.alert(), visit.client.draft().measured()), (None, None));
}

#[test]
fn a_question_that_is_too_long_comes_back_and_the_next_one_works() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    visit.token("Hi");
    visit.done(Finish::EndOfTurn);
    let long = "word ".repeat(9000);
    visit.send(&long);
    let id = visit.generation();
    visit.fail(About::Generation { id }, ProblemKind::PromptTooLong);
    assert_eq!(visit.client.draft().text(), long.trim());
    let alert = visit.client.alert().unwrap();
    assert_eq!(alert.problem.advice, "Shorten the message.");
    visit.send("Short");
    assert_eq!(texts(&visit.generations().last().unwrap().1), ["Hello", "Hi", "Short"]);
    assert_eq!(visit.shown(), ["Hello", "Hi", "Short", ""]);
    assert_eq!(visit.alert(), None);
}

#[test]
fn what_was_typed_meanwhile_is_not_overwritten() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    visit.tell(Msg::Draft("my next thought".into()));
    visit.done(Finish::Stopped);
    assert_eq!(visit.client.draft().text(), "my next thought");
    visit.send("my next thought");
    assert_eq!(
        texts(&visit.generations().last().unwrap().1),
        ["my next thought"],
        "roles alternate"
    );
}

#[test]
fn the_advice_names_what_is_much() {
    let mut visit = Visit::loaded();
    for (system, draft, advice) in [
        (9000, 2, "Shorten the system prompt."),
        (0, 9000, "Shorten the message."),
        (5000, 5000, "Shorten the system prompt or shorten the message."),
    ] {
        visit.tell(Msg::System("s ".repeat(system)));
        visit.tell(Msg::Draft("d ".repeat(draft)));
        visit.wait(400.0);
        let id = visit.requests().iter().rev().find_map(|request| match request {
            Request::Measure { id, .. } => Some(*id),
            _ => None,
        });
        visit.say(Event::Measured { id: id.unwrap(), tokens: 9015, context_length: 8192 });
        let words = "Too long: 9,015 tokens, and the context holds 8,192. ";
        let meter = visit.client.meter().unwrap();
        assert_eq!((meter.text, meter.too_long), (format!("{words}{advice}"), true));
    }
    visit.tell(Msg::System(String::new()));
    visit.send("Hello");
    visit.token(&"long ".repeat(9000));
    visit.done(Finish::ContextFull);
    visit.send("Hi");
    let id = visit.generation();
    visit.fail(About::Generation { id }, ProblemKind::PromptTooLong);
    assert_eq!(visit.client.alert().unwrap().problem.advice, "Start a new chat.");
}

#[test]
fn the_draft_is_measured_when_it_rests() {
    let mut visit = Visit::loaded();
    let measures = |visit: &Visit| {
        let is = |request: &&Request| matches!(request, Request::Measure { .. });
        visit.requests().iter().filter(is).count()
    };
    for text in ["H", "He", "Hel"] {
        visit.tell(Msg::Draft(text.into()));
        visit.wait(200.0);
    }
    assert_eq!(measures(&visit), 0);
    visit.wait(200.0);
    assert_eq!(measures(&visit), 1);
    assert_eq!(visit.kept_draft("").as_deref(), Some("\"Hel\""));
    // Not while an answer is written, nor of nothing.
    visit.tell(Msg::Send);
    visit.tell(Msg::Draft("next".into()));
    visit.wait(400.0);
    assert_eq!(measures(&visit), 1);
    visit.token("Hi");
    visit.done(Finish::EndOfTurn);
    visit.wait(400.0);
    assert_eq!(measures(&visit), 2);
    // A draft that can't be measured is no reason to shout.
    visit.fail(About::Measure { id: 1 }, ProblemKind::Template);
    assert_eq!(visit.alert(), None);
}

#[test]
fn a_new_chat_and_a_suggestion_at_once_wait_for_the_old_answer() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    visit.token("Hi");
    let old = visit.generation();
    visit.tell(Msg::NewChat);
    visit.tell(Msg::Suggest("What is the capital of France?".into()));
    assert_eq!(visit.generations().len(), 1, "the worker is still busy");
    visit.say(Event::Generation { id: old, step: token("late") });
    assert_eq!(visit.shown(), ["What is the capital of France?", ""]);
    let done = Step::Done { finish: Finish::Stopped, stats: Stats::default() };
    visit.say(Event::Generation { id: old, step: done });
    assert_eq!(visit.generations().len(), 2);
    visit.token("Paris");
    visit.done(Finish::EndOfTurn);
    assert_eq!(visit.shown(), ["What is the capital of France?", "Paris"]);
    // One that waits can be stopped, too.
    visit.send("More");
    visit.tell(Msg::NewChat);
    visit.send("Well?");
    visit.tell(Msg::Stop);
    assert!(!visit.client.is_running());
    assert_eq!(visit.client.draft().text(), "Well?");
}

#[test]
fn ids_stay_with_their_vocabulary() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    visit.token("Hi");
    visit.done(Finish::Stopped);
    visit.send("Same model");
    assert_eq!(visit.generations().last().unwrap().1[1].ids, Some(vec![7]));
    visit.token("Yes");
    visit.done(Finish::Stopped);
    visit.tell(Msg::Open { name: "other.gguf".into(), bytes: "other" });
    visit.ready("other.gguf", Storage::OwnFile);
    visit.send("Another model");
    let (_, sent) = visit.generations().pop().unwrap();
    assert_eq!(texts(&sent), ["Hello", "Hi", "Same model", "Yes", "Another model"]);
    assert!(sent.iter().all(|message| message.ids.is_none()));
}

#[test]
fn versions_can_be_chosen() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    visit.token("Hi");
    visit.done(Finish::Stopped);
    let first = visit.client.conversation().path()[1].id;
    visit.tell(Msg::Regenerate { same_seed: false });
    visit.token("Ho");
    visit.tell(Msg::Choose(first));
    assert_eq!(visit.shown(), ["Hello", "Ho"], "not while one is made");
    visit.done(Finish::Stopped);
    visit.tell(Msg::Choose(first));
    assert_eq!(visit.shown(), ["Hello", "Hi"]);
    visit.seen.clear();
    visit.tell(Msg::Export(first));
    let Some(Effect::Download { text, .. }) = visit.seen.first() else { panic!("no download") };
    let trace: entropix_protocol::Trace = serde_json::from_str(text).unwrap();
    assert_eq!((trace.text(), trace.model.as_str()), ("Hi".into(), "Smol"));
}

#[test]
fn without_a_model_a_suggestion_goes_into_the_composer() {
    let mut visit = Visit::first();
    visit.tell(Msg::Suggest("What?".into()));
    assert_eq!(visit.client.draft().text(), "What?");
    visit.tell(Msg::Send);
    assert_eq!((visit.client.draft().text(), visit.shown().len()), ("What?", 0), "nothing is lost");
}

#[test]
fn a_question_in_other_words_is_kept_beside_the_earlier_one() {
    let mut visit = Visit::loaded();
    for (question, answer) in [("Hello", "Hi"), ("More", "Yes")] {
        visit.send(question);
        visit.token(answer);
        visit.done(Finish::EndOfTurn);
    }
    let turn = |visit: &Visit, at: usize| visit.client.conversation().path()[at].id;
    let (first, second) = (turn(&visit, 0), turn(&visit, 2));
    visit.tell(Msg::Draft("not sent".into()));
    visit.tell(Msg::Edit(second, "Less".into()));
    assert_eq!(texts(&visit.generations().last().unwrap().1), ["Hello", "Hi", "Less"]);
    visit.tell(Msg::Edit(first, "Now?".into()));
    assert_eq!(visit.shown()[2], "Less", "not in the middle of an answer");
    visit.token("No");
    visit.done(Finish::EndOfTurn);
    assert_eq!(visit.shown(), ["Hello", "Hi", "Less", "No"]);
    assert_eq!(visit.client.draft().text(), "not sent");
    visit.tell(Msg::Choose(second));
    assert_eq!(visit.shown(), ["Hello", "Hi", "More", "Yes"]);
    // Both are there after a reload, and the one that was shown is.
    let chat = visit.client.chat().to_owned();
    let kept = Kept { chat: Some(chat), ..Kept::default() };
    let mut next = Visit::at(visit.store.clone(), kept, &["simd"]);
    assert_eq!(next.shown(), ["Hello", "Hi", "More", "Yes"]);
    let other = next.client.conversation().versions(second)[1];
    next.tell(Msg::Choose(other));
    assert_eq!(next.shown(), ["Hello", "Hi", "Less", "No"]);
}

#[test]
fn a_question_in_other_words_that_is_refused_comes_back() {
    let mut visit = Visit::loaded();
    visit.send("Hello");
    visit.token("Hi");
    visit.done(Finish::EndOfTurn);
    let first = visit.client.conversation().path()[0].id;
    visit.tell(Msg::Edit(first, "Too long".into()));
    let id = visit.generation();
    visit.fail(About::Generation { id }, ProblemKind::PromptTooLong);
    assert_eq!(visit.client.draft().text(), "Too long");
    visit.tell(Msg::Choose(first));
    assert_eq!(visit.shown(), ["Hello", "Hi"]);
}

#[test]
fn the_sampler_of_the_recipe_is_the_one_that_is_set() {
    let mut visit = Visit::loaded();
    let choice = entropix::SamplerKind::Greedy;
    let settings = crate::settings::Settings { choice, ..visit.client.settings().clone() };
    visit.tell(Msg::Settings(Box::new(settings)));
    visit.send("Hello");
    let sampler = visit.requests().into_iter().find_map(|request| match request {
        Request::Generate { recipe, .. } => Some(recipe.sampler),
        _ => None,
    });
    assert_eq!(sampler, Some(SamplerConfig::Greedy));
    assert_ne!(*visit.client.status(), ModelStatus::Empty);
}
