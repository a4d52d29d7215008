//! Filters of texts, numbers and single values.

use minijinja::value::ValueKind;
use minijinja::{Error, Value};

use super::html::{escape, strip_tags, urlencode, xml_attributes};
use super::lines::{indented, truncate, wrap};
use crate::template::python::arguments::{Arguments, whole};
use crate::template::python::number::{self, Number};
use crate::template::python::values::{is_dict, length, type_name};
use crate::template::python::{
    cases, cuts, error, json, lookup, operators, printf, strings, text, within,
};

#[expect(clippy::too_many_lines, reason = "a table of filters")]
pub(super) fn call(name: &str, arguments: Arguments) -> Result<Value, Error> {
    match name {
        "tojson" => json::tojson(arguments),
        "format" => format(arguments),
        "abs" => {
            let bound = arguments.bind(["x"])?;
            let value = bound.required(0)?;
            let negative = Number::of(value).is_some_and(|number| number.float() < 0.0);
            operators::signed(negative, value)
        }
        "attr" => {
            let bound = arguments.bind(["obj", "name"])?;
            let (value, name) = (bound.required(0)?, bound.text_of(1, ""));
            // Items are no attributes here.
            match value.kind() {
                ValueKind::Map if is_dict(value) && !lookup::is_method(value, &name) => {
                    Ok(Value::UNDEFINED)
                }
                _ => lookup::attribute(value, &name),
            }
        }
        "d" | "default" => {
            let bound = arguments.bind(["value", "default_value", "boolean"])?;
            let value = bound.required(0)?;
            if value.is_undefined() || (bound.flag(2) && !value.is_true()) {
                return Ok(bound.get(1).cloned().unwrap_or_else(|| Value::from("")));
            }
            Ok(value.clone())
        }
        "length" | "count" => {
            let bound = arguments.bind(["obj"])?;
            length(bound.required(0)?).map(Value::from)
        }
        "string" | "safe" | "pprint" | "capitalize" | "upper" | "lower" | "title" | "e"
        | "escape" | "forceescape" | "striptags" | "wordcount" => {
            let bound = arguments.bind(["value"])?;
            Ok(of_text(name, bound.required(0)?))
        }
        "center" => {
            let bound = arguments.bind(["value", "width"])?;
            bound.required(0)?;
            strings::pad(&bound.text_of(0, ""), "center", bound.integer(1, 80)?, ' ')
        }
        "trim" => {
            let bound = arguments.bind(["value", "chars"])?;
            let chars = bound.some(1).map(|_| bound.text(1)).transpose()?;
            Ok(Value::from(cuts::strip(&text::str(bound.required(0)?), chars, true, true)))
        }
        "replace" => {
            let bound = arguments.bind(["s", "old", "new", "count"])?;
            let count = bound.some(3).map_or(Ok(-1), whole)?;
            let [value, old, new] =
                [bound.required(0)?, bound.required(1)?, bound.required(2)?].map(text::str);
            strings::replace(&value, &old, &new, count)
        }
        "int" => {
            let bound = arguments.bind(["value", "default", "base"])?;
            let base = u32::try_from(bound.integer(2, 10)?)
                .ok()
                .filter(|base| *base == 0 || (2..=36).contains(base));
            let base = base.ok_or_else(|| error("int() base must be >= 2 and <= 36, or 0"))?;
            let default = bound.get(1).cloned().unwrap_or_else(|| Value::from(0));
            Ok(int(bound.required(0)?, base)?
                .map_or(default, |number| number::value(Number::Int(number))))
        }
        "float" => {
            let bound = arguments.bind(["value", "default"])?;
            let default = bound.get(1).cloned().unwrap_or_else(|| Value::from(0.0));
            let value = bound.required(0)?;
            let number =
                value.as_str().map_or_else(|| Number::of(value).map(Number::float), parse_float);
            defined(value)?;
            Ok(number.map_or(default, Value::from))
        }
        "round" => {
            let bound = arguments.bind(["value", "precision", "method"])?;
            round(bound.required(0)?, bound.integer(1, 0)?, &bound.text_of(2, "common"))
        }
        "indent" => {
            let bound = arguments.bind(["s", "width", "first", "blank"])?;
            let indent = match bound.get(1) {
                Some(width) if width.as_str().is_some() => text::str(width),
                _ => " ".repeat(usize::try_from(bound.integer(1, 4)?).unwrap_or(0).min(10_000)),
            };
            let text = bound.text(0)?;
            within(text.matches('\n').count().checked_mul(indent.len()))?;
            Ok(Value::from(indented(text, &indent, bound.flag(2), bound.flag(3))))
        }
        "truncate" => {
            let bound = arguments.bind(["s", "length", "killwords", "end", "leeway"])?;
            let leeway = bound.some(4).map_or(Ok(5), whole)?;
            truncate(
                bound.required(0)?,
                bound.integer(1, 255)?,
                bound.flag(2),
                &bound.text_of(3, "..."),
                leeway,
            )
        }
        "wordwrap" => {
            let bound = arguments.bind([
                "s",
                "width",
                "break_long_words",
                "wrapstring",
                "break_on_hyphens",
            ])?;
            let width = usize::try_from(bound.integer(1, 79)?).ok().filter(|width| *width > 0);
            let width = width.ok_or_else(|| error("invalid width (must be > 0)"))?;
            let end = if bound.some(3).is_some() { bound.text(3)? } else { "\n" };
            let break_words = bound.get(2).is_none_or(Value::is_true);
            let paragraphs = cuts::splitlines(bound.text(0)?, false);
            let wrapped = paragraphs
                .into_iter()
                .map(|paragraph| wrap(paragraph, width, break_words).join(end));
            Ok(Value::from(wrapped.collect::<Vec<_>>().join(end)))
        }
        "filesizeformat" => {
            let bound = arguments.bind(["value", "binary"])?;
            let value = bound.required(0)?;
            let bytes =
                value.as_str().map_or_else(|| Number::of(value).map(Number::float), parse_float);
            let bytes = bytes.ok_or_else(|| {
                error(format!("could not convert '{}' to float", type_name(value)))
            })?;
            Ok(Value::from(file_size(bytes, bound.flag(1))))
        }
        "urlencode" => {
            let bound = arguments.bind(["value"])?;
            urlencode(bound.required(0)?)
        }
        "xmlattr" => {
            let bound = arguments.bind(["d", "autospace"])?;
            xml_attributes(bound.required(0)?, bound.get(1).is_none_or(Value::is_true))
        }
        other => Err(error(format!("No filter named '{other}'."))),
    }
}

fn of_text(name: &str, value: &Value) -> Value {
    let string = text::str(value);
    match name {
        "pprint" => Value::from(text::repr(value)),
        "capitalize" => Value::from(cases::capitalize(&string)),
        "upper" => Value::from(string.to_uppercase()),
        "lower" => Value::from(string.to_lowercase()),
        "title" => Value::from(title(&string)),
        "e" | "escape" if value.is_safe() => value.clone(),
        "e" | "escape" | "forceescape" => Value::from_safe_string(escape(&string)),
        "safe" => Value::from_safe_string(string),
        "striptags" => Value::from(strip_tags(&string)),
        "wordcount" => Value::from(words(&string)),
        _ => Value::from(string),
    }
}

/// Words begin after blanks, `-` and opening brackets.
fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut begins = true;
    for character in text.chars() {
        let is_between =
            text::is_space(character) || matches!(character, '-' | '(' | '{' | '[' | '<');
        if begins && !is_between {
            out.extend(character.to_uppercase());
        } else {
            out.extend(character.to_lowercase());
        }
        begins = is_between;
    }
    out
}

fn words(text: &str) -> usize {
    text.split(|c: char| c != '_' && !c.is_alphanumeric()).filter(|word| !word.is_empty()).count()
}

/// Undefined values are no numbers.
fn defined(value: &Value) -> Result<(), Error> {
    if value.is_undefined() { Err(error("the value is undefined")) } else { Ok(()) }
}

fn parse_float(text: &str) -> Option<f64> {
    let text = cuts::strip(text, None, true, true).to_lowercase();
    let digits = text.replace('_', "");
    let between = !text.starts_with('_') && !text.ends_with('_') && !text.contains("__");
    digits.parse().ok().filter(|_| between)
}

/// `int(value, base)`, or what a text's float is cut to; none if it is no number.
fn int(value: &Value, base: u32) -> Result<Option<i128>, Error> {
    defined(value)?;
    let from_float = |number: f64| number.is_finite().then_some(number.trunc() as i128);
    let Some(text) = value.as_str() else {
        return Ok(match Number::of(value) {
            Some(Number::Int(number)) => Some(number),
            Some(Number::Float(number)) => from_float(number),
            None => None,
        });
    };
    let trimmed = cuts::strip(text, None, true, true);
    let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    let sign = if trimmed.starts_with('-') { -1 } else { 1 };
    let prefixed = [("0x", 16), ("0o", 8), ("0b", 2)].into_iter().find_map(|(prefix, of)| {
        let rest = digits.to_lowercase().strip_prefix(prefix)?.to_owned();
        (base == of || base == 0).then_some((rest, of))
    });
    let (digits, base) =
        prefixed.unwrap_or_else(|| (digits.to_owned(), if base == 0 { 10 } else { base }));
    let sound = digits.starts_with(char::is_alphanumeric)
        && !digits.ends_with('_')
        && !digits.contains("__");
    let number = i128::from_str_radix(&digits.replace('_', ""), base).ok().filter(|_| sound);
    Ok(number.map(|number| sign * number).or_else(|| parse_float(text).and_then(from_float)))
}

fn round(value: &Value, precision: i128, method: &str) -> Result<Value, Error> {
    let number = Number::of(value)
        .ok_or_else(|| error(format!("type {} can't be rounded", type_name(value))))?;
    let digits = i32::try_from(precision).map_err(|_| error("too many digits"))?;
    let factor = libm::pow(10.0, f64::from(digits));
    match (method, number) {
        // Python keeps whole numbers, and rounds halves to even digits, by the number's exact digits.
        ("common", Number::Int(whole)) if digits >= 0 => Ok(number::value(Number::Int(whole))),
        ("common", Number::Int(whole)) => {
            let unit = 10_i128
                .checked_pow(digits.unsigned_abs())
                .ok_or_else(|| error("too many digits"))?;
            let (down, rest) = (whole.div_euclid(unit), whole.rem_euclid(unit));
            let up = rest * 2 > unit || (rest * 2 == unit && down % 2 != 0);
            Ok(number::value(Number::Int((down + i128::from(up)) * unit)))
        }
        ("common", Number::Float(number)) if (0..=300).contains(&digits) => {
            let rounded = format!("{number:.*}", digits as usize).parse::<f64>();
            Ok(Value::from(rounded.unwrap_or(number)))
        }
        ("common", Number::Float(number)) => {
            Ok(Value::from((number * factor).round_ties_even() / factor))
        }
        ("ceil", number) => Ok(Value::from((number.float() * factor).ceil() / factor)),
        ("floor", number) => Ok(Value::from((number.float() * factor).floor() / factor)),
        _ => Err(error("method must be common, ceil or floor")),
    }
}

fn format(mut arguments: Arguments) -> Result<Value, Error> {
    if arguments.by_place.is_empty() {
        return Err(error("a text is missing"));
    }
    let format = text::str(&arguments.by_place.remove(0));
    match (arguments.by_place.is_empty(), arguments.by_name.is_empty()) {
        (false, false) => {
            Err(error("can't handle positional and keyword arguments at the same time"))
        }
        (true, false) => printf::format(&format, &Value::from_pairs(arguments.by_name)),
        _ => printf::with(&format, arguments.by_place),
    }
}

fn file_size(bytes: f64, binary: bool) -> String {
    let (base, kilo, end) = if binary { (1024.0_f64, "K", "iB") } else { (1000.0, "k", "B") };
    #[expect(clippy::float_cmp, reason = "as jinja2 does")]
    if bytes == 1.0 {
        return "1 Byte".to_owned();
    }
    if bytes < base {
        return format!("{} Bytes", bytes as i128);
    }
    let prefixes = [kilo, "M", "G", "T", "P", "E", "Z", "Y"];
    let mut unit = base;
    for (index, prefix) in prefixes.iter().enumerate() {
        unit *= base;
        if bytes < unit || index + 1 == prefixes.len() {
            return format!("{:.1} {prefix}{end}", base * bytes / unit);
        }
    }
    String::new()
}
