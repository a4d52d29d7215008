//! Filters of lists.

use std::cmp::Ordering;

use minijinja::value::{Enumerator, Object, ObjectRepr, Tuple, ValueKind};
use minijinja::{Error, State, Value};

use crate::template::predicates;
use crate::template::python::arguments::{Arguments, Bound};
use crate::template::python::operators::{add, compare};
use crate::template::python::values::{Generator, is_dict, iterate, pairs, type_name};
use crate::template::python::{error, lookup, text, within};

#[expect(clippy::too_many_lines, reason = "a table of filters")]
pub(super) fn call(
    state: &mut State<'_, '_>,
    name: &str,
    arguments: Arguments,
) -> Result<Value, Error> {
    match name {
        "map" => map(state, arguments),
        "select" | "reject" | "selectattr" | "rejectattr" => select(name, arguments),
        "list" => {
            let bound = arguments.bind(["value"])?;
            iterate(bound.required(0)?).map(Value::from)
        }
        "first" => first(arguments.bind(["seq"])?.required(0)?),
        "last" => {
            let bound = arguments.bind(["seq"])?;
            Ok(reversible(bound.required(0)?)?.pop().unwrap_or_default())
        }
        "random" => {
            // No dice in prompts: the first will do.
            let bound = arguments.bind(["seq"])?;
            Ok(reversible(bound.required(0)?)?.into_iter().next().unwrap_or_default())
        }
        "reverse" => {
            let bound = arguments.bind(["value"])?;
            let value = bound.required(0)?;
            if let Some(text) = value.as_str() {
                return Ok(Value::from(text.chars().rev().collect::<String>()));
            }
            let is_list = reversible(value).is_ok();
            let mut items = iterate(value)?;
            items.reverse();
            Ok(if is_list { Generator::value(items) } else { Value::from(items) })
        }
        "items" => {
            let bound = arguments.bind(["value"])?;
            let value = bound.required(0)?;
            if !value.is_undefined() && !is_dict(value) {
                return Err(error("Can only get item pairs from a mapping."));
            }
            Ok(Generator::value(pairs(value).into_iter().map(pair).collect()))
        }
        "join" => {
            let bound = arguments.bind(["value", "d", "attribute"])?;
            let separator = bound.text_of(1, "");
            let mut joined = String::new();
            for (index, item) in iterate(bound.required(0)?)?.iter().enumerate() {
                if index > 0 {
                    joined.push_str(&separator);
                }
                joined.push_str(&text::str(&path(item, bound.some(2), None)?));
                within(Some(joined.len()))?;
            }
            Ok(Value::from(joined))
        }
        "sum" => {
            let bound = arguments.bind(["iterable", "attribute", "start"])?;
            let start = bound.get(2).cloned().unwrap_or_else(|| Value::from(0));
            if start.as_str().is_some() {
                return Err(error("sum() can't sum strings [use ''.join(seq) instead]"));
            }
            let items = iterate(bound.required(0)?)?;
            items.iter().try_fold(start, |sum, item| add(&sum, &path(item, bound.some(1), None)?))
        }
        "batch" => {
            let bound = arguments.bind(["value", "linecount", "fill_with"])?;
            bound.required(1)?;
            let count = usize::try_from(bound.integer(1, 0)?).unwrap_or(0);
            let items = iterate(bound.required(0)?)?;
            // A count below 1 is one that no line ever reaches.
            let mut lines: Vec<Vec<Value>> = items
                .chunks(if count == 0 { usize::MAX } else { count })
                .map(<[_]>::to_vec)
                .collect();
            if let (Some(fill), Some(last)) = (bound.some(2), lines.last_mut()) {
                within(count.checked_mul(10))?;
                last.resize(count.max(last.len()), fill.clone());
            }
            Ok(Generator::value(lines.into_iter().map(Value::from).collect()))
        }
        "slice" => {
            let bound = arguments.bind(["value", "slices", "fill_with"])?;
            bound.required(1)?;
            let items = iterate(bound.required(0)?)?;
            let slices = usize::try_from(bound.integer(1, 0)?).unwrap_or(0);
            if slices == 0 {
                return Err(error("integer division or modulo by zero"));
            }
            within(slices.checked_mul(10))?;
            let (each, extra) = (items.len() / slices, items.len() % slices);
            let mut rest = items.as_slice();
            let slices = (0..slices).map(|slice| {
                let (taken, after) =
                    rest.split_at((each + usize::from(slice < extra)).min(rest.len()));
                rest = after;
                let mut taken = taken.to_vec();
                taken.extend(bound.some(2).filter(|_| slice >= extra).cloned());
                Value::from(taken)
            });
            Ok(Generator::value(slices.collect()))
        }
        "dictsort" => {
            let bound = arguments.bind(["value", "case_sensitive", "by", "reverse"])?;
            let value = bound.required(0)?;
            if !is_dict(value) {
                return Err(error(format!(
                    "'{}' object has no attribute 'items'",
                    type_name(value)
                )));
            }
            let by = match bound.text_of(2, "key").as_str() {
                "key" => 0,
                "value" => 1,
                _ => return Err(error("You can only sort by either \"key\" or \"value\"")),
            };
            let items = pairs(value).into_iter().map(pair);
            let key =
                |item: &Value| Ok(folded(lookup::item(item, &Value::from(by))?, bound.flag(1)));
            sorted(items.collect(), key, bound.flag(3)).map(Value::from)
        }
        "sort" => {
            let bound = arguments.bind(["value", "reverse", "case_sensitive", "attribute"])?;
            let items = iterate(bound.required(0)?)?;
            let key = |item: &Value| sort_key(item, bound.some(3), bound.flag(2));
            sorted(items, key, bound.flag(1)).map(Value::from)
        }
        "unique" => {
            let bound = arguments.bind(["value", "case_sensitive", "attribute"])?;
            let mut seen: Vec<Value> = Vec::new();
            let mut items = Vec::new();
            for item in iterate(bound.required(0)?)? {
                let key = folded(path(&item, bound.some(2), None)?, bound.flag(1));
                if matches!(key.kind(), ValueKind::Map)
                    || (key.kind() == ValueKind::Seq && !key.is_tuple())
                {
                    return Err(error(format!("unhashable type: '{}'", type_name(&key))));
                }
                if !seen.contains(&key) {
                    seen.push(key);
                    items.push(item);
                }
            }
            Ok(Generator::value(items))
        }
        "min" | "max" => {
            let bound = arguments.bind(["value", "case_sensitive", "attribute"])?;
            extreme(name, &bound)
        }
        _ => group(&arguments.bind(["value", "attribute", "default", "case_sensitive"])?),
    }
}

fn pair((key, value): (Value, Value)) -> Value {
    Value::from(Tuple::from([key, value]))
}

fn first(value: &Value) -> Result<Value, Error> {
    if let Some(generator) = value.downcast_object_ref::<Generator>() {
        return Ok(generator.next().unwrap_or_default());
    }
    Ok(iterate(value)?.into_iter().next().unwrap_or_default())
}

/// Items of what Python can go through from its end.
fn reversible(value: &Value) -> Result<Vec<Value>, Error> {
    if value.downcast_object_ref::<Generator>().is_some() {
        return Err(error(format!("'{}' object is not reversible", type_name(value))));
    }
    iterate(value)
}

/// What `attribute`, such as `a.b.0`, finds in an item.
fn path(item: &Value, attribute: Option<&Value>, default: Option<&Value>) -> Result<Value, Error> {
    let mut found = item.clone();
    let Some(attribute) = attribute else { return Ok(found) };
    let parts: Vec<Value> = match attribute.as_str() {
        None => vec![attribute.clone()],
        Some(path) => path
            .split('.')
            .map(|part| part.parse::<u32>().map_or_else(|_| Value::from(part), Value::from))
            .collect(),
    };
    for part in &parts {
        found = lookup::item(&found, part)?;
        if let (true, Some(default)) = (found.is_undefined(), default) {
            found = default.clone();
        }
    }
    Ok(found)
}

/// A text in lower case, unless its case matters.
fn folded(value: Value, case_sensitive: bool) -> Value {
    match value.as_str() {
        Some(text) if !case_sensitive => Value::from(text.to_lowercase()),
        _ => value,
    }
}

/// What to sort by: one attribute, or several with commas between.
fn sort_key(item: &Value, attribute: Option<&Value>, case_sensitive: bool) -> Result<Value, Error> {
    let Some(names) = attribute.and_then(Value::as_str).filter(|names| names.contains(',')) else {
        return Ok(folded(path(item, attribute, None)?, case_sensitive));
    };
    let keys = names
        .split(',')
        .map(|name| Ok(folded(path(item, Some(&Value::from(name)), None)?, case_sensitive)));
    keys.collect::<Result<Vec<_>, Error>>().map(Value::from)
}

/// Items in the order of their keys; equal ones stay in theirs.
fn sorted(
    items: Vec<Value>,
    key: impl Fn(&Value) -> Result<Value, Error>,
    reverse: bool,
) -> Result<Vec<Value>, Error> {
    let keyed = items.into_iter().map(|item| Ok((key(&item)?, item)));
    let mut keyed = keyed.collect::<Result<Vec<_>, Error>>()?;
    let mut problem = None;
    keyed.sort_by(|(a, _), (b, _)| match compare(a, b) {
        Ok(order) => {
            let order = order.unwrap_or(Ordering::Equal);
            if reverse { order.reverse() } else { order }
        }
        Err(error) => {
            problem.get_or_insert(error);
            Ordering::Equal
        }
    });
    problem.map_or_else(|| Ok(keyed.into_iter().map(|(_, item)| item).collect()), Err)
}

fn extreme(name: &str, bound: &Bound<3>) -> Result<Value, Error> {
    let mut best: Option<(Value, Value)> = None;
    for item in iterate(bound.required(0)?)? {
        let key = folded(path(&item, bound.some(2), None)?, bound.flag(1));
        let wanted = if name == "min" { Ordering::Less } else { Ordering::Greater };
        match &best {
            Some((before, _)) if compare(&key, before)? != Some(wanted) => {}
            _ => best = Some((key, item)),
        }
    }
    Ok(best.map_or(Value::UNDEFINED, |(_, item)| item))
}

fn group(bound: &Bound<4>) -> Result<Value, Error> {
    bound.required(1)?;
    let of = |item: &Value| path(item, bound.get(1), bound.some(2));
    let key = |item: &Value| Ok(folded(of(item)?, bound.flag(3)));
    let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
    for item in sorted(iterate(bound.required(0)?)?, key, false)? {
        let key = key(&item)?;
        match groups.last_mut() {
            Some((before, group)) if *before == key => group.push(item),
            _ => groups.push((key, vec![item])),
        }
    }
    let groups = groups.into_iter().map(|(key, items)| {
        let name = items.first().map_or(Ok(key), of)?;
        Ok(Value::from_object(Group(name, Value::from(items))))
    });
    groups.collect::<Result<Vec<_>, Error>>().map(Value::from)
}

/// A name and what has it, which is a pair and has names for its parts.
#[derive(Debug)]
struct Group(Value, Value);

impl Object for Group {
    fn repr(self: &std::sync::Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &std::sync::Arc<Self>, key: &Value) -> Option<Value> {
        match (key.as_str(), key.as_usize()) {
            (Some("grouper"), _) | (None, Some(0)) => Some(self.0.clone()),
            (Some("list"), _) | (None, Some(1)) => Some(self.1.clone()),
            _ => None,
        }
    }

    fn enumerate(self: &std::sync::Arc<Self>) -> Enumerator {
        Enumerator::Seq(2)
    }
}

fn map(state: &mut State<'_, '_>, mut arguments: Arguments) -> Result<Value, Error> {
    if arguments.by_place.is_empty() {
        return Err(error("a value is missing"));
    }
    let value = arguments.by_place.remove(0);
    if !value.is_true() {
        return Ok(Generator::value(Vec::new()));
    }
    let items = iterate(&value)?;
    let mut mapped = Vec::with_capacity(items.len());
    if arguments.by_place.is_empty() {
        let bound = arguments.bind(["attribute", "default"])?;
        bound.required(0).map_err(|_| error("map requires a filter argument"))?;
        for item in &items {
            mapped.push(path(item, bound.get(0), bound.some(1))?);
        }
        return Ok(Generator::value(mapped));
    }
    let name = text::str(&arguments.by_place.remove(0));
    if !super::NAMES.contains(&name.as_str()) {
        return Err(error(format!("No filter named '{name}'.")));
    }
    let named: minijinja::value::Kwargs = arguments.by_name.into_iter().collect();
    for item in items {
        let mut values = vec![item];
        values.extend(arguments.by_place.iter().cloned());
        values.push(Value::from(named.clone()));
        mapped.push(super::call(state, &name, &values)?);
    }
    Ok(Generator::value(mapped))
}

/// Items that pass a test, or those that don't; of an attribute of theirs if the name ends with `attr`.
fn select(name: &str, mut arguments: Arguments) -> Result<Value, Error> {
    let mut by_place = arguments.by_place.drain(..);
    let value = by_place.next().ok_or_else(|| error("a value is missing"))?;
    if !value.is_true() {
        return Ok(Generator::value(Vec::new()));
    }
    let attribute = if name.ends_with("attr") {
        Some(by_place.next().ok_or_else(|| error("Missing parameter for attribute name"))?)
    } else {
        None
    };
    let test = by_place.next();
    let others: Vec<Value> = by_place.collect();
    let wanted = name.starts_with("select");
    let mut selected = Vec::new();
    for item in iterate(&value)? {
        let subject = path(&item, attribute.as_ref(), None)?;
        let passes = match &test {
            None => subject.is_true(),
            Some(test) => predicates::holds(&text::str(test), &subject, &others)?,
        };
        if passes == wanted {
            selected.push(item);
        }
    }
    Ok(Generator::value(selected))
}
