//! What people do with a conversation, and that no order of it breaks anything.

mod caught_up;
mod kept;
mod parted;
mod together;

use entropix::{Action, Decision, SamplerConfig, Uncertainty};
use entropix_protocol::{
    AttentionEntropy, Beginning, ChatMessage, Finish, Given, Recipe, Role, Seed, Stats, Step,
    TokenEntry,
};
use proptest::prelude::*;

use crate::{Change, Conversation, Made, Progress};

fn made_with(vocabulary: &str) -> Made {
    Made {
        recipe: Recipe {
            sampler: SamplerConfig::Greedy,
            seed: Seed(7),
            max_tokens: 64,
            attention: true,
            one_line: false,
        },
        system: String::new(),
        model: "m".into(),
        vocabulary: vocabulary.into(),
        fork: None,
    }
}

fn made() -> Made {
    made_with("v")
}

fn entry(token: u32, text: &str) -> TokenEntry {
    let decision: Decision = serde_json::from_value(serde_json::json!({
        "uncertainty": Uncertainty::default(),
        "action": Action::Argmax,
        "token": token,
        "sentence": "take the most probable token",
    }))
    .unwrap();
    let attention = AttentionEntropy { heads: 9, keys: 3, bits: vec![1.25; 270] };
    TokenEntry {
        text: text.into(),
        label: text.into(),
        p: 0.5,
        rank: 0,
        decision,
        top: Vec::new(),
        sketch: None,
        branch_texts: Vec::new(),
        attention: Some(attention),
    }
}

fn token(token: u32, text: &str) -> Step {
    Step::Token { entry: Box::new(entry(token, text)) }
}

fn done(finish: Finish) -> Step {
    Step::Done { finish, stats: Stats { prompt_tokens: 9, ..Stats::default() } }
}

/// Asks, and answers with these words.
fn exchange(conversation: &mut Conversation, question: &str, words: &[&str]) -> u32 {
    let answer = conversation.ask(question, made()).unwrap();
    for (id, word) in words.iter().enumerate() {
        assert_eq!(conversation.apply(answer, token(id as u32 + 10, word)), Change::Tokens);
    }
    conversation.apply(answer, token(2, ""));
    assert_eq!(conversation.apply(answer, done(Finish::EndOfTurn)), Change::Over);
    answer
}

fn texts(messages: &[ChatMessage]) -> Vec<&str> {
    messages.iter().map(|message| message.content.as_str()).collect()
}

#[test]
fn an_answer_goes_into_the_next_prompt_with_its_ids() {
    let mut conversation = Conversation::default();
    exchange(&mut conversation, " Hello ", &["Hi", " there"]);
    let answer =
        conversation.ask("And now?", Made { system: " Be brief. ".into(), ..made() }).unwrap();
    let sent = conversation.messages(answer);
    assert_eq!(texts(&sent), ["Be brief.", "Hello", "Hi there", "And now?"]);
    let roles: Vec<Role> = sent.iter().map(|message| message.role).collect();
    assert_eq!(roles, [Role::System, Role::User, Role::Assistant, Role::User]);
    // Without the end-of-generation token.
    assert_eq!(sent[2].ids, Some(vec![10, 11]));
}

#[test]
fn ids_of_another_vocabulary_are_not_sent() {
    let mut conversation = Conversation::default();
    exchange(&mut conversation, "Hello", &["Hi"]);
    for (vocabulary, ids) in [("v", Some(vec![10])), ("w", None)] {
        let draft = conversation.messages_with("And now?", "", vocabulary);
        assert_eq!(draft[1].ids, ids, "{vocabulary}");
    }
    let answer = conversation.ask("And now?", made_with("w")).unwrap();
    let sent = conversation.messages(answer);
    assert_eq!((texts(&sent), &sent[1].ids), (vec!["Hello", "Hi", "And now?"], &None));
}

#[test]
fn nothing_is_said_twice_or_empty() {
    let mut conversation = Conversation::default();
    assert_eq!(conversation.ask("  \n", made()), None);
    assert!(conversation.is_empty());
    assert!(conversation.ask("a", made()).is_some());
    assert_eq!(conversation.ask("b", made()), None);
    assert_eq!(conversation.ask_again(made()), None);
    assert_eq!(conversation.path().len(), 2);
}

#[test]
fn a_question_without_an_answer_makes_room_for_the_next_one() {
    type End = fn(&mut Conversation, u32);
    let ends: [(&str, End); 4] = [
        ("refused", |it, id| {
            it.fail(id);
        }),
        ("broken", |it, id| {
            it.interrupt(id);
        }),
        ("stopped", |it, id| {
            it.apply(id, done(Finish::Stopped));
        }),
        ("taken back", |it, id| {
            it.apply(id, token(1, "x"));
            it.apply(id, Step::Retract { to: 0, reason: Box::new(entry(1, "").decision) });
            it.apply(id, done(Finish::Stopped));
        }),
    ];
    for (name, end) in ends {
        let mut conversation = Conversation::default();
        exchange(&mut conversation, "Hello", &["Hi"]);
        let lost = conversation.ask("a far too long question", made()).unwrap();
        end(&mut conversation, lost);
        assert_eq!(conversation.path().len(), 4, "{name}: it is still shown");
        assert_eq!(conversation.question(lost), Some("a far too long question"));
        let draft = conversation.messages_with("Well?", "", "v");
        assert_eq!(texts(&draft), ["Hello", "Hi", "Well?"], "{name}");
        let answer = conversation.ask("Well?", made()).unwrap();
        assert_eq!(texts(&conversation.messages(answer)), ["Hello", "Hi", "Well?"], "{name}");
        assert_eq!(conversation.path().len(), 4, "{name}: it is gone");
        // Or asked again, as it is.
        conversation.fail(answer);
        let again = conversation.ask_again(made()).unwrap();
        assert_eq!(conversation.versions(again), [again], "{name}");
        assert_eq!(texts(&conversation.messages(again)), ["Hello", "Hi", "Well?"], "{name}");
    }
}

#[test]
fn asked_again_the_earlier_answer_stays() {
    let mut conversation = Conversation::default();
    let first = exchange(&mut conversation, "Hello", &["Hi"]);
    let second = conversation.ask_again(made()).unwrap();
    assert_eq!(texts(&conversation.messages(second)), ["Hello"]);
    conversation.apply(second, token(12, "Ho"));
    conversation.apply(second, done(Finish::MaxTokens));
    assert_eq!(conversation.versions(first), [first, second]);
    exchange(&mut conversation, "Next", &["Yes"]);
    assert_eq!(
        texts(&conversation.messages_with("?", "", "v")),
        ["Hello", "Ho", "Next", "Yes", "?"]
    );
    conversation.choose(first);
    assert_eq!(texts(&conversation.messages_with("?", "", "v")), ["Hello", "Hi", "?"]);
    conversation.choose(second);
    assert_eq!(conversation.path().len(), 4, "down to the end of what follows it");
    // A new version that comes to nothing leaves the earlier one in what is sent.
    let third = conversation.ask_again(made()).unwrap();
    conversation.fail(third);
    let draft = conversation.messages_with("?", "", "v");
    assert_eq!(texts(&draft), ["Hello", "Ho", "Next", "Yes", "?"]);
}

#[test]
fn a_fork_keeps_what_came_before_its_word() {
    let mut conversation = Conversation::default();
    let first = exchange(&mut conversation, "Hello", &["Hi", " there", ", you"]);
    exchange(&mut conversation, "Next", &["Yes"]);
    let fork = conversation.fork(first, 1, Given::Token(77)).unwrap();
    assert_eq!(conversation.fork(first, 0, Given::Token(77)), None, "one at a time");
    assert_eq!(conversation.versions(first), [first, fork]);
    let answer = conversation.answer(fork).unwrap();
    assert_eq!(answer.beginning(), Beginning { kept: vec![10], then: Given::Token(77) });
    assert_eq!(texts(&conversation.messages(fork)), ["Hello"]);
    conversation.apply(fork, Step::Prefill { done: 9, total: 10 });
    conversation.apply(fork, token(77, " you"));
    let answer = conversation.answer(fork).unwrap();
    assert_eq!((answer.text().as_str(), answer.prompt_tokens), ("Hi you", 9));
    // Broken off it goes on by itself, and stays one version.
    conversation.interrupt(fork);
    assert!(conversation.resume(fork) && !conversation.resume(fork));
    let beginning = conversation.answer(fork).unwrap().beginning();
    assert_eq!(beginning, Beginning { kept: vec![10, 77], then: Given::Nothing });
    conversation.apply(fork, done(Finish::EndOfTurn));
    assert!(!conversation.resume(fork), "it is complete");
    assert_eq!(conversation.fork(fork, 2, Given::Nothing), None, "it has two tokens");
    assert_eq!(again(&conversation), conversation);
    // What followed the earlier one is still there.
    conversation.choose(first);
    assert_eq!(conversation.path().len(), 4);
}

#[test]
fn what_comes_after_the_end_is_ignored() {
    let mut conversation = Conversation::default();
    let answer = exchange(&mut conversation, "Hello", &["Hi"]);
    let before = conversation.clone();
    assert_eq!(conversation.apply(answer, token(1, "late")), Change::Nothing);
    assert_eq!(conversation.apply(999, token(1, "nobody")), Change::Nothing);
    assert_eq!(conversation.interrupt(answer), Change::Nothing);
    assert_eq!(conversation, before);
    conversation.clear();
    assert_eq!(conversation.apply(answer, token(1, "gone")), Change::Nothing);
    assert!(conversation.ask("new", made()).unwrap() > answer, "ids are never used twice");
}

#[test]
fn a_trace_goes_out_and_comes_back() {
    let mut conversation = Conversation::default();
    exchange(&mut conversation, "Hello", &["Hi"]);
    let turn = exchange(&mut conversation, "More", &["Yes", " more"]);
    let trace = conversation.trace(turn, "test").unwrap();
    assert_eq!(trace.text(), "Yes more");
    assert_eq!(trace.messages.len(), 3);
    let mut again = Conversation::recorded(trace.clone());
    assert!(again.is_recorded() && !again.can_ask_again() && again.is_sound());
    let turn = again.path().last().unwrap().id;
    assert_eq!(again.trace(turn, "test"), Some(trace));
    // It makes room for the conversation.
    assert_eq!(texts(&again.messages_with("x", "", "v")), ["x"]);
    let answer = again.ask("new", made()).unwrap();
    assert_eq!(texts(&again.messages(answer)), ["new"]);
    assert!(!again.is_recorded());
}

#[test]
fn a_question_asked_otherwise_stands_beside_the_earlier_one() {
    let mut conversation = Conversation::default();
    exchange(&mut conversation, "Hello", &["Hi"]);
    exchange(&mut conversation, "More", &["Yes"]);
    let answer = conversation.ask_instead(1, " Good day ", made()).unwrap();
    assert_eq!(texts(&conversation.messages(answer)), ["Good day"]);
    assert_eq!(conversation.ask_instead(1, "Now?", made()), None, "an answer is being made");
    conversation.interrupt(answer);
    let path: Vec<u32> = conversation.path().iter().map(|turn| turn.id).collect();
    assert_eq!(path, [5, 6]);
    assert_eq!((conversation.versions(5), conversation.versions(1)), (vec![1, 5], vec![1, 5]));
    conversation.choose(1);
    assert_eq!(
        texts(&conversation.messages_with("?", "", "v")),
        ["Hello", "Hi", "More", "Yes", "?"]
    );
    // The same words are no other question.
    let again = conversation.ask_instead(3, "More", made()).unwrap();
    assert_eq!(conversation.versions(again), [4, 7]);
    conversation.interrupt(again);
    for (turn, text) in [(4, "An answer"), (3, "  "), (99, "Nothing")] {
        assert_eq!(conversation.ask_instead(turn, text, made()), None, "{turn} {text}");
    }
    assert!(conversation.is_sound());
}

fn read(texts: &[String], head: Option<u32>, last: u32) -> (Conversation, usize) {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    Conversation::read(&texts, head, last)
}

/// As it is kept and read again.
fn again(conversation: &Conversation) -> Conversation {
    let texts: Vec<String> = conversation.turns.iter().map(crate::Turn::to_text).collect();
    let (again, missing) = read(&texts, conversation.head, conversation.last);
    assert_eq!(missing, 0);
    again
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Ask(bool),
    AskAll(bool),
    AskAgain(bool),
    Token(u32),
    Retract(u32),
    Done(bool),
    Fail,
    Interrupt,
    Choose(u32),
    Fork(u32, u32),
    Resume(u32),
    Clear,
    Keep,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => any::<bool>().prop_map(Act::Ask),
        2 => any::<bool>().prop_map(Act::AskAll),
        3 => any::<bool>().prop_map(Act::AskAgain),
        6 => (0..9u32).prop_map(Act::Token),
        1 => (0..3u32).prop_map(Act::Retract),
        4 => any::<bool>().prop_map(Act::Done),
        1 => Just(Act::Fail),
        1 => Just(Act::Interrupt),
        2 => (0..40u32).prop_map(Act::Choose),
        3 => (0..40u32, 0..4u32).prop_map(|(id, at)| Act::Fork(id, at)),
        2 => (0..40u32).prop_map(Act::Resume),
        1 => Just(Act::Clear),
        1 => Just(Act::Keep),
    ]
}

fn vocabulary(other: bool) -> &'static str {
    if other { "w" } else { "v" }
}

fn play(conversation: &mut Conversation, act: Act, running: u32) -> Option<u32> {
    match act {
        Act::Ask(other) => return conversation.ask("question", made_with(vocabulary(other))),
        Act::AskAll(other) => {
            let ways = vec![made(), made_with(vocabulary(other)), made()];
            let mut answers = conversation.ask_all("question", ways);
            let last = answers.pop();
            for answer in answers {
                conversation.apply(answer, done(Finish::Stopped));
            }
            return last;
        }
        Act::AskAgain(other) => return conversation.ask_again(made_with(vocabulary(other))),
        Act::Token(id) => {
            conversation.apply(running, token(id, "x"));
        }
        Act::Retract(to) => {
            let reason = Box::new(entry(1, "").decision);
            conversation.apply(running, Step::Retract { to, reason });
        }
        Act::Done(end) => {
            let finish = if end { Finish::EndOfTurn } else { Finish::Stopped };
            conversation.apply(running, done(finish));
        }
        Act::Fail => {
            conversation.fail(running);
        }
        Act::Interrupt => {
            conversation.interrupt(running);
        }
        Act::Choose(id) => conversation.choose(id),
        Act::Fork(id, at) => return conversation.fork(id, at, Given::Token(5)),
        Act::Resume(id) => return conversation.resume(id).then_some(id),
        Act::Clear => conversation.clear(),
        Act::Keep => {
            if !conversation.is_recorded() {
                *conversation = again(conversation);
            }
        }
    }
    None
}

fn assert_sendable(messages: &[ChatMessage], own: &str, other: &str) -> Result<(), TestCaseError> {
    for (at, message) in messages.iter().enumerate() {
        let role = if at % 2 == 0 { Role::User } else { Role::Assistant };
        prop_assert_eq!(message.role, role, "{:?} for {} and {}", messages, own, other);
    }
    prop_assert_eq!(messages.len() % 2, 1, "the person speaks last");
    Ok(())
}

proptest! {
    #[test]
    fn no_order_of_doings_breaks_the_tree(acts in proptest::collection::vec(act(), 1..60)) {
        let mut conversation = Conversation::default();
        let mut running = 0;
        for act in acts {
            if let Some(answer) = play(&mut conversation, act, running) {
                running = answer;
                assert_sendable(&conversation.messages(answer), "answer", "")?;
            }
            prop_assert!(conversation.is_sound(), "{:?}", conversation);
            for own in ["v", "w"] {
                let draft = conversation.messages_with("draft", "", own);
                assert_sendable(&draft, own, "draft")?;
            }
            let path = conversation.path();
            prop_assert!(path.windows(2).all(|pair| pair[1].parent == Some(pair[0].id)));
            prop_assert_eq!(path.is_empty(), conversation.is_empty());
            prop_assert!(path.first().is_none_or(|turn| turn.parent.is_none()));
        }
    }
}
