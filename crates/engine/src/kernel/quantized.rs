//! Blocks of quantized weights: codes with a scale, and perhaps a minimum, for each 32 of a row.

use super::Simd;
use super::activations::{ActivationBlock, BLOCK};
use super::block::{Block, ROWS};
use super::codes::{Bytes, Codes, Levels, Nibbles};
use super::group::Group;
use super::input::Input;

/// 8 rows × 32 columns. Weight = scale · code + minimum, with `M` = 1 minimum, or none.
#[derive(Clone, Copy)]
#[repr(C, align(32))]
pub(crate) struct Quantized<C, const M: usize> {
    scale: [f32; ROWS],
    min: [[f32; ROWS]; M],
    codes: C,
}

/// `Q4_0`: 5 bits per weight.
pub(crate) type FourBits = Quantized<Nibbles<8>, 0>;
/// `Q4_1`: 6 bits per weight.
pub(crate) type FourBitsMin = Quantized<Nibbles<0>, 1>;
/// `IQ4_NL`, `IQ4_XS`: 5 bits per weight.
pub(crate) type FourBitLevels = Quantized<Levels, 0>;
/// `Q8_0`, `Q5_0`: 9 bits per weight.
pub(crate) type EightBits = Quantized<Bytes, 0>;
/// `Q5_1`: 10 bits per weight.
pub(crate) type EightBitsMin = Quantized<Bytes, 1>;

impl<C: Codes, const M: usize> Quantized<C, M> {
    /// Fills a row; once for each.
    pub(crate) fn set(&mut self, row: usize, group: &Group) {
        invariant!(group.steps[0] == group.steps[1], "one scale for 32");
        invariant!(M > 0 || group.min.abs() <= 0.0, "a minimum that is left out");
        self.scale[row] = group.scales()[0];
        for min in &mut self.min {
            min[row] = group.mins()[0];
        }
        self.codes.set_row(row, &group.codes);
    }
}

/// `sums += dots · scale · input.scale`
#[inline(always)]
pub(super) fn add_products<S: Simd, const T: usize>(
    sums: &mut [S::F32; T],
    dots: [S::I32; T],
    scale: S::F32,
    inputs: [&ActivationBlock; T],
) {
    for ((sum, dot), input) in sums.iter_mut().zip(dots).zip(inputs) {
        let product = S::mul(S::mul(S::to_f32(dot), scale), S::splat(input.scale));
        *sum = S::add(*sum, product);
    }
}

/// `sums += constant · of(input)`: what is added to all weights, times the sum of the input.
#[inline(always)]
pub(super) fn add_constant<S: Simd, const T: usize>(
    sums: &mut [S::F32; T],
    constant: S::F32,
    inputs: [&ActivationBlock; T],
    of: impl Fn(&ActivationBlock) -> f32,
) {
    for (sum, input) in sums.iter_mut().zip(inputs) {
        *sum = S::add(*sum, S::mul(constant, S::splat(of(input))));
    }
}

impl<C: Codes, const M: usize> Block for Quantized<C, M> {
    type Input = ActivationBlock;

    const COLUMNS: usize = BLOCK;
    const ZERO: Self = Self { scale: [0.0; ROWS], min: [[0.0; ROWS]; M], codes: C::ZERO };

    fn input(input: Input<'_>) -> Option<&[ActivationBlock]> {
        input.rounded
    }

    #[inline(always)]
    fn accumulate<S: Simd, const T: usize>(
        &self,
        sums: &mut [S::F32; T],
        inputs: [&ActivationBlock; T],
    ) {
        let dots = self.codes.dots::<S, T, 1>(inputs).map(|[dot]| dot);
        let scale = S::load(&self.scale);
        add_products::<S, T>(sums, dots, scale, inputs);
        if C::OFFSET != 0 {
            let offset = -f32::from(C::OFFSET);
            add_constant::<S, T>(sums, scale, inputs, |input| offset * input.sum);
        }
        for min in &self.min {
            add_constant::<S, T>(sums, S::load(min), inputs, |input| input.sum);
        }
    }

    fn row(&self, row: usize, to: &mut [f32]) {
        for (column, to) in to.iter_mut().enumerate() {
            *to = self.scale[row] * f32::from(self.codes.get(row, column));
            for min in &self.min {
                *to += min[row];
            }
        }
    }
}
