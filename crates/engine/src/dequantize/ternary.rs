//! Types of weights −1, 0 and 1, times a scale for 256.

use super::Fields;
use crate::kernel::{BLOCK, Group};

/// Five digits to the base of 3 in a byte, read from the top; columns of bytes one after the other.
pub(super) fn tq1_0(mut block: Fields<'_>, groups: &mut [Group]) {
    let (wide, narrow, rest) = (block.array::<32>(), block.array::<16>(), block.array::<4>());
    let scale = block.half();
    let digits = digits(wide, 5).chain(digits(narrow, 5)).chain(digits(rest, 4));
    let mut codes = digits.map(|digit| digit as i8 - 1);
    for group in groups {
        *group = Group { scale, ..Group::ZERO };
        for (code, from) in group.codes.iter_mut().zip(&mut codes) {
            *code = from;
        }
    }
}

/// The first `count` digits of each byte: the first of all, then the second of all, and so on.
fn digits(bytes: &[u8], count: usize) -> impl Iterator<Item = u8> {
    let powers = [1, 3, 9, 27, 81].into_iter().take(count);
    powers.flat_map(|power: u8| {
        bytes.iter().map(move |byte| ((u16::from(byte.wrapping_mul(power)) * 3) >> 8) as u8)
    })
}

pub(super) fn tq2_0(mut block: Fields<'_>, groups: &mut [Group]) {
    let (codes, scale) = (block.array::<64>(), block.half());
    for (g, group) in groups.iter_mut().enumerate() {
        let code = |i: usize| (codes[g / 4 * BLOCK + i] >> (g % 4 * 2) & 3) as i8 - 1;
        *group = Group { codes: std::array::from_fn(code), scale, ..Group::ZERO };
    }
}
