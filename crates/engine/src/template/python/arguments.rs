//! Arguments of a call, by place or by name.

use minijinja::value::{Kwargs, from_args};
use minijinja::{Error, Value};

use super::number::integer;
use super::values::type_name;
use super::{error, text};

/// Arguments as they were given.
pub(in crate::template) struct Arguments {
    pub(in crate::template) by_place: Vec<Value>,
    pub(in crate::template) by_name: Vec<(String, Value)>,
}

impl Arguments {
    /// Those of a call.
    ///
    /// # Errors
    /// None in practice.
    pub(in crate::template) fn new(values: &[Value]) -> Result<Self, Error> {
        let (by_place, kwargs): (&[Value], Kwargs) = from_args(values)?;
        let names: Vec<String> = kwargs.args().map(str::to_owned).collect();
        let by_name = names
            .into_iter()
            .map(|name| Ok::<_, Error>((name.clone(), kwargs.peek::<Value>(&name)?)));
        Ok(Self { by_place: by_place.to_vec(), by_name: by_name.collect::<Result<_, _>>()? })
    }

    /// Gives each argument its place.
    ///
    /// # Errors
    /// Too many, twice the same, or a name that there is not.
    pub(in crate::template) fn bind<const N: usize>(
        self,
        names: [&'static str; N],
    ) -> Result<Bound<N>, Error> {
        let mut bound = [const { None }; N];
        if self.by_place.len() > N {
            return Err(error(format!(
                "takes {N} arguments but {} were given",
                self.by_place.len()
            )));
        }
        for (place, value) in bound.iter_mut().zip(self.by_place) {
            *place = Some(value);
        }
        for (name, value) in self.by_name {
            let place = names.iter().zip(&mut bound).find(|(of, _)| **of == name);
            match place {
                Some((_, place @ None)) => *place = Some(value),
                Some(_) => return Err(error(format!("got multiple values for argument '{name}'"))),
                None => return Err(error(format!("got an unexpected keyword argument '{name}'"))),
            }
        }
        Ok(Bound { names, values: bound })
    }
}

/// Arguments in the places of a function.
pub(in crate::template) struct Bound<const N: usize> {
    names: [&'static str; N],
    values: [Option<Value>; N],
}

impl<const N: usize> Bound<N> {
    /// An argument, if it was given.
    pub(in crate::template) fn get(&self, place: usize) -> Option<&Value> {
        self.values.get(place).and_then(Option::as_ref)
    }

    /// An argument that was given and is not none.
    pub(in crate::template) fn some(&self, place: usize) -> Option<&Value> {
        self.get(place).filter(|value| !value.is_none())
    }

    /// An argument that must be given.
    pub(in crate::template) fn required(&self, place: usize) -> Result<&Value, Error> {
        let name = self.names.get(place).copied().unwrap_or_default();
        self.get(place).ok_or_else(|| error(format!("missing required argument: '{name}'")))
    }

    /// A text that must be given.
    pub(in crate::template) fn text(&self, place: usize) -> Result<&str, Error> {
        let value = self.required(place)?;
        value.as_str().ok_or_else(|| error(format!("must be str, not {}", type_name(value))))
    }

    /// `str()` of an argument, or `default`.
    pub(in crate::template) fn text_of(&self, place: usize, default: &str) -> String {
        self.get(place).map_or_else(|| default.to_owned(), text::str)
    }

    /// A whole number, or `default` where it is not given.
    pub(in crate::template) fn integer(&self, place: usize, default: i128) -> Result<i128, Error> {
        self.get(place).map_or(Ok(default), whole)
    }

    /// Whether an argument is given and true.
    pub(in crate::template) fn flag(&self, place: usize) -> bool {
        self.get(place).is_some_and(Value::is_true)
    }
}

/// A whole number.
///
/// # Errors
/// Something else.
pub(in crate::template) fn whole(value: &Value) -> Result<i128, Error> {
    integer(value).ok_or_else(|| {
        error(format!("'{}' object cannot be interpreted as an integer", type_name(value)))
    })
}
