//! Words.

use super::Said;
use super::text::words;

/// After these comes what something is.
pub(crate) const LEADS: &[&str] = &["is", "are", "was", "were", "be", "means", "equals"];

/// Words that say nothing by themselves.
pub(crate) const FILLERS: &[&str] = &[
    "the", "a", "an", "it", "its", "of", "would", "i", "think", "so", "answer", "word", "has",
    "have",
];

/// What a line says, where any of `accepted` is right. Only what follows "is" counts if only plain words do.
pub(super) fn said(accepted: &[String], question: &str, line: &str, plainly: bool) -> Said {
    let question = words(question);
    let content = |text: &[String]| -> Vec<String> {
        let says = |word: &&String| !question.contains(word) && !FILLERS.contains(&word.as_str());
        text.iter().filter(says).cloned().collect()
    };
    let all = words(&line.replace(':', " is "));
    let lead = all.iter().position(|word| LEADS.contains(&word.as_str()));
    // "The answer is: it is went."
    let after = lead.and_then(|lead| all.get(lead + 1..));
    let after = after.map(|after| content(&without_leads(after))).unwrap_or_default();
    if plainly && after.is_empty() {
        return Said::nothing();
    }
    let mut said = if after.is_empty() { content(&without_leads(&all)) } else { after };
    // "It is not hot but cold."
    if said.first().is_some_and(|word| word == "not") {
        let but = said.iter().position(|word| word == "but");
        said = but.and_then(|but| said.get(but + 1..)).map(<[String]>::to_vec).unwrap_or(said);
    }
    if said.is_empty() {
        return Said::nothing();
    }
    let right = accepted.iter().any(|phrase| {
        let phrase = words(phrase);
        let own = content(&phrase);
        let wanted = if own.is_empty() { phrase } else { own };
        said.starts_with(&wanted)
    });
    Said::new(said.first().cloned().unwrap_or_default(), right)
}

fn without_leads(all: &[String]) -> Vec<String> {
    all.iter().filter(|word| !LEADS.contains(&word.as_str())).cloned().collect()
}

/// What a line says, where all of these words in order are right: as many words as they are, from the first one on that is
/// one of them.
pub(super) fn sequence(wanted: &[String], line: &str) -> Said {
    let wanted: Vec<String> = wanted.iter().flat_map(|word| words(word)).collect();
    let between = |word: &String| word == "and" || word.chars().all(|c| c.is_ascii_digit());
    let line: Vec<String> = words(line).into_iter().filter(|word| !between(word)).collect();
    if line.is_empty() {
        return Said::nothing();
    }
    // What a sentence says before the words does not count, nor what comes after as many.
    let start = line.iter().position(|word| wanted.contains(word)).unwrap_or(0);
    let list: Vec<String> = line.into_iter().skip(start).take(wanted.len()).collect();
    let right = list == wanted;
    Said::new(list.join(" "), right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn tricky_answers() {
        let past = "What is the past tense of \"go\"? Answer with one word.";
        let plural = "What is the plural of \"child\"?";
        let opposite = "What is the opposite of \"hot\"? Reply in one word.";
        for (accepted, question, answer, verdict, claim) in [
            (&["went"][..], past, "went", Verdict::Right, "went"),
            (&["went"], past, "\"went\"", Verdict::Right, "went"),
            (&["went"], past, "The past tense of \"go\" is \"went\".", Verdict::Right, "went"),
            (&["went"], past, "The past tense of go is: went", Verdict::Right, "went"),
            (&["went"], past, "Went is the past tense of go.", Verdict::Right, "went"),
            (&["went"], past, "go, goed, gone, went", Verdict::Wrong, "goed"),
            (&["went"], past, "goed", Verdict::Wrong, "goed"),
            (&["went"], past, "The past tense of \"go\" is", Verdict::Nothing, ""),
            (&["children"], plural, "The plural of child is children.", Verdict::Right, "children"),
            (&["children"], plural, "childs or children", Verdict::Wrong, "childs"),
            (&["cold", "cool"], opposite, "Cold.", Verdict::Right, "cold"),
            (&["cold", "cool"], opposite, "It's cool", Verdict::Right, "cool"),
            (&["cold"], opposite, "warm, then cold", Verdict::Wrong, "warm"),
            (
                &["cold"],
                opposite,
                "The opposite of hot is cold, which is nice.",
                Verdict::Right,
                "cold",
            ),
            (&["cold"], opposite, "The opposite of hot would be \"cold\".", Verdict::Right, "cold"),
            (&["cold"], opposite, "It is not hot but cold.", Verdict::Right, "cold"),
            (&["cold"], opposite, "It is not warm", Verdict::Wrong, "not"),
            (&["cold"], opposite, "The answer is: it is cold.", Verdict::Right, "cold"),
            (&["cold"], opposite, "hot", Verdict::Nothing, ""),
            (&["ice cream"], "?", "It is an ice-cream.", Verdict::Right, "ice"),
        ] {
            let said = said(&strings(accepted), question, answer, false);
            assert_eq!((said.verdict, said.claim.as_str()), (verdict, claim), "{answer}");
        }
    }

    #[test]
    fn words_in_order() {
        let wanted = strings(&["apple", "chair", "dog"]);
        for (answer, verdict) in [
            ("apple chair dog", Verdict::Right),
            ("Apple, chair, and dog.", Verdict::Right),
            ("The words are: apple, chair, dog", Verdict::Right),
            ("1. apple 2. chair 3. dog", Verdict::Right),
            ("apple chair", Verdict::Wrong),
            ("apple dog chair", Verdict::Wrong),
            ("apple chair big dog", Verdict::Wrong),
            ("apples chair dog", Verdict::Wrong),
            ("An apple: apple, chair, dog", Verdict::Wrong),
            ("...", Verdict::Nothing),
        ] {
            assert_eq!(sequence(&wanted, answer).verdict, verdict, "{answer}");
        }
        for answer in ["apple dog", "So: Apple, dog", "It says apple dog"] {
            assert_eq!(sequence(&wanted, answer).claim, "apple dog", "{answer}");
        }
        // What it says does not follow from what is right.
        let turned = strings(&["dog", "chair", "apple"]);
        for wanted in [&wanted, &turned] {
            assert_eq!(sequence(wanted, "so: Apple, chair, dog").claim, "apple chair dog");
        }
    }
}
