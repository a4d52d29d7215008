//! A file handle of the browser as `Read + Seek`: the file never sits in wasm memory as a whole.

use std::io::{Error, Read, Result, Seek, SeekFrom};

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::{Blob, FileReaderSync};

/// Reads a `Blob`, synchronously, which only workers may do.
pub(crate) struct BlobReader<F> {
    blob: Blob,
    reader: FileReaderSync,
    at: u64,
    length: u64,
    /// Called with the position after each read.
    on_read: F,
}

impl<F: FnMut(u64)> BlobReader<F> {
    pub(crate) fn new(blob: Blob, on_read: F) -> std::result::Result<Self, JsValue> {
        let length = blob.size() as u64;
        Ok(Self { blob, reader: FileReaderSync::new()?, at: 0, length, on_read })
    }
}

impl<F: FnMut(u64)> Read for BlobReader<F> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let end = self.length.min(self.at + buffer.len() as u64);
        if end <= self.at {
            return Ok(0);
        }
        let failed = |_| {
            Error::other("the browser could not read the file; it may have been moved or changed")
        };
        let slice = self.blob.slice_with_f64_and_f64(self.at as f64, end as f64).map_err(failed)?;
        let bytes = self.reader.read_as_array_buffer(&slice).map_err(failed)?;
        let bytes = Uint8Array::new(&bytes);
        let count = bytes.length() as usize;
        match buffer.get_mut(..count) {
            Some(part) => bytes.copy_to(part),
            None => {
                return Err(Error::other("the browser returned more bytes than were asked for"));
            }
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
