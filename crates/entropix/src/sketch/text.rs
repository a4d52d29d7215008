//! A sketch as text.
//!
//! `top.tail`, both sequences of numbers. A number is written in groups of 5 bits, the lowest first,
//! each as one of [`LETTERS`]; 32 is added to all groups but the last. The top has two numbers per
//! token: its id, and how many steps it is below the one before. The tail has five per bin: how far
//! its mean is below that of the bin before, the number of tokens, their standard deviation, and the
//! distances of the groups above and below, each in the unit of its field of [`Bin`].

use std::fmt;
use std::str::FromStr;

use super::tail::Bin;
use super::{DEEPEST, Sketch, steps};

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const GROUP: u32 = 5;
const MORE: u32 = 1 << GROUP;

/// The text is no sketch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the sketch of a distribution")]
pub struct SketchError;

impl fmt::Display for Sketch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from(self.clone()))
    }
}

impl From<Sketch> for String {
    fn from(sketch: Sketch) -> Self {
        let mut text = Self::new();
        let mut above = 0;
        for &(token, depth) in &sketch.top {
            write(&mut text, [token, depth.saturating_sub(above)]);
            above = depth;
        }
        text.push('.');
        above = 0;
        for &Bin { depth, count, deviation, above: high, below: low } in &sketch.tail {
            write(&mut text, [depth.saturating_sub(above), count, deviation, high, low]);
            above = depth;
        }
        text
    }
}

impl TryFrom<String> for Sketch {
    type Error = SketchError;

    fn try_from(text: String) -> Result<Self, SketchError> {
        text.parse()
    }
}

impl FromStr for Sketch {
    type Err = SketchError;

    fn from_str(text: &str) -> Result<Self, SketchError> {
        let (top, tail) = text.split_once('.').ok_or(SketchError)?;
        let mut depth = 0_u32;
        let top = records(top, |[token, step]| {
            depth = depth.checked_add(step)?;
            (depth <= steps(DEEPEST)).then_some((token, depth))
        })?;
        depth = 0;
        let tail = records(tail, |[step, count, deviation, above, below]| {
            depth = depth.checked_add(step)?;
            Some(Bin { depth, count, deviation, above, below }).filter(Bin::is_good)
        })?;
        // Something must be possible.
        let is_empty = top.is_empty() && tail.is_empty();
        if is_empty { Err(SketchError) } else { Ok(Self { top, tail }) }
    }
}

fn write<const N: usize>(text: &mut String, numbers: [u32; N]) {
    for mut number in numbers {
        loop {
            let (group, rest) = (number % MORE, number / MORE);
            let more = if rest > 0 { MORE } else { 0 };
            text.extend(LETTERS.get((group + more) as usize).map(|&letter| char::from(letter)));
            if rest == 0 {
                break;
            }
            number = rest;
        }
    }
}

/// Reads records of `N` numbers each.
fn records<const N: usize, T>(
    text: &str,
    mut read: impl FnMut([u32; N]) -> Option<T>,
) -> Result<Vec<T>, SketchError> {
    let numbers = numbers(text).ok_or(SketchError)?;
    let (records, rest) = numbers.as_chunks();
    let records = records.iter().map(|&record| read(record)).collect::<Option<_>>();
    records.filter(|_| rest.is_empty()).ok_or(SketchError)
}

fn numbers(text: &str) -> Option<Vec<u32>> {
    let mut numbers = Vec::new();
    let (mut number, mut shift) = (0_u32, 0);
    for letter in text.bytes() {
        let value = LETTERS.iter().position(|&one| one == letter)? as u32;
        let group = value % MORE;
        let shifted = group.checked_shl(shift).filter(|high| high >> shift == group)?;
        number |= shifted;
        if value < MORE {
            numbers.push(number);
            (number, shift) = (0, 0);
        } else {
            shift += GROUP;
        }
    }
    // The last number must be complete.
    (shift == 0).then_some(numbers)
}
