//! Methods of dictionaries, lists and tuples. Those that would change them are refused, as in jinja2's
//! `ImmutableSandboxedEnvironment`.

use minijinja::value::{Tuple, ValueKind};
use minijinja::{Error, Value};

use super::arguments::Arguments;
use super::error;
use super::values::{is_dict, is_tuple, iterate, pairs};
use super::view::View;

const DICT: [&str; 11] = [
    "get",
    "items",
    "keys",
    "values",
    "copy",
    "clear",
    "pop",
    "popitem",
    "setdefault",
    "update",
    "fromkeys",
];
const LIST: [&str; 11] = [
    "count", "index", "copy", "append", "clear", "extend", "insert", "pop", "remove", "reverse",
    "sort",
];
const TUPLE: [&str; 2] = ["count", "index"];

/// Names of a value's methods.
pub(super) fn methods(value: &Value) -> &'static [&'static str] {
    match value.kind() {
        ValueKind::Map if is_dict(value) => &DICT,
        ValueKind::Seq if is_tuple(value) => &TUPLE,
        ValueKind::Seq => &LIST,
        _ => &[],
    }
}

/// Whether a method would change the value, or is not offered.
pub(super) fn is_refused(value: &Value, method: &str) -> bool {
    const KEPT: [&str; 7] = ["get", "items", "keys", "values", "copy", "count", "index"];
    methods(value).contains(&method) && !KEPT.contains(&method)
}

/// `value.method(…)`
pub(super) fn call(value: &Value, method: &str, arguments: Arguments) -> Result<Value, Error> {
    let view = |name, items| Value::from_object(View { name, items });
    match method {
        "get" => {
            let bound = arguments.bind(["key", "default"])?;
            let found = value.as_object().and_then(|object| Some(object.get_value(bound.get(0)?)));
            let default = || bound.get(1).cloned().unwrap_or_else(|| Value::from(()));
            bound.required(0)?;
            Ok(found.flatten().unwrap_or_else(default))
        }
        "items" => {
            arguments.bind([])?;
            let items =
                pairs(value).into_iter().map(|(key, value)| Value::from(Tuple::from([key, value])));
            Ok(view("items", items.collect()))
        }
        "keys" => {
            arguments.bind([])?;
            Ok(view("keys", iterate(value)?))
        }
        "values" => {
            arguments.bind([])?;
            Ok(view("values", pairs(value).into_iter().map(|(_, value)| value).collect()))
        }
        "copy" => arguments.bind([]).map(|_| value.clone()),
        "count" => {
            let bound = arguments.bind(["value"])?;
            let wanted = bound.required(0)?;
            Ok(Value::from(iterate(value)?.iter().filter(|item| *item == wanted).count()))
        }
        "index" => {
            let bound = arguments.bind(["value", "start", "stop"])?;
            let wanted = bound.required(0)?;
            let items = iterate(value)?;
            let [from, to] = [bound.integer(1, 0)?, bound.integer(2, items.len() as i128)?]
                .map(|bound| if bound < 0 { bound + items.len() as i128 } else { bound });
            let found = items
                .iter()
                .zip(0_i128..)
                .find(|(item, at)| (from..to).contains(at) && *item == wanted);
            found
                .map(|(_, at)| Value::from(at as i64))
                .ok_or_else(|| error("the value is not in the list"))
        }
        other => {
            Err(error(format!("access to attribute '{other}' is unsafe: templates change nothing")))
        }
    }
}
