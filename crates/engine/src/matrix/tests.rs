//! Every type from a file's bytes to products.
#![expect(clippy::float_cmp, reason = "what is tested is equality")]

use std::io::Cursor;

use super::*;
use crate::Kernel;
use crate::gguf::Metadata;
use crate::kernel::{ActivationBlock, Quantize};

/// Heights that are no multiple of 8, and a width that every type has.
const ROWS_HERE: usize = 13;
const COLUMNS: usize = 512;

struct Random(u64);

impl Random {
    fn byte(&mut self) -> u8 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 56) as u8
    }

    fn number(&mut self) -> f32 {
        f32::from(self.byte()) / 128.0 - 1.0
    }

    /// Bytes of a tensor whose weights are finite and not very large.
    fn tensor(&mut self, dtype: Dtype) -> Vec<u8> {
        let (weights, size) = dtype.block();
        let mut all = Vec::new();
        while all.len() < ROWS_HERE * COLUMNS / weights as usize * size as usize {
            let block: Vec<u8> = (0..size).map(|_| self.byte()).collect();
            if dequantize(dtype, &block).iter().all(|weight| weight.abs() < 1e4) {
                all.extend(block);
            }
        }
        all
    }
}

fn header(dtype: Dtype, bytes: &[u8]) -> (Header, TensorHeader) {
    let length = bytes.len() as u64;
    let dims = vec![COLUMNS as u64, ROWS_HERE as u64];
    let tensor = TensorHeader { name: "w".to_owned(), dims, dtype, offset: 0, bytes: length };
    let metadata = Metadata::default();
    (Header { length, version: 3, metadata, data_offset: 0, tensors: Vec::new() }, tensor)
}

fn read(dtype: Dtype, bytes: &[u8]) -> Result<Matrix, EngineError> {
    let (header, tensor) = header(dtype, bytes);
    Matrix::read(&header, &tensor, &mut Cursor::new(bytes))
}

#[test]
fn every_type_keeps_its_values() {
    for &dtype in Dtype::ALL {
        let bytes = Random(7).tensor(dtype);
        let matrix = read(dtype, &bytes).unwrap();
        let expected = dequantize(dtype, &bytes);
        let mut row = vec![f32::NAN; COLUMNS];
        for (index, expected) in expected.chunks(COLUMNS).enumerate() {
            matrix.row(index, &mut row);
            assert_eq!(row, expected, "{dtype}, row {index}");
        }
    }
}

#[test]
fn every_type_is_multiplied() {
    let kernel = Kernel::Auto.find().unwrap();
    for &dtype in Dtype::ALL {
        let mut random = Random(8);
        let bytes = random.tensor(dtype);
        let matrix = read(dtype, &bytes).unwrap();
        let weights = dequantize(dtype, &bytes);
        let exact: Vec<f32> = (0..6 * COLUMNS).map(|_| random.number()).collect();
        let mut rounded = vec![ActivationBlock::ZERO; exact.len() / BLOCK];
        kernel.run(Quantize { from: &exact, to: &mut rounded });
        for (rounded, slack) in [(None, 1e-6), (Some(&rounded[..]), 3e-5)] {
            let mut output = vec![f32::NAN; 6 * ROWS_HERE];
            matrix.multiply(kernel, Input { exact: &exact, rounded }, &mut output);
            let tokens = exact.chunks(COLUMNS).zip(output.chunks(ROWS_HERE));
            for (input, output) in tokens {
                for (weights, found) in weights.chunks(COLUMNS).zip(output) {
                    let products =
                        || weights.iter().zip(input).map(|(w, x)| f64::from(*w) * f64::from(*x));
                    let (sum, size) =
                        (products().sum::<f64>(), products().map(f64::abs).sum::<f64>());
                    let off = (f64::from(*found) - sum).abs();
                    assert!(off <= slack * size, "{dtype}: {found} instead of {sum}");
                }
            }
        }
    }
}

#[test]
fn memory_is_what_is_said() {
    let bits = |dtype| {
        let (_, tensor) = header(dtype, &[]);
        // Three of sixteen rows are empty.
        packed_bytes(&tensor) as f64 * 8.0 / (16 * COLUMNS) as f64
    };
    let expected = [
        (Dtype::F32, 32.0),
        (Dtype::F16, 16.0),
        (Dtype::BF16, 16.0),
        (Dtype::Q4_0, 5.0),
        (Dtype::IQ4_XS, 5.0),
        (Dtype::Q4_K, 4.75),
        (Dtype::Q3_K, 5.25),
        (Dtype::Q8_0, 9.0),
        (Dtype::Q6_K, 8.75),
    ];
    for (dtype, expected) in expected {
        assert_eq!(bits(dtype), expected, "{dtype}");
    }
}

#[test]
fn numbers_that_are_none_are_refused() {
    for dtype in [Dtype::F32, Dtype::F16, Dtype::BF16, Dtype::Q8_0, Dtype::Q4_K] {
        let mut bytes = Random(9).tensor(dtype);
        // A scale is at the start of a block; a float may be anywhere.
        let size = dtype.block().1.min(2 + 2 * u64::from(dtype == Dtype::F32)) as usize;
        bytes[..size].fill(0xff);
        let error = read(dtype, &bytes).err().unwrap().to_string();
        assert!(error.contains("w: has weights that are not finite"), "{dtype}: {error}");
    }
}
