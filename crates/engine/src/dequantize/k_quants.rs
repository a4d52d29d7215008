//! K-quants: 256 weights share a scale, and each 16 or 32 of them have a small multiple of it.

use super::Fields;
use crate::kernel::Group;

/// `bits` bits of `byte`, from `from` on.
fn bits(byte: u8, from: usize, bits: usize) -> u8 {
    byte >> from & ((1 << bits) - 1)
}

pub(super) fn q2_k(mut block: Fields<'_>, groups: &mut [Group]) {
    let (scales, codes) = (block.array::<16>(), block.array::<64>());
    let (scale, min) = (block.half(), block.half());
    for (g, group) in groups.iter_mut().enumerate() {
        let part = |half: usize| scales[2 * g + half];
        (group.scale, group.min) = (scale, -min);
        group.steps = [0, 1].map(|half| (part(half) & 15) as i8);
        group.min_steps = [0, 1].map(|half| (part(half) >> 4) as i8);
        group.codes = std::array::from_fn(|i| bits(codes[g / 4 * 32 + i], g % 4 * 2, 2) as i8);
    }
}

/// Codes −4…3 are kept as 0…7 above a minimum of −4 scales, which is exact.
pub(super) fn q3_k(mut block: Fields<'_>, groups: &mut [Group]) {
    let (high, low) = (block.array::<32>(), block.array::<64>());
    let (scales, scale) = (block.array::<12>(), block.half());
    for (g, group) in groups.iter_mut().enumerate() {
        (group.scale, group.min) = (scale, -4.0 * scale);
        group.steps = [2 * g, 2 * g + 1].map(|s| {
            let six =
                bits(scales[s % 8], s / 8 * 4, 4) | bits(scales[8 + s % 4], s / 4 * 2, 2) << 4;
            six as i8 - 32
        });
        group.min_steps = group.steps;
        group.codes = std::array::from_fn(|i| {
            (bits(low[g / 4 * 32 + i], g % 4 * 2, 2) | bits(high[i], g, 1) << 2) as i8
        });
    }
}

/// The whole numbers of 6 bits that scale and minimum are multiplied by.
fn scale_min(packed: &[u8; 12], g: usize) -> [u8; 2] {
    if g < 4 {
        [0, 4].map(|from| packed[from + g] & 63)
    } else {
        let low = packed[4 + g];
        [low & 15 | packed[g - 4] >> 6 << 4, low >> 4 | packed[g] >> 6 << 4]
    }
}

/// `Q4_K`, and `Q5_K` with a fifth bit in `high`.
fn four_or_five_bits(
    [scale, min]: [f32; 2],
    packed: &[u8; 12],
    high: &[u8; 32],
    low: &[u8; 128],
    groups: &mut [Group],
) {
    for (g, group) in groups.iter_mut().enumerate() {
        (group.scale, group.min) = (scale, -min);
        [group.steps, group.min_steps] = scale_min(packed, g).map(|step| [step as i8; 2]);
        group.codes = std::array::from_fn(|i| {
            (bits(low[g / 2 * 32 + i], g % 2 * 4, 4) | bits(high[i], g, 1) << 4) as i8
        });
    }
}

pub(super) fn q4_k(mut block: Fields<'_>, groups: &mut [Group]) {
    let scales = [block.half(), block.half()];
    four_or_five_bits(scales, block.array(), &[0; 32], block.array(), groups);
}

pub(super) fn q5_k(mut block: Fields<'_>, groups: &mut [Group]) {
    let scales = [block.half(), block.half()];
    four_or_five_bits(scales, block.array(), block.array(), block.array(), groups);
}

pub(super) fn q6_k(mut block: Fields<'_>, groups: &mut [Group]) {
    let (low, high) = (block.array::<128>(), block.array::<64>());
    let (scales, scale) = (block.array::<16>(), block.half());
    for (g, group) in groups.iter_mut().enumerate() {
        let (side, quarter) = (g / 4, g % 4);
        group.scale = scale;
        group.steps = [0, 1].map(|half| scales[2 * g + half].cast_signed());
        group.codes = std::array::from_fn(|i| {
            let low = bits(low[side * 64 + quarter % 2 * 32 + i], quarter / 2 * 4, 4);
            (low | bits(high[side * 32 + i], quarter * 2, 2) << 4) as i8 - 32
        });
    }
}
