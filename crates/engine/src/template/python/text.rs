//! `str()` and `repr()`.

use std::fmt::Write;

use minijinja::Value;
use minijinja::value::ValueKind;

use super::number::Number;
use super::values::{self, is_tuple};

/// Whether Python calls a character a blank.
pub(in crate::template) fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}

/// `str(value)`
pub(in crate::template) fn str(value: &Value) -> String {
    match value.kind() {
        ValueKind::Undefined => String::new(),
        ValueKind::String => value.as_str().unwrap_or_default().to_owned(),
        _ => repr(value),
    }
}

/// `repr(value)`
pub(in crate::template) fn repr(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value.kind() {
        ValueKind::Undefined => out.push_str("Undefined"),
        ValueKind::None => out.push_str("None"),
        ValueKind::Bool => out.push_str(if value.is_true() { "True" } else { "False" }),
        ValueKind::Number => match Number::of(value) {
            Some(Number::Float(number)) => out.push_str(&float(number)),
            _ => out.push_str(&value.to_string()),
        },
        ValueKind::String => quoted(value.as_str().unwrap_or_default(), out),
        ValueKind::Map if values::is_dict(value) => {
            list(values::pairs(value).into_iter(), ["{", "}"], out, |(key, value), out| {
                write(&key, out);
                out.push_str(": ");
                write(&value, out);
            });
        }
        ValueKind::Seq => {
            let items = values::iterate(value).unwrap_or_default();
            let one = items.len() == 1;
            let brackets = match is_tuple(value) {
                true if one => ["(", ",)"],
                true => ["(", ")"],
                false => ["[", "]"],
            };
            list(items.into_iter(), brackets, out, |item, out| write(&item, out));
        }
        _ => out.push_str(&value.to_string()),
    }
}

fn list<T>(
    items: impl Iterator<Item = T>,
    [open, close]: [&str; 2],
    out: &mut String,
    mut write: impl FnMut(T, &mut String),
) {
    out.push_str(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write(item, out);
    }
    out.push_str(close);
}

/// The fewest digits that give the number back, with an exponent below 1e-4 and from 1e16 on.
pub(super) fn float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    // Rust has the same limits; its exponents have no sign and no leading zero.
    let text = format!("{number:?}");
    match text.split_once('e') {
        None => text,
        Some((digits, exponent)) => {
            let exponent: i32 = exponent.parse().unwrap_or_default();
            let digits = digits.strip_suffix(".0").unwrap_or(digits);
            format!("{digits}e{exponent:+03}")
        }
    }
}

fn quoted(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for character in text.chars() {
        let code = character as u32;
        // Writing to a string can't fail.
        let _ = match character {
            '\\' => out.write_str("\\\\"),
            '\n' => out.write_str("\\n"),
            '\r' => out.write_str("\\r"),
            '\t' => out.write_str("\\t"),
            _ if character == quote => write!(out, "\\{quote}"),
            _ if is_printable(character) => out.write_char(character),
            _ if code < 0x100 => write!(out, "\\x{code:02x}"),
            _ if code < 0x1_0000 => write!(out, "\\u{code:04x}"),
            _ => write!(out, "\\U{code:08x}"),
        };
    }
    out.push(quote);
}

/// Whether `repr` shows a character as it is: neither control, format, private use nor a blank other than the space.
/// Unassigned characters are taken for printable.
pub(super) fn is_printable(character: char) -> bool {
    const HIDDEN: [std::ops::RangeInclusive<char>; 21] = [
        '\u{ad}'..='\u{ad}',
        '\u{600}'..='\u{605}',
        '\u{61c}'..='\u{61c}',
        '\u{6dd}'..='\u{6dd}',
        '\u{70f}'..='\u{70f}',
        '\u{890}'..='\u{891}',
        '\u{8e2}'..='\u{8e2}',
        '\u{180e}'..='\u{180e}',
        '\u{200b}'..='\u{200f}',
        '\u{202a}'..='\u{202e}',
        '\u{2060}'..='\u{206f}',
        '\u{e000}'..='\u{f8ff}',
        '\u{feff}'..='\u{feff}',
        '\u{fff9}'..='\u{fffb}',
        '\u{fffe}'..='\u{ffff}',
        '\u{110bd}'..='\u{110bd}',
        '\u{13430}'..='\u{1343f}',
        '\u{1bca0}'..='\u{1bca3}',
        '\u{1d173}'..='\u{1d17a}',
        '\u{e0000}'..='\u{e0fff}',
        '\u{f0000}'..='\u{10ffff}',
    ];
    character == ' '
        || !(character.is_control()
            || is_space(character)
            || HIDDEN.iter().any(|range| range.contains(&character)))
}
