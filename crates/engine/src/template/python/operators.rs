//! Operators.

use std::cmp::Ordering;

use minijinja::value::{Tuple, ValueKind};
use minijinja::{Error, Value};

use super::number::{self, Number, integer};
use super::values::{is_dict, is_tuple, iterate, type_name};
use super::{error, printf, within};

fn unsupported(operator: &str, a: &Value, b: &Value) -> Error {
    error(format!(
        "unsupported operand types for {operator}: '{}' and '{}'",
        type_name(a),
        type_name(b)
    ))
}

/// `a + b`, of numbers, texts, lists and tuples.
pub(in crate::template) fn add(a: &Value, b: &Value) -> Result<Value, Error> {
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => {
            within(a.len().checked_add(b.len()))?;
            return Ok(Value::from([a, b].concat()));
        }
        (None, None) => {}
        _ => return Err(unsupported("+", a, b)),
    }
    if a.kind() == ValueKind::Seq && b.kind() == ValueKind::Seq && is_tuple(a) == is_tuple(b) {
        let mut items = iterate(a)?;
        items.extend(iterate(b)?);
        within(items.len().checked_mul(10))?;
        return Ok(like(a, items));
    }
    arithmetic('+', "+", a, b)
}

/// Items as a tuple if `of` is one, else as a list.
pub(super) fn like(of: &Value, items: Vec<Value>) -> Value {
    if is_tuple(of) { Value::from(Tuple::from(items)) } else { Value::from(items) }
}

/// `a * b`, of numbers, or something repeated.
pub(in crate::template) fn multiply(a: &Value, b: &Value) -> Result<Value, Error> {
    let times = |number: i128| usize::try_from(number.max(0)).unwrap_or(usize::MAX);
    for (what, count) in [(a, b), (b, a)] {
        let Some(count) = integer(count).map(times) else { continue };
        if let Some(text) = what.as_str() {
            within(text.len().checked_mul(count))?;
            return Ok(Value::from(text.repeat(count)));
        }
        if what.kind() == ValueKind::Seq {
            let items = iterate(what)?;
            within(items.len().checked_mul(count).and_then(|length| length.checked_mul(10)))?;
            return Ok(like(what, std::iter::repeat_n(items, count).flatten().collect()));
        }
    }
    arithmetic('*', "*", a, b)
}

/// `a % b`: the rest of a division, or a text with values put in.
pub(in crate::template) fn modulo(a: &Value, b: &Value) -> Result<Value, Error> {
    match a.as_str() {
        Some(format) => printf::format(format, b),
        None => arithmetic('%', "%", a, b),
    }
}

/// `a OPERATOR b` of two numbers.
pub(in crate::template) fn arithmetic(
    operator: char,
    name: &str,
    a: &Value,
    b: &Value,
) -> Result<Value, Error> {
    match (Number::of(a), Number::of(b)) {
        (Some(x), Some(y)) => number::arithmetic(operator, x, y).map(number::value),
        _ => Err(unsupported(name, a, b)),
    }
}

/// `-a` or `+a`
pub(in crate::template) fn signed(negative: bool, a: &Value) -> Result<Value, Error> {
    match Number::of(a) {
        Some(Number::Int(number)) if negative => {
            Ok(number::value(Number::Int(number.saturating_neg())))
        }
        Some(Number::Float(number)) if negative => Ok(Value::from(-number)),
        Some(number) => Ok(number::value(number)),
        None => Err(error(format!("bad operand type for a sign: '{}'", type_name(a)))),
    }
}

/// The order of `a` and `b`; none where one of them is NaN.
///
/// # Errors
/// They have no order.
pub(in crate::template) fn compare(a: &Value, b: &Value) -> Result<Option<Ordering>, Error> {
    if let (Some(a), Some(b)) = (Number::of(a), Number::of(b)) {
        return Ok(a.compare(b));
    }
    if let (Some(a), Some(b)) = (a.as_str(), b.as_str()) {
        return Ok(Some(a.cmp(b)));
    }
    if a.kind() == ValueKind::Seq && b.kind() == ValueKind::Seq && is_tuple(a) == is_tuple(b) {
        let (a, b) = (iterate(a)?, iterate(b)?);
        for (a, b) in a.iter().zip(&b) {
            if a != b {
                return compare(a, b);
            }
        }
        return Ok(Some(a.len().cmp(&b.len())));
    }
    let (a, b) = (type_name(a), type_name(b));
    Err(error(format!("no order between instances of '{a}' and '{b}'")))
}

/// `item in container`
pub(in crate::template) fn contains(container: &Value, item: &Value) -> Result<bool, Error> {
    if let Some(text) = container.as_str() {
        let item = item.as_str().ok_or_else(|| {
            error(format!("'in <string>' requires string as left operand, not {}", type_name(item)))
        })?;
        return Ok(text.contains(item));
    }
    if is_dict(container) {
        return Ok(container.as_object().is_some_and(|object| object.get_value(item).is_some()));
    }
    Ok(iterate(container)?.contains(item))
}
