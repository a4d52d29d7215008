//! `json.dumps`, as transformers gives it to templates.

use std::fmt::Write;

use minijinja::value::ValueKind;
use minijinja::{Error, Value};

use super::arguments::Arguments;
use super::number::{Number, integer};
use super::operators::compare;
use super::values::{is_dict, iterate, pairs, type_name};
use super::{error, text, within};

/// How JSON is written.
struct Writer {
    ascii: bool,
    /// What a level is indented by.
    indent: Option<String>,
    comma: String,
    colon: String,
    sort: bool,
    out: String,
}

/// `tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False)`
pub(in crate::template) fn tojson(arguments: Arguments) -> Result<Value, Error> {
    let bound = arguments.bind(["x", "ensure_ascii", "indent", "separators", "sort_keys"])?;
    let indent = bound.some(2).map(|indent| match (indent.as_str(), integer(indent)) {
        (Some(text), _) => Ok(text.to_owned()),
        (None, Some(blanks)) => Ok(" ".repeat(usize::try_from(blanks.min(1000)).unwrap_or(0))),
        (None, None) => Err(error(format!("indent must be int or str, not {}", type_name(indent)))),
    });
    let indent = indent.transpose()?;
    let mut comma = if indent.is_some() { "," } else { ", " }.to_owned();
    let mut colon = ": ".to_owned();
    if let Some(separators) = bound.some(3) {
        let mut separators =
            iterate(separators)?.into_iter().map(|separator| separator.as_str().map(str::to_owned));
        let (Some(Some(first)), Some(Some(second)), None) =
            (separators.next(), separators.next(), separators.next())
        else {
            return Err(error("separators must be two strings"));
        };
        (comma, colon) = (first, second);
    }
    let mut writer = Writer {
        ascii: bound.flag(1),
        indent,
        comma,
        colon,
        sort: bound.flag(4),
        out: String::new(),
    };
    writer.value(bound.required(0)?, 0)?;
    Ok(Value::from(writer.out))
}

impl Writer {
    fn value(&mut self, value: &Value, level: usize) -> Result<(), Error> {
        if level > 100 {
            return Err(error("maximum recursion depth exceeded"));
        }
        within(Some(self.out.len()))?;
        match value.kind() {
            ValueKind::None => self.out.push_str("null"),
            ValueKind::Bool => self.out.push_str(if value.is_true() { "true" } else { "false" }),
            ValueKind::Number => self.out.push_str(&number(value)),
            ValueKind::String => self.text(value.as_str().unwrap_or_default()),
            ValueKind::Seq => {
                let items = iterate(value)?;
                self.list(["[", "]"], items, level, |writer, item| writer.value(&item, level + 1))?;
            }
            ValueKind::Map if is_dict(value) => {
                let mut items = pairs(value);
                if self.sort {
                    let mut problem = None;
                    items.sort_by(|(a, _), (b, _)| match compare(a, b) {
                        Ok(order) => order.unwrap_or(std::cmp::Ordering::Equal),
                        Err(error) => {
                            problem.get_or_insert(error);
                            std::cmp::Ordering::Equal
                        }
                    });
                    problem.map_or(Ok(()), Err)?;
                }
                self.list(["{", "}"], items, level, |writer, (key, value)| {
                    let key = match key.kind() {
                        ValueKind::String => text::str(&key),
                        ValueKind::None => "null".to_owned(),
                        ValueKind::Bool => if key.is_true() { "true" } else { "false" }.to_owned(),
                        ValueKind::Number => number(&key),
                        _ => {
                            let name = type_name(&key);
                            return Err(error(format!(
                                "keys must be str, int, float, bool or None, not {name}"
                            )));
                        }
                    };
                    writer.text(&key);
                    let colon = writer.colon.clone();
                    writer.out.push_str(&colon);
                    writer.value(&value, level + 1)
                })?;
            }
            _ => {
                return Err(error(format!(
                    "Object of type {} is not JSON serializable",
                    type_name(value)
                )));
            }
        }
        Ok(())
    }

    fn list<T>(
        &mut self,
        [open, close]: [&str; 2],
        items: Vec<T>,
        level: usize,
        write: impl Fn(&mut Self, T) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.out.push_str(open);
        let is_empty = items.is_empty();
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                let comma = self.comma.clone();
                self.out.push_str(&comma);
            }
            self.line(level + 1);
            write(self, item)?;
        }
        if !is_empty {
            self.line(level);
        }
        self.out.push_str(close);
        Ok(())
    }

    fn line(&mut self, level: usize) {
        if let Some(indent) = &self.indent {
            self.out.push('\n');
            self.out.push_str(&indent.repeat(level));
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push('"');
        for character in text.chars() {
            // Writing to a string can't fail.
            let _ = match character {
                '"' => self.out.write_str("\\\""),
                '\\' => self.out.write_str("\\\\"),
                '\n' => self.out.write_str("\\n"),
                '\r' => self.out.write_str("\\r"),
                '\t' => self.out.write_str("\\t"),
                '\u{8}' => self.out.write_str("\\b"),
                '\u{c}' => self.out.write_str("\\f"),
                '\0'..='\u{1f}' => write!(self.out, "\\u{:04x}", character as u32),
                '\u{7f}'.. if self.ascii && !character.is_ascii() => {
                    let mut units = [0; 2];
                    character
                        .encode_utf16(&mut units)
                        .iter()
                        .try_for_each(|unit| write!(self.out, "\\u{unit:04x}"))
                }
                other => self.out.write_char(other),
            };
        }
        self.out.push('"');
    }
}

fn number(value: &Value) -> String {
    match Number::of(value) {
        Some(Number::Float(number)) if number.is_nan() => "NaN".to_owned(),
        Some(Number::Float(number)) if number.is_infinite() => {
            if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
        }
        _ => text::repr(value),
    }
}
