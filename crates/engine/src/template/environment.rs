//! minijinja, set up to render what [`super::jinja`] translates.

use std::cmp::Ordering;

use minijinja::value::{Rest, ValueOrKwargs};
use minijinja::{AutoEscape, Environment, Error, State, Value};

use super::python::operators::{add, arithmetic, compare, contains, modulo, multiply, signed};
use super::python::values::iterate;
use super::python::{error, lookup, text, within};
use super::{filters, globals, predicates};

/// Operators as filters: what stands before is the first operand.
const OPERATORS: [&str; 26] = [
    "add",
    "attribute",
    "call",
    "concatenate",
    "divide",
    "equal",
    "floor_divide",
    "greater",
    "greater_or_equal",
    "in",
    "is",
    "is_not",
    "item",
    "iterate",
    "less",
    "less_or_equal",
    "modulo",
    "multiply",
    "negative",
    "not_in",
    "positive",
    "power",
    "slice",
    "subtract",
    "unequal",
    "unknown",
];

/// An environment without templates.
pub(super) fn new() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.add_function("namespace", minijinja::functions::namespace);
    for name in filters::NAMES {
        environment.add_filter(
            name,
            move |state: &mut State<'_, '_>, arguments: Rest<ValueOrKwargs>| {
                filters::call(state, name, &arguments.into_values())
            },
        );
    }
    for name in OPERATORS {
        environment.add_filter(
            format!("_{name}"),
            move |state: &mut State<'_, '_>, operands: Rest<ValueOrKwargs>| {
                operator(state, name, &operands.into_values())
            },
        );
    }
    globals::add(&mut environment);
    environment.set_formatter(|out, state, value| {
        let printed = text::str(value);
        within(Some(printed.len()))?;
        let escaped = !matches!(state.auto_escape(), AutoEscape::None) && !value.is_safe();
        out.write_str(&if escaped { filters::escape(&printed) } else { printed })?;
        Ok(())
    });
    environment
}

fn operator(state: &mut State<'_, '_>, name: &str, operands: &[Value]) -> Result<Value, Error> {
    let truth = |is: bool| Ok(Value::from(is));
    match (name, operands) {
        ("attribute", [value, name]) => lookup::attribute(value, name.as_str().unwrap_or_default()),
        ("call", [value, name, arguments @ ..]) => {
            lookup::call(state, value, name.as_str().unwrap_or_default(), arguments)
        }
        ("item", [value, key]) => lookup::item(value, key),
        ("slice", [value, start, stop, step]) => lookup::slice(value, [start, stop, step]),
        ("iterate", [value]) => iterate(value).map(Value::from),
        ("concatenate", [a, b]) => {
            let [a, b] = [a, b].map(text::str);
            within(a.len().checked_add(b.len()))?;
            Ok(Value::from(a + &b))
        }
        ("add", [a, b]) => add(a, b),
        ("subtract", [a, b]) => arithmetic('-', "-", a, b),
        ("multiply", [a, b]) => multiply(a, b),
        ("divide", [a, b]) => arithmetic('/', "/", a, b),
        ("floor_divide", [a, b]) => arithmetic('d', "//", a, b),
        ("modulo", [a, b]) => modulo(a, b),
        ("power", [a, b]) => arithmetic('p', "**", a, b),
        ("negative", [a]) => signed(true, a),
        ("positive", [a]) => signed(false, a),
        ("equal", [a, b]) => truth(a == b),
        ("unequal", [a, b]) => truth(a != b),
        ("less", [a, b]) => truth(compare(a, b)?.is_some_and(Ordering::is_lt)),
        ("less_or_equal", [a, b]) => truth(compare(a, b)?.is_some_and(Ordering::is_le)),
        ("greater", [a, b]) => truth(compare(a, b)?.is_some_and(Ordering::is_gt)),
        ("greater_or_equal", [a, b]) => truth(compare(a, b)?.is_some_and(Ordering::is_ge)),
        ("in", [item, container]) => truth(contains(container, item)?),
        ("not_in", [item, container]) => truth(!contains(container, item)?),
        ("is", [value, name, arguments @ ..]) => {
            truth(predicates::holds(&text::str(name), value, arguments)?)
        }
        ("is_not", [value, name, arguments @ ..]) => {
            truth(!predicates::holds(&text::str(name), value, arguments)?)
        }
        ("unknown", [_, problem, ..]) => Err(error(text::str(problem))),
        _ => Err(error(format!("wrong number of operands for {name}"))),
    }
}
