//! The codes of quantized weights, packed so that they are multiplied in pairs of columns.

use super::Simd;
use super::activations::{ActivationBlock, BLOCK};

/// Codes of 8 rows × 32 columns.
pub(crate) trait Codes: Copy + 'static {
    /// All zero, or what no `set_row` has touched yet.
    const ZERO: Self;
    /// What was added to codes before they were stored.
    const OFFSET: i8;

    /// Stores a row's codes.
    fn set_row(&mut self, row: usize, codes: &[i8; BLOCK]);

    /// The code as it was given to `set_row`.
    fn get(&self, row: usize, column: usize) -> i8;

    /// The rows' dot products with the quants of each of `T` blocks of input, apart for each of `P`
    /// equal parts of the columns. Codes count with their offset.
    fn dots<S: Simd, const T: usize, const P: usize>(
        &self,
        inputs: [&ActivationBlock; T],
    ) -> [[S::I32; P]; T];
}

/// Codes −8…7 (`OFFSET` 8) or 0…15 (`OFFSET` 0): bits 4n…4n+3 of `self[i][2·row + s]` are column
/// 8i + 2n + s.
#[derive(Clone, Copy)]
pub(crate) struct Nibbles<const OFFSET: i8>([[i16; 16]; 4]);

/// Codes −128…127: `self[i][2·row + s]` is column 2i + s.
#[derive(Clone, Copy)]
pub(crate) struct Bytes([[i8; 16]; 16]);

/// Codes out of [`LEVELS`], by their place in it; packed as [`Nibbles`].
#[derive(Clone, Copy)]
pub(crate) struct Levels(Nibbles<0>);

/// The levels of `IQ4_NL` and `IQ4_XS`: `kvalues_iq4nl` of ggml-common.h.
pub(crate) const LEVELS: [i8; 16] =
    [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

impl<const OFFSET: i8> Nibbles<OFFSET> {
    fn stored(&self, row: usize, column: usize) -> i8 {
        let shift = 4 * (column % 8 / 2);
        (self.0[column / 8][2 * row + column % 2] >> shift) as i8 & 15
    }

    /// Dot products with what `unpack` makes of each vector.
    #[inline(always)]
    fn dots_of<S: Simd, const T: usize, const P: usize>(
        &self,
        inputs: [&ActivationBlock; T],
        unpack: impl Fn(S::I16) -> [S::I16; 4],
    ) -> [[S::I32; P]; T] {
        let mut dots = [[S::zero(); P]; T];
        for part in 0..P {
            let vectors = part * 4 / P..(part + 1) * 4 / P;
            for i in vectors {
                for (n, weights) in unpack(S::load_i16(&self.0[i])).into_iter().enumerate() {
                    for (dots, input) in dots.iter_mut().zip(inputs) {
                        let pair = &input.quants.as_chunks::<2>().0[4 * i + n];
                        dots[part] = S::add_i32(dots[part], S::dot(weights, S::pairs(pair)));
                    }
                }
            }
        }
        dots
    }
}

impl<const OFFSET: i8> Codes for Nibbles<OFFSET> {
    const ZERO: Self = Self([[0; 16]; 4]);
    const OFFSET: i8 = OFFSET;

    fn set_row(&mut self, row: usize, codes: &[i8; BLOCK]) {
        for (vector, codes) in self.0.iter_mut().zip(codes.as_chunks::<8>().0) {
            let nibble = |column: usize| i16::from((codes[column] + OFFSET) & 15);
            for side in 0..2 {
                vector[2 * row + side] = nibble(side)
                    | nibble(2 + side) << 4
                    | nibble(4 + side) << 8
                    | nibble(6 + side) << 12;
            }
        }
    }

    fn get(&self, row: usize, column: usize) -> i8 {
        self.stored(row, column) - OFFSET
    }

    #[inline(always)]
    fn dots<S: Simd, const T: usize, const P: usize>(
        &self,
        inputs: [&ActivationBlock; T],
    ) -> [[S::I32; P]; T] {
        self.dots_of::<S, T, P>(inputs, S::nibbles)
    }
}

impl Codes for Levels {
    const ZERO: Self = Self(Nibbles::ZERO);
    const OFFSET: i8 = 0;

    fn set_row(&mut self, row: usize, codes: &[i8; BLOCK]) {
        let place = |code| {
            let place = LEVELS.iter().position(|&level| level == code);
            invariant!(place.is_some(), "{code} is no level");
            place.unwrap_or(0) as i8
        };
        self.0.set_row(row, &codes.map(place));
    }

    fn get(&self, row: usize, column: usize) -> i8 {
        LEVELS[self.0.stored(row, column) as usize]
    }

    #[inline(always)]
    fn dots<S: Simd, const T: usize, const P: usize>(
        &self,
        inputs: [&ActivationBlock; T],
    ) -> [[S::I32; P]; T] {
        self.0.dots_of::<S, T, P>(inputs, |x| S::look_up(&LEVELS, x))
    }
}

impl Codes for Bytes {
    const ZERO: Self = Self([[0; 16]; 16]);
    const OFFSET: i8 = 0;

    fn set_row(&mut self, row: usize, codes: &[i8; BLOCK]) {
        for (vector, pair) in self.0.iter_mut().zip(codes.as_chunks::<2>().0) {
            vector[2 * row..2 * row + 2].copy_from_slice(pair);
        }
    }

    fn get(&self, row: usize, column: usize) -> i8 {
        self.0[column / 2][2 * row + column % 2]
    }

    #[inline(always)]
    fn dots<S: Simd, const T: usize, const P: usize>(
        &self,
        inputs: [&ActivationBlock; T],
    ) -> [[S::I32; P]; T] {
        let mut dots = [[S::zero(); P]; T];
        for part in 0..P {
            let vectors = part * 16 / P..(part + 1) * 16 / P;
            for i in vectors {
                let weights = S::widen(&self.0[i]);
                for (dots, input) in dots.iter_mut().zip(inputs) {
                    let pair = &input.quants.as_chunks::<2>().0[i];
                    dots[part] = S::add_i32(dots[part], S::dot(weights, S::pairs(pair)));
                }
            }
        }
        dots
    }
}
