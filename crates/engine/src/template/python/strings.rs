//! Methods of texts.

use minijinja::formatting::{self, FormatStyle};
use minijinja::value::{Kwargs, Tuple, ValueKind};
use minijinja::{Error, Value};

use super::arguments::{Arguments, Bound};
use super::cases::{capitalize, is_case, is_cased, swapcase, title};
use super::cuts::{not_empty, split, splitlines, strip};
use super::text::{is_printable, is_space};
use super::values::{iterate, type_name};
use super::{error, within};

/// Names of the methods.
pub(super) const METHODS: [&str; 45] = [
    "capitalize",
    "casefold",
    "center",
    "count",
    "encode",
    "endswith",
    "expandtabs",
    "find",
    "format",
    "format_map",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "istitle",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "upper",
    "zfill",
];

/// `text.method(…)`
pub(super) fn call(text: &str, method: &str, arguments: Arguments) -> Result<Value, Error> {
    if let Some(value) = without_arguments(text, method) {
        return arguments.bind([]).map(|_| value);
    }
    match method {
        "strip" | "lstrip" | "rstrip" => {
            let bound = arguments.bind(["chars"])?;
            let chars = bound.some(0).map(|_| bound.text(0)).transpose()?;
            Ok(Value::from(strip(text, chars, method != "rstrip", method != "lstrip")))
        }
        "split" | "rsplit" => {
            let bound = arguments.bind(["sep", "maxsplit"])?;
            let separator = bound.some(0).map(|_| bound.text(0)).transpose()?;
            let most = usize::try_from(bound.integer(1, -1)?).unwrap_or(usize::MAX - 1);
            split(text, separator, most, method == "rsplit")
        }
        "splitlines" => {
            let bound = arguments.bind(["keepends"])?;
            Ok(splitlines(text, bound.flag(0)).into_iter().map(Value::from).collect())
        }
        "partition" | "rpartition" => {
            let bound = arguments.bind(["sep"])?;
            let separator = not_empty(bound.text(0)?)?;
            let parts = if method == "partition" {
                text.split_once(separator)
            } else {
                text.rsplit_once(separator)
            };
            let parts = match parts {
                Some((before, after)) => [before, separator, after],
                None if method == "partition" => [text, "", ""],
                None => ["", "", text],
            };
            Ok(Value::from(Tuple::from(parts.map(Value::from))))
        }
        "removeprefix" => {
            let bound = arguments.bind(["prefix"])?;
            Ok(Value::from(text.strip_prefix(bound.text(0)?).unwrap_or(text)))
        }
        "removesuffix" => {
            let bound = arguments.bind(["suffix"])?;
            Ok(Value::from(text.strip_suffix(bound.text(0)?).unwrap_or(text)))
        }
        "replace" => {
            let bound = arguments.bind(["old", "new", "count"])?;
            replace(text, bound.text(0)?, bound.text(1)?, bound.integer(2, -1)?)
        }
        "find" | "rfind" | "index" | "rindex" | "count" => {
            search(text, method, &arguments.bind(["sub", "start", "end"])?)
        }
        "startswith" | "endswith" => {
            affix(text, method, &arguments.bind(["affix", "start", "end"])?)
        }
        "join" => {
            let bound = arguments.bind(["iterable"])?;
            join(text, bound.required(0)?)
        }
        "center" | "ljust" | "rjust" => {
            let bound = arguments.bind(["width", "fillchar"])?;
            let mut fill = if bound.get(1).is_some() { bound.text(1)? } else { " " }.chars();
            let (Some(fill), None) = (fill.next(), fill.next()) else {
                return Err(error("The fill character must be exactly one character long"));
            };
            bound.required(0)?;
            pad(text, method, bound.integer(0, 0)?, fill)
        }
        "zfill" => {
            let bound = arguments.bind(["width"])?;
            bound.required(0)?;
            let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
            let sign = &text[..text.len() - digits.len()];
            let padded = pad(digits, "rjust", bound.integer(0, 0)? - sign.len() as i128, '0')?;
            Ok(Value::from(format!("{sign}{padded}")))
        }
        "expandtabs" => {
            let bound = arguments.bind(["tabsize"])?;
            expandtabs(text, usize::try_from(bound.integer(0, 8)?).unwrap_or(0))
        }
        "format" => format(text, &arguments.by_place, arguments.by_name),
        "format_map" => {
            let bound = arguments.bind(["mapping"])?;
            let named = super::values::pairs(bound.required(0)?);
            format(
                text,
                &[],
                named.into_iter().map(|(key, value)| (super::text::str(&key), value)).collect(),
            )
        }
        other => Err(error(format!("the method {other} is not supported"))),
    }
}

/// Methods that take no argument.
fn without_arguments(text: &str, method: &str) -> Option<Value> {
    let all = |is: fn(char) -> bool| !text.is_empty() && text.chars().all(is);
    let has = |is: fn(char) -> bool| text.chars().any(is);
    // ½ and Ⅷ are numbers, but no digits; ² is a digit, but no decimal.
    let is_digit =
        |c: char| c.is_numeric() && !matches!(c, '¼'..='¾' | '\u{2150}'..='\u{218b}' | '\u{3007}');
    let is_decimal = |c: char| {
        c.is_ascii_digit()
            || (c.is_numeric()
                && !matches!(c, '²' | '³' | '¹' | '¼'..='¾' | '\u{2070}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' | '\u{3007}'))
    };
    Some(match method {
        "upper" => Value::from(text.to_uppercase()),
        "lower" => Value::from(text.to_lowercase()),
        "casefold" => Value::from(text.to_lowercase().replace('ß', "ss")),
        "capitalize" => Value::from(capitalize(text)),
        "title" => Value::from(title(text)),
        "swapcase" => Value::from(swapcase(text)),
        "isalnum" => Value::from(all(char::is_alphanumeric)),
        "isalpha" => Value::from(all(char::is_alphabetic)),
        "isascii" => Value::from(text.is_ascii()),
        "isdecimal" => Value::from(!text.is_empty() && text.chars().all(is_decimal)),
        "isdigit" => Value::from(!text.is_empty() && text.chars().all(is_digit)),
        "isnumeric" => Value::from(all(char::is_numeric)),
        "isspace" => Value::from(all(is_space)),
        "isprintable" => Value::from(text.chars().all(is_printable)),
        "isidentifier" => {
            let starts = text.starts_with(|c: char| c == '_' || c.is_alphabetic());
            Value::from(starts && text.chars().all(|c| c == '_' || c.is_alphanumeric()))
        }
        "islower" | "isupper" => Value::from(is_case(text, &method[2..])),
        "istitle" => Value::from(has(is_cased) && title(text) == text),
        _ => return None,
    })
}

/// `text.replace(old, new, count)`; all if `count` is negative.
pub(in crate::template) fn replace(
    text: &str,
    old: &str,
    new: &str,
    count: i128,
) -> Result<Value, Error> {
    let found = if old.is_empty() { text.len() + 1 } else { text.matches(old).count() };
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    within(
        found.min(count).checked_mul(new.len()).and_then(|length| length.checked_add(text.len())),
    )?;
    Ok(Value::from(text.replacen(old, new, count)))
}

/// The part of `text` from character `start` to `end`, and how many characters stand before it.
fn window<'a, const N: usize>(
    text: &'a str,
    bound: &Bound<N>,
) -> Result<Option<(&'a str, usize)>, Error> {
    if bound.some(1).is_none() && bound.some(2).is_none() {
        return Ok(Some((text, 0)));
    }
    let length = text.chars().count() as i128;
    let place = |index: usize, default| {
        let place = if bound.some(index).is_some() { bound.integer(index, 0)? } else { default };
        Ok::<_, Error>(if place < 0 { (place + length).max(0) } else { place })
    };
    let (start, end) = (place(1, 0)?, place(2, length)?.min(length));
    if start > end {
        return Ok(None);
    }
    let byte =
        |place: i128| text.char_indices().nth(place as usize).map_or(text.len(), |(at, _)| at);
    Ok(Some((&text[byte(start)..byte(end)], start as usize)))
}

fn search(text: &str, method: &str, bound: &Bound<3>) -> Result<Value, Error> {
    let wanted = bound.text(0)?;
    let window = window(text, bound)?;
    if method == "count" {
        return Ok(Value::from(window.map_or(0, |(text, _)| text.matches(wanted).count())));
    }
    let found = window.and_then(|(text, before)| {
        let at = if method.starts_with('r') { text.rfind(wanted) } else { text.find(wanted) };
        at.map(|at| before + text[..at].chars().count())
    });
    match found {
        Some(at) => Ok(Value::from(at)),
        None if method.ends_with("find") => Ok(Value::from(-1)),
        None => Err(error("substring not found")),
    }
}

fn affix(text: &str, method: &str, bound: &Bound<3>) -> Result<Value, Error> {
    let affixes = bound.required(0)?;
    let affixes = match affixes.kind() {
        ValueKind::String => vec![affixes.clone()],
        ValueKind::Seq if affixes.is_tuple() => iterate(affixes)?,
        _ => {
            return Err(error(format!(
                "{method} first arg must be str or a tuple of str, not {}",
                type_name(affixes)
            )));
        }
    };
    let Some((text, _)) = window(text, bound)? else { return Ok(Value::from(false)) };
    for affix in &affixes {
        let affix = affix
            .as_str()
            .ok_or_else(|| error(format!("tuple for {method} must only contain str")))?;
        if if method == "startswith" { text.starts_with(affix) } else { text.ends_with(affix) } {
            return Ok(Value::from(true));
        }
    }
    Ok(Value::from(false))
}

fn join(separator: &str, items: &Value) -> Result<Value, Error> {
    let mut joined = String::new();
    for (index, item) in iterate(items)?.iter().enumerate() {
        let text = item.as_str().ok_or_else(|| {
            error(format!(
                "sequence item {index}: expected str instance, {} found",
                type_name(item)
            ))
        })?;
        if index > 0 {
            joined.push_str(separator);
        }
        joined.push_str(text);
        within(Some(joined.len()))?;
    }
    Ok(Value::from(joined))
}

/// `text` with `fill` on one side or both.
pub(in crate::template) fn pad(
    text: &str,
    method: &str,
    width: i128,
    fill: char,
) -> Result<Value, Error> {
    let length = text.chars().count();
    let width = usize::try_from(width).unwrap_or(0);
    within(width.checked_mul(fill.len_utf8()))?;
    let missing = width.saturating_sub(length);
    let before = match method {
        "ljust" => 0,
        "rjust" => missing,
        _ => missing / 2 + (missing & width & 1),
    };
    let fill = |count| std::iter::repeat_n(fill, count);
    Ok(Value::from(
        fill(before).chain(text.chars()).chain(fill(missing - before)).collect::<String>(),
    ))
}

fn expandtabs(text: &str, size: usize) -> Result<Value, Error> {
    within(text.len().checked_mul(size.max(1)))?;
    let mut out = String::new();
    let mut column = 0;
    for character in text.chars() {
        if character == '\t' {
            let blanks = if size == 0 { 0 } else { size - column % size };
            out.extend(std::iter::repeat_n(' ', blanks));
            column += blanks;
        } else {
            out.push(character);
            column = if matches!(character, '\n' | '\r') { 0 } else { column + 1 };
        }
    }
    Ok(Value::from(out))
}

fn format(text: &str, by_place: &[Value], by_name: Vec<(String, Value)>) -> Result<Value, Error> {
    let mut values: Vec<Value> = by_place.iter().map(formattable).collect();
    if !by_name.is_empty() {
        let named = by_name.into_iter().map(|(name, value)| (name, formattable(&value)));
        values.push(Value::from(named.collect::<Kwargs>()));
    }
    formatting::format(FormatStyle::StrFormat, text, &values).map(Value::from)
}

/// A value as minijinja formats it; lists and dictionaries stay what they are, for `{0[key]}`.
fn formattable(value: &Value) -> Value {
    match value.kind() {
        ValueKind::None | ValueKind::Undefined => Value::from(super::text::str(value)),
        _ => value.clone(),
    }
}
