//! Several answers to one question that begin together.

use super::*;

#[test]
fn answers_that_begin_together_are_versions() {
    let mut conversation = Conversation::default();
    let answers = conversation.ask_all("Hello", vec![made(), made_with("w"), made()]);
    assert_eq!(answers, [2, 3, 4]);
    assert_eq!(conversation.versions(answers[1]), answers);
    assert_eq!(conversation.path().last().unwrap().id, answers[0]);
    // The one that is shown may be over before the others.
    conversation.apply(answers[0], token(10, "Hi"));
    conversation.apply(answers[0], done(Finish::MaxTokens));
    assert!(conversation.is_running());
    assert_eq!(conversation.ask("And now?", made()), None);
    conversation.apply(answers[1], token(11, "Ho"));
    for &answer in &answers[1..] {
        assert_eq!(conversation.apply(answer, done(Finish::Stopped)), Change::Over);
    }
    assert!(!conversation.is_running());
    conversation.choose(answers[1]);
    let next = conversation.ask("And now?", made()).unwrap();
    assert_eq!(texts(&conversation.messages(next)), ["Hello", "Ho", "And now?"]);
    assert!(conversation.ask_all("x", Vec::new()).is_empty());
}

#[test]
fn a_question_that_no_way_answered_leaves_nothing() {
    let mut conversation = Conversation::default();
    exchange(&mut conversation, "Hello", &["Hi"]);
    let before = conversation.clone();
    for answer in conversation.ask_all("And now?", vec![made(), made()]) {
        conversation.apply(answer, done(Finish::Stopped));
    }
    conversation.ask("What?", made()).unwrap();
    assert_eq!(conversation.turns().len(), before.turns().len() + 2);
}
