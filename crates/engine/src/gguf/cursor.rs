//! Little-endian reads that are held against the file's length first.

use std::borrow::Cow;
use std::io::{BufReader, Read, Seek, SeekFrom};

use super::GgufError;

/// A position in a file of known length.
pub(super) struct Cursor<R> {
    reader: BufReader<R>,
    at: u64,
    length: u64,
    /// Bytes of the string that was read last.
    string: Vec<u8>,
}

/// Times that a string may grow when it becomes text: an invalid byte becomes three, in a vector
/// that grows by doubling.
const TEXT_GROWTH: u64 = 4;

impl<R: Read + Seek> Cursor<R> {
    pub(super) fn new(mut reader: R) -> Result<Self, GgufError> {
        let length = reader.seek(SeekFrom::End(0))?;
        reader.seek(SeekFrom::Start(0))?;
        Ok(Self {
            reader: BufReader::with_capacity(length.clamp(1, 1 << 16) as usize, reader),
            at: 0,
            length,
            string: Vec::new(),
        })
    }

    /// Goes to a position inside the file, or to its end.
    pub(super) fn go(&mut self, at: u64) -> Result<(), GgufError> {
        self.at = at.min(self.length);
        self.reader.seek(SeekFrom::Start(self.at))?;
        Ok(())
    }

    /// Goes over so many bytes, which must be there.
    pub(super) fn skip(&mut self, what: &str, bytes: u64) -> Result<(), GgufError> {
        self.expect(what, bytes)?;
        self.reader.seek_relative(bytes as i64)?;
        self.at += bytes;
        Ok(())
    }

    /// The next bytes, at most `most` of them. The position stays.
    pub(super) fn peek(&mut self, most: usize) -> Result<Vec<u8>, GgufError> {
        let mut bytes = vec![0; self.remaining().min(most as u64) as usize];
        self.reader.read_exact(&mut bytes)?;
        self.reader.seek_relative(-(bytes.len() as i64))?;
        Ok(bytes)
    }

    pub(super) fn at(&self) -> u64 {
        self.at
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn remaining(&self) -> u64 {
        self.length - self.at
    }

    /// Fails unless `needed` bytes are left.
    pub(super) fn expect(&self, what: &str, needed: u64) -> Result<(), GgufError> {
        if needed <= self.remaining() {
            return Ok(());
        }
        Err(GgufError::Truncated {
            what: what.to_owned(),
            needed: self.at.saturating_add(needed),
            length: self.length,
        })
    }

    pub(super) fn bytes<const N: usize>(&mut self, what: &str) -> Result<[u8; N], GgufError> {
        self.expect(what, N as u64)?;
        let mut bytes = [0; N];
        self.reader.read_exact(&mut bytes)?;
        self.at += N as u64;
        Ok(bytes)
    }

    pub(super) fn u32(&mut self, what: &str) -> Result<u32, GgufError> {
        self.bytes(what).map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self, what: &str) -> Result<u64, GgufError> {
        self.bytes(what).map(u64::from_le_bytes)
    }

    pub(super) fn bool(&mut self, what: &str) -> Result<bool, GgufError> {
        match self.bytes(what)? {
            [0] => Ok(false),
            [1] => Ok(true),
            [other] => Err(GgufError::Header(format!("{what} is a bool of value {other}"))),
        }
    }

    /// A string; bytes that are not UTF-8 become U+FFFD.
    pub(super) fn string(&mut self, what: &str) -> Result<Cow<'_, str>, GgufError> {
        let length = self.u64(what)?;
        self.expect(what, length)?;
        if length.saturating_mul(TEXT_GROWTH) > self.length {
            return Err(GgufError::Header(format!("{what} is a string of {length} bytes")));
        }
        self.read_string(length)?;
        Ok(String::from_utf8_lossy(&self.string))
    }

    /// A string of at most `limit` bytes; only for names, which are short.
    pub(super) fn name(&mut self, what: &str, limit: u64) -> Result<String, GgufError> {
        let length = self.u64(what)?;
        if length > limit {
            return Err(GgufError::Header(format!(
                "{what} is {length} bytes long, at most {limit} expected"
            )));
        }
        self.expect(what, length)?;
        self.read_string(length)?;
        let name = str::from_utf8(&self.string);
        name.map(str::to_owned).map_err(|_| GgufError::Header(format!("{what} is not UTF-8")))
    }

    /// Reads so many bytes, which are there, into `self.string`.
    fn read_string(&mut self, length: u64) -> Result<(), GgufError> {
        self.string.resize(length as usize, 0);
        self.reader.read_exact(&mut self.string)?;
        self.at += length;
        Ok(())
    }
}
