//! However seldom it is told, a strip shows the same in the end.

use std::collections::BTreeMap;

use entropix_protocol::{Finish, Step};
use proptest::prelude::*;

use super::{entry, made, token};
use crate::catch_up::{Shown, Stroke};
use crate::{Answer, Progress};

/// What a strip keeps (crates/embed/js/struck.js).
#[derive(Clone, Debug, Default, PartialEq)]
struct Strip {
    tokens: Vec<String>,
    waiting: String,
    struck: BTreeMap<usize, String>,
}

impl Strip {
    fn tell(&mut self, answer: &Answer, strokes: &[Stroke]) {
        for stroke in strokes {
            match stroke {
                Stroke::Append(index) => {
                    assert_eq!(*index, self.tokens.len());
                    let text = std::mem::take(&mut self.waiting);
                    if !text.is_empty() {
                        *self.struck.entry(*index).or_default() += &text;
                    }
                    self.tokens.push(answer.entries[*index].text.clone());
                }
                Stroke::Retract { to, unseen } => {
                    let gone = self.tokens.split_off(*to);
                    let texts = gone
                        .iter()
                        .enumerate()
                        .map(|(i, text)| self.struck.remove(&(to + i)).unwrap_or_default() + text);
                    let texts: String = texts.collect();
                    self.waiting = texts + &self.waiting + unseen;
                }
                Stroke::Strike { at, text } if *at == self.tokens.len() => self.waiting += text,
                Stroke::Strike { at, text } => *self.struck.entry(*at).or_default() += text,
            }
        }
    }
}

fn take_back(answer: &mut Answer, to: usize) {
    let reason = Box::new(entry(0, "").decision);
    answer.apply(Step::Retract { to: to as u32, reason });
}

fn shown(answer: &Answer) -> Shown {
    Shown { tokens: answer.entries.len(), retractions: answer.retracted.len() }
}

#[test]
fn what_came_and_went_unseen_is_told_with_what_it_was() {
    let mut answer = Answer::begin(made());
    for (id, text) in ["a", "b", "c", "d"].into_iter().enumerate() {
        answer.apply(token(id as u32, text));
    }
    let one = Shown { tokens: 1, retractions: 0 };
    take_back(&mut answer, 2);
    answer.apply(token(7, "x"));
    take_back(&mut answer, 1);
    answer.apply(token(8, "y"));
    let told = answer.catch_up(one);
    // "x" came where "cd" had gone, and then all went from "b" on.
    let all = Stroke::Retract { to: 1, unseen: "bcdx".into() };
    assert_eq!(told, [all, Stroke::Append(1)]);
    answer.progress = Progress::Finished(Finish::MaxTokens);
    let struck = Stroke::Strike { at: 1, text: "bcdx".into() };
    assert_eq!(answer.catch_up(one), [Stroke::Append(1), struck]);
    assert_eq!(answer.catch_up(shown(&answer)), []);
}

#[test]
fn what_cannot_have_been_is_left_out() {
    let mut answer = Answer::begin(made());
    for (id, text) in ["a", "b"].into_iter().enumerate() {
        answer.apply(token(id as u32, text));
    }
    take_back(&mut answer, 1);
    answer.apply(token(2, "c"));
    answer.retracted[0].to = u32::MAX;
    for progress in [Progress::Writing, Progress::Finished(Finish::Stopped)] {
        answer.progress = progress;
        let told = [Stroke::Append(0), Stroke::Append(1)];
        assert_eq!(answer.catch_up(Shown::default()), told);
    }
}

proptest! {
    #[test]
    fn it_is_the_same_however_often_it_is_told(
        acts in prop::collection::vec((0_usize..4, 0_usize..6, any::<bool>()), 0..40),
        ends in any::<bool>(),
    ) {
        let mut answer = Answer::begin(made());
        let (mut often, mut seldom) = (Strip::default(), Strip::default());
        let (mut told_often, mut told_seldom) = (Shown::default(), Shown::default());
        for (i, (kind, back, tell)) in acts.into_iter().enumerate() {
            let count = answer.entries.len();
            if kind > 0 || count == 0 {
                answer.apply(token(i as u32, &format!("{i} ")));
            } else {
                take_back(&mut answer, count - 1 - back.min(count - 1));
            }
            often.tell(&answer, &answer.catch_up(told_often));
            told_often = shown(&answer);
            if tell {
                seldom.tell(&answer, &answer.catch_up(told_seldom));
                told_seldom = shown(&answer);
            }
        }
        if ends {
            answer.progress = Progress::Finished(Finish::MaxTokens);
        }
        seldom.tell(&answer, &answer.catch_up(told_seldom));
        prop_assert_eq!(&seldom, &often);
        let texts: Vec<_> = answer.entries.iter().map(|entry| entry.text.clone()).collect();
        prop_assert_eq!(seldom.tokens, texts);
    }
}
