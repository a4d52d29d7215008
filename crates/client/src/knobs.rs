//! Knobs as texts and JSON: what controls, links and stored settings have in common.

use entropix::Knob;
use entropix::knob::Kind;
use entropix_protocol::json;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The knob of this name.
pub fn named<'a>(knobs: &'a [Knob], name: &str) -> Option<&'a Knob> {
    knobs.iter().find(|knob| knob.name == name)
}

/// The value that a text says.
///
/// # Errors
/// Why it says none that the knob can be, in words.
pub fn read(knob: &Knob, text: &str) -> Result<Value, String> {
    let title = knob.title();
    let value = match knob.kind {
        Kind::Whole => {
            let digits = text.trim();
            let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            if !is_whole {
                return Err(format!("{title} must be a whole number"));
            }
            let whole: u64 = digits
                .parse()
                .map_err(|_| format!("{title} is too large: at most {}", u64::MAX))?;
            Value::from(whole)
        }
        Kind::Real => {
            Value::from(real(text.trim()).ok_or_else(|| format!("{title} must be a number"))?)
        }
        Kind::Switch if text == "true" || text == "false" => Value::Bool(text == "true"),
        Kind::Options(options) if options.iter().any(|(value, _)| *value == text) => text.into(),
        Kind::Switch | Kind::Options(_) => {
            let text = if text.is_empty() { "empty" } else { text };
            return Err(format!("{title} can’t be {text}"));
        }
        Kind::Lines => {
            text.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().into()
        }
    };
    match value.as_f64() {
        Some(number) if !knob.range.contains(number) => {
            Err(format!("{title} must be {}", knob.range))
        }
        _ => Ok(value),
    }
}

/// A decimal number, by JSON's reader: the page has it, and that of `str` weighs 15 kB more.
fn real(text: &str) -> Option<f64> {
    // JSON has no number that begins with its point; people write some.
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let zero = if digits.starts_with('.') { "0" } else { "" };
    json::read(&format!("{sign}{zero}{digits}")).ok()
}

/// A value as a control shows it, numbers as short as they can be.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(lines) => {
            lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
        }
        Value::Number(number) if number.is_f64() => {
            number.as_f64().map_or_else(String::new, |number| number.to_string())
        }
        other => other.to_string(),
    }
}

/// A configuration as names and values: by way of its text, for which there is code anyway.
pub(crate) fn map(config: &impl Serialize) -> Map<String, Value> {
    serde_json::to_string(config).and_then(|text| json::read(&text)).unwrap_or_default()
}

/// A knob with a value, as [`over`] takes it.
pub(crate) fn one(knob: &Knob, value: Value) -> Map<String, Value> {
    let mut one = Map::new();
    one.insert(knob.name.to_owned(), value);
    one
}

/// A configuration with some of its values replaced.
pub(crate) fn over<T: Serialize + DeserializeOwned>(
    config: &T,
    changes: &Map<String, Value>,
) -> serde_json::Result<T> {
    let mut all = map(config);
    all.extend(changes.clone());
    json::read(&serde_json::to_string(&all)?)
}

/// What `config` has that `usual` has not.
pub(crate) fn difference(config: &impl Serialize, usual: &impl Serialize) -> Map<String, Value> {
    let usual = map(usual);
    let mut difference = Map::new();
    for (name, value) in map(config) {
        if usual.get(&name) != Some(&value) {
            difference.insert(name, value);
        }
    }
    difference
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_numbers_are_read_as_people_write_them() {
        for text in ["0", "12", "-12", "0.1", ".5", "-.5", "1e-2", "1.5E3", "123456789.123456789"] {
            assert_eq!(real(text), text.parse().ok(), "{text}");
        }
        for text in
            ["", ".", "-", "--1", "1 2", "1,5", "one", "null", "true", "NaN", "inf", "1e999"]
        {
            assert_eq!(real(text), None, "{text}");
        }
    }
}
