//! The tree of a chat as lines.

use entropix_conversation::Conversation;

use super::*;
use crate::outline::{Line, outline};

fn lines(visit: &Visit) -> Vec<String> {
    let line = |line: Line| {
        let Line { at, depth, what, text, .. } = line;
        let at = at.map_or_else(String::new, |at| format!(" @{at}"));
        format!("{}{what}{at}: {text}", "  ".repeat(depth))
    };
    outline(visit.client.conversation()).into_iter().map(line).collect()
}

fn answered(visit: &mut Visit, text: &str) {
    visit.token(text);
    visit.done(Finish::EndOfTurn);
}

#[test]
fn a_chat_that_never_split_has_none() {
    let mut visit = Visit::loaded();
    assert_eq!(lines(&visit), [""; 0]);
    visit.send("Hello!");
    answered(&mut visit, "Hi");
    visit.send("And now?");
    answered(&mut visit, "Nothing");
    assert_eq!(lines(&visit), [""; 0]);
}

#[test]
fn versions_stand_below_what_they_follow() {
    let mut visit = Visit::loaded();
    visit.send("Hello!");
    answered(&mut visit, "Hi");
    visit.tell(Msg::Regenerate { same_seed: false });
    answered(&mut visit, "Good day");
    visit.send("How are you?");
    answered(&mut visit, "Well");
    let name = visit.client.settings().choice.name();
    assert_eq!(
        lines(&visit),
        [
            "You: Hello!".to_owned(),
            format!("  {name}, seed 1337: Hi"),
            format!("  {name}, seed 1338: Good day"),
            "  You: How are you?".to_owned(),
            format!("  {name}, seed 1337: Well"),
        ]
    );
}

#[test]
fn what_was_tried_and_taken_back_stands_in_its_answer() {
    let text = include_str!("../../../../www/traces/larger-promised.json");
    let conversation = Conversation::recorded(serde_json::from_str(text).unwrap());
    let found = outline(&conversation);
    let about: Vec<_> = found.iter().filter_map(|line| line.at.zip(Some(&line.what))).collect();
    // As jq '.tokens | to_entries[] | select(.value.branch_texts) | .key' says.
    assert_eq!(about, [(28, &"4 branches".to_owned()), (46, &"4 branches".to_owned())]);

    let mut visit = Visit::loaded();
    visit.send("Hello!");
    for word in ["Well", " I", " am"] {
        visit.token(word);
    }
    let Step::Token { entry } = token("") else { unreachable!() };
    visit.step(Step::Retract { to: 1, reason: Box::new(entry.decision) });
    answered(&mut visit, " yes");
    assert_eq!(lines(&visit)[2], "  taken back @1: “I am”");
    assert_eq!(lines(&visit).len(), 3);
}

#[test]
fn a_long_chat_is_no_deeper_than_it_split() {
    let mut visit = Visit::loaded();
    for number in 0..200 {
        visit.send(&format!("Question {number} of a long chat in which much is said by everyone"));
        answered(&mut visit, "Yes");
    }
    visit.tell(Msg::Regenerate { same_seed: false });
    answered(&mut visit, "No");
    let found = outline(visit.client.conversation());
    assert_eq!((found.len(), found.iter().map(|line| line.depth).max()), (401, Some(1)));
    assert_eq!(found[0].text, "Question 0 of a long chat in which much is said …");
}
