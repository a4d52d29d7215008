//! Configurations as maps, such as JSON objects: one reader and one writer for all of them, by way of their
//! knobs. Derived ones are compiled for each configuration and each format, and are many times as large.

use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a configuration says for a knob.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// `null`: as if it were left out.
    Nothing,
    Whole(u64),
    Real(f64),
    Switch(bool),
    Text(String),
    Lines(Vec<String>),
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_unit(),
            Self::Whole(value) => serializer.serialize_u64(*value),
            Self::Real(value) => serializer.serialize_f64(*value),
            Self::Switch(value) => serializer.serialize_bool(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::Lines(value) => serializer.collect_seq(value),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a switch, a text or a list of texts")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Switch(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Whole(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(u64::try_from(value).map_or(Value::Real(value as f64), Value::Whole))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Real(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut lines = Vec::new();
        while let Some(line) = seq.next_element()? {
            lines.push(line);
        }
        Ok(Value::Lines(lines))
    }
}

/// A field of a configuration, whatever its type.
pub(crate) trait Field {
    fn say(&self) -> Value;

    /// Takes a value; whether it could.
    fn take(&mut self, value: Value) -> bool;
}

/// Puts what was found in its place.
fn put<T>(place: &mut T, found: Option<T>) -> bool {
    found.map(|value| *place = value).is_some()
}

impl Field for f64 {
    fn say(&self) -> Value {
        Value::Real(*self)
    }

    fn take(&mut self, value: Value) -> bool {
        let found = match value {
            Value::Real(number) => Some(number),
            Value::Whole(number) => Some(number as Self),
            _ => None,
        };
        put(self, found)
    }
}

impl Field for u32 {
    fn say(&self) -> Value {
        Value::Whole(u64::from(*self))
    }

    fn take(&mut self, value: Value) -> bool {
        let Value::Whole(number) = value else { return false };
        put(self, Self::try_from(number).ok())
    }
}

impl Field for bool {
    fn say(&self) -> Value {
        Value::Switch(*self)
    }

    fn take(&mut self, value: Value) -> bool {
        let Value::Switch(on) = value else { return false };
        put(self, Some(on))
    }
}

impl Field for Vec<String> {
    fn say(&self) -> Value {
        Value::Lines(self.clone())
    }

    fn take(&mut self, value: Value) -> bool {
        let Value::Lines(lines) = value else { return false };
        put(self, Some(lines))
    }
}

/// Writes a configuration: its fields by name.
pub(crate) fn write<S: Serializer>(
    serializer: S,
    name: &'static str,
    fields: &[(&'static str, &dyn Field)],
) -> Result<S::Ok, S::Error> {
    let mut out = serializer.serialize_struct(name, fields.len())?;
    for (name, field) in fields {
        out.serialize_field(name, &field.say())?;
    }
    out.end()
}

/// What was read: names and values, in their order.
pub(crate) struct Given(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(GivenVisitor)
    }
}

struct GivenVisitor;

impl<'de> Visitor<'de> for GivenVisitor {
    type Value = Given;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of numbers and switches")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Given, A::Error> {
        let mut given = Vec::new();
        while let Some(pair) = map.next_entry()? {
            given.push(pair);
        }
        Ok(Given(given))
    }
}

/// A field, by all names under which it is read.
pub(crate) type Row<'a> = (&'static [&'static str], &'a mut dyn Field);

impl Given {
    /// Takes out the value of a name.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        let at = self.0.iter().position(|(given, _)| given == name)?;
        Some(self.0.remove(at).1)
    }

    /// Puts the values into the fields.
    ///
    /// # Errors
    /// A name that no field has or that comes twice, or a value of the wrong type.
    pub(crate) fn over<E: Error>(self, rows: &mut [Row<'_>]) -> Result<(), E> {
        self.put(rows).map_err(E::custom)
    }

    fn put(self, rows: &mut [Row<'_>]) -> Result<(), String> {
        let mut taken = vec![false; rows.len()];
        for (name, value) in self.0 {
            let mut places = rows.iter_mut().zip(&mut taken);
            let place = places.find(|((names, _), _)| names.contains(&name.as_str()));
            let Some(((_, field), taken)) = place else {
                return Err(format!("unknown field `{name}`"));
            };
            if std::mem::replace(taken, true) {
                return Err(format!("duplicate field `{name}`"));
            }
            if value != Value::Nothing && !field.take(value) {
                return Err(format!("`{name}` can't be that"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{DsliderConfig, EntropixConfig, PlainConfig, Preset, PromisedConfig};

    #[test]
    fn what_is_left_out_or_null_stays() {
        let plain: PlainConfig =
            serde_json::from_value(json!({ "top_k": 3, "top_p": null })).unwrap();
        assert_eq!(plain, PlainConfig { top_k: 3, ..PlainConfig::default() });
        let entropix: EntropixConfig =
            serde_json::from_value(json!({ "temp": 1, "preset": "FROG", "nucleus": null }))
                .unwrap();
        let frog = EntropixConfig { temperature: 1.0, ..EntropixConfig::preset(Preset::Frog) };
        assert_eq!(entropix, frog);
    }

    #[test]
    fn nonsense_is_named() {
        for (map, words) in [
            (json!({ "top_q": 1 }), "unknown field `top_q`"),
            (json!({ "top_k": 1.5 }), "`top_k` can't be that"),
            (json!({ "top_k": -1 }), "`top_k` can't be that"),
            (json!({ "top_k": 4_294_967_296_u64 }), "`top_k` can't be that"),
            (json!({ "temperature": "hot" }), "`temperature` can't be that"),
            (json!({ "temperature": [] }), "`temperature` can't be that"),
            (json!([]), "a map of numbers and switches"),
        ] {
            let error = serde_json::from_value::<PlainConfig>(map.clone()).unwrap_err().to_string();
            assert!(error.contains(words), "{map}: {error}");
        }
        let refused = |map| serde_json::from_value::<EntropixConfig>(map).is_err();
        for map in [json!({ "preset": "Z" }), json!({ "preset": 1 }), json!({ "nucleus": "up" })] {
            assert!(refused(map.clone()), "{map}");
        }
        assert!(serde_json::from_value::<DsliderConfig>(json!({ "wild": 1 })).is_err());
        assert!(serde_json::from_value::<PromisedConfig>(json!({ "phrases": [1] })).is_err());
    }

    #[test]
    fn every_value_survives() {
        for preset in Preset::ALL {
            let config = EntropixConfig::preset(preset);
            let text = serde_json::to_string(&config).unwrap();
            assert_eq!(serde_json::from_str::<EntropixConfig>(&text).unwrap(), config);
        }
        let promised =
            PromisedConfig { phrases: vec![" \"a\"".into()], ..PromisedConfig::default() };
        let text = serde_json::to_string(&promised).unwrap();
        assert_eq!(serde_json::from_str::<PromisedConfig>(&text).unwrap(), promised);
        // Texts that were read from others' memory, not from a buffer of one's own.
        let value = serde_json::to_value(&promised).unwrap();
        assert_eq!(serde_json::from_value::<PromisedConfig>(value).unwrap(), promised);
    }
}
