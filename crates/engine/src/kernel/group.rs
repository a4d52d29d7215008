//! What a file's quantized weights are decoded to, and all blocks of codes are filled from.

use super::activations::BLOCK;

/// 32 neighbouring weights of a row: `scale · steps[i / 16] · codes[i] + min · min_steps[i / 16]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) codes: [i8; BLOCK],
    pub(crate) scale: f32,
    pub(crate) steps: [i8; 2],
    pub(crate) min: f32,
    pub(crate) min_steps: [i8; 2],
}

impl Group {
    pub(crate) const ZERO: Self =
        Self { codes: [0; BLOCK], scale: 0.0, steps: [1; 2], min: 0.0, min_steps: [1; 2] };

    /// What codes are multiplied by, in each half. Exact: a half has 11 bits.
    pub(crate) fn scales(&self) -> [f32; 2] {
        self.steps.map(|step| self.scale * f32::from(step))
    }

    /// What is added, in each half. Exact as well.
    pub(crate) fn mins(&self) -> [f32; 2] {
        self.min_steps.map(|step| self.min * f32::from(step))
    }

    pub(crate) fn weights(&self) -> [f32; BLOCK] {
        let (scales, mins) = (self.scales(), self.mins());
        std::array::from_fn(|i| scales[i / 16] * f32::from(self.codes[i]) + mins[i / 16])
    }
}
