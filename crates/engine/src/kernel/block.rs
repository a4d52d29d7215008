//! Weights as the kernels want them: blocks of 8 rows by 32 or 256 columns, the rows interleaved.
//!
//! A vector of sixteen i16 holds two neighbouring columns of each of the eight rows. Its dot product
//! with the same two numbers of the input, repeated, leaves the eight rows' sums in the eight lanes:
//! nothing is ever summed across lanes.

use super::Simd;
use super::input::Input;

/// Rows of a block.
pub(crate) const ROWS: usize = 8;

/// 8 rows × [`Self::COLUMNS`] of weights.
pub(crate) trait Block: Copy + 'static {
    /// As many numbers of a product's input as this block has columns, as it takes them.
    type Input: Copy;

    const COLUMNS: usize;

    /// All weights 0.
    const ZERO: Self;

    /// An input in blocks; none where it was not rounded and has to be.
    fn input(input: Input<'_>) -> Option<&[Self::Input]>;

    /// Adds the rows' dot products with each of `T` blocks of input to the rows' sums.
    fn accumulate<S: Simd, const T: usize>(
        &self,
        sums: &mut [S::F32; T],
        inputs: [&Self::Input; T],
    );

    /// Writes the weights of one row, ([`Self::COLUMNS`]).
    fn row(&self, row: usize, to: &mut [f32]);
}
