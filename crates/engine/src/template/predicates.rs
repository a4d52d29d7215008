//! What jinja2 calls tests: `value is name(…)`, as its `tests.py` defines them.

use std::cmp::Ordering;

use minijinja::value::ValueKind;
use minijinja::{Error, Value};

use super::filters;
use super::python::arguments::Arguments;
use super::python::number::Number;
use super::python::operators::{compare, contains, modulo};
use super::python::values::{Generator, is_dict, iterate, length, type_name};
use super::python::{cases, error, text};

const NAMES: [&str; 39] = [
    "odd",
    "even",
    "divisibleby",
    "defined",
    "undefined",
    "filter",
    "test",
    "none",
    "boolean",
    "false",
    "true",
    "integer",
    "float",
    "lower",
    "upper",
    "string",
    "mapping",
    "number",
    "sequence",
    "iterable",
    "callable",
    "sameas",
    "escaped",
    "in",
    "==",
    "eq",
    "equalto",
    "!=",
    "ne",
    ">",
    "gt",
    "greaterthan",
    "ge",
    ">=",
    "<",
    "lt",
    "lessthan",
    "<=",
    "le",
];

/// Tests with an argument, besides the orders.
const WITH_OTHER: [&str; 8] = ["divisibleby", "sameas", "in", "==", "eq", "equalto", "!=", "ne"];

/// Whether the test `name` holds for a value.
///
/// # Errors
/// There is no such test, or Python would raise something.
pub(super) fn holds(name: &str, value: &Value, arguments: &[Value]) -> Result<bool, Error> {
    if !NAMES.contains(&name) {
        return Err(error(format!("No test named '{name}'.")));
    }
    let arguments = Arguments::new(arguments)?;
    let takes_one =
        WITH_OTHER.contains(&name) || OPERATORS.iter().any(|(of, _)| of.contains(&name));
    if takes_one {
        let bound = arguments.bind(["other"])?;
        return with_other(name, value, bound.required(0)?);
    }
    arguments.bind([])?;
    let kind = value.kind();
    Ok(match name {
        "odd" => modulo(value, &Value::from(2))? == Value::from(1),
        "even" => modulo(value, &Value::from(2))? == Value::from(0),
        "defined" => !value.is_undefined(),
        "undefined" => value.is_undefined(),
        "filter" => value.as_str().is_some_and(|name| filters::NAMES.contains(&name)),
        "test" => value.as_str().is_some_and(|name| NAMES.contains(&name)),
        "none" => value.is_none(),
        "boolean" => kind == ValueKind::Bool,
        "false" => kind == ValueKind::Bool && !value.is_true(),
        "true" => kind == ValueKind::Bool && value.is_true(),
        "integer" => value.is_integer(),
        "float" => kind == ValueKind::Number && !value.is_integer(),
        "lower" | "upper" => cases::is_case(&text::str(value), name),
        "string" => kind == ValueKind::String,
        "mapping" => is_dict(value),
        "number" => Number::of(value).is_some(),
        "sequence" => {
            matches!(kind, ValueKind::Undefined | ValueKind::String | ValueKind::Seq)
                || is_dict(value)
        }
        "iterable" => match value.downcast_object_ref::<Generator>() {
            Some(_) => true,
            None => iterate(value).is_ok(),
        },
        // Undefined values are callable, and raise.
        "callable" => matches!(kind, ValueKind::Plain | ValueKind::Undefined) || is_macro(value),
        _ => value.is_safe(),
    })
}

fn is_macro(value: &Value) -> bool {
    value.as_object().is_some_and(|object| object.type_name().ends_with("Macro"))
}

/// Names of an order, and which order it is.
type Named = (&'static [&'static str], fn(Ordering) -> bool);

const OPERATORS: [Named; 4] = [
    (&[">", "gt", "greaterthan"], Ordering::is_gt),
    (&[">=", "ge"], Ordering::is_ge),
    (&["<", "lt", "lessthan"], Ordering::is_lt),
    (&["<=", "le"], Ordering::is_le),
];

/// `value OPERATOR other` by one of the operator's names; `==` and `!=` are none of these.
fn with_other(name: &str, value: &Value, other: &Value) -> Result<bool, Error> {
    Ok(match name {
        "divisibleby" => modulo(value, other)? == Value::from(0),
        "in" => contains(other, value)?,
        "sameas" => {
            type_name(value) == type_name(other)
                && value == other
                && length(value).unwrap_or(0) == 0
        }
        "==" | "eq" | "equalto" => value == other,
        "!=" | "ne" => value != other,
        _ => {
            let order = compare(value, other)?;
            let operator = OPERATORS.iter().find(|(names, _)| names.contains(&name));
            matches!((operator, order), (Some((_, is)), Some(order)) if is(order))
        }
    })
}
