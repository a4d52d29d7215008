//! Blocks of weights that are numbers already: single, half and brain floats.

use half::{bf16, f16};

use super::Simd;
use super::activations::BLOCK;
use super::block::{Block, ROWS};
use super::input::Input;

/// A format of numbers.
pub(crate) trait Float: Copy + 'static {
    /// Its bits.
    type Bits: Copy + 'static;

    const ZERO: Self::Bits;
    /// In a file.
    const BYTES: usize;

    /// From little-endian bytes, [`Self::BYTES`] of them; zero from fewer.
    fn read(bytes: &[u8]) -> Self::Bits;
    fn value(bits: Self::Bits) -> f32;
    fn load<S: Simd>(bits: &[Self::Bits; ROWS]) -> S::F32;
}

#[derive(Clone, Copy)]
pub(crate) struct F32;

#[derive(Clone, Copy)]
pub(crate) struct F16;

#[derive(Clone, Copy)]
pub(crate) struct Bf16;

/// 8 rows × 32 columns: `self[column][row]`.
#[derive(Clone, Copy)]
#[repr(C, align(32))]
pub(crate) struct Floats<F: Float>([[F::Bits; ROWS]; BLOCK]);

impl<F: Float> Floats<F> {
    /// Fills a row from 32 numbers of a file.
    pub(crate) fn set(&mut self, row: usize, bytes: &[u8]) {
        for (column, bytes) in self.0.iter_mut().zip(bytes.chunks_exact(F::BYTES)) {
            column[row] = F::read(bytes);
        }
    }
}

impl<F: Float> Block for Floats<F> {
    type Input = [f32; BLOCK];

    const COLUMNS: usize = BLOCK;
    const ZERO: Self = Self([[F::ZERO; ROWS]; BLOCK]);

    /// As it is: a rounded one would cost as much.
    fn input(input: Input<'_>) -> Option<&[[f32; BLOCK]]> {
        Some(input.exact.as_chunks().0)
    }

    #[inline(always)]
    fn accumulate<S: Simd, const T: usize>(
        &self,
        sums: &mut [S::F32; T],
        inputs: [&[f32; BLOCK]; T],
    ) {
        // From 0 for each block: its additions need not wait for those of the block before.
        let mut parts = [S::splat(0.0); T];
        for (column, weights) in self.0.iter().enumerate() {
            let weights = F::load::<S>(weights);
            for (part, input) in parts.iter_mut().zip(inputs) {
                *part = S::add(*part, S::mul(weights, S::splat(input[column])));
            }
        }
        for (sum, part) in sums.iter_mut().zip(parts) {
            *sum = S::add(*sum, part);
        }
    }

    fn row(&self, row: usize, to: &mut [f32]) {
        for (to, column) in to.iter_mut().zip(&self.0) {
            *to = F::value(column[row]);
        }
    }
}

fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.first_chunk().copied().unwrap_or([0; N])
}

impl Float for F32 {
    type Bits = f32;

    const ZERO: f32 = 0.0;
    const BYTES: usize = 4;

    fn read(bytes: &[u8]) -> f32 {
        f32::from_le_bytes(array(bytes))
    }

    fn value(bits: f32) -> f32 {
        bits
    }

    #[inline(always)]
    fn load<S: Simd>(bits: &[f32; ROWS]) -> S::F32 {
        S::load(bits)
    }
}

impl Float for F16 {
    type Bits = u16;

    const ZERO: u16 = 0;
    const BYTES: usize = 2;

    fn read(bytes: &[u8]) -> u16 {
        u16::from_le_bytes(array(bytes))
    }

    fn value(bits: u16) -> f32 {
        f16::from_bits(bits).to_f32()
    }

    #[inline(always)]
    fn load<S: Simd>(bits: &[u16; ROWS]) -> S::F32 {
        S::from_f16(bits)
    }
}

impl Float for Bf16 {
    type Bits = u16;

    const ZERO: u16 = 0;
    const BYTES: usize = 2;

    fn read(bytes: &[u8]) -> u16 {
        u16::from_le_bytes(array(bytes))
    }

    fn value(bits: u16) -> f32 {
        bf16::from_bits(bits).to_f32()
    }

    #[inline(always)]
    fn load<S: Simd>(bits: &[u16; ROWS]) -> S::F32 {
        S::from_bf16(bits)
    }
}
