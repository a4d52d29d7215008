//! What is copied.

use super::*;
use crate::copies;

#[test]
fn an_answer_is_its_text_and_a_chat_says_who_spoke() {
    let mut visit = Visit::loaded();
    visit.send("  Which is larger? ");
    for text in [" 9.9", " **is**", "\n\nlarger", ".\n"] {
        visit.token(text);
    }
    visit.done(Finish::EndOfTurn);
    let conversation = visit.client.conversation();
    let turn = conversation.path().last().unwrap().id;
    assert_eq!(copies::answer(conversation, turn).unwrap(), "9.9 **is**\n\nlarger.");
    let question = conversation.path()[0].id;
    assert_eq!(copies::answer(conversation, question), None);
    assert_eq!(
        copies::chat(conversation),
        "**You**\n\nWhich is larger?\n\n**Model** (Smol · sampler plain · seed 1337)\n\n9.9 **is**\n\nlarger.\n"
    );
    assert_eq!(copies::chat(Visit::first().client.conversation()), "");
}
