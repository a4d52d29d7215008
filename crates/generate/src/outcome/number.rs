//! The numbers of a text, and the one that it comes to.

use std::ops::Range;

/// A number with the unit after it.
#[derive(Clone, Debug)]
pub struct Number {
    value: f64,
    /// As it was written.
    text: String,
    /// "" without one.
    unit: String,
}

/// Units, in the words that are one.
const UNITS: [&str; 30] = [
    "%|percent",
    "km|kilometers|kilometres",
    "m|meters|metres|meter|metre",
    "cm|centimeters|centimetres",
    "mm|millimeters|millimetres",
    "mi|mile|miles",
    "ft|foot|feet",
    "in|inch|inches",
    "kg|kilograms|kilogram",
    "g|grams|gram",
    "mg|milligrams",
    "t|tons|tonnes",
    "lb|lbs|pounds",
    "l|liters|litres|liter|litre",
    "ml|milliliters",
    "s|sec|second|seconds",
    "ms|milliseconds",
    "min|minute|minutes",
    "h|hour|hours",
    "day|days",
    "week|weeks",
    "month|months",
    "year|years",
    "°c|celsius",
    "°f|fahrenheit",
    "$|dollars|dollar|usd",
    "€|euros|euro|eur",
    "cents|cent",
    "bytes|byte",
    "degrees|degree|°",
];
const SMALL: &str = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
const TENS: &str = "twenty thirty forty fifty sixty seventy eighty ninety";

impl Number {
    /// Its value.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Whether both say the same: "9.90" and "9.9" do, "5 km" and "5 m" do not.
    pub fn is(&self, other: &Self) -> bool {
        let same_unit = self.unit == other.unit || self.unit.is_empty() || other.unit.is_empty();
        same_unit && (self.value - other.value).abs() <= 1e-9 * self.value.abs().max(1.0)
    }

    /// As it was written, with its unit.
    pub fn words(&self) -> String {
        match self.unit.as_str() {
            "" => self.text.clone(),
            "%" => format!("{} %", self.text),
            unit => format!("{} {unit}", self.text),
        }
    }
}

/// What stands between numbers that are still to be reckoned with.
const OPERATORS: &str = "+ - − – * × · x / ÷ ^ plus minus times over";

/// The last number of a text that is a [result](results).
pub(super) fn last(text: &str) -> Option<Number> {
    text.lines().rev().find_map(|line| results(line).pop())
}

/// The numbers of a line that say what something comes to, in order. The number before a line of a list is none, nor
/// is a version such as 1.2.3, nor what is still to be reckoned: neither 7 nor 8 of 7 × 8.
pub fn results(line: &str) -> Vec<Number> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let numbers = placed(&words);
    let operator = |at: usize| {
        words.get(at).is_some_and(|word| OPERATORS.split(' ').any(|name| name == *word))
    };
    let is_result = |place: &Range<usize>| {
        let ended = |at| numbers.iter().any(|(other, _)| other.end == at);
        // In a text that ends with an operator, the second number is missing.
        let begins = |at| at == words.len() || numbers.iter().any(|(it, _)| it.start == at);
        let before = place.start.checked_sub(1).is_some_and(|at| operator(at) && ended(at));
        !(before || operator(place.end) && begins(place.end + 1))
    };
    let results = numbers.iter().filter(|(place, _)| is_result(place));
    results.map(|(_, number)| number.clone()).collect()
}

/// The numbers of a line, in order.
pub fn numbers(line: &str) -> Vec<Number> {
    let words: Vec<&str> = line.split_whitespace().collect();
    placed(&words).into_iter().map(|(_, number)| number).collect()
}

/// The numbers among words, each with the place of its own.
fn placed(words: &[&str]) -> Vec<(Range<usize>, Number)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let word = words[at];
        // "2." or "2)" before the text of a list.
        let marker = word.strip_suffix(['.', ')']).is_some_and(|number| {
            at == 0 && words.len() > 1 && number.chars().all(|c| c.is_ascii_digit())
        });
        let number = digits(word).map(|(value, text, rest)| (value, text, rest, 1));
        let number = number.or_else(|| {
            spelled(&words[at..]).map(|(value, text, used)| (value, text, String::new(), used))
        });
        let Some((value, text, glued, used)) = number else {
            at += 1;
            continue;
        };
        at += used;
        if marker {
            continue;
        }
        let before = if word.contains('$') {
            "$"
        } else if word.contains('€') {
            "€"
        } else {
            ""
        };
        let next = words.get(at).map(|next| bare(next)).unwrap_or_default();
        let unit = [before, glued.as_str(), next.as_str()].into_iter().find_map(unit);
        let unit = unit.unwrap_or_default().to_owned();
        found.push((at - used..at, Number { value, text, unit }));
    }
    found
}

/// The name under which a unit goes.
fn unit(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    let names =
        UNITS.iter().find(|names| !word.is_empty() && names.split('|').any(|name| name == word));
    names.and_then(|names| names.split('|').next())
}

/// A word without what stands around it.
fn bare(word: &str) -> String {
    let edge = |c: char| !c.is_alphanumeric() && !"%°$€".contains(c);
    word.trim_matches(edge).to_owned()
}

/// A number in digits, and what is glued to it.
fn digits(word: &str) -> Option<(f64, String, String)> {
    let from = word.find(|c: char| c.is_ascii_digit())?;
    let (lead, rest) = word.split_at(from);
    // "B2" and "x1" are names; of a range the second number is its own.
    if lead.ends_with(char::is_alphabetic) {
        return None;
    }
    let negative = lead.ends_with(['-', '−'])
        && lead.chars().rev().nth(1).is_none_or(|c| !c.is_alphanumeric());
    let end =
        rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(rest.len());
    let (number, glued) = rest.split_at(end);
    let number = number.trim_end_matches(['.', ',']);
    let plain = ungrouped(number)?;
    let value: f64 = plain.parse().ok()?;
    // "10^3", "1/2", "3:30" and "9-11" are more than one number.
    if glued.starts_with(['^', '/', ':', '-', '–'])
        && glued.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
    {
        return None;
    }
    let (sign, value) = if negative { ("−", -value) } else { ("", value) };
    Some((value, format!("{sign}{number}"), bare(glued)))
}

/// Digits without the commas between thousands; `None` for what is no number.
fn ungrouped(number: &str) -> Option<String> {
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    if fraction.is_some_and(|digits| digits.contains(['.', ','])) {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    if !rest.is_empty() && (first.len() > 3 || rest.iter().any(|group| group.len() != 3)) {
        return None;
    }
    let mut plain = format!("{first}{}", rest.concat());
    if let Some(fraction) = fraction {
        plain.push('.');
        plain.push_str(fraction);
    }
    Some(plain)
}

/// A number in words at the beginning, and how many words it takes. "one" alone may be anything; so may "a hundred", which
/// counts from "hundred" on.
fn spelled(words: &[&str]) -> Option<(f64, String, usize)> {
    let mut used = 0;
    // What is complete up to the last "thousand", and what has come since.
    let (mut whole, mut part) = (0, 0);
    while let Some(word) = words.get(used) {
        let ended_before = used > 0 && words.get(used - 1).is_some_and(|word| is_ended(word));
        let name = bare(word).to_lowercase();
        let next = words.get(used + 1).map(|next| bare(next).to_lowercase());
        let (value, taken) = match name.as_str() {
            _ if ended_before => break,
            "hundred" if (0..10).contains(&part) => {
                part = part.max(1) * 100;
                (0, 1)
            }
            "thousand" if whole == 0 => {
                (whole, part) = (part.max(1) * 1000, 0);
                (0, 1)
            }
            // "one hundred and five", not "five and six".
            "and" if used > 0 && part % 100 == 0 => match next.as_deref().and_then(below_hundred) {
                Some(value) => (value, 2),
                None => break,
            },
            name => match below_hundred(name) {
                // "twenty one", "one hundred five"; but "five six" are two.
                Some(value) if part % 100 == 0 => (value, 1),
                Some(value) if part % 10 == 0 && part % 100 >= 20 && value < 10 && value > 0 => {
                    (value, 1)
                }
                _ => break,
            },
        };
        part += value;
        used += taken;
    }
    let one_alone = used == 1 && whole + part == 1;
    if used == 0 || one_alone {
        return None;
    }
    let text: Vec<String> =
        words.get(..used)?.iter().map(|word| bare(word).to_lowercase()).collect();
    Some((f64::from(whole + part), text.join(" "), used))
}

/// A word for a number below a hundred, "twenty-one" included.
fn below_hundred(word: &str) -> Option<u32> {
    let place = |list: &str, word: &str| list.split(' ').position(|name| name == word);
    let tens = |word: &str| place(TENS, word).map(|at| 20 + 10 * at as u32);
    let small = |word: &str| place(SMALL, word).map(|at| at as u32);
    match word.split_once('-') {
        Some((ten, one)) => Some(tens(ten)? + small(one).filter(|one| (1..10).contains(one))?),
        None => tens(word).or_else(|| small(word)),
    }
}

/// Whether something ends after a word.
fn is_ended(word: &str) -> bool {
    word.ends_with([',', '.', ';', ':', '!', '?'])
}
