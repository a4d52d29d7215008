//! Words anywhere in what is said.

use super::Said;
use super::list::unrefused;
use super::text::words;

/// What a line says: all of it. Right if any of `accepted` stands in it as whole words, not after "not".
pub(super) fn said(accepted: &[String], line: &str) -> Said {
    let line = words(line);
    if line.is_empty() {
        return Said::nothing();
    }
    let found = |phrase: &String| {
        let phrase = words(phrase);
        !phrase.is_empty() && unrefused(&line, &phrase).is_some()
    };
    Said::new(line.join(" "), accepted.iter().any(found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;

    #[test]
    fn tricky_answers() {
        let accepted = ["the red car", "a Ferrari"].map(str::to_owned);
        for (answer, verdict, claim) in [
            ("Tom drives the red car.", Verdict::Right, "tom drives the red car"),
            ("A ferrari!", Verdict::Right, "a ferrari"),
            ("The red carpet", Verdict::Wrong, "the red carpet"),
            ("Not the red car", Verdict::Wrong, "not the red car"),
            ("the car, red", Verdict::Wrong, "the car red"),
            (" … ", Verdict::Nothing, ""),
        ] {
            let said = said(&accepted, answer);
            assert_eq!((said.verdict, said.claim.as_str()), (verdict, claim), "{answer}");
        }
    }
}
