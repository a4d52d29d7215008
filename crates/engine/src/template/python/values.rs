//! Kinds of values, and what can be iterated over.

use std::fmt;
use std::sync::{Arc, Mutex};

use minijinja::value::{DynObject, Enumerator, Object, ObjectRepr, ValueKind};
use minijinja::{Error, Value};

use super::error;

/// Name of a value's type.
pub(in crate::template) fn type_name(value: &Value) -> &'static str {
    match value.kind() {
        ValueKind::Undefined => "Undefined",
        ValueKind::None => "NoneType",
        ValueKind::Bool => "bool",
        ValueKind::Number if value.is_integer() => "int",
        ValueKind::Number => "float",
        ValueKind::String => "str",
        ValueKind::Bytes => "bytes",
        ValueKind::Seq if is_tuple(value) => "tuple",
        ValueKind::Seq => "list",
        ValueKind::Map if is_dict(value) => "dict",
        _ if value.downcast_object_ref::<Generator>().is_some() => "generator",
        _ => "object",
    }
}

pub(in crate::template) fn is_tuple(value: &Value) -> bool {
    value.is_tuple()
}

/// Whether a value is a dictionary, and no namespace or loop, which minijinja takes for maps, too.
pub(in crate::template) fn is_dict(value: &Value) -> bool {
    value.kind() == ValueKind::Map
        && value.as_object().is_some_and(|object| object.type_name().contains("Map<"))
}

/// Items of a dictionary.
pub(in crate::template) fn pairs(value: &Value) -> Vec<(Value, Value)> {
    value.as_object().and_then(DynObject::try_iter_pairs).map(Iterator::collect).unwrap_or_default()
}

/// Items of what Python can iterate over: of a text its characters, of a dictionary its keys.
///
/// # Errors
/// It is none of these.
pub(in crate::template) fn iterate(value: &Value) -> Result<Vec<Value>, Error> {
    let is_iterable = match value.kind() {
        ValueKind::Undefined | ValueKind::String | ValueKind::Seq | ValueKind::Iterable => true,
        ValueKind::Map => is_dict(value),
        _ => false,
    };
    if is_iterable {
        return value.try_iter()?.checked().collect();
    }
    Err(error(format!("'{}' object is not iterable", type_name(value))))
}

/// `len(value)`
///
/// # Errors
/// It has none.
pub(in crate::template) fn length(value: &Value) -> Result<usize, Error> {
    let length = match value.kind() {
        ValueKind::Undefined => Some(0),
        ValueKind::Map if !is_dict(value) => None,
        _ => value.len(),
    };
    length.ok_or_else(|| error(format!("object of type '{}' has no len()", type_name(value))))
}

/// Items that come once, whose number nobody knows, as those of a Python generator.
#[derive(Debug)]
pub(in crate::template) struct Generator(Mutex<Vec<Value>>);

impl Generator {
    pub(in crate::template) fn value(items: Vec<Value>) -> Value {
        Value::from_object(Self(Mutex::new(items)))
    }

    /// The next item.
    pub(in crate::template) fn next(&self) -> Option<Value> {
        let mut items = self.0.lock().ok()?;
        if items.is_empty() { None } else { Some(items.remove(0)) }
    }
}

impl Object for Generator {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(
            self.0.lock().map(|mut items| std::mem::take(&mut *items)).unwrap_or_default(),
        )
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        None
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<generator object>")
    }
}
