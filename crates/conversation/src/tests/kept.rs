//! What is kept comes back, whatever became of it.

use super::*;

#[test]
fn kept_turns_come_back_and_an_answer_in_the_middle_is_marked() {
    let mut conversation = Conversation::default();
    exchange(&mut conversation, "Hello", &["Hi"]);
    let half = conversation.ask("More", made()).unwrap();
    conversation.apply(half, token(12, "So"));
    let again = again(&conversation);
    assert_eq!(again.answer(half).unwrap().progress, Progress::Interrupted);
    assert_eq!(again.answer(half).unwrap().entries[0].attention, None, "it is written often");
    assert_eq!(again.answer(2), conversation.answer(2));
    assert_eq!(texts(&again.messages_with("?", "", "v")), ["Hello", "Hi", "More", "So", "?"]);
}

#[test]
fn a_damaged_turn_costs_what_follows_it_and_no_more() {
    let mut conversation = Conversation::default();
    let first = exchange(&mut conversation, "Hello", &["Hi"]);
    exchange(&mut conversation, "More", &["Yes"]);
    conversation.choose(first);
    let other = conversation.ask_again(made()).unwrap_or(first);
    conversation.interrupt(other);
    let whole: Vec<String> = conversation.turns.iter().map(crate::Turn::to_text).collect();
    for (at, rest) in [(0, 0), (1, whole.len() - 4), (2, whole.len() - 3), (3, whole.len() - 1)] {
        for bad in ["", "null", "{}", "[1]", &whole[at][..whole[at].len() / 2]] {
            let mut texts = whole.clone();
            texts[at] = bad.to_owned();
            let (some, missing) = read(&texts, conversation.head, conversation.last);
            assert!(some.is_sound(), "{at} {bad}");
            assert_eq!((some.turns.len(), missing), (rest, whole.len() - rest), "{at} {bad}");
            assert_eq!(some.last, conversation.last, "ids are never used twice");
        }
    }
}

#[test]
fn turns_that_fit_nowhere_are_left_out() {
    let mut conversation = Conversation::default();
    exchange(&mut conversation, "Hello", &["Hi"]);
    let whole: Vec<String> = conversation.turns.iter().map(crate::Turn::to_text).collect();
    for (from, to) in [
        ("\"parent\":1", "\"parent\":2"),
        ("\"parent\":1", "\"parent\":77"),
        ("\"user\"", "\"assistant\""),
        ("\"user\"", "\"system\""),
        ("\"id\":1", "\"id\":2"),
    ] {
        let bad: Vec<String> = whole.iter().map(|text| text.replacen(from, to, 1)).collect();
        assert_ne!(bad, whole, "{from}");
        let (some, missing) = read(&bad, Some(2), 2);
        assert!(some.is_sound() && missing > 0, "{from} → {to}");
    }
    let (some, _) = read(&whole, Some(9), 0);
    assert_eq!((some.head, some.last), (Some(2), 2));
    // Fields of later minor changes are ignored.
    let more: Vec<String> = whole.iter().map(|text| text.replacen('{', "{\"x\":1,", 1)).collect();
    assert_eq!(read(&more, Some(2), 2), (conversation, 0));
}

#[test]
fn the_one_conversation_of_earlier_pages_is_read() {
    let mut conversation = Conversation::default();
    exchange(&mut conversation, "Hello", &["Hi"]);
    let turns = serde_json::to_string(&conversation.turns).unwrap();
    let text = format!("{{\"version\":1,\"turns\":{turns},\"head\":2,\"last\":2}}");
    assert_eq!(Conversation::read_single(&text).unwrap(), conversation);
    let newer = text.replacen("\"version\":1", "\"version\":2", 1);
    for bad in ["", "null", "{}", "[1]", "{\"version\":1}", &text[..text.len() / 2], &newer] {
        assert_eq!(Conversation::read_single(bad), None, "{bad}");
    }
}
