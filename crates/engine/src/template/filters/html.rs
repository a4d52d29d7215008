//! Filters for HTML and addresses.

use minijinja::value::ValueKind;
use minijinja::{Error, Value};

use crate::template::python::values::{is_dict, iterate, pairs, type_name};
use crate::template::python::{error, text};

/// Text as HTML has it.
pub(in crate::template) fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('>', "&gt;").replace('<', "&lt;");
    text.replace('\'', "&#39;").replace('"', "&#34;")
}

/// Text without comments and tags, with single spaces, and entities as characters.
pub(super) fn strip_tags(text: &str) -> String {
    let mut out = text.to_owned();
    for (begin, end) in [("<!--", "-->"), ("<", ">")] {
        while let Some(start) = out.find(begin)
            && let Some(length) = out[start..].find(end)
        {
            out.replace_range(start..start + length + end.len(), "");
        }
    }
    let words =
        out.split(text::is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    entities.iter().fold(words, |text, (entity, character)| text.replace(entity, character))
}

pub(super) fn urlencode(value: &Value) -> Result<Value, Error> {
    let quote = |value: &Value, safe: &[u8], blank: &str| {
        let mut out = String::new();
        for byte in text::str(value).bytes() {
            match byte {
                b' ' if blank == "+" => out.push('+'),
                byte if byte.is_ascii_alphanumeric()
                    || b"_.-~".contains(&byte)
                    || safe.contains(&byte) =>
                {
                    out.push(char::from(byte));
                }
                byte => out.extend(format!("%{byte:02X}").chars()),
            }
        }
        out
    };
    let items = match value.kind() {
        ValueKind::Map if is_dict(value) => pairs(value),
        ValueKind::Seq | ValueKind::Iterable => {
            let items = iterate(value)?.into_iter().map(|pair| match iterate(&pair)?.as_slice() {
                [key, value] => Ok((key.clone(), value.clone())),
                _ => Err(error("not enough or too many values to unpack")),
            });
            items.collect::<Result<_, Error>>()?
        }
        _ => return Ok(Value::from(quote(value, b"/", "%20"))),
    };
    let parts = items
        .iter()
        .map(|(key, value)| format!("{}={}", quote(key, b"", "+"), quote(value, b"", "+")));
    Ok(Value::from(parts.collect::<Vec<_>>().join("&")))
}

pub(super) fn xml_attributes(value: &Value, space: bool) -> Result<Value, Error> {
    if !is_dict(value) {
        return Err(error(format!("'{}' object has no attribute 'items'", type_name(value))));
    }
    let mut parts = Vec::new();
    for (key, value) in pairs(value) {
        if value.is_none() || value.is_undefined() {
            continue;
        }
        let key = text::str(&key);
        if key.contains([' ', '\t', '\n', '\r', '\u{b}', '\u{c}', '/', '>', '=']) {
            return Err(error(format!("Invalid character in attribute name: '{key}'")));
        }
        parts.push(format!("{}=\"{}\"", escape(&key), escape(&text::str(&value))));
    }
    let space = if space && !parts.is_empty() { " " } else { "" };
    Ok(Value::from(format!("{space}{}", parts.join(" "))))
}
