//! `format % values`.

use minijinja::formatting::{self, FormatStyle};
use minijinja::value::{Tuple, ValueKind};
use minijinja::{Error, Value};

use super::number::{self, Number};
use super::values::{is_dict, is_tuple, iterate};
use super::{error, text, within};

/// `format % values`, where `values` is one value, a tuple of them, or a dictionary for names.
///
/// # Errors
/// There are too few or too many values, or one is not what the format says.
pub(in crate::template) fn format(format: &str, values: &Value) -> Result<Value, Error> {
    let mut list =
        if is_tuple(values) { iterate(values)? } else { vec![values.clone()] }.into_iter();
    let mut out = String::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let spec = &rest[at + 1..];
        let (name, spec) = match spec.strip_prefix('(').and_then(|spec| spec.split_once(')')) {
            Some((name, spec)) => (Some(name), spec),
            None => (None, spec),
        };
        let kind_at = spec.find(|c: char| {
            !matches!(c, '#' | '0'..='9' | '-' | ' ' | '+' | '.' | '*' | 'h' | 'l' | 'L')
        });
        let kind_at = kind_at.ok_or_else(|| error("incomplete format"))?;
        let kind = spec[kind_at..].chars().next().unwrap_or_default();
        let mut next =
            || list.next().ok_or_else(|| error("not enough arguments for format string"));
        let mut how = String::new();
        for character in spec[..kind_at].chars() {
            match character {
                '*' => how.push_str(&text::str(&next()?)),
                'h' | 'l' | 'L' => {}
                other => how.push(other),
            }
        }
        rest = &spec[kind_at + kind.len_utf8()..];
        if kind == '%' {
            out.push('%');
            continue;
        }
        let value = match name {
            Some(name) if is_dict(values) => {
                let found =
                    values.as_object().and_then(|object| object.get_value(&Value::from(name)));
                found.ok_or_else(|| error(format!("the key '{name}' is missing")))?
            }
            Some(_) => return Err(error("format requires a mapping")),
            None => next()?,
        };
        out.push_str(&one(&how, kind, &value)?);
        within(Some(out.len()))?;
    }
    out.push_str(rest);
    // A dictionary or list may stand there without being used.
    let may_be_left = values.kind() == ValueKind::Seq && !is_tuple(values);
    if list.next().is_some() && !is_dict(values) && !may_be_left {
        return Err(error("not all arguments converted during string formatting"));
    }
    Ok(Value::from(out))
}

/// One value.
fn one(how: &str, kind: char, value: &Value) -> Result<String, Error> {
    let (kind, value) = match (kind, Number::of(value)) {
        ('r' | 'a', _) => ('s', Value::from(text::repr(value))),
        ('s', _) => ('s', Value::from(text::str(value))),
        ('d' | 'i' | 'u', Some(Number::Float(number))) if number.is_finite() => {
            ('d', number::value(Number::Int(number.trunc() as i128)))
        }
        ('i' | 'u', _) => ('d', value.clone()),
        _ => (kind, value.clone()),
    };
    formatting::format(FormatStyle::Printf, &format!("%{how}{kind}"), &[value])
}

/// `format % values` of arguments.
pub(in crate::template) fn with(format: &str, values: Vec<Value>) -> Result<Value, Error> {
    self::format(format, &Value::from(Tuple::from(values)))
}
