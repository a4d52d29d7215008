//! Functions that templates can call: jinja2's own, and those that transformers adds.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use minijinja::value::{Object, ObjectRepr, Rest, ValueOrKwargs};
use minijinja::{Environment, Error, State, Value};

use super::clock::LocalTime;
use super::python::arguments::Arguments;
use super::python::values::{is_dict, iterate, pairs};
use super::python::{error, text};

/// What a template said with `raise_exception`.
#[derive(Debug)]
pub(super) struct Raised(pub(super) String);

impl fmt::Display for Raised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Raised {}

/// The most numbers of a range (`MAX_RANGE` of jinja2's sandbox).
const MOST_NUMBERS: i128 = 100_000;

/// Adds the functions that need no clock.
pub(super) fn add(environment: &mut Environment<'static>) {
    function(environment, "raise_exception", |arguments| {
        let bound = arguments.bind(["message"])?;
        let message = text::str(bound.required(0)?);
        Err(error(message.clone()).with_source(Raised(message)))
    });
    function(environment, "range", range);
    function(environment, "dict", dict);
    function(environment, "cycler", |arguments| {
        if arguments.by_place.is_empty() {
            return Err(error("at least one item has to be provided"));
        }
        Ok(Value::from_object(Cycler { items: arguments.by_place, at: AtomicUsize::new(0) }))
    });
    function(environment, "joiner", |arguments| {
        let bound = arguments.bind(["sep"])?;
        Ok(Value::from_object(Joiner {
            separator: bound.text_of(0, ", "),
            calls: AtomicUsize::new(0),
        }))
    });
    // Random words; a prompt that wants them gets none.
    function(environment, "lipsum", |_| Ok(Value::from("")));
}

/// `strftime_now`, at a time that is given.
pub(super) fn strftime_now(now: LocalTime) -> Value {
    Value::from_function(move |arguments: Rest<ValueOrKwargs>| {
        let bound = Arguments::new(&arguments.into_values())?.bind(["format"])?;
        Ok::<_, Error>(now.format(bound.text(0)?))
    })
}

fn function(
    environment: &mut Environment<'static>,
    name: &'static str,
    call: fn(Arguments) -> Result<Value, Error>,
) {
    environment.add_function(name, move |arguments: Rest<ValueOrKwargs>| {
        call(Arguments::new(&arguments.into_values())?)
    });
}

fn range(arguments: Arguments) -> Result<Value, Error> {
    let bound = arguments.bind(["start", "stop", "step"])?;
    bound.required(0)?;
    let first = bound.integer(0, 0)?;
    let (start, stop) =
        if bound.get(1).is_some() { (first, bound.integer(1, 0)?) } else { (0, first) };
    let step = bound.integer(2, 1)?;
    if step == 0 {
        return Err(error("range() arg 3 must not be zero"));
    }
    let distance = if step > 0 { stop - start } else { start - stop };
    let count = ((distance + step.abs() - 1) / step.abs()).max(0);
    if count > MOST_NUMBERS {
        return Err(error(
            "Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).",
        ));
    }
    Ok((0..count).map(|index| Value::from((start + index * step) as i64)).collect())
}

fn dict(mut arguments: Arguments) -> Result<Value, Error> {
    if arguments.by_place.len() > 1 {
        return Err(error("dict expected at most 1 argument"));
    }
    let mut items = match arguments.by_place.pop() {
        None => Vec::new(),
        Some(value) if is_dict(&value) => pairs(&value),
        Some(value) => {
            let pairs = iterate(&value)?.into_iter().map(|pair| match iterate(&pair)?.as_slice() {
                [key, value] => Ok((key.clone(), value.clone())),
                _ => Err(error("cannot convert dictionary update sequence")),
            });
            pairs.collect::<Result<_, Error>>()?
        }
    };
    items.extend(arguments.by_name.into_iter().map(|(name, value)| (Value::from(name), value)));
    Ok(Value::from_pairs(items))
}

/// Values in turn, for ever.
#[derive(Debug)]
struct Cycler {
    items: Vec<Value>,
    at: AtomicUsize,
}

impl Cycler {
    fn current(&self) -> Value {
        self.items.get(self.at.load(Ordering::Relaxed)).cloned().unwrap_or_default()
    }
}

impl Object for Cycler {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "current" => Some(self.current()),
            "pos" => Some(Value::from(self.at.load(Ordering::Relaxed))),
            "items" => Some(Value::from(self.items.clone())),
            _ => None,
        }
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        Arguments::new(arguments)?.bind([])?;
        match method {
            "next" => {
                let current = self.current();
                self.at.store(
                    (self.at.load(Ordering::Relaxed) + 1) % self.items.len(),
                    Ordering::Relaxed,
                );
                Ok(current)
            }
            "reset" => {
                self.at.store(0, Ordering::Relaxed);
                Ok(Value::from(()))
            }
            other => Err(error(format!("a cycler has no method '{other}'"))),
        }
    }
}

/// Nothing at first, then a separator at each call.
#[derive(Debug)]
struct Joiner {
    separator: String,
    calls: AtomicUsize,
}

impl Object for Joiner {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, arguments: &[Value]) -> Result<Value, Error> {
        Arguments::new(arguments)?.bind([])?;
        let is_first = self.calls.fetch_add(1, Ordering::Relaxed) == 0;
        Ok(Value::from(if is_first { "" } else { &self.separator }))
    }
}
