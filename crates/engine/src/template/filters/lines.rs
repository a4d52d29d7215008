//! Filters of texts with lines.

use minijinja::{Error, Value};

use crate::template::python::values::{length, type_name};
use crate::template::python::{cuts, error, text};

pub(super) fn indented(text: &str, indent: &str, first: bool, blank: bool) -> String {
    let text = format!("{text}\n");
    let mut out = String::with_capacity(text.len());
    for (index, line) in cuts::splitlines(&text, false).into_iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        if (index == 0 && first) || (index > 0 && (blank || !line.is_empty())) {
            out.push_str(indent);
        }
        out.push_str(line);
    }
    out
}

pub(super) fn truncate(
    value: &Value,
    most: i128,
    kill: bool,
    end: &str,
    leeway: i128,
) -> Result<Value, Error> {
    let kept = most - end.chars().count() as i128;
    if kept < 0 || leeway < 0 {
        return Err(error("the length is shorter than the end, or the leeway negative"));
    }
    if length(value)? as i128 <= most + leeway {
        return Ok(value.clone());
    }
    let text = value.as_str().ok_or_else(|| error(format!("'{}' is no text", type_name(value))))?;
    let cut: String = text.chars().take(usize::try_from(kept).unwrap_or(usize::MAX)).collect();
    let cut = if kill {
        cut.as_str()
    } else {
        cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words)
    };
    Ok(Value::from(format!("{cut}{end}")))
}

/// Lines of at most `width` characters (`textwrap.wrap`, which also breaks behind hyphens in words).
pub(super) fn wrap(paragraph: &str, width: usize, break_words: bool) -> Vec<String> {
    let mut chunks: Vec<String> = Vec::new();
    for character in paragraph.chars() {
        let is_blank = text::is_space(character);
        match chunks.last_mut() {
            Some(chunk)
                if chunk.starts_with(text::is_space) == is_blank
                    && !ends_with_hyphen(chunk, character) =>
            {
                chunk.push(character);
            }
            _ => chunks.push(character.to_string()),
        }
    }
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    let mut chunks = std::collections::VecDeque::from(chunks);
    while let Some(chunk) = chunks.pop_front() {
        let length = chunk.chars().count();
        let is_blank = chunk.starts_with(text::is_space);
        if is_blank && used == 0 && !lines.is_empty() {
            continue;
        }
        if used + length <= width {
            line.push_str(&chunk);
            used += length;
            continue;
        }
        if length > width && !is_blank {
            let room = if break_words {
                width - used
            } else if used == 0 {
                length
            } else {
                0
            };
            line.extend(chunk.chars().take(room));
            let rest: String = chunk.chars().skip(room).collect();
            if !rest.is_empty() {
                chunks.push_front(rest);
            }
        } else if !is_blank {
            chunks.push_front(chunk);
        }
        lines.push(line.trim_end_matches(text::is_space).to_owned());
        line.clear();
        used = 0;
    }
    let line = line.trim_end_matches(text::is_space);
    if !line.is_empty() {
        lines.push(line.to_owned());
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// Whether a word may be broken between its end, which is a hyphen after two letters, and a letter.
fn ends_with_hyphen(chunk: &str, next: char) -> bool {
    let mut last = chunk.chars().rev();
    last.next() == Some('-')
        && next.is_alphabetic()
        && last.next().is_some_and(char::is_alphabetic)
        && last.next().is_some_and(char::is_alphabetic)
}
