//! A weight matrix, packed for the kernels while its bytes are read.

use std::io::{Read, Seek, SeekFrom};

use candle_core::Device;
use candle_core::quantized::GgmlDType;
use candle_core::quantized::ggml_file::qtensor_from_ggml;
use half::f16;

use crate::EngineError;
use crate::gguf::{Dtype, GgufError, Header, TensorHeader};
use crate::kernel::{Block, CHUNK, Chunk, Found, MatMul, MatMulF32, Q4_0, Q4_1, Q8_0, ROWS};
use crate::room::room;

/// Bytes of a file that are read at once.
const STRIP: usize = 1 << 19;

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
    Rounded(&'a [Chunk]),
    /// As it is.
    Exact(&'a [f32]),
}

impl Matrix {
    /// Reads a tensor. `Q4_0`, `Q4_1` and `Q8_0` keep their values; every other type is dequantized by
    /// candle and rounded to `Q8_0`: by up to 1/254 of the largest of 32 neighbours.
    pub(crate) fn read<R: Read + Seek>(
        header: &Header,
        tensor: &TensorHeader,
        reader: &mut R,
    ) -> Result<Self, EngineError> {
        let (columns, rows) = match *tensor.dims.as_slice() {
            [columns, rows] => (columns as usize, rows as usize),
            _ => return Err(EngineError::tensor(&tensor.name, "is no matrix")),
        };
        if columns % CHUNK != 0 {
            let problem = format!("has {columns} columns, not a multiple of {CHUNK}");
            return Err(EngineError::tensor(&tensor.name, problem));
        }
        let strips = Strips::new(header, tensor, reader)?;
        let blocks = match tensor.dtype {
            Dtype::Q4_0 => Blocks::Q4_0(pack(strips, rows, columns, 18, pack_q4_0)?),
            Dtype::Q4_1 => Blocks::Q4_1(pack(strips, rows, columns, 20, pack_q4_1)?),
            Dtype::Q8_0 => Blocks::Q8_0(pack(strips, rows, columns, 34, pack_q8_0)?),
            _ => Blocks::Q8_0(requantize(strips, rows, columns)?),
        };
        Ok(Self { rows, columns, blocks })
    }

    /// `output (tokens, rows) = input (tokens, columns) · selfᵀ`
    pub(crate) fn multiply(&self, kernel: Found, input: Input<'_>, output: &mut [f32]) {
        match &self.blocks {
            Blocks::Q4_0(blocks) => self.multiply_by(blocks, kernel, input, output),
            Blocks::Q4_1(blocks) => self.multiply_by(blocks, kernel, input, output),
            Blocks::Q8_0(blocks) => self.multiply_by(blocks, kernel, input, output),
        }
    }

    fn multiply_by<B: Block>(
        &self,
        weights: &[B],
        kernel: Found,
        input: Input<'_>,
        output: &mut [f32],
    ) {
        let (rows, across) = (self.rows, self.columns / CHUNK);
        match input {
            Input::Rounded(input) => kernel.run(MatMul { weights, across, rows, input, output }),
            Input::Exact(input) => kernel.run(MatMulF32 { weights, across, rows, input, output }),
        }
    }

    /// One row, dequantized: the embedding of a token.
    pub(crate) fn row(&self, row: usize, to: &mut [f32]) {
        let across = self.columns / CHUNK;
        let range = row / ROWS * across..(row / ROWS + 1) * across;
        let to = to.as_chunks_mut::<CHUNK>().0;
        match &self.blocks {
            Blocks::Q4_0(blocks) => copy_row(&blocks[range], row % ROWS, to),
            Blocks::Q4_1(blocks) => copy_row(&blocks[range], row % ROWS, to),
            Blocks::Q8_0(blocks) => copy_row(&blocks[range], row % ROWS, to),
        }
    }
}

fn copy_row<B: Block>(blocks: &[B], row: usize, to: &mut [[f32; CHUNK]]) {
    for (block, to) in blocks.iter().zip(to) {
        *to = block.row(row);
    }
}

/// A vector of f32, whatever its type in the file.
pub(crate) fn read_vector<R: Read + Seek>(
    header: &Header,
    tensor: &TensorHeader,
    reader: &mut R,
) -> Result<Vec<f32>, EngineError> {
    let mut strips = Strips::new(header, tensor, reader)?;
    let length = tensor.dims.iter().product::<u64>() as usize;
    let mut bytes = room(tensor.bytes as usize)?;
    bytes.resize(tensor.bytes as usize, 0);
    strips.read(&mut bytes)?;
    strips.dequantize(&bytes, vec![length])
}

/// The bytes of a tensor, in order.
struct Strips<'a, R> {
    reader: &'a mut R,
    tensor: &'a TensorHeader,
}

impl<'a, R: Read + Seek> Strips<'a, R> {
    fn new(
        header: &Header,
        tensor: &'a TensorHeader,
        reader: &'a mut R,
    ) -> Result<Self, EngineError> {
        let start = SeekFrom::Start(header.data_offset + tensor.offset);
        reader.seek(start).map_err(GgufError::from)?;
        Ok(Self { reader, tensor })
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), EngineError> {
        Ok(self.reader.read_exact(bytes).map_err(GgufError::from)?)
    }

    fn dequantize(&self, bytes: &[u8], dims: Vec<usize>) -> Result<Vec<f32>, EngineError> {
        let tensor = qtensor_from_ggml(candle_type(self.tensor.dtype), bytes, dims, &Device::Cpu)?;
        Ok(tensor.dequantize(&Device::Cpu)?.flatten_all()?.to_vec1()?)
    }

    /// Calls `act` with the bytes of up to eight rows at a time, in order.
    fn groups(
        &mut self,
        rows: usize,
        mut act: impl FnMut(&Self, &[u8]) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let row_bytes = self.tensor.bytes as usize / rows;
        let group = ROWS * row_bytes;
        let mut strip = room((STRIP / group).max(1) * group)?;
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

/// Packs a tensor whose blocks of 32 weights have `size` bytes.
fn pack<R: Read + Seek, B: Block>(
    mut strips: Strips<'_, R>,
    rows: usize,
    columns: usize,
    size: usize,
    set: impl Fn(&mut B, usize, &[u8]),
) -> Result<Vec<B>, EngineError> {
    let across = columns / CHUNK;
    let mut packed = room(rows.div_ceil(ROWS) * across)?;
    strips.groups(rows, |_, bytes| {
        let first = packed.len();
        packed.resize(first + across, B::ZERO);
        for (row, bytes) in bytes.chunks_exact(across * size).enumerate() {
            for (block, bytes) in packed[first..].iter_mut().zip(bytes.chunks_exact(size)) {
                set(block, row, bytes);
            }
        }
        Ok(())
    })?;
    Ok(packed)
}

fn half(bytes: &[u8]) -> f32 {
    bytes.first_chunk().map_or(0.0, |&bytes| f16::from_le_bytes(bytes).to_f32())
}

// The layouts of ggml's blocks: <https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h>.

fn pack_q4_0(block: &mut Q4_0, row: usize, bytes: &[u8]) {
    block.scale[row] = half(bytes);
    for (i, byte) in bytes[2..].iter().enumerate() {
        block.quants.set(row, i, byte & 15);
        block.quants.set(row, i + 16, byte >> 4);
    }
}

fn pack_q4_1(block: &mut Q4_1, row: usize, bytes: &[u8]) {
    block.scale[row] = half(bytes);
    block.min[row] = half(&bytes[2..]);
    for (i, byte) in bytes[4..].iter().enumerate() {
        block.quants.set(row, i, byte & 15);
        block.quants.set(row, i + 16, byte >> 4);
    }
}

fn pack_q8_0(block: &mut Q8_0, row: usize, bytes: &[u8]) {
    block.scale[row] = half(bytes);
    for (i, byte) in bytes[2..].iter().enumerate() {
        block.quants.set(row, i, byte.cast_signed());
    }
}

fn requantize<R: Read + Seek>(
    mut strips: Strips<'_, R>,
    rows: usize,
    columns: usize,
) -> Result<Vec<Q8_0>, EngineError> {
    let across = columns / CHUNK;
    let row_bytes = strips.tensor.bytes as usize / rows;
    let mut packed = room(rows.div_ceil(ROWS) * across)?;
    strips.groups(rows, |strips, bytes| {
        let first = packed.len();
        packed.resize(first + across, Q8_0::ZERO);
        let weights = strips.dequantize(bytes, vec![bytes.len() / row_bytes, columns])?;
        for (row, weights) in weights.chunks_exact(columns).enumerate() {
            for (block, weights) in packed[first..].iter_mut().zip(weights.chunks_exact(CHUNK)) {
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

fn candle_type(dtype: Dtype) -> GgmlDType {
    match dtype {
        Dtype::F32 => GgmlDType::F32,
        Dtype::F16 => GgmlDType::F16,
        Dtype::BF16 => GgmlDType::BF16,
        Dtype::Q4_0 => GgmlDType::Q4_0,
        Dtype::Q4_1 => GgmlDType::Q4_1,
        Dtype::Q5_0 => GgmlDType::Q5_0,
        Dtype::Q5_1 => GgmlDType::Q5_1,
        Dtype::Q8_0 => GgmlDType::Q8_0,
        Dtype::Q8_1 => GgmlDType::Q8_1,
        Dtype::Q2K => GgmlDType::Q2K,
        Dtype::Q3K => GgmlDType::Q3K,
        Dtype::Q4K => GgmlDType::Q4K,
        Dtype::Q5K => GgmlDType::Q5K,
        Dtype::Q6K => GgmlDType::Q6K,
        Dtype::Q8K => GgmlDType::Q8K,
    }
}
