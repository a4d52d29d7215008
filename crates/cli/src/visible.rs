//! Text of files, templates and models on a terminal: what would steer the terminal is seen instead.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with its control characters as signs; line ends and tabs stay.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    replaced(text, |c| !matches!(c, '\n' | '\t') && steers(c))
}

/// The same on one line: line ends and tabs are signs as well.
pub(crate) fn on_one_line(text: &str) -> Cow<'_, str> {
    replaced(text, steers)
}

/// Controls (C0, DEL, C1), line and paragraph separators, and what turns the direction of the text around it.
/// Marks of direction stay: they turn nothing but themselves, and Arabic and Hebrew need them.
fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn replaced(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&hidden) {
        return Cow::Borrowed(text);
    }
    let mut seen = String::with_capacity(text.len());
    for c in text.chars() {
        match c as u32 {
            _ if !hidden(c) => seen.push(c),
            code @ 0..0x20 => seen.extend(char::from_u32(0x2400 + code)),
            0x7f => seen.push('␡'),
            code => drop(write!(seen, "⟨U+{code:04X}⟩")),
        }
    }
    Cow::Owned(seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_seen() {
        for (text, seen) in [
            ("plain\n\ttext, ελληνικά, 😀", "plain\n\ttext, ελληνικά, 😀"),
            ("\x1b[2J", "␛[2J"),
            ("a\x1b]0;owned\x07b", "a␛]0;owned␇b"),
            ("over\rwritten\r\n", "over␍written␍\n"),
            ("\0\x7f", "␀␡"),
            ("\u{9b}31m", "⟨U+009B⟩31m"),
            ("fdp.\u{202e}exe", "fdp.⟨U+202E⟩exe"),
            ("\u{2066}x\u{2069}", "⟨U+2066⟩x⟨U+2069⟩"),
            ("\u{200f}שלום\u{200e}", "\u{200f}שלום\u{200e}"),
        ] {
            assert_eq!(visible(text), seen);
            assert_eq!(visible(&visible(text)), seen, "a second time changes nothing");
        }
        assert_eq!(on_one_line("a\n\tb\u{2028}"), "a␊␉b⟨U+2028⟩");
    }

    #[test]
    fn nothing_that_steers_is_left() {
        let all: String = ('\0'..=char::MAX).collect();
        assert!(!on_one_line(&all).contains(char::is_control));
    }
}
