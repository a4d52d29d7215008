//! Whole numbers and floats. Whole ones have 128 bits here, as many as wanted in Python.

use minijinja::value::ValueKind;
use minijinja::{Error, Value};

use super::error;

/// A number; truth values are 0 and 1.
#[derive(Clone, Copy, Debug)]
pub(in crate::template) enum Number {
    Int(i128),
    Float(f64),
}

use Number::{Float, Int};

impl Number {
    /// The number that a value is.
    pub(in crate::template) fn of(value: &Value) -> Option<Self> {
        match value.kind() {
            ValueKind::Bool => Some(Int(value.is_true().into())),
            ValueKind::Number if value.is_integer() => i128::try_from(value.clone()).ok().map(Int),
            ValueKind::Number => f64::try_from(value.clone()).ok().map(Float),
            _ => None,
        }
    }

    pub(in crate::template) fn float(self) -> f64 {
        match self {
            Int(number) => number as f64,
            Float(number) => number,
        }
    }

    /// Python's order of numbers; none with NaN.
    pub(super) fn compare(self, other: Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Int(a), Int(b)) => Some(a.cmp(&b)),
            (a, b) => a.float().partial_cmp(&b.float()),
        }
    }
}

/// A whole number; floats are none.
pub(in crate::template) fn integer(value: &Value) -> Option<i128> {
    match Number::of(value)? {
        Int(number) => Some(number),
        Float(_) => None,
    }
}

/// `number` as a value.
pub(in crate::template) fn value(number: Number) -> Value {
    match number {
        Int(number) => i64::try_from(number).map_or_else(|_| Value::from(number), Value::from),
        Float(number) => Value::from(number),
    }
}

fn whole(number: Option<i128>) -> Result<Number, Error> {
    number.map(Int).ok_or_else(|| error("the number has more than 128 bits"))
}

/// `+`, `-`, `*`, `/`, `//`, `%` and `**` of numbers.
pub(super) fn arithmetic(operator: char, a: Number, b: Number) -> Result<Number, Error> {
    let by_zero = || error("division by zero");
    Ok(match (operator, a, b) {
        ('+', Int(a), Int(b)) => whole(a.checked_add(b))?,
        ('-', Int(a), Int(b)) => whole(a.checked_sub(b))?,
        ('*', Int(a), Int(b)) => whole(a.checked_mul(b))?,
        ('d' | '%', Int(_), Int(0)) => return Err(by_zero()),
        ('d', Int(a), Int(b)) => {
            let floor =
                a.checked_div(b).map(|q| if a % b != 0 && (a < 0) != (b < 0) { q - 1 } else { q });
            whole(floor)?
        }
        ('%', Int(a), Int(b)) => {
            whole(a.checked_rem(b).map(|r| if r != 0 && (r < 0) != (b < 0) { r + b } else { r }))?
        }
        ('p', Int(a), Int(b)) if b >= 0 => {
            whole(u32::try_from(b).ok().and_then(|b| a.checked_pow(b)))?
        }
        ('+', a, b) => Float(a.float() + b.float()),
        ('-', a, b) => Float(a.float() - b.float()),
        ('*', a, b) => Float(a.float() * b.float()),
        ('/' | 'd' | '%', _, b) if b.float() == 0.0 => return Err(by_zero()),
        ('/', a, b) => Float(a.float() / b.float()),
        ('d', a, b) => Float(floor_divide(a.float(), b.float()).0),
        ('%', a, b) => Float(floor_divide(a.float(), b.float()).1),
        (_, a, b) if a.float() == 0.0 && b.float() < 0.0 => return Err(by_zero()),
        (_, a, b) => Float(libm::pow(a.float(), b.float())),
    })
}

/// Quotient, rounded down, and the rest, of the divisor's sign (`float_floor_div` of `CPython`).
fn floor_divide(a: f64, b: f64) -> (f64, f64) {
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        rest = 0.0_f64.copysign(b);
    } else if (rest < 0.0) != (b < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    let floor = quotient.floor();
    (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, rest)
}
