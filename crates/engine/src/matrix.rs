//! A weight matrix, packed for the kernels while its bytes are read.

use std::io::{Read, Seek, SeekFrom};

use half::f16;

use crate::EngineError;
use crate::alloc::try_with_capacity;
use crate::dequantize::dequantize;
use crate::gguf::{Dtype, GgufError, Header, TensorHeader};
use crate::kernel::{
    ActivationBlock, BLOCK, Block, KernelImpl, MatMul, MatMulF32, Q4_0, Q4_1, Q8_0, ROWS,
};

/// Bytes of a file that are read at once.
const STRIP: usize = 1 << 19;

/// A file, or what stands for one in a browser.
pub(crate) trait ReadSeek: Read + Seek {}

impl<R: Read + Seek> ReadSeek for R {}

/// Weights (rows, columns) of a linear layer.
pub(crate) struct Matrix {
    rows: usize,
    columns: usize,
    blocks: Blocks,
}

/// (⌈rows / 8⌉, columns / 32) blocks.
enum Blocks {
    Q4_0(Vec<Q4_0>),
    Q4_1(Vec<Q4_1>),
    Q8_0(Vec<Q8_0>),
}

/// An input of a product: (tokens, columns), as it is and rounded.
#[derive(Clone, Copy)]
pub(crate) enum Input<'a> {
    /// Rounded to 16 bits.
    Rounded(&'a [ActivationBlock]),
    /// As it is.
    Exact(&'a [f32]),
}

impl Matrix {
    /// Reads a tensor. `Q4_0`, `Q4_1` and `Q8_0` keep their values; every other type is dequantized by
    /// candle and rounded to `Q8_0`: by up to 1/254 of the largest of 32 neighbours.
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
        let blocks = match tensor.dtype {
            Dtype::Q4_0 => Blocks::Q4_0(pack(strips, rows, columns, pack_q4_0)?),
            Dtype::Q4_1 => Blocks::Q4_1(pack(strips, rows, columns, pack_q4_1)?),
            Dtype::Q8_0 => Blocks::Q8_0(pack(strips, rows, columns, pack_q8_0)?),
            _ => Blocks::Q8_0(requantize(strips, rows, columns)?),
        };
        Ok(Self { rows, columns, blocks })
    }

    /// One of that size without weights, to check a file's shapes before anything is read.
    pub(crate) fn unread(rows: usize, columns: usize) -> Self {
        Self { rows, columns, blocks: Blocks::Q8_0(Vec::new()) }
    }

    /// `output (tokens, rows) = input (tokens, columns) · selfᵀ`
    pub(crate) fn multiply(&self, kernel: KernelImpl, input: Input<'_>, output: &mut [f32]) {
        match &self.blocks {
            Blocks::Q4_0(blocks) => self.multiply_by(blocks, kernel, input, output),
            Blocks::Q4_1(blocks) => self.multiply_by(blocks, kernel, input, output),
            Blocks::Q8_0(blocks) => self.multiply_by(blocks, kernel, input, output),
        }
    }

    fn multiply_by<B: Block>(
        &self,
        weights: &[B],
        kernel: KernelImpl,
        input: Input<'_>,
        output: &mut [f32],
    ) {
        let (rows, across) = (self.rows, self.columns / BLOCK);
        match input {
            Input::Rounded(input) => kernel.run(MatMul { weights, across, rows, input, output }),
            Input::Exact(input) => kernel.run(MatMulF32 { weights, across, rows, input, output }),
        }
    }

    /// One row, dequantized: the embedding of a token.
    pub(crate) fn row(&self, row: usize, to: &mut [f32]) {
        let across = self.columns / BLOCK;
        let range = row / ROWS * across..(row / ROWS + 1) * across;
        let to = to.as_chunks_mut::<BLOCK>().0;
        match &self.blocks {
            Blocks::Q4_0(blocks) => copy_row(&blocks[range], row % ROWS, to),
            Blocks::Q4_1(blocks) => copy_row(&blocks[range], row % ROWS, to),
            Blocks::Q8_0(blocks) => copy_row(&blocks[range], row % ROWS, to),
        }
    }
}

fn copy_row<B: Block>(blocks: &[B], row: usize, to: &mut [[f32; BLOCK]]) {
    for (block, to) in blocks.iter().zip(to) {
        *to = block.row(row);
    }
}

/// A vector of f32, whatever its type in the file.
pub(crate) fn read_vector(
    header: &Header,
    tensor: &TensorHeader,
    reader: &mut dyn ReadSeek,
) -> Result<Vec<f32>, EngineError> {
    let mut strips = Strips::new(header, tensor, reader)?;
    let length = tensor.dims.iter().product::<u64>() as usize;
    let mut bytes = try_with_capacity(tensor.bytes as usize)?;
    bytes.resize(tensor.bytes as usize, 0);
    strips.read(&mut bytes)?;
    strips.dequantize(&bytes, vec![length])
}

/// The bytes of a tensor, in order.
struct Strips<'a> {
    reader: &'a mut dyn ReadSeek,
    tensor: &'a TensorHeader,
}

impl<'a> Strips<'a> {
    fn new(
        header: &Header,
        tensor: &'a TensorHeader,
        reader: &'a mut dyn ReadSeek,
    ) -> Result<Self, EngineError> {
        let start = SeekFrom::Start(header.data_offset + tensor.offset);
        reader.seek(start).map_err(GgufError::from)?;
        Ok(Self { reader, tensor })
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), EngineError> {
        Ok(self.reader.read_exact(bytes).map_err(GgufError::from)?)
    }

    fn dequantize(&self, bytes: &[u8], dims: Vec<usize>) -> Result<Vec<f32>, EngineError> {
        dequantize(self.tensor.dtype, bytes, dims)
    }

    /// Calls `act` with the bytes of up to eight rows at a time, in order.
    fn groups(
        &mut self,
        rows: usize,
        mut act: impl FnMut(&Self, &[u8]) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let row_bytes = self.tensor.bytes as usize / rows;
        let group = ROWS * row_bytes;
        let mut strip = try_with_capacity((STRIP / group).max(1) * group)?;
        let mut left = rows * row_bytes;
        while left > 0 {
            let length = left.min(strip.capacity());
            strip.resize(length, 0);
            self.read(&mut strip)?;
            for rows in strip.chunks(group) {
                act(self, rows)?;
            }
            left -= length;
        }
        Ok(())
    }
}

/// Packs a tensor whose blocks of 32 weights have `SIZE` bytes.
fn pack<B: Block, const SIZE: usize>(
    mut strips: Strips<'_>,
    rows: usize,
    columns: usize,
    set: impl Fn(&mut B, usize, &[u8; SIZE]),
) -> Result<Vec<B>, EngineError> {
    let across = columns / BLOCK;
    let mut packed = try_with_capacity(rows.div_ceil(ROWS) * across)?;
    strips.groups(rows, |_, bytes| {
        let first = packed.len();
        packed.resize(first + across, B::ZERO);
        for (row, bytes) in bytes.chunks_exact(across * SIZE).enumerate() {
            for (block, bytes) in packed[first..].iter_mut().zip(bytes.as_chunks::<SIZE>().0) {
                set(block, row, bytes);
            }
        }
        Ok(())
    })?;
    Ok(packed)
}

fn half(low: u8, high: u8) -> f32 {
    f16::from_le_bytes([low, high]).to_f32()
}

// The layouts of ggml's blocks: <https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h>.

fn pack_q4_0(block: &mut Q4_0, row: usize, bytes: &[u8; 18]) {
    block.scale[row] = half(bytes[0], bytes[1]);
    for (i, byte) in bytes[2..].iter().enumerate() {
        block.quants.set(row, i, byte & 15);
        block.quants.set(row, i + 16, byte >> 4);
    }
}

fn pack_q4_1(block: &mut Q4_1, row: usize, bytes: &[u8; 20]) {
    block.scale[row] = half(bytes[0], bytes[1]);
    block.min[row] = half(bytes[2], bytes[3]);
    for (i, byte) in bytes[4..].iter().enumerate() {
        block.quants.set(row, i, byte & 15);
        block.quants.set(row, i + 16, byte >> 4);
    }
}

fn pack_q8_0(block: &mut Q8_0, row: usize, bytes: &[u8; 34]) {
    block.scale[row] = half(bytes[0], bytes[1]);
    for (i, byte) in bytes[2..].iter().enumerate() {
        block.quants.set(row, i, byte.cast_signed());
    }
}

fn requantize(
    mut strips: Strips<'_>,
    rows: usize,
    columns: usize,
) -> Result<Vec<Q8_0>, EngineError> {
    let across = columns / BLOCK;
    let row_bytes = strips.tensor.bytes as usize / rows;
    let mut packed = try_with_capacity(rows.div_ceil(ROWS) * across)?;
    strips.groups(rows, |strips, bytes| {
        let first = packed.len();
        packed.resize(first + across, Q8_0::ZERO);
        let weights = strips.dequantize(bytes, vec![bytes.len() / row_bytes, columns])?;
        for (row, weights) in weights.chunks_exact(columns).enumerate() {
            for (block, weights) in packed[first..].iter_mut().zip(weights.chunks_exact(BLOCK)) {
                let most = weights.iter().fold(0.0, |most: f32, weight| most.max(weight.abs()));
                let scale = most / 127.0;
                block.scale[row] = scale;
                for (column, weight) in weights.iter().enumerate() {
                    let quant = if scale > 0.0 { (weight / scale).round_ties_even() } else { 0.0 };
                    block.quants.set(row, column, quant as i8);
                }
            }
        }
        Ok(())
    })?;
    Ok(packed)
}
