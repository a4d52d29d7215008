//! Matrix products: one token (decode) or several at once (prefill, batches).

use super::attention::dot;
use super::block::{Block, ROWS};
use super::{Op, Simd};

/// Tokens that share a pass over the weights: as many as have their sums in registers.
const TILE: usize = 4;

/// `output (tokens, rows) = input (tokens, columns) · weightsᵀ`.
///
/// A token's result does not depend on the other tokens.
pub(crate) struct MatMul<'a, B: Block> {
    /// (⌈rows / 8⌉, columns / `B::COLUMNS`)
    pub(crate) weights: &'a [B],
    /// Blocks in a row.
    pub(crate) across: usize,
    pub(crate) rows: usize,
    /// (tokens, columns / `B::COLUMNS`)
    pub(crate) input: &'a [B::Input],
    /// (tokens, rows)
    pub(crate) output: &'a mut [f32],
}

impl<B: Block> Op for MatMul<'_, B> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Self { weights, across, rows, input, output } = self;
        invariant!(weights.len() == rows.div_ceil(ROWS) * across, "weights of another size");
        invariant!(input.len() * rows == output.len() * across, "another count of tokens");
        for (group, blocks) in weights.chunks_exact(across).enumerate() {
            let first = group * ROWS;
            let mut write = |token: usize, sums: S::F32| {
                let row = &mut output[token * rows + first..(token + 1) * rows];
                if let Some(lanes) = row.first_chunk_mut::<ROWS>() {
                    S::store(sums, lanes);
                } else {
                    // The last rows of a matrix whose height is no multiple of 8.
                    let mut lanes = [0.0; ROWS];
                    S::store(sums, &mut lanes);
                    row.copy_from_slice(&lanes[..row.len()]);
                }
            };
            let mut tiles = input.chunks_exact(TILE * across);
            let mut token = 0;
            for tile in &mut tiles {
                for sums in products::<S, B, TILE>(blocks, tile) {
                    write(token, sums);
                    token += 1;
                }
            }
            for one in tiles.remainder().chunks_exact(across) {
                let [sums] = products::<S, B, 1>(blocks, one);
                write(token, sums);
                token += 1;
            }
        }
    }
}

/// The products of eight rows with `T` tokens.
#[inline(always)]
fn products<S: Simd, B: Block, const T: usize>(blocks: &[B], input: &[B::Input]) -> [S::F32; T] {
    let mut sums = [S::splat(0.0); T];
    let tokens: [&[B::Input]; T] =
        std::array::from_fn(|t| &input[t * blocks.len()..(t + 1) * blocks.len()]);
    for (i, block) in blocks.iter().enumerate() {
        block.accumulate::<S, T>(&mut sums, std::array::from_fn(|t| &tokens[t][i]));
    }
    sums
}

/// The same from weights as f32 and the input as it is: the reference for the rounding of activations.
pub(crate) struct MatMulF32<'a> {
    /// Writes the weights of one row, (columns).
    pub(crate) row: &'a dyn Fn(usize, &mut [f32]),
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    /// (tokens, columns)
    pub(crate) input: &'a [f32],
    /// (tokens, rows)
    pub(crate) output: &'a mut [f32],
}

impl Op for MatMulF32<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Self { row, rows, columns, input, output } = self;
        invariant!(input.len() * rows == output.len() * columns, "another count of tokens");
        let mut weights = vec![0.0; columns];
        for index in 0..rows {
            row(index, &mut weights);
            let tokens = input.chunks_exact(columns).zip(output.chunks_exact_mut(rows));
            for (token, output) in tokens {
                output[index] = dot::<S>(&weights, token);
            }
        }
    }
}
