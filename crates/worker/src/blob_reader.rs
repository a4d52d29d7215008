//! A file handle of the browser as `Read + Seek`: the file never sits in wasm memory as a whole.

use std::io::{Error, Read, Result, Seek, SeekFrom};

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::{Blob, FileReaderSync};

/// Bytes that are asked for at once: each question costs a millisecond or two, however short its answer is.
const WINDOW: u64 = 4 << 20;

/// Bytes of a file from a multiple of [`WINDOW`] on, outside wasm memory.
struct Window {
    start: u64,
    bytes: Uint8Array,
}

/// Reads a `Blob`, synchronously, which only workers may do.
pub(crate) struct BlobReader<F> {
    blob: Blob,
    reader: FileReaderSync,
    at: u64,
    length: u64,
    /// The last two: tensors are not asked for in their order.
    windows: [Window; 2],
    /// Called with the position after each read.
    on_read: F,
}

impl<F: FnMut(u64)> BlobReader<F> {
    pub(crate) fn new(blob: Blob, on_read: F) -> std::result::Result<Self, JsValue> {
        let length = blob.size() as u64;
        let reader = FileReaderSync::new()?;
        let none = || Window { start: u64::MAX, bytes: Uint8Array::new_with_length(0) };
        Ok(Self { blob, reader, at: 0, length, windows: [none(), none()], on_read })
    }

    /// The window that begins at `start`.
    fn window(&mut self, start: u64) -> std::result::Result<&Window, JsValue> {
        if self.windows[0].start != start {
            self.windows.swap(0, 1);
        }
        let [first, _] = &mut self.windows;
        if first.start != start {
            let end = self.length.min(start + WINDOW);
            let slice = self.blob.slice_with_f64_and_f64(start as f64, end as f64)?;
            let bytes = self.reader.read_as_array_buffer(&slice)?;
            *first = Window { start, bytes: Uint8Array::new(&bytes) };
        }
        Ok(first)
    }
}

impl<F: FnMut(u64)> Read for BlobReader<F> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.at >= self.length {
            return Ok(0);
        }
        let at = self.at;
        let failed = |_| {
            Error::other("the browser could not read the file; it may have been moved or changed")
        };
        let Window { start, bytes } = self.window(at - at % WINDOW).map_err(failed)?;
        let from = (at - start) as u32;
        let to = bytes.length().min(from.saturating_add(buffer.len() as u32));
        let part = bytes.subarray(from, to);
        let count = part.length() as usize;
        if let Some(buffer) = buffer.get_mut(..count) {
            part.copy_to(buffer);
        }
        self.at += count as u64;
        (self.on_read)(self.at);
        Ok(count)
    }
}

impl<F> Seek for BlobReader<F> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| Error::other("a position before the file's start"))?;
        Ok(self.at)
    }
}
