//! Blocks of quantized weights: codes, and a scale and perhaps a minimum for each part of a row.

use super::Simd;
use super::activations::{ActivationBlock, BLOCK};
use super::block::{Block, ROWS};
use super::codes::{Bytes, Codes, Levels, Nibbles};
use super::input::Input;

/// Weight = scale · code + minimum, one scale for each of `P` equal parts of a row's 32 columns, and
/// one minimum for each of `M` = `P`, or none: `M` = 0.
///
/// Scales are f32: a half times a whole number of up to 8 bits is exact.
#[derive(Clone, Copy)]
#[repr(C, align(32))]
pub(crate) struct Quantized<C, const P: usize, const M: usize> {
    scale: [[f32; ROWS]; P],
    min: [[f32; ROWS]; M],
    codes: C,
}

/// `Q4_0`: 5 bits per weight.
pub(crate) type FourBits = Quantized<Nibbles<8>, 1, 0>;
/// `Q4_1`, `Q4_K`: 6 bits per weight.
pub(crate) type FourBitsMin = Quantized<Nibbles<0>, 1, 1>;
/// `Q2_K`, `Q3_K`: 8 bits per weight.
pub(crate) type FourBitsMinOf16 = Quantized<Nibbles<0>, 2, 2>;
/// `IQ4_NL`, `IQ4_XS`: 5 bits per weight.
pub(crate) type FourBitLevels = Quantized<Levels, 1, 0>;
/// `Q8_0`, `Q5_0`: 9 bits per weight.
pub(crate) type EightBits = Quantized<Bytes, 1, 0>;
/// `Q5_1`, `Q5_K`: 10 bits per weight.
pub(crate) type EightBitsMin = Quantized<Bytes, 1, 1>;
/// `Q6_K`: 10 bits per weight.
pub(crate) type EightBitsOf16 = Quantized<Bytes, 2, 0>;

/// 32 neighbouring weights of a row as every quantized type has them:
/// `scale[i / 16] · codes[i] + min[i / 16]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) codes: [i8; BLOCK],
    pub(crate) scale: [f32; 2],
    pub(crate) min: [f32; 2],
}

impl Group {
    pub(crate) const ZERO: Self = Self { codes: [0; BLOCK], scale: [0.0; 2], min: [0.0; 2] };

    pub(crate) fn weights(&self) -> [f32; BLOCK] {
        std::array::from_fn(|i| self.scale[i / 16] * f32::from(self.codes[i]) + self.min[i / 16])
    }
}

impl<C: Codes, const P: usize, const M: usize> Quantized<C, P, M> {
    /// Fills a row; once for each. The group's halves are alike where the block has one part, and its
    /// minimum is 0 where the block has none.
    pub(crate) fn set(&mut self, row: usize, group: &Group) {
        let alike = |[a, b]: [f32; 2]| a.to_bits() == b.to_bits();
        debug_assert!(P == 2 || alike(group.scale) && alike(group.min), "one scale for 32");
        debug_assert!(
            M > 0 || group.min.iter().all(|min| min.abs() <= 0.0),
            "a minimum that is left out"
        );
        for part in 0..P {
            self.scale[part][row] = group.scale[part];
        }
        for part in 0..M {
            self.min[part][row] = group.min[part];
        }
        for (column, &code) in group.codes.iter().enumerate() {
            self.codes.set(row, column, code);
        }
    }
}

/// `scale` times the sum of a part's quants.
#[inline(always)]
fn sum<S: Simd, const P: usize>(input: &ActivationBlock, part: usize) -> f32 {
    if P == 1 {
        return input.sum;
    }
    let (halves, _) = input.quants.as_chunks::<16>();
    // Whole numbers below 2²⁴: exact in any order.
    let pairs = S::dot(S::load_i16(&halves[part]), S::pairs(&[1, 1]));
    input.scale * S::sum(S::to_f32(pairs))
}

impl<C: Codes, const P: usize, const M: usize> Block for Quantized<C, P, M> {
    type Input = ActivationBlock;

    const ZERO: Self = {
        assert!((P == 1 || P == 2) && (M == 0 || M == P), "one scale for 32 or 16 columns");
        Self { scale: [[0.0; ROWS]; P], min: [[0.0; ROWS]; M], codes: C::ZERO }
    };

    fn input(input: Input<'_>) -> Option<&[ActivationBlock]> {
        input.rounded
    }

    #[inline(always)]
    fn accumulate<S: Simd, const T: usize>(
        &self,
        sums: &mut [S::F32; T],
        inputs: [&ActivationBlock; T],
    ) {
        let dots = self.codes.dots::<S, T, P>(inputs);
        for part in 0..P {
            let scale = S::load(&self.scale[part]);
            for ((to, dots), input) in sums.iter_mut().zip(&dots).zip(inputs) {
                let dot = S::mul(S::to_f32(dots[part]), scale);
                *to = S::add(*to, S::mul(dot, S::splat(input.scale)));
                if C::OFFSET != 0 {
                    let offset = -f32::from(C::OFFSET) * sum::<S, P>(input, part);
                    *to = S::add(*to, S::mul(scale, S::splat(offset)));
                }
                if M > 0 {
                    let min = S::load(&self.min[part]);
                    *to = S::add(*to, S::mul(min, S::splat(sum::<S, P>(input, part))));
                }
            }
        }
    }

    fn row(&self, row: usize) -> [f32; BLOCK] {
        std::array::from_fn(|column| {
            let part = column * P / BLOCK;
            let weight = self.scale[part][row] * f32::from(self.codes.get(row, column));
            if M > 0 { weight + self.min[part][row] } else { weight }
        })
    }
}
