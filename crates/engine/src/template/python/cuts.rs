//! Texts cut into parts.

use minijinja::{Error, Value};

use super::error;
use super::text::is_space;

pub(super) fn split(
    text: &str,
    separator: Option<&str>,
    most: usize,
    from_end: bool,
) -> Result<Value, Error> {
    let parts: Vec<&str> = match separator {
        Some(separator) if from_end => {
            let mut parts: Vec<_> = text.rsplitn(most + 1, not_empty(separator)?).collect();
            parts.reverse();
            parts
        }
        Some(separator) => text.splitn(most + 1, not_empty(separator)?).collect(),
        None => split_blanks(text, most, from_end),
    };
    Ok(parts.into_iter().map(Value::from).collect())
}

/// Words, at most `most` of them cut off; the rest stays as it is.
fn split_blanks(text: &str, most: usize, from_end: bool) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = strip(text, None, !from_end, from_end);
    while !rest.is_empty() {
        let cut = if from_end {
            rest.rfind(is_space).map(|at| at + rest[at..].chars().next().map_or(0, char::len_utf8))
        } else {
            rest.find(is_space)
        };
        let cut = cut.filter(|_| words.len() < most);
        let (word, other) = match (cut, from_end) {
            (None, _) => (rest, ""),
            (Some(cut), true) => (&rest[cut..], &rest[..cut]),
            (Some(cut), false) => (&rest[..cut], &rest[cut..]),
        };
        words.push(word);
        rest = strip(other, None, !from_end, from_end);
    }
    if from_end {
        words.reverse();
    }
    words
}

pub(in crate::template) fn splitlines(text: &str, keep_ends: bool) -> Vec<&str> {
    let is_end = |c: char| {
        matches!(
            c,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'
                ..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let line = rest.find(is_end).unwrap_or(rest.len());
        let end = &rest[line..];
        let length =
            if end.starts_with("\r\n") { 2 } else { end.chars().next().map_or(0, char::len_utf8) };
        lines.push(&rest[..if keep_ends { line + length } else { line }]);
        rest = &rest[line + length..];
    }
    lines
}

/// `text` without blanks, or without `chars`, at its ends.
pub(in crate::template) fn strip<'a>(
    text: &'a str,
    chars: Option<&str>,
    start: bool,
    end: bool,
) -> &'a str {
    let drop = |c: char| chars.map_or_else(|| is_space(c), |chars| chars.contains(c));
    let text = if start { text.trim_start_matches(drop) } else { text };
    if end { text.trim_end_matches(drop) } else { text }
}

pub(super) fn not_empty(separator: &str) -> Result<&str, Error> {
    if separator.is_empty() { Err(error("empty separator")) } else { Ok(separator) }
}
