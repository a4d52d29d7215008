//! What continuations of an answer come to.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use entropix::SamplerConfig;
use entropix_generate::Chat;
use entropix_protocol::{ChatMessage, Finish, Grown, Outcomes, Parting, Role};
use support::{Mood, prompt, recipe, scripted};

const ANSWER: &str = "There are 12.";
const QUESTION: &str = "How many are there?";

/// The answer's tokens, one a character, and its end.
fn answer(chat: &Chat) -> Vec<u32> {
    let tokenizer = chat.tokenizer();
    let letters = ANSWER.chars().map(|letter| tokenizer.token(&letter.to_string()).unwrap());
    letters.chain([tokenizer.end_ids()[0]]).collect()
}

fn said(role: Role, content: &str) -> ChatMessage {
    ChatMessage { role, content: content.to_owned(), ids: None }
}

/// The last word on the continuation that says `word` after `at` tokens, "" for the end.
fn over(chat: &mut Chat, asked: &[ChatMessage], answer: &[u32], at: u32, word: &str) -> Grown {
    let token = chat.tokenizer().token(word).unwrap_or(chat.tokenizer().end_ids()[0]);
    let partings = vec![Parting { at, token }];
    let recipe = recipe(SamplerConfig::Greedy, 0, 3);
    let mut what_if = chat.what_if(prompt(3, 12), asked, answer.to_vec(), partings, recipe);
    let mut last = None;
    while !what_if.is_over() {
        for grown in what_if.advance(chat).unwrap() {
            assert!(grown.finish.is_some() || grown.outcomes.is_none(), "it is not over");
            last = Some(grown);
        }
    }
    last.unwrap()
}

fn outcomes(answer: &str, continuation: Option<&str>, differ: bool) -> Outcomes {
    let continuation = continuation.map(str::to_owned);
    Outcomes { answer: answer.to_owned(), continuation, differ }
}

#[test]
fn what_a_continuation_comes_to_is_told_with_its_end() {
    let (mut chat, _) = scripted(|_| Mood::End);
    let answer = answer(&chat);
    let asked = [said(Role::User, "Is it so?"), said(Role::User, QUESTION)];
    for (at, word, expected) in [
        (11, "3", outcomes("12", Some("13"), true)),
        (12, "!", outcomes("12", Some("12"), false)),
        (10, "", outcomes("12", None, false)),
        (0, "7", outcomes("12", Some("7"), true)),
    ] {
        let grown = over(&mut chat, &asked, &answer, at, word);
        assert_eq!(grown.finish, Some(Finish::EndOfTurn));
        assert_eq!(grown.outcomes, Some(expected), "{word} at {at}");
    }
    // An answer that was cut short may go on with more digits.
    let cut = &answer[..12];
    assert_eq!(over(&mut chat, &asked, cut, 11, "3").outcomes, None);
    // Nothing was asked that could be compared.
    for asked in [&[][..], &[said(Role::User, "Why?")], &[said(Role::Assistant, QUESTION)]] {
        assert_eq!(over(&mut chat, asked, &answer, 11, "3").outcomes, None);
    }
}

/// Letters follow that belong to the number, for all that is known.
#[test]
fn the_last_word_of_one_that_is_cut_short_does_not_count() {
    let (mut chat, _) = scripted(|_| Mood::Sure);
    let answer = answer(&chat);
    let asked = [said(Role::User, QUESTION)];
    let grown = over(&mut chat, &asked, &answer, 11, "3");
    assert_eq!((grown.text.len(), grown.finish), (3, Some(Finish::MaxTokens)));
    assert_eq!(grown.outcomes, Some(outcomes("12", None, false)));
    // As many tokens of the answer are "There ar".
    assert_eq!(over(&mut chat, &asked, &answer, 4, " ").outcomes, None);
}
