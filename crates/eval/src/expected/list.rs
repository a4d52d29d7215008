//! One of a list.

use super::Said;
use super::text::{place, words};

/// What a line says, where the list has all that could be said and `accepted` is right. What is not on the list is nothing
/// if only plain words count.
pub(super) fn said(
    list: &[Vec<String>],
    accepted: &[String],
    question: &str,
    line: &str,
    plainly: bool,
) -> Said {
    let (line, question) = (words(line), words(question));
    let mut first: Option<(usize, usize, &Vec<String>)> = None;
    for spellings in list {
        for phrase in spellings.iter().map(|spelling| words(spelling)) {
            // What the question names itself, an answer may repeat.
            if phrase.is_empty() || place(&question, &phrase, 0).is_some() {
                continue;
            }
            if let Some(at) = unrefused(&line, &phrase) {
                // Of two at one place the longer one: "New York" is not "New York City".
                let before = |&(other, length, _): &(usize, usize, &Vec<String>)| {
                    at < other || at == other && phrase.len() > length
                };
                if first.as_ref().is_none_or(before) {
                    first = Some((at, phrase.len(), spellings));
                }
            }
        }
    }
    match first {
        Some((_, _, spellings)) => {
            let right = spellings.iter().any(|spelling| accepted.contains(spelling));
            Said::new(
                spellings.first().map(|name| words(name).join(" ")).unwrap_or_default(),
                right,
            )
        }
        None if plainly => Said::nothing(),
        // It is something that is not on the list, or nothing.
        None => {
            match line.into_iter().filter(|word| !question.contains(word)).collect::<Vec<_>>() {
                rest if rest.is_empty() => Said::nothing(),
                rest => Said::new(rest.join(" "), false),
            }
        }
    }
}

/// Where a phrase stands in a line, not after "not".
pub(super) fn unrefused(line: &[String], phrase: &[String]) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = place(line, phrase, from) {
        let before = at.checked_sub(1).and_then(|before| line.get(before));
        if before.is_none_or(|word| word != "not" && word != "never") {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;

    #[test]
    fn tricky_answers() {
        let spellings = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        let list: Vec<_> = [
            "Paris",
            "London",
            "New York",
            "New York City|NYC",
            "Brasilia",
            "8|eight",
            "D|d",
            "J",
            "I",
        ]
        .map(spellings)
        .into();
        let capital = "What is the capital of France? Answer with one word.";
        for (accepted, question, answer, verdict, claim) in [
            ("Paris", capital, "Paris", Verdict::Right, "paris"),
            ("Paris", capital, "paris.", Verdict::Right, "paris"),
            ("Paris", capital, "\"Paris\"", Verdict::Right, "paris"),
            (
                "Paris",
                capital,
                "The capital of France is Paris, not London.",
                Verdict::Right,
                "paris",
            ),
            (
                "Paris",
                capital,
                "The capital is Paris, which is near London.",
                Verdict::Right,
                "paris",
            ),
            ("Paris", capital, "It is not London but Paris.", Verdict::Right, "paris"),
            ("Paris", capital, "London, not Paris", Verdict::Wrong, "london"),
            ("Paris", capital, "Parisian", Verdict::Wrong, "parisian"),
            ("Paris", capital, "The capital of France is Lyon.", Verdict::Wrong, "lyon"),
            ("Paris", capital, "The capital of France is", Verdict::Nothing, ""),
            ("Paris", capital, "", Verdict::Nothing, ""),
            ("New York", "?", "New York City", Verdict::Wrong, "new york city"),
            ("New York City|NYC", "?", "NYC!", Verdict::Right, "new york city"),
            ("Brasilia", "?", "BRASÍLIA", Verdict::Right, "brasilia"),
            // What the question names is no answer.
            ("Paris", "London or what?", "Unlike London it is Paris", Verdict::Right, "paris"),
            ("8|eight", "?", "A spider has eight legs", Verdict::Right, "8"),
            ("8|eight", "?", "88", Verdict::Wrong, "88"),
        ] {
            let said = said(&list, &spellings(accepted), question, answer, false);
            assert_eq!((said.verdict, said.claim.as_str()), (verdict, claim), "{answer}");
        }
    }
}
