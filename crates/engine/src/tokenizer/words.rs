//! Text cut into words.

use regex::Regex;

/// Says that a run of blanks leaves its last one to the word that follows. It is the one thing in these
/// expressions that looks ahead, and the only one that would make a search more than linear.
const LEAVE_ONE: &str = r"|\s+(?!\S)";
/// Says that a run of blanks ends with its last line end.
const LINE_ENDS: &str = r"\s*[\r\n]";

/// One expression that cuts.
pub(super) struct Cut {
    regex: Regex,
    /// Whether a run of blanks leaves its last one to the word that follows.
    leaves_one: bool,
    /// Whether a run that ends a line is taken whole.
    line_ends: bool,
}

impl Cut {
    /// From an expression as tokenizer.json has it.
    pub(super) fn new(expression: &str) -> Result<Self, regex::Error> {
        Ok(Self {
            regex: Regex::new(&expression.replace(LEAVE_ONE, ""))?,
            leaves_one: expression.contains(LEAVE_ONE),
            line_ends: expression.contains(LINE_ENDS),
        })
    }

    /// Appends the words of `text`: what matches, and what lies between.
    fn words<'a>(&self, text: &'a str, words: &mut Vec<&'a str>) {
        let mut at = 0;
        while let Some(found) = self.regex.find_at(text, at) {
            if found.is_empty() {
                break;
            }
            let end = found.start() + self.length(found.as_str(), found.end() == text.len());
            words.extend((at < found.start()).then(|| &text[at..found.start()]));
            words.push(&text[found.start()..end]);
            at = end;
        }
        words.extend((at < text.len()).then(|| &text[at..]));
    }

    /// Bytes of a match that are a word.
    fn length(&self, found: &str, is_last: bool) -> usize {
        let mut characters = found.chars();
        let Some(last) = characters.next_back() else { return 0 };
        let one = characters.as_str().is_empty();
        let ends_line = self.line_ends && matches!(last, '\r' | '\n');
        if !self.leaves_one || is_last || one || ends_line || !last.is_whitespace() {
            return found.len();
        }
        // Other matches may end with a blank, but begin with something else.
        if !characters.as_str().chars().all(char::is_whitespace) {
            return found.len();
        }
        characters.as_str().len()
    }
}

/// `text` cut by one expression after the other.
pub(super) fn words<'a>(cuts: &[Cut], text: &'a str) -> Vec<&'a str> {
    let mut words = Vec::new();
    if !text.is_empty() {
        words.push(text);
    }
    for cut in cuts {
        let whole = std::mem::take(&mut words);
        for word in whole {
            cut.words(word, &mut words);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const PLAIN: &str = r" ?\p{L}+|\s+(?!\S)|\s+";
    const LINES: &str = r" ?\p{L}+|\s*[\r\n]+|\s+(?!\S)|\s+";

    fn cut<'a>(expression: &str, text: &'a str) -> Vec<&'a str> {
        words(&[Cut::new(expression).unwrap()], text)
    }

    #[test]
    fn the_last_blank_of_a_run_goes_to_the_next_word() {
        assert_eq!(cut(PLAIN, "a   b"), ["a", "  ", " b"]);
        assert_eq!(cut(PLAIN, "a b  "), ["a", " b", "  "]);
        assert_eq!(cut(PLAIN, "\n\na"), ["\n", "\n", "a"]);
        assert_eq!(cut(LINES, "\n\na"), ["\n\n", "a"]);
        assert_eq!(cut(LINES, " \n  a"), [" \n", " ", " a"]);
        assert_eq!(cut(LINES, "\u{3000}\u{3000}a"), ["\u{3000}", "\u{3000}", "a"]);
        assert_eq!(cut(PLAIN, ""), [""; 0]);
        assert_eq!(cut(PLAIN, "1 a"), ["1", " a"]);
    }

    /// Expressions that look ahead ran out of their stack at a million.
    #[test]
    fn however_long_a_run_is() {
        for blank in [" ", "\n", "\t"] {
            let text = blank.repeat(1_200_000) + "x y";
            for expression in [PLAIN, LINES] {
                let words = cut(expression, &text);
                let rest = words.iter().rev().take(2).copied().collect::<Vec<_>>();
                assert_eq!(rest[0], " y");
                assert_eq!(rest[1], if blank == " " { " x" } else { "x" });
                assert_eq!(words.concat(), text);
            }
        }
    }
}
