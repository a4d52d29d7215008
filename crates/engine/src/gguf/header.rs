//! The walk over the header.

use std::collections::HashSet;
use std::io::{Read, Seek};

use super::cursor::Cursor;
use super::{Dtype, GgufError};

/// Longest name of a metadata entry or tensor (the format allows 65,535; real ones stay below 64).
const NAME_LIMIT: u64 = 1024;
const DEFAULT_ALIGNMENT: u64 = 32;
/// The format asks for a multiple of 8.
const ALIGNMENTS: std::ops::RangeInclusive<u64> = 8..=1 << 20;
const MAX_DIMS: u32 = 4;
/// Bytes of one metadata value in candle's reader, doubled because its vectors grow by doubling.
const VALUE_IN_MEMORY: u64 =
    2 * std::mem::size_of::<candle_core::quantized::gguf_file::Value>() as u64;
/// An invalid byte becomes three when candle reads a string.
const STRING_GROWTH: u64 = 4;

/// A tensor as the header announces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorHeader {
    /// Name.
    pub name: String,
    /// Dimensions, fastest first (`[columns, rows]` for a matrix).
    pub dims: Vec<u64>,
    /// Type.
    pub dtype: Dtype,
    /// Offset from the start of the tensor data.
    pub offset: u64,
    /// Length in bytes.
    pub bytes: u64,
}

/// A header that agrees with itself and with the file's length.
#[derive(Clone, Debug)]
pub struct Header {
    /// File length in bytes.
    pub length: u64,
    /// Where tensor data starts.
    pub data_offset: u64,
    /// Every tensor, in the file's order. No two overlap.
    pub tensors: Vec<TensorHeader>,
}

impl Header {
    /// The tensor called `name`.
    pub fn tensor(&self, name: &str) -> Option<&TensorHeader> {
        self.tensors.iter().find(|tensor| tensor.name == name)
    }

    /// The type that holds most of the file's bytes.
    pub fn main_dtype(&self) -> Option<Dtype> {
        let mut bytes = std::collections::BTreeMap::new();
        for tensor in &self.tensors {
            *bytes.entry(tensor.dtype).or_insert(0) += tensor.bytes;
        }
        bytes.into_iter().max_by_key(|&(_, bytes)| bytes).map(|(dtype, _)| dtype)
    }
}

/// Walks over the header of a GGUF file and holds it against the file's length.
///
/// Allocates nothing that the header asks for beyond names, and leaves the reader anywhere.
///
/// # Errors
/// A [`GgufError`] that names what is wrong.
pub fn check<R: Read + Seek>(reader: R) -> Result<Header, GgufError> {
    let mut cursor = Cursor::new(reader)?;
    let version = version(&mut cursor)?;
    if !(2..=3).contains(&version) {
        return Err(GgufError::Version(version));
    }
    let tensor_count = cursor.u64("the tensor count")?;
    let entry_count = cursor.u64("the metadata count")?;
    // The shortest entry is a key length, a type and one byte; the shortest tensor a name length,
    // a dimension count, one dimension, a type and an offset.
    let shortest = entry_count.saturating_mul(13).saturating_add(tensor_count.saturating_mul(32));
    cursor.expect(
        &format!("a header of {entry_count} entries and {tensor_count} tensors"),
        shortest,
    )?;

    let alignment = metadata(&mut cursor, entry_count)?;
    let mut tensors = Vec::new();
    let mut names = HashSet::new();
    for _ in 0..tensor_count {
        let tensor = tensor(&mut cursor, alignment)?;
        if !names.insert(tensor.name.clone()) {
            return Err(GgufError::Header(format!("tensor {} is there twice", tensor.name)));
        }
        tensors.push(tensor);
    }
    if tensors.is_empty() {
        return Err(GgufError::Header("there are no tensors".to_owned()));
    }
    let data_offset = cursor.at().next_multiple_of(alignment);
    fits(&tensors, data_offset, cursor.length())?;
    Ok(Header { length: cursor.length(), data_offset, tensors })
}

fn version<R: Read + Seek>(cursor: &mut Cursor<R>) -> Result<u32, GgufError> {
    if cursor.length() == 0 {
        return Err(GgufError::Empty);
    }
    if cursor.length() < 4 {
        return Err(GgufError::NotGguf);
    }
    match &cursor.bytes::<4>("the magic number")? {
        b"GGUF" => cursor.u32("the version"),
        [b'<', ..] => Err(GgufError::WebPage),
        _ => Err(GgufError::NotGguf),
    }
}

/// Walks over the metadata; returns the alignment of tensor data.
fn metadata<R: Read + Seek>(cursor: &mut Cursor<R>, count: u64) -> Result<u64, GgufError> {
    let mut alignment = DEFAULT_ALIGNMENT;
    let mut keys = HashSet::new();
    for _ in 0..count {
        let key = cursor.name("a metadata key", NAME_LIMIT)?;
        let kind = cursor.u32(&key)?;
        if key == "general.alignment" {
            if kind != value::U32 {
                return Err(GgufError::Header("general.alignment is not a u32".to_owned()));
            }
            alignment = u64::from(cursor.u32(&key)?);
            if !alignment.is_power_of_two() || !ALIGNMENTS.contains(&alignment) {
                return Err(GgufError::Header(format!(
                    "general.alignment is {alignment}, not a power of two from 8 to 1048576"
                )));
            }
        } else {
            value::skip(cursor, &key, kind)?;
        }
        if !keys.insert(key.clone()) {
            return Err(GgufError::Header(format!("metadata entry {key} is there twice")));
        }
    }
    Ok(alignment)
}

fn tensor<R: Read + Seek>(
    cursor: &mut Cursor<R>,
    alignment: u64,
) -> Result<TensorHeader, GgufError> {
    let name = cursor.name("a tensor's name", NAME_LIMIT)?;
    let rank = cursor.u32(&name)?;
    if !(1..=MAX_DIMS).contains(&rank) {
        return Err(GgufError::Header(format!(
            "tensor {name} has {rank} dimensions, 1 to {MAX_DIMS} expected"
        )));
    }
    let dims = (0..rank).map(|_| cursor.u64(&name)).collect::<Result<Vec<_>, _>>()?;
    let number = cursor.u32(&name)?;
    let Some(dtype) = Dtype::from_number(number) else {
        return Err(GgufError::Dtype { name, dtype: number });
    };
    let offset = cursor.u64(&name)?;
    let (block, block_bytes) = dtype.block();
    let elements = dims.iter().try_fold(1_u64, |product, &dim| product.checked_mul(dim));
    let bytes = match (elements, dims.first()) {
        (Some(elements), Some(columns)) if elements > 0 && columns % block == 0 => {
            (elements / block).checked_mul(block_bytes)
        }
        _ => None,
    };
    let Some(bytes) = bytes else {
        return Err(GgufError::Header(format!(
            "tensor {name} has impossible dimensions {dims:?} for {dtype}"
        )));
    };
    if offset % alignment != 0 {
        return Err(GgufError::Header(format!(
            "tensor {name} starts at {offset}, not a multiple of {alignment}"
        )));
    }
    Ok(TensorHeader { name, dims, dtype, offset, bytes })
}

/// Every tensor ends inside the file and none overlaps another, so that all of them together
/// can't ask for more memory than the file is long.
fn fits(tensors: &[TensorHeader], data_offset: u64, length: u64) -> Result<(), GgufError> {
    let mut order: Vec<_> = tensors.iter().collect();
    order.sort_by_key(|tensor| tensor.offset);
    let mut free = 0;
    for tensor in order {
        if tensor.offset < free {
            return Err(GgufError::Header(format!("tensor {} overlaps another", tensor.name)));
        }
        let at = data_offset.saturating_add(tensor.offset);
        if at.saturating_add(tensor.bytes) > length {
            let what = format!("tensor {}", tensor.name);
            return Err(GgufError::Truncated { what, at, needed: tensor.bytes, length });
        }
        free = tensor.offset + tensor.bytes;
    }
    Ok(())
}

/// Metadata values, which are skipped here and read by candle.
mod value {
    use super::{Cursor, GgufError, Read, STRING_GROWTH, Seek, VALUE_IN_MEMORY};

    pub(super) const U32: u32 = 4;
    const BOOL: u32 = 7;
    const STRING: u32 = 8;
    const ARRAY: u32 = 9;

    /// Bytes of a value of fixed size.
    fn size(kind: u32) -> Option<u64> {
        match kind {
            0 | 1 | BOOL => Some(1),
            2 | 3 => Some(2),
            U32 | 5 | 6 => Some(4),
            10..=12 => Some(8),
            _ => None,
        }
    }

    pub(super) fn skip<R: Read + Seek>(
        cursor: &mut Cursor<R>,
        key: &str,
        kind: u32,
    ) -> Result<(), GgufError> {
        match kind {
            BOOL => skip_bool(cursor, key),
            STRING => skip_string(cursor, key),
            ARRAY => skip_array(cursor, key),
            _ => match size(kind) {
                Some(size) => cursor.skip(key, size),
                None => Err(GgufError::Header(format!("{key} has the unknown value type {kind}"))),
            },
        }
    }

    fn skip_array<R: Read + Seek>(cursor: &mut Cursor<R>, key: &str) -> Result<(), GgufError> {
        let kind = cursor.u32(key)?;
        let count = cursor.u64(key)?;
        if count.saturating_mul(VALUE_IN_MEMORY) > cursor.length() {
            return Err(GgufError::Header(format!(
                "{key} has {count} elements, too many for a file of {} bytes",
                cursor.length()
            )));
        }
        match kind {
            BOOL => (0..count).try_for_each(|_| skip_bool(cursor, key)),
            STRING => (0..count).try_for_each(|_| skip_string(cursor, key)),
            ARRAY => Err(GgufError::Header(format!("{key} is an array of arrays"))),
            _ => match size(kind) {
                Some(size) => cursor.skip(key, count.saturating_mul(size)),
                None => {
                    Err(GgufError::Header(format!("{key} has elements of the unknown type {kind}")))
                }
            },
        }
    }

    fn skip_bool<R: Read + Seek>(cursor: &mut Cursor<R>, key: &str) -> Result<(), GgufError> {
        match cursor.bytes(key)? {
            [0 | 1] => Ok(()),
            [other] => Err(GgufError::Header(format!("{key} is a bool of value {other}"))),
        }
    }

    fn skip_string<R: Read + Seek>(cursor: &mut Cursor<R>, key: &str) -> Result<(), GgufError> {
        let length = cursor.u64(key)?;
        cursor.expect(key, length)?;
        if length.saturating_mul(STRING_GROWTH) > cursor.length() {
            return Err(GgufError::Header(format!("{key} is a string of {length} bytes")));
        }
        cursor.skip(key, length)
    }
}
