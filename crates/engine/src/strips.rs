//! The bytes of a tensor, read in strips: never the whole of a large one.

use std::io::{Read, Seek, SeekFrom};

use crate::EngineError;
use crate::alloc::try_with_capacity;
use crate::gguf::{GgufError, Header, TensorHeader};

/// Bytes of a file that are read at once.
const STRIP: usize = 1 << 19;

/// A file, or what stands for one in a browser.
pub(crate) trait ReadSeek: Read + Seek {}

impl<R: Read + Seek> ReadSeek for R {}

/// The bytes of a tensor, in order.
pub(crate) struct Strips<'a> {
    reader: &'a mut dyn ReadSeek,
    tensor: &'a TensorHeader,
}

/// Takes a row: its index, its tensor, its bytes.
type TakeRow<'a> = dyn FnMut(usize, &TensorHeader, &[u8]) -> Result<(), EngineError> + 'a;

impl<'a> Strips<'a> {
    pub(crate) fn new(
        header: &Header,
        tensor: &'a TensorHeader,
        reader: &'a mut dyn ReadSeek,
    ) -> Result<Self, EngineError> {
        let start = SeekFrom::Start(header.data_offset + tensor.offset);
        reader.seek(start).map_err(GgufError::from)?;
        Ok(Self { reader, tensor })
    }

    pub(crate) fn read(&mut self, bytes: &mut [u8]) -> Result<(), EngineError> {
        Ok(self.reader.read_exact(bytes).map_err(GgufError::from)?)
    }

    /// Calls `take` with each of so many rows.
    pub(crate) fn rows(&mut self, rows: usize, take: &mut TakeRow<'_>) -> Result<(), EngineError> {
        let row_bytes = self.tensor.bytes as usize / rows;
        let at_once = (STRIP / row_bytes).clamp(1, rows);
        let mut strip = try_with_capacity(at_once * row_bytes)?;
        for first in (0..rows).step_by(at_once) {
            strip.resize(at_once.min(rows - first) * row_bytes, 0);
            self.read(&mut strip)?;
            for (i, bytes) in strip.chunks_exact(row_bytes).enumerate() {
                take(first + i, self.tensor, bytes)?;
            }
        }
        Ok(())
    }
}
