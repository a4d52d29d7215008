//! Types with a scale, and perhaps a minimum, for each block of 32.

use super::Fields;
use crate::kernel::{BLOCK, Group};

/// Bits 0–3 of 16 bytes, then bits 4–7.
pub(super) fn nibbles(bytes: &[u8; 16]) -> [u8; BLOCK] {
    std::array::from_fn(|i| bytes[i % 16] >> (4 * (i / 16)) & 15)
}

/// [`nibbles`] with a fifth bit each.
fn five_bits(high: [u8; 4], low: &[u8; 16]) -> [u8; BLOCK] {
    let (high, low) = (u32::from_le_bytes(high), nibbles(low));
    std::array::from_fn(|i| low[i] | ((high >> i & 1) as u8 * 16))
}

fn set(groups: &mut [Group], codes: [i8; BLOCK], scale: f32, min: f32) {
    groups.fill(Group { codes, scale, min, ..Group::ZERO });
}

pub(super) fn q4_0(mut block: Fields<'_>, groups: &mut [Group]) {
    let scale = block.half();
    set(groups, nibbles(block.array()).map(|code| code as i8 - 8), scale, 0.0);
}

pub(super) fn q4_1(mut block: Fields<'_>, groups: &mut [Group]) {
    let (scale, min) = (block.half(), block.half());
    set(groups, nibbles(block.array()).map(|code| code as i8), scale, min);
}

pub(super) fn q5_0(mut block: Fields<'_>, groups: &mut [Group]) {
    let scale = block.half();
    let codes = five_bits(*block.array(), block.array());
    set(groups, codes.map(|code| code as i8 - 16), scale, 0.0);
}

pub(super) fn q5_1(mut block: Fields<'_>, groups: &mut [Group]) {
    let (scale, min) = (block.half(), block.half());
    let codes = five_bits(*block.array(), block.array());
    set(groups, codes.map(|code| code as i8), scale, min);
}

pub(super) fn q8_0(mut block: Fields<'_>, groups: &mut [Group]) {
    let scale = block.half();
    set(groups, block.array().map(u8::cast_signed), scale, 0.0);
}
