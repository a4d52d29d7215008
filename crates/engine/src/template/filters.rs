//! jinja2's filters, as its `filters.py` defines them, with `tojson` as transformers does.

mod html;
mod lines;
mod lists;
mod texts;

use minijinja::{Error, State, Value};

use super::python::arguments::Arguments;
use super::python::error;

/// Names of all filters.
pub(super) const NAMES: [&str; 53] = [
    "abs",
    "attr",
    "batch",
    "capitalize",
    "center",
    "count",
    "d",
    "default",
    "dictsort",
    "e",
    "escape",
    "filesizeformat",
    "first",
    "float",
    "forceescape",
    "format",
    "groupby",
    "indent",
    "int",
    "items",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "pprint",
    "random",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "safe",
    "select",
    "selectattr",
    "slice",
    "sort",
    "string",
    "striptags",
    "sum",
    "title",
    "tojson",
    "trim",
    "truncate",
    "unique",
    "upper",
    "urlencode",
    "wordcount",
    "wordwrap",
    "xmlattr",
];

/// `value|name(…)`; the value is the first argument.
///
/// # Errors
/// What Python would raise.
pub(super) fn call(
    state: &mut State<'_, '_>,
    name: &str,
    arguments: &[Value],
) -> Result<Value, Error> {
    let arguments = Arguments::new(arguments)?;
    match name {
        "batch" | "dictsort" | "first" | "groupby" | "items" | "join" | "last" | "list" | "map"
        | "max" | "min" | "random" | "reject" | "rejectattr" | "reverse" | "select"
        | "selectattr" | "slice" | "sort" | "sum" | "unique" => lists::call(state, name, arguments),
        _ => texts::call(name, arguments),
    }
    .map_err(|problem| named(name, problem))
}

/// An error that says which filter it is of.
fn named(name: &str, problem: Error) -> Error {
    match problem.detail() {
        Some(detail) if std::error::Error::source(&problem).is_none() => {
            let detail = format!("{name}: {detail}");
            if problem.kind() == minijinja::ErrorKind::OutOfFuel { problem } else { error(detail) }
        }
        _ => problem,
    }
}

pub(super) use html::escape;
