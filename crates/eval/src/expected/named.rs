//! One of several names that stand in the question.

use super::Said;
use super::text::{place, words};

/// What a line says: the only one of the names that it names, where a name inside a longer one is none. Who names several says
/// none of them.
pub(super) fn said(options: &[String], right: &str, line: &str) -> Said {
    let mut line = words(&line.replace("'s", "").replace("’s", ""));
    let mut names: Vec<(Vec<String>, &String)> =
        options.iter().map(|option| (words(option), option)).collect();
    names.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
    let mut named = names.into_iter().filter(|(phrase, _)| take_out(&mut line, phrase));
    match (named.next(), named.next()) {
        (Some((phrase, only)), None) => Said::new(phrase.join(" "), only == right),
        _ => Said::nothing(),
    }
}

/// Takes a phrase out of a line wherever it stands; whether it was there.
fn take_out(line: &mut Vec<String>, phrase: &[String]) -> bool {
    let mut found = false;
    while !phrase.is_empty()
        && let Some(at) = place(line, phrase, 0)
    {
        // What stood around it does not become one phrase.
        line.splice(at..at + phrase.len(), [String::new()]);
        found = true;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;

    #[test]
    fn tricky_answers() {
        let options = ["Anna", "Tom", "Tommy Lee", "Tom Lee"].map(str::to_owned);
        for (answer, verdict, claim) in [
            ("Tom", Verdict::Right, "tom"),
            ("TOM.", Verdict::Right, "tom"),
            ("**Tom**", Verdict::Right, "tom"),
            ("The one in the garden is Tom.", Verdict::Right, "tom"),
            ("It is Tom's.", Verdict::Right, "tom"),
            ("Tom is in the garden, and Tom stays there", Verdict::Right, "tom"),
            ("Anna has a hat.", Verdict::Wrong, "anna"),
            ("Tommy Lee", Verdict::Wrong, "tommy lee"),
            ("Tommy", Verdict::Nothing, ""),
            ("Tom Lee is there.", Verdict::Wrong, "tom lee"),
            ("Tom Lee, not Tom", Verdict::Nothing, ""),
            // Who says the story again has not answered.
            ("Anna is in the kitchen. Tom is in the garden.", Verdict::Nothing, ""),
            ("Either Anna or Tom", Verdict::Nothing, ""),
            ("Ben", Verdict::Nothing, ""),
            ("The garden is a place for", Verdict::Nothing, ""),
            ("", Verdict::Nothing, ""),
        ] {
            let said = said(&options, "Tom", answer);
            assert_eq!((said.verdict, said.claim.as_str()), (verdict, claim), "{answer}");
        }
    }
}
