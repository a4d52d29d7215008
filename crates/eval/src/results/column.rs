//! Small numbers and verdicts as text: a letter or two each.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Verdict;

/// Whole numbers of the items, in order. In JSON a string: each number in base 36, in as many digits as the largest needs,
/// after that count and a colon; or, where all are equal, how many there are, an asterisk and the number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column(Vec<u32>);

const BASE: u32 = 36;

impl Column {
    /// The numbers.
    pub fn numbers(&self) -> Vec<u32> {
        self.0.clone()
    }
}

impl FromIterator<u32> for Column {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        Self(numbers.into_iter().collect())
    }
}

impl Serialize for Column {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let [first, rest @ ..] = &self.0[..]
            && rest.iter().all(|number| number == first)
        {
            return serializer.serialize_str(&format!("{}*{first}", self.0.len()));
        }
        let largest = self.0.iter().copied().max().unwrap_or_default();
        let width = largest.checked_ilog(BASE).map_or(1, |digits| digits as usize + 1);
        let mut text = format!("{width}:");
        for &number in &self.0 {
            let digits = (0..width as u32).rev().map(|place| number / BASE.pow(place) % BASE);
            text.extend(digits.filter_map(|digit| char::from_digit(digit, BASE)));
        }
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Column {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        read(&text).ok_or_else(|| serde::de::Error::custom("this is no column of numbers"))
    }
}

#[cfg(test)]
impl schemars::JsonSchema for Column {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Column".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Whole numbers of the items, in order: in base 36, each in as many digits as the number before the \
                colon says; or how many there are, an asterisk and the number that they all are.",
            "type": "string",
            "pattern": "^([1-7]:[0-9a-z]*|[0-9]+\\*[0-9]+)$"
        })
    }
}

/// Most items: a short text must not ask for much memory.
const MOST: usize = 1_000_000;

fn read(text: &str) -> Option<Column> {
    if let Some((count, number)) = text.split_once('*') {
        let count = count.parse().ok().filter(|&count| count <= MOST)?;
        return Some(Column(vec![number.parse().ok()?; count]));
    }
    let (width, digits) = text.split_once(':')?;
    let width: usize = width.parse().ok().filter(|width| (1..=7).contains(width))?;
    if !digits.is_ascii() || digits.len() % width != 0 {
        return None;
    }
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u32, |number, &digit| {
            let digit = char::from(digit).to_digit(BASE)?;
            number.checked_mul(BASE)?.checked_add(digit)
        })
    };
    digits.as_bytes().chunks(width).map(number).collect::<Option<Vec<_>>>().map(Column)
}

/// A letter for each verdict.
pub(super) fn verdicts(all: impl Iterator<Item = Verdict>) -> String {
    let letter = |verdict| match verdict {
        Verdict::Right => 'r',
        Verdict::Wrong => 'w',
        Verdict::Nothing => 'n',
    };
    all.map(letter).collect()
}

/// The verdicts of letters; `None` if a letter is none of theirs.
pub(super) fn verdicts_of(letters: &str) -> Option<Vec<Verdict>> {
    let verdict = |letter| match letter {
        'r' => Some(Verdict::Right),
        'w' => Some(Verdict::Wrong),
        'n' => Some(Verdict::Nothing),
        _ => None,
    };
    letters.chars().map(verdict).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_short() {
        for (numbers, text) in [
            (&[][..], "\"1:\""),
            (&[0, 1, 35], "\"1:01z\""),
            (&[0, 36], "\"2:0010\""),
            (&[u32::MAX, 0], "\"7:1z141z30000000\""),
            (&[7, 7, 7], "\"3*7\""),
        ] {
            let column: Column = numbers.iter().copied().collect();
            assert_eq!(serde_json::to_string(&column).unwrap(), text);
        }
        for wrong in [
            "",
            "1",
            "0:",
            "8:00000000",
            "2:000",
            "1:-",
            "1:é",
            "7:zzzzzzz",
            "*",
            "1000001*0",
            "2*-1",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_column_is_read_as_it_was_written(numbers: Vec<u32>, small in proptest::collection::vec(0_u32..40, 0..50)) {
            for numbers in [numbers, small] {
                let column: Column = numbers.iter().copied().collect();
                let text = serde_json::to_string(&column).unwrap();
                prop_assert_eq!(serde_json::from_str::<Column>(&text).unwrap().numbers(), numbers);
            }
        }
    }
}
