//! Types whose four bits are places in a table.

use super::Fields;
use super::simple::nibbles;
use crate::kernel::{Group, LEVELS};

/// Twice the values of a 4-bit float with two bits of exponent and one of mantissa: `kvalues_mxfp4`.
const TWICE_FP4: [i8; 16] = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

fn group(scale: f32, levels: &[i8; 16], places: &[u8; 16]) -> Group {
    let codes = nibbles(places).map(|place| levels[usize::from(place)]);
    Group { codes, scale, ..Group::ZERO }
}

pub(super) fn iq4_nl(mut block: Fields<'_>, groups: &mut [Group]) {
    let (scale, places) = (block.half(), block.array());
    groups.fill(group(scale, &LEVELS, places));
}

pub(super) fn iq4_xs(mut block: Fields<'_>, groups: &mut [Group]) {
    let (scale, high) = (block.half(), u16::from_le_bytes(*block.array()));
    let low = block.array::<4>();
    for (g, to) in groups.iter_mut().enumerate() {
        let six = (low[g / 2] >> (g % 2 * 4) & 15) | ((high >> (2 * g) & 3) as u8 * 16);
        *to = group(scale, &LEVELS, block.array());
        to.steps = [six as i8 - 32; 2];
    }
}

pub(super) fn mxfp4(mut block: Fields<'_>, groups: &mut [Group]) {
    let ([exponent], places) = (*block.array(), block.array());
    // 2^(exponent − 128): half of what the exponent says, for the table is doubled.
    let bits = match u32::from(exponent) {
        tiny @ 0..2 => 0x0020_0000 << tiny,
        exponent => (exponent - 1) << 23,
    };
    groups.fill(group(f32::from_bits(bits), &TWICE_FP4, places));
}
