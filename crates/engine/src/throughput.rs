//! How fast this machine multiplies, for an estimate before there is a model.

use std::io::{Read, Seek, SeekFrom};

use crate::gguf::{Dtype, Header, Metadata, TensorHeader};
use crate::kernel::{ActivationBlock, BLOCK, Input, Quantize};
use crate::matrix::Matrix;
use crate::{EngineError, EngineOptions};

/// More weights than caches hold, as a model has them.
const ROWS: usize = 16_384;
const COLUMNS: usize = 1024;

/// A file of one byte, over and over: halves of it are finite.
struct Same(u8);

impl Read for Same {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        buffer.fill(self.0);
        Ok(buffer.len())
    }
}

impl Seek for Same {
    fn seek(&mut self, _: SeekFrom) -> std::io::Result<u64> {
        Ok(0)
    }
}

/// Multiplies made-up weights of a type by a vector for at least `ms` ms of the clock `now`; returns how many bytes of a
/// file that is in a second. A token of an answer takes each byte of its model once.
///
/// # Errors
/// There is no memory for the weights, or this machine lacks the kernel's instructions.
pub fn throughput(dtype: Dtype, ms: f64, now: &dyn Fn() -> f64) -> Result<f64, EngineError> {
    let (weights, size) = dtype.block();
    let bytes = (ROWS * COLUMNS) as u64 / weights * size;
    let name = dtype.to_string();
    let tensor =
        TensorHeader { name, dims: vec![COLUMNS as u64, ROWS as u64], dtype, offset: 0, bytes };
    let header = Header {
        length: bytes,
        version: 3,
        metadata: Metadata::default(),
        data_offset: 0,
        tensors: Vec::new(),
    };
    let matrix = Matrix::read(&header, &tensor, &mut Same(0x11))?;
    let kernel = EngineOptions::default().kernel.find()?;
    let exact = [0.5; COLUMNS];
    let mut rounded = [ActivationBlock::ZERO; COLUMNS / BLOCK];
    kernel.run(Quantize { from: &exact, to: &mut rounded });
    let input = Input { exact: &exact, rounded: Some(&rounded) };
    let mut output = vec![0.0; ROWS];
    // The first time memory is touched, or code compiled, is no measure.
    matrix.multiply(kernel, input, &mut output);
    let start = now();
    let mut products = 0;
    loop {
        matrix.multiply(kernel, input, &mut output);
        products += 1;
        let took = now() - start;
        if took >= ms && took > 0.0 {
            return Ok((products * bytes) as f64 / took * 1000.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn bytes_of_whole_products_count() {
        for (dtype, bytes) in [(Dtype::Q4_1, 10_485_760.0), (Dtype::Q8_0, 17_825_792.0)] {
            let time = Cell::new(0.0);
            let now = || {
                time.set(time.get() + 40.0);
                time.get()
            };
            // Three products, 40 ms each.
            let rate = throughput(dtype, 100.0, &now).unwrap();
            assert!((rate - bytes * 3.0 / 0.12).abs() < 1.0, "{dtype}: {rate}");
        }
    }

    #[test]
    fn every_type_has_one() {
        let time = Cell::new(0.0);
        let now = || time.replace(time.get() + 1.0);
        for dtype in [Dtype::Q4_0, Dtype::Q4_K, Dtype::Q5_K, Dtype::Q6_K, Dtype::F16] {
            assert!(throughput(dtype, 0.0, &now).unwrap() > 0.0, "{dtype}");
        }
    }
}
