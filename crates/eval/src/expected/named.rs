//! One of several names that stand in the question.

use super::Said;
use super::text::{place, words};

/// What a line says: the only one of the names that it names. Who names several says none of them.
pub(super) fn said(options: &[String], right: &str, line: &str) -> Said {
    let line = words(&line.replace("'s", "").replace("’s", ""));
    let named = |option: &&String| {
        let phrase = words(option);
        !phrase.is_empty() && place(&line, &phrase, 0).is_some()
    };
    let mut named = options.iter().filter(named);
    match (named.next(), named.next()) {
        (Some(only), None) => Said::new(words(only).join(" "), only == right),
        _ => Said::nothing(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;

    #[test]
    fn tricky_answers() {
        let options = ["Anna", "Tom", "Tommy Lee"].map(str::to_owned);
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
