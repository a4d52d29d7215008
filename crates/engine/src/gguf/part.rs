//! The walk over the header of one file.

use std::io::{Read, Seek};

use super::cursor::Cursor;
use super::entries::{Metadata, TensorHeader};
use super::foreign::{BEGINNING, Foreign};
use super::value::{self, Value};
use super::{Dtype, GgufError};

/// Longest name of a metadata entry or tensor (the format allows 65,535; real ones stay below 64).
const NAME_LIMIT: u64 = 1024;
const DEFAULT_ALIGNMENT: u64 = 32;
/// The format asks for a multiple of 8.
const ALIGNMENTS: std::ops::RangeInclusive<u64> = 8..=1 << 20;
const MAX_DIMS: u32 = 4;
/// Bytes that an entry takes in memory, at most: a hash table grows by doubling and is never full.
const ENTRY_IN_MEMORY: u64 = 3 * size_of::<(String, Value)>() as u64;
/// Bytes that a tensor takes in memory, at most: lists grow by doubling.
const TENSOR_IN_MEMORY: u64 = 2 * size_of::<TensorHeader>() as u64;

/// What every GGUF file begins with.
const MAGIC: &[u8] = b"GGUF";

/// The header of one file, which may be a part of a model.
pub(super) struct Part {
    /// Version of the format: 2 or 3.
    pub(super) version: u32,
    /// The entries.
    pub(super) metadata: Metadata,
    /// Every tensor, in the file's order. No two overlap.
    pub(super) tensors: Vec<TensorHeader>,
    /// Where tensor data starts.
    pub(super) data_offset: u64,
    /// Which part it is, from 0.
    pub(super) number: u64,
    /// How many parts the model has.
    pub(super) count: u64,
    /// Where another file may begin.
    ends: [u64; 2],
}

impl Part {
    /// Reads a header from where the reader stands.
    pub(super) fn read<R: Read + Seek>(cursor: &mut Cursor<R>) -> Result<Self, GgufError> {
        let start = cursor.at();
        let version = version(cursor)?;
        let tensor_count = cursor.u64("the tensor count")?;
        let entry_count = cursor.u64("the metadata count")?;
        counts(cursor, entry_count, tensor_count)?;
        if tensor_count == 0 {
            // Its lists may be too long for a file without weights, as they stand in for a model's.
            let here = cursor.at();
            let place = find_place(cursor, entry_count)?;
            let Some((number, count)) = place else { return Err(GgufError::NoTensors) };
            if start == 0 && cursor.remaining() < BEGINNING as u64 {
                return Err(GgufError::Parts { count, found: vec![number + 1] });
            }
            cursor.go(here)?;
        }
        let (metadata, alignment) = metadata(cursor, entry_count)?;
        let tensors = tensors(cursor, tensor_count, alignment)?;
        let aligned = |at: u64| start + (at - start).next_multiple_of(alignment);
        let data_offset = aligned(cursor.at());
        let end = end(&tensors, data_offset, cursor.length())?;
        let whole = |key: &str| metadata.get(key).and_then(Value::integer);
        let (number, count) = place(whole(NUMBER), whole(COUNT))?.unwrap_or((0, 1));
        let ends = [end, aligned(end)];
        Ok(Self { version, metadata, tensors, data_offset, number, count, ends })
    }

    /// Whether another file begins where this one ends; goes there.
    pub(super) fn goes_on<R: Read + Seek>(
        &self,
        cursor: &mut Cursor<R>,
    ) -> Result<bool, GgufError> {
        for end in self.ends {
            cursor.go(end)?;
            if cursor.peek(MAGIC.len())? == MAGIC {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Entries that say which part of a model a file is, from 0, and of how many.
const NUMBER: &str = "split.no";
const COUNT: &str = "split.count";

/// Part and number of parts, if there are several.
fn place(number: Option<i128>, count: Option<i128>) -> Result<Option<(u64, u64)>, GgufError> {
    let number = number.unwrap_or(0);
    match count {
        None | Some(0 | 1) => Ok(None),
        Some(count) if (0..count).contains(&number) && count <= i128::from(u16::MAX) => {
            Ok(Some((number as u64, count as u64)))
        }
        Some(count) => {
            Err(GgufError::Header(format!("it is part {number} of {count}, counted from 0")))
        }
    }
}

/// The version of a file that begins here.
fn version<R: Read + Seek>(cursor: &mut Cursor<R>) -> Result<u32, GgufError> {
    if cursor.length() == 0 {
        return Err(GgufError::Empty);
    }
    let beginning = cursor.peek(BEGINNING)?;
    if !beginning.starts_with(MAGIC) {
        return Err(GgufError::Foreign(Foreign::of(&beginning)));
    }
    cursor.skip("the magic number", MAGIC.len() as u64)?;
    match cursor.u32("the version")? {
        version @ 2..=3 => Ok(version),
        swapped if swapped != 0 && swapped.trailing_zeros() >= 16 => Err(GgufError::BigEndian),
        version => Err(GgufError::Version(version)),
    }
}

/// Which part of a model a file is, by a walk over its entries that keeps nothing.
fn find_place<R: Read + Seek>(
    cursor: &mut Cursor<R>,
    entries: u64,
) -> Result<Option<(u64, u64)>, GgufError> {
    let (mut number, mut count) = (None, None);
    for _ in 0..entries {
        let key = cursor.name("a metadata key", NAME_LIMIT)?;
        let kind = cursor.u32(&key)?;
        match key.as_str() {
            NUMBER => number = Value::read(cursor, &key, kind)?.integer(),
            COUNT => count = Value::read(cursor, &key, kind)?.integer(),
            _ => value::skip(cursor, &key, kind)?,
        }
    }
    place(number, count)
}

/// Refuses counts that the file can't hold, or whose lists would take more memory than the file.
fn counts<R: Read + Seek>(cursor: &Cursor<R>, entries: u64, tensors: u64) -> Result<(), GgufError> {
    let what = || format!("a header of {entries} entries and {tensors} tensors");
    // The shortest entry is a key length, a type and one byte; the shortest tensor a name length,
    // a dimension count, one dimension, a type and an offset.
    let shortest = entries.saturating_mul(13).saturating_add(tensors.saturating_mul(32));
    cursor.expect(&what(), shortest)?;
    if entries * ENTRY_IN_MEMORY > cursor.length() || tensors * TENSOR_IN_MEMORY > cursor.length() {
        let length = cursor.length();
        return Err(GgufError::Header(format!("{}, too many for {length} bytes", what())));
    }
    Ok(())
}

/// The entries, and the alignment of tensor data.
fn metadata<R: Read + Seek>(
    cursor: &mut Cursor<R>,
    count: u64,
) -> Result<(Metadata, u64), GgufError> {
    let mut alignment = DEFAULT_ALIGNMENT;
    let mut entries = Metadata::default();
    for _ in 0..count {
        let key = cursor.name("a metadata key", NAME_LIMIT)?;
        let kind = cursor.u32(&key)?;
        let value = Value::read(cursor, &key, kind)?;
        if key == "general.alignment" {
            let Value::U32(bytes) = value else {
                return Err(GgufError::Header("general.alignment is not a u32".to_owned()));
            };
            alignment = u64::from(bytes);
            if !alignment.is_power_of_two() || !ALIGNMENTS.contains(&alignment) {
                return Err(GgufError::Header(format!(
                    "general.alignment is {alignment}, not a power of two from 8 to 1048576"
                )));
            }
        }
        entries.insert(key, value)?;
    }
    Ok((entries, alignment))
}

fn tensors<R: Read + Seek>(
    cursor: &mut Cursor<R>,
    count: u64,
    alignment: u64,
) -> Result<Vec<TensorHeader>, GgufError> {
    let mut tensors = Vec::new();
    for _ in 0..count {
        tensors.push(tensor(cursor, alignment)?);
    }
    Ok(tensors)
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
    if let Some(columns) = dims.first().filter(|columns| *columns % block != 0) {
        return Err(GgufError::Header(format!(
            "tensor {name} is {dtype}, which has rows of a multiple of {block}, and its rows have {columns}"
        )));
    }
    let elements = dims.iter().try_fold(1_u64, |product, &dim| product.checked_mul(dim));
    let elements = elements.filter(|&elements| elements > 0);
    let bytes = elements.and_then(|elements| (elements / block).checked_mul(block_bytes));
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

/// Where the last tensor ends. Every tensor ends inside the file and none overlaps another, so that
/// all of them together can't ask for more memory than the file is long.
fn end(tensors: &[TensorHeader], data_offset: u64, length: u64) -> Result<u64, GgufError> {
    let mut order: Vec<_> = tensors.iter().collect();
    order.sort_by_key(|tensor| tensor.offset);
    let mut free = 0;
    for tensor in order {
        if tensor.offset < free {
            return Err(GgufError::Header(format!("tensor {} overlaps another", tensor.name)));
        }
        free = tensor.offset.saturating_add(tensor.bytes);
    }
    let needed = data_offset.saturating_add(free);
    if needed > length {
        return Err(GgufError::Truncated { what: "its last tensor".to_owned(), needed, length });
    }
    Ok(needed)
}
