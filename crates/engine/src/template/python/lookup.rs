//! Attributes, items and slices.

use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, ValueKind};
use minijinja::{Error, State, Value};

use super::arguments::Arguments;
use super::number::integer;
use super::operators::like;
use super::values::{is_dict, iterate, type_name};
use super::{collections, error, strings};

/// `value.name`, which is a method before it is an item, as in Python.
///
/// # Errors
/// `value` is undefined.
pub(in crate::template) fn attribute(value: &Value, name: &str) -> Result<Value, Error> {
    defined(value, name)?;
    if collections::is_refused(value, name) {
        return Ok(Value::UNDEFINED);
    }
    if is_method(value, name) {
        return Ok(Value::from_object(Method { of: value.clone(), name: name.to_owned() }));
    }
    value.get_attr(name)
}

/// Attributes have only what is defined.
fn defined(value: &Value, name: &str) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(error(format!("an undefined value has no attribute '{name}'")));
    }
    Ok(())
}

/// `value[key]`; a text that is no key is looked up as an attribute.
///
/// # Errors
/// `value` is undefined.
pub(in crate::template) fn item(value: &Value, key: &Value) -> Result<Value, Error> {
    if value.is_undefined() {
        return Err(error("an undefined value has no items"));
    }
    let found = match value.kind() {
        ValueKind::String | ValueKind::Seq => integer(key).and_then(|index| at(value, index)),
        ValueKind::Map if is_dict(value) => {
            value.as_object().and_then(|object| object.get_value(key))
        }
        _ => None,
    };
    match (found, key.as_str()) {
        (Some(found), _) => Ok(found),
        (None, Some(name)) => attribute(value, name),
        (None, None) => Ok(Value::UNDEFINED),
    }
}

/// An item by its place; from the end if negative.
fn at(value: &Value, index: i128) -> Option<Value> {
    let length = value.len()? as i128;
    let index = usize::try_from(if index < 0 { index + length } else { index }).ok()?;
    match value.as_str() {
        Some(text) => text.chars().nth(index).map(|character| Value::from(character.to_string())),
        None => value.as_object()?.get_value(&Value::from(index)),
    }
}

/// `value[start:stop:step]`, undefined where there is none.
///
/// # Errors
/// `value` is undefined, or the step 0.
pub(in crate::template) fn slice(
    value: &Value,
    [start, stop, step]: [&Value; 3],
) -> Result<Value, Error> {
    if value.is_undefined() {
        return Err(error("an undefined value has no items"));
    }
    let bound = |bound: &Value| if bound.is_none() { Some(None) } else { integer(bound).map(Some) };
    let (Some(start), Some(stop), Some(step)) = (bound(start), bound(stop), bound(step)) else {
        return Ok(Value::UNDEFINED);
    };
    let step = step.unwrap_or(1);
    if !matches!(value.kind(), ValueKind::String | ValueKind::Seq) {
        return Ok(Value::UNDEFINED);
    }
    if step == 0 {
        return Err(error("slice step cannot be zero"));
    }
    let items = iterate(value)?;
    // `PySlice_AdjustIndices`
    let length = items.len() as i128;
    let (low, high) = if step < 0 { (-1, length - 1) } else { (0, length) };
    let adjust = |bound: i128| (if bound < 0 { bound + length } else { bound }).clamp(low, high);
    let (from, to) = if step < 0 { (high, low) } else { (low, high) };
    let (mut at, to) = (start.map_or(from, adjust), stop.map_or(to, adjust));
    let mut taken = Vec::new();
    while if step < 0 { at > to } else { at < to } {
        taken.extend(usize::try_from(at).ok().and_then(|at| items.get(at)).cloned());
        at = at.saturating_add(step);
    }
    if value.kind() == ValueKind::String {
        return Ok(Value::from(taken.iter().filter_map(Value::as_str).collect::<String>()));
    }
    Ok(like(value, taken))
}

/// Methods whose arguments can be given by name.
const BY_NAME: [&str; 7] =
    ["split", "rsplit", "splitlines", "expandtabs", "encode", "format", "format_map"];

/// `value.name(…)`
///
/// # Errors
/// There is no such method, or it refuses its arguments.
pub(in crate::template) fn call(
    state: &mut State<'_, '_>,
    value: &Value,
    name: &str,
    arguments: &[Value],
) -> Result<Value, Error> {
    defined(value, name)?;
    if !is_method(value, name) {
        return value.call_method(state, name, arguments);
    }
    let arguments = Arguments::new(arguments)?;
    if !arguments.by_name.is_empty() && !BY_NAME.contains(&name) {
        return Err(error(format!("{name}() takes no keyword arguments")));
    }
    match value.as_str() {
        Some(text) => strings::call(text, name, arguments),
        None => collections::call(value, name, arguments),
    }
}

/// Whether a value has a method of that name.
pub(in crate::template) fn is_method(value: &Value, name: &str) -> bool {
    match value.kind() {
        ValueKind::String => strings::METHODS.contains(&name),
        ValueKind::Map | ValueKind::Seq => collections::methods(value).contains(&name),
        _ => false,
    }
}

/// A method with what it belongs to.
#[derive(Debug)]
struct Method {
    of: Value,
    name: String,
}

impl Object for Method {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        call(state, &self.of, &self.name, arguments)
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<built-in method {} of {} object>", self.name, type_name(&self.of))
    }
}
