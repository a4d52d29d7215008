//! The letter of a choice: A, B, C, …

use super::Said;

/// Before a letter these say that it is the answer.
const LEADS: [&str; 5] = ["is", "answer", "option", "choice", "letter"];

/// What a line says: the first capital letter that stands alone and either begins the line, or is marked as in "B)" or "B:",
/// or ends it with a full stop, or comes after "answer", "is", "option" or a colon. The article "A" and the pronoun "I" before a word are none.
pub(super) fn said(right: char, line: &str) -> Said {
    let line = line.replace("**", "");
    let mut lead = true;
    let mut tokens = line.split_whitespace().peekable();
    while let Some(token) = tokens.next() {
        let is_last = tokens.peek().is_none();
        if let Some((letter, after)) = alone(token)
            && (after.starts_with([')', ':', ']'])
                || is_last && !after.is_empty()
                || lead && (is_last || !after.is_empty() || !matches!(letter, 'A' | 'I')))
        {
            return Said::new(letter.to_string(), letter == right);
        }
        let word = token.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        lead = LEADS.contains(&word.as_str()) || token.ends_with(':') || word.is_empty();
    }
    Said::nothing()
}

/// The capital letter that is all of a token, and the signs after it: "B", "(B)", "B.".
fn alone(token: &str) -> Option<(char, &str)> {
    let core = token.trim_matches(|c: char| !c.is_alphanumeric());
    let mut letters = core.chars();
    let letter = letters.next().filter(char::is_ascii_uppercase)?;
    if letters.next().is_some() {
        return None;
    }
    let after = token.split_once(letter).map(|(_, after)| after).unwrap_or_default();
    Some((letter, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;

    #[test]
    fn tricky_answers() {
        for (answer, verdict, claim) in [
            ("B", Verdict::Right, "B"),
            ("B.", Verdict::Right, "B"),
            ("(B)", Verdict::Right, "B"),
            ("**B**", Verdict::Right, "B"),
            ("B) a hammer", Verdict::Right, "B"),
            ("B: a hammer", Verdict::Right, "B"),
            ("The answer is B.", Verdict::Right, "B"),
            ("The correct answer is (B) a hammer, not (C).", Verdict::Right, "B"),
            ("Answer: B", Verdict::Right, "B"),
            ("Option B is right", Verdict::Right, "B"),
            ("C", Verdict::Wrong, "C"),
            ("A", Verdict::Wrong, "A"),
            ("A.", Verdict::Wrong, "A"),
            ("The answer is A", Verdict::Wrong, "A"),
            // The article, and the pronoun.
            ("A hammer", Verdict::Nothing, ""),
            ("The answer is A hammer", Verdict::Nothing, ""),
            ("The one that I like", Verdict::Nothing, ""),
            ("I think the answer is B.", Verdict::Right, "B"),
            ("A hammer, so B.", Verdict::Right, "B"),
            ("A hammer, so (B).", Verdict::Right, "B"),
            ("A. a hammer", Verdict::Wrong, "A"),
            ("\"B\" is right", Verdict::Right, "B"),
            // An initial.
            ("John F. Kennedy, so the answer is B", Verdict::Right, "B"),
            ("It was John F. Kennedy", Verdict::Nothing, ""),
            ("b", Verdict::Nothing, ""),
            ("", Verdict::Nothing, ""),
        ] {
            let said = said('B', answer);
            assert_eq!((said.verdict, said.claim.as_str()), (verdict, claim), "{answer}");
        }
    }
}
