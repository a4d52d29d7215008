//! Numbers that JSON has no words for: "NaN", "Infinity", "-Infinity".

use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

/// A number or its word as JSON.
pub(crate) fn json(number: f64) -> Value {
    if number.is_nan() {
        "NaN".into()
    } else if number.is_finite() {
        number.into()
    } else if number > 0.0 {
        "Infinity".into()
    } else {
        "-Infinity".into()
    }
}

/// A number, or one of the three words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number(pub(crate) f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

struct Visitor;

impl de::Visitor<'_> for Visitor {
    type Value = Number;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a number, \"NaN\", \"Infinity\" or \"-Infinity\"")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Number, E> {
        Ok(Number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Number, E> {
        Ok(Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Number, E> {
        Ok(Number(number as f64))
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Number, E> {
        match word {
            "NaN" => Ok(Number(f64::NAN)),
            "Infinity" => Ok(Number(f64::INFINITY)),
            "-Infinity" => Ok(Number(f64::NEG_INFINITY)),
            other => Err(E::invalid_value(de::Unexpected::Str(other), &self)),
        }
    }
}

/// A list of such numbers as f32.
pub(crate) fn floats(numbers: &[Number]) -> Vec<f32> {
    numbers.iter().map(|number| number.0 as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_both_ways() {
        let text = r#"["NaN","Infinity","-Infinity",-1.5,3,18446744073709551615]"#;
        let numbers: Vec<Number> = serde_json::from_str(text).unwrap();
        assert!(numbers[0].0.is_nan());
        assert_eq!(numbers[3], Number(-1.5));
        let back: Vec<Value> = numbers[..5].iter().map(|n| json(n.0)).collect();
        assert_eq!(Value::from(back).to_string(), r#"["NaN","Infinity","-Infinity",-1.5,3.0]"#);
        assert!(serde_json::from_str::<Number>("\"nan\"").is_err());
    }
}
