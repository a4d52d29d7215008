//! A weight matrix, packed for the kernels while its bytes are read.

use crate::EngineError;
use crate::alloc::try_with_capacity;
use crate::dequantize::{dequantize, groups};
use crate::gguf::{Dtype, Header, TensorHeader};
use crate::kernel::{
    BLOCK, Bf16, Block, Codes, EightBitSteps, EightBitStepsOf16, EightBits, EightBitsMin, F16, F32,
    Float, Floats, FourBitLevels, FourBitSteps, FourBitStepsOf16, FourBits, FourBitsMin, GROUPS,
    Input, KernelImpl, MatMul, MatMulF32, Quantized, ROWS, Stepped,
};
use crate::strips::Strips;

pub(crate) use crate::strips::ReadSeek;

/// Weights (rows, columns) of a linear layer, with the values that they have in the file.
pub(crate) struct Matrix {
    rows: usize,
    columns: usize,
    blocks: Box<dyn Blocks>,
}

/// The kind of block that a type is packed into: the only place that knows which.
fn kind(dtype: Dtype) -> Kind {
    match dtype {
        Dtype::F32 => Kind::of::<Floats<F32>>(),
        Dtype::F16 => Kind::of::<Floats<F16>>(),
        Dtype::BF16 => Kind::of::<Floats<Bf16>>(),
        Dtype::Q4_0 | Dtype::TQ1_0 | Dtype::TQ2_0 => Kind::of::<FourBits>(),
        Dtype::Q4_1 => Kind::of::<FourBitsMin>(),
        Dtype::Q4_K => Kind::of::<FourBitSteps>(),
        Dtype::Q2_K | Dtype::Q3_K => Kind::of::<FourBitStepsOf16>(),
        Dtype::IQ4_NL | Dtype::IQ4_XS => Kind::of::<FourBitLevels>(),
        Dtype::Q8_0 | Dtype::Q5_0 | Dtype::MXFP4 => Kind::of::<EightBits>(),
        Dtype::Q5_1 => Kind::of::<EightBitsMin>(),
        Dtype::Q5_K => Kind::of::<EightBitSteps>(),
        Dtype::Q6_K => Kind::of::<EightBitStepsOf16>(),
    }
}

type Packed = Result<Box<dyn Blocks>, EngineError>;

/// A kind of block, its type forgotten.
struct Kind {
    /// Bytes of a block.
    size: usize,
    /// Columns of a block.
    columns: usize,
    pack: fn(Strips<'_>, usize, usize) -> Packed,
}

impl Kind {
    const fn of<B: Pack>() -> Self {
        Self { size: size_of::<B>(), columns: B::COLUMNS, pack: pack::<B> }
    }
}

/// Blocks of one kind: (⌈rows / 8⌉, columns / theirs).
trait Blocks {
    fn multiply(&self, of: &Matrix, kernel: KernelImpl, input: Input<'_>, output: &mut [f32]);

    /// Writes the weights of one row.
    fn row(&self, row: usize, to: &mut [f32]);
}

impl Matrix {
    /// Reads a tensor, whose values are kept, whatever its type.
    pub(crate) fn read(
        header: &Header,
        tensor: &TensorHeader,
        reader: &mut dyn ReadSeek,
    ) -> Result<Self, EngineError> {
        let (columns, rows) = match *tensor.dims.as_slice() {
            [columns, rows] => (columns as usize, rows as usize),
            _ => return Err(EngineError::tensor(&tensor.name, "is no matrix")),
        };
        if columns % BLOCK != 0 {
            let problem = format!("has {columns} columns, not a multiple of {BLOCK}");
            return Err(EngineError::tensor(&tensor.name, problem));
        }
        let strips = Strips::new(header, tensor, reader)?;
        let blocks = (kind(tensor.dtype).pack)(strips, rows, columns)?;
        Ok(Self { rows, columns, blocks })
    }

    /// One of that size without weights, to check a file's shapes before anything is read.
    pub(crate) fn unread(rows: usize, columns: usize) -> Self {
        Self { rows, columns, blocks: Box::new(Vec::<FourBits>::new()) }
    }

    /// `output (tokens, rows) = input (tokens, columns) · selfᵀ`
    pub(crate) fn multiply(&self, kernel: KernelImpl, input: Input<'_>, output: &mut [f32]) {
        self.blocks.multiply(self, kernel, input, output);
    }

    /// One row, dequantized: the embedding of a token.
    pub(crate) fn row(&self, row: usize, to: &mut [f32]) {
        self.blocks.row(row, to);
    }
}

impl<B: Block> Blocks for Vec<B> {
    fn multiply(&self, of: &Matrix, kernel: KernelImpl, input: Input<'_>, output: &mut [f32]) {
        let Matrix { rows, columns, .. } = *of;
        match B::input(input) {
            Some(input) => {
                let across = columns / B::COLUMNS;
                kernel.run(MatMul { weights: self, across, rows, input, output });
            }
            None => kernel.run(MatMulF32 {
                row: &|row, to| self.row(row, to),
                rows,
                columns,
                input: input.exact,
                output,
            }),
        }
    }

    fn row(&self, row: usize, to: &mut [f32]) {
        let first = row / ROWS * (to.len() / B::COLUMNS);
        for (block, to) in self[first..].iter().zip(to.chunks_exact_mut(B::COLUMNS)) {
            block.row(row % ROWS, to);
        }
    }
}

/// Bytes that a tensor takes in memory.
pub(crate) fn packed_bytes(tensor: &TensorHeader) -> u64 {
    match *tensor.dims.as_slice() {
        [columns, rows] => {
            let kind = kind(tensor.dtype);
            let blocks = rows.div_ceil(ROWS as u64) * (columns / kind.columns as u64);
            blocks * kind.size as u64
        }
        _ => 4 * tensor.dims.iter().product::<u64>(),
    }
}

/// A vector of f32, whatever its type in the file.
pub(crate) fn read_vector(
    header: &Header,
    tensor: &TensorHeader,
    reader: &mut dyn ReadSeek,
) -> Result<Vec<f32>, EngineError> {
    let mut strips = Strips::new(header, tensor, reader)?;
    let mut bytes = try_with_capacity(tensor.bytes as usize)?;
    bytes.resize(tensor.bytes as usize, 0);
    strips.read(&mut bytes)?;
    Ok(dequantize(tensor.dtype, &bytes))
}

/// A block that can be filled from a file, row by row.
trait Pack: Block {
    /// Fills one row of the blocks side by side; returns whether all numbers are finite.
    fn fill(blocks: &mut [Self], row: usize, dtype: Dtype, bytes: &[u8]) -> bool;
}

impl<F: Float> Pack for Floats<F> {
    fn fill(blocks: &mut [Self], row: usize, _: Dtype, bytes: &[u8]) -> bool {
        for (block, bytes) in blocks.iter_mut().zip(bytes.chunks_exact(BLOCK * F::BYTES)) {
            block.set(row, bytes);
        }
        bytes.chunks_exact(F::BYTES).all(|bytes| F::value(F::read(bytes)).is_finite())
    }
}

impl<C: Codes, const M: usize> Pack for Quantized<C, M> {
    fn fill(blocks: &mut [Self], row: usize, dtype: Dtype, bytes: &[u8]) -> bool {
        groups(dtype, bytes, &mut |index, group| blocks[index].set(row, group))
    }
}

impl<C: Codes, const P: usize, const M: usize> Pack for Stepped<C, P, M> {
    fn fill(blocks: &mut [Self], row: usize, dtype: Dtype, bytes: &[u8]) -> bool {
        groups(dtype, bytes, &mut |index, group| {
            blocks[index / GROUPS].set(row, index % GROUPS, group);
        })
    }
}

fn pack<B: Pack>(mut strips: Strips<'_>, rows: usize, columns: usize) -> Packed {
    let across = columns / B::COLUMNS;
    let mut packed: Vec<B> = try_with_capacity(rows.div_ceil(ROWS) * across)?;
    strips.rows(rows, &mut |index, tensor, bytes| {
        let first = index / ROWS * across;
        if index % ROWS == 0 {
            packed.resize(first + across, B::ZERO);
        }
        if B::fill(&mut packed[first..], index % ROWS, tensor.dtype, bytes) {
            return Ok(());
        }
        Err(EngineError::tensor(&tensor.name, "has weights that are not finite numbers"))
    })?;
    Ok(Box::new(packed))
}

#[cfg(test)]
mod tests;
