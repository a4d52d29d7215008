//! Weights as the kernels want them: blocks of 8 rows by 32 columns, the rows interleaved.
//!
//! A vector of sixteen i16 holds two neighbouring columns of each of the eight rows. Its dot product
//! with the same two numbers of the input, repeated, leaves the eight rows' sums in the eight lanes:
//! nothing is ever summed across lanes.

use super::Simd;
use super::activations::{ActivationBlock, BLOCK};

/// Rows of a block.
pub(crate) const ROWS: usize = 8;

/// 8 rows × 32 columns of weights.
pub(crate) trait Block: Copy {
    /// All weights 0.
    const ZERO: Self;

    /// The rows' dot products with the quants of each of `T` blocks of input.
    fn dots<S: Simd, const T: usize>(&self, inputs: [&ActivationBlock; T]) -> [S::I32; T];

    /// Adds a dot product to the rows' sums.
    fn add<S: Simd>(&self, sums: S::F32, dot: S::I32, input: &ActivationBlock) -> S::F32;

    /// The weights of one row.
    fn row(&self, row: usize) -> [f32; BLOCK];
}

/// Weight = scale · (quant − 8), with quants 0…15.
#[derive(Clone, Copy)]
#[repr(C, align(32))]
pub(crate) struct Q4_0 {
    pub(crate) scale: [f32; ROWS],
    pub(crate) quants: Nibbles,
}

/// Weight = scale · quant + min, with quants 0…15.
#[derive(Clone, Copy)]
#[repr(C, align(32))]
pub(crate) struct Q4_1 {
    pub(crate) scale: [f32; ROWS],
    pub(crate) min: [f32; ROWS],
    pub(crate) quants: Nibbles,
}

/// Weight = scale · quant, with quants −128…127.
#[derive(Clone, Copy)]
#[repr(C, align(32))]
pub(crate) struct Q8_0 {
    pub(crate) scale: [f32; ROWS],
    pub(crate) quants: Bytes,
}

/// 4-bit quants: bits 4n…4n+3 of `self[i][2·row + s]` are column 8i + 2n + s.
#[derive(Clone, Copy)]
pub(crate) struct Nibbles([[i16; 16]; 4]);

/// 8-bit quants: `self[i][2·row + s]` is column 2i + s.
#[derive(Clone, Copy)]
pub(crate) struct Bytes([[i8; 16]; 16]);

impl Nibbles {
    pub(crate) const ZERO: Self = Self([[0; 16]; 4]);

    pub(crate) fn set(&mut self, row: usize, column: usize, quant: u8) {
        let shift = 4 * (column % 8 / 2);
        self.0[column / 8][2 * row + column % 2] |= i16::from(quant & 15) << shift;
    }

    fn get(&self, row: usize, column: usize) -> u8 {
        let shift = 4 * (column % 8 / 2);
        (self.0[column / 8][2 * row + column % 2] as u16 >> shift) as u8 & 15
    }

    #[inline(always)]
    fn dots<S: Simd, const T: usize>(&self, inputs: [&ActivationBlock; T]) -> [S::I32; T] {
        let mut dots = [S::zero(); T];
        for (i, packed) in self.0.iter().enumerate() {
            for (n, weights) in S::nibbles(S::load_i16(packed)).into_iter().enumerate() {
                for (dot, input) in dots.iter_mut().zip(inputs) {
                    let pair = &input.quants.as_chunks::<2>().0[4 * i + n];
                    *dot = S::add_i32(*dot, S::dot(weights, S::pairs(pair)));
                }
            }
        }
        dots
    }
}

impl Bytes {
    pub(crate) const ZERO: Self = Self([[0; 16]; 16]);

    pub(crate) fn set(&mut self, row: usize, column: usize, quant: i8) {
        self.0[column / 2][2 * row + column % 2] = quant;
    }

    fn get(&self, row: usize, column: usize) -> i8 {
        self.0[column / 2][2 * row + column % 2]
    }

    #[inline(always)]
    fn dots<S: Simd, const T: usize>(&self, inputs: [&ActivationBlock; T]) -> [S::I32; T] {
        let mut dots = [S::zero(); T];
        for (i, bytes) in self.0.iter().enumerate() {
            let weights = S::widen(bytes);
            for (dot, input) in dots.iter_mut().zip(inputs) {
                let pair = &input.quants.as_chunks::<2>().0[i];
                *dot = S::add_i32(*dot, S::dot(weights, S::pairs(pair)));
            }
        }
        dots
    }
}

/// `sums + (dot · scale) · input.scale`
#[inline(always)]
fn add_scaled<S: Simd>(
    sums: S::F32,
    dot: S::I32,
    scale: S::F32,
    input: &ActivationBlock,
) -> S::F32 {
    S::add(sums, S::mul(S::mul(S::to_f32(dot), scale), S::splat(input.scale)))
}

impl Block for Q4_0 {
    const ZERO: Self = Self { scale: [0.0; ROWS], quants: Nibbles::ZERO };

    #[inline(always)]
    fn dots<S: Simd, const T: usize>(&self, inputs: [&ActivationBlock; T]) -> [S::I32; T] {
        self.quants.dots::<S, T>(inputs)
    }

    #[inline(always)]
    fn add<S: Simd>(&self, sums: S::F32, dot: S::I32, input: &ActivationBlock) -> S::F32 {
        let scale = S::load(&self.scale);
        let sums = add_scaled::<S>(sums, dot, scale, input);
        S::add(sums, S::mul(scale, S::splat(-8.0 * input.sum)))
    }

    fn row(&self, row: usize) -> [f32; BLOCK] {
        std::array::from_fn(|column| {
            self.scale[row] * (f32::from(self.quants.get(row, column)) - 8.0)
        })
    }
}

impl Block for Q4_1 {
    const ZERO: Self = Self { scale: [0.0; ROWS], min: [0.0; ROWS], quants: Nibbles::ZERO };

    #[inline(always)]
    fn dots<S: Simd, const T: usize>(&self, inputs: [&ActivationBlock; T]) -> [S::I32; T] {
        self.quants.dots::<S, T>(inputs)
    }

    #[inline(always)]
    fn add<S: Simd>(&self, sums: S::F32, dot: S::I32, input: &ActivationBlock) -> S::F32 {
        let sums = add_scaled::<S>(sums, dot, S::load(&self.scale), input);
        S::add(sums, S::mul(S::load(&self.min), S::splat(input.sum)))
    }

    fn row(&self, row: usize) -> [f32; BLOCK] {
        std::array::from_fn(|column| {
            self.scale[row] * f32::from(self.quants.get(row, column)) + self.min[row]
        })
    }
}

impl Block for Q8_0 {
    const ZERO: Self = Self { scale: [0.0; ROWS], quants: Bytes::ZERO };

    #[inline(always)]
    fn dots<S: Simd, const T: usize>(&self, inputs: [&ActivationBlock; T]) -> [S::I32; T] {
        self.quants.dots::<S, T>(inputs)
    }

    #[inline(always)]
    fn add<S: Simd>(&self, sums: S::F32, dot: S::I32, input: &ActivationBlock) -> S::F32 {
        add_scaled::<S>(sums, dot, S::load(&self.scale), input)
    }

    fn row(&self, row: usize) -> [f32; BLOCK] {
        std::array::from_fn(|column| self.scale[row] * f32::from(self.quants.get(row, column)))
    }
}
