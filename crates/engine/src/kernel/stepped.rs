//! Blocks of K-quants: 256 columns share a scale, of which each 16 or 32 have a whole multiple.

use super::Simd;
use super::activations::{ActivationBlock, BLOCK};
use super::block::{Block, ROWS};
use super::codes::{Bytes, Codes, Nibbles};
use super::group::Group;
use super::input::Input;
use super::quantized::{add_constant, add_products};

/// Groups that share a scale.
pub(crate) const GROUPS: usize = 8;

/// 8 rows × 256 columns. Weight = scale · step · code + minimum · step: a step of the scale for each of
/// `P` equal parts of a group's 32 columns, and one of the minimum for each of `M` = `P`, or none: `M` = 0.
#[derive(Clone, Copy)]
#[repr(C, align(32))]
pub(crate) struct Stepped<C, const P: usize, const M: usize> {
    scale: [f32; ROWS],
    min: [f32; ROWS],
    groups: [Steps<C, P, M>; GROUPS],
}

/// 8 rows × 32 columns of it.
#[derive(Clone, Copy)]
#[repr(C)]
struct Steps<C, const P: usize, const M: usize> {
    codes: C,
    scale: [[i8; ROWS]; P],
    min: [[i8; ROWS]; M],
}

/// `Q4_K`: 4.75 bits per weight.
pub(crate) type FourBitSteps = Stepped<Nibbles<0>, 1, 1>;
/// `Q2_K`, `Q3_K`: 5.25 bits per weight.
pub(crate) type FourBitStepsOf16 = Stepped<Nibbles<0>, 2, 2>;
/// `Q5_K`: 8.75 bits per weight.
pub(crate) type EightBitSteps = Stepped<Bytes, 1, 1>;
/// `Q6_K`: 8.75 bits per weight.
pub(crate) type EightBitStepsOf16 = Stepped<Bytes, 2, 0>;

impl<C: Codes, const P: usize, const M: usize> Stepped<C, P, M> {
    /// Fills a row of a group; once for each. All groups of a row have the same scale and minimum.
    pub(crate) fn set(&mut self, row: usize, index: usize, group: &Group) {
        invariant!(P == 2 || group.steps[0] == group.steps[1], "one step for 32");
        invariant!(M > 0 || group.min.abs() <= 0.0, "a minimum that is left out");
        self.scale[row] = group.scale;
        self.min[row] = group.min;
        let steps = &mut self.groups[index];
        for part in 0..P {
            steps.scale[part][row] = group.steps[part];
        }
        for part in 0..M {
            steps.min[part][row] = group.min_steps[part];
        }
        steps.codes.set_row(row, &group.codes);
    }
}

/// The sum of one of `P` parts of an input.
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

impl<C: Codes, const P: usize, const M: usize> Block for Stepped<C, P, M> {
    type Input = [ActivationBlock; GROUPS];

    const COLUMNS: usize = GROUPS * BLOCK;
    const ZERO: Self = {
        assert!((P == 1 || P == 2) && (M == 0 || M == P), "one step for 32 or 16 columns");
        assert!(C::OFFSET == 0, "an offset that is left out");
        let steps = Steps { codes: C::ZERO, scale: [[0; ROWS]; P], min: [[0; ROWS]; M] };
        Self { scale: [0.0; ROWS], min: [0.0; ROWS], groups: [steps; GROUPS] }
    };

    fn input(input: Input<'_>) -> Option<&[[ActivationBlock; GROUPS]]> {
        Some(input.rounded?.as_chunks().0)
    }

    #[inline(always)]
    fn accumulate<S: Simd, const T: usize>(
        &self,
        sums: &mut [S::F32; T],
        inputs: [&[ActivationBlock; GROUPS]; T],
    ) {
        let (scale, min) = (S::load(&self.scale), S::load(&self.min));
        for (index, steps) in self.groups.iter().enumerate() {
            let inputs = inputs.map(|input| &input[index]);
            let dots = steps.codes.dots::<S, T, P>(inputs);
            for (part, steps) in steps.scale.iter().enumerate() {
                let scale = S::mul(scale, S::from_i8(steps));
                add_products::<S, T>(sums, dots.map(|parts| parts[part]), scale, inputs);
            }
            for (part, steps) in steps.min.iter().enumerate() {
                let min = S::mul(min, S::from_i8(steps));
                add_constant::<S, T>(sums, min, inputs, |input| sum::<S, P>(input, part));
            }
        }
    }

    fn row(&self, row: usize, to: &mut [f32]) {
        for (steps, to) in self.groups.iter().zip(to.as_chunks_mut::<BLOCK>().0) {
            let step = |steps: &[[i8; ROWS]], part: usize| steps.get(part).map_or(0, |s| s[row]);
            let group = Group {
                codes: std::array::from_fn(|column| steps.codes.get(row, column)),
                scale: self.scale[row],
                steps: [0, P - 1].map(|part| step(&steps.scale, part)),
                min: self.min[row],
                min_steps: [0, P - 1].map(|part| step(&steps.min, part)),
            };
            *to = group.weights();
        }
    }
}
