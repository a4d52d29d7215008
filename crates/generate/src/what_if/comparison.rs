//! What an answer and its continuations come to, compared.

use entropix_engine::{TextStream, Tokenizer};
use entropix_protocol::{ChatMessage, Finish, Outcomes, Role};

use crate::outcome::Asked;

/// An answer with which continuations are compared.
pub(super) struct Comparison {
    asked: Asked,
    /// The texts of its tokens.
    texts: Vec<String>,
    /// Whether nothing of it was cut off.
    is_whole: bool,
    /// Most tokens of a continuation after its first one.
    most: usize,
}

impl Comparison {
    /// `None` if the last question asks for nothing that could be compared. Of tokens, 0 are as many as fit.
    pub(super) fn of(
        tokenizer: &Tokenizer,
        messages: &[ChatMessage],
        answer: &[u32],
        most: u32,
    ) -> Option<Self> {
        let question = messages.iter().rev().find(|message| message.role == Role::User)?;
        let asked = Asked::of(&question.content)?;
        let mut stream = TextStream::new(tokenizer);
        let mut text = |&id: &u32| {
            if tokenizer.is_end(id) { stream.finish() } else { stream.push(tokenizer, id) }
        };
        Some(Self {
            asked,
            texts: answer.iter().map(&mut text).collect(),
            is_whole: answer.last().is_some_and(|&id| tokenizer.is_end(id)),
            most: if most == 0 { usize::MAX } else { most as usize },
        })
    }

    /// Compares what both come to: at their ends, or after as many tokens. The continuation keeps `at` tokens of
    /// the answer and has these words after them.
    pub(super) fn outcomes(&self, at: u32, words: &str, finish: Finish) -> Option<Outcomes> {
        let first = |tokens: usize| self.texts.iter().take(tokens).map(String::as_str);
        let is_whole = finish == Finish::EndOfTurn;
        let at = at as usize;
        let until = if is_whole { usize::MAX } else { self.most.saturating_add(at + 1) };
        let base: String = first(until).collect();
        let cut = until < self.texts.len() || !self.is_whole;
        let base = self.asked.outcome(if cut { whole_words(&base) } else { &base })?;
        let own: String = first(at).chain([words]).collect();
        let own = self.asked.outcome(if is_whole { &own } else { whole_words(&own) });
        Some(Outcomes {
            answer: base.words(),
            differ: own.as_ref().is_some_and(|own| !own.is(&base)),
            continuation: own.map(|own| own.words()),
        })
    }
}

/// Without the last word, of which there may be more.
fn whole_words(text: &str) -> &str {
    text.rfind(char::is_whitespace).map_or("", |blank| &text[..blank])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comparison(texts: &[&str], is_whole: bool, most: usize) -> Comparison {
        let asked = Asked::of("How many are there?").unwrap();
        let texts = texts.iter().map(|&text| text.to_owned()).collect();
        Comparison { asked, texts, is_whole, most }
    }

    #[test]
    fn both_are_taken_to_their_ends_or_as_far_as_the_shorter() {
        let texts = ["I", " count", " 3", " cats", " and", " 4", " dogs", ".", ""];
        let whole = Finish::EndOfTurn;
        for (is_whole, most, words, finish, answer, continuation) in [
            (true, 40, " see 4 dogs.", whole, "4", Some("4")),
            (true, 40, " see 4 dogs", Finish::MaxTokens, "4", Some("4")),
            (true, 40, " see 4", Finish::MaxTokens, "4", None),
            // As far as "I count 3 cats", of which the last word does not count.
            (true, 2, " see 4 dogs", Finish::MaxTokens, "3", Some("4")),
            (true, 2, " see 3 dogs", Finish::Stopped, "3", Some("3")),
            (true, 2, " see 4 dogs.", whole, "4", Some("4")),
            (false, 40, " see 4 dogs.", whole, "4", Some("4")),
        ] {
            let comparison = comparison(&texts, is_whole, most);
            let differ = continuation.is_some_and(|it| it != answer);
            let continuation = continuation.map(str::to_owned);
            let expected = Outcomes { answer: answer.to_owned(), continuation, differ };
            assert_eq!(comparison.outcomes(1, words, finish), Some(expected), "{words}, {most}");
        }
        // Not as far as its number.
        assert_eq!(comparison(&texts, true, 0).outcomes(1, " 4 dogs", Finish::MaxTokens), None);
        assert_eq!(comparison(&texts[..3], false, 9).outcomes(1, " 4.", whole), None);
    }
}
