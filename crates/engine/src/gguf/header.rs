//! The walk over the header.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};

use super::cursor::Cursor;
use super::value::{Array, Value};
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

/// Entries of the header, by name.
#[derive(Clone, Debug, Default)]
pub struct Metadata(HashMap<String, Value>);

impl Metadata {
    /// The entry called `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// All entries, in any order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Takes a list out: those of a vocabulary are most of a header.
    pub(crate) fn take_array(&mut self, key: &str) -> Option<Array> {
        match self.0.remove(key) {
            Some(Value::Array(array)) => Some(array),
            _ => None,
        }
    }
}

/// A header that agrees with itself and with the file's length.
#[derive(Clone, Debug)]
pub struct Header {
    /// File length in bytes.
    pub length: u64,
    /// Version of the format: 2 or 3.
    pub version: u32,
    /// The entries.
    pub metadata: Metadata,
    /// Where tensor data starts.
    pub data_offset: u64,
    /// Every tensor, in the file's order. No two overlap.
    pub tensors: Vec<TensorHeader>,
}

impl Header {
    /// Reads the header of a GGUF file and holds it against the file's length. No allocation is
    /// larger than the file. Leaves the reader anywhere.
    ///
    /// # Errors
    /// A [`GgufError`] that names what is wrong.
    pub fn read<R: Read + Seek>(reader: R) -> Result<Self, GgufError> {
        let mut cursor = Cursor::new(reader)?;
        let version = version(&mut cursor)?;
        if !(2..=3).contains(&version) {
            return Err(GgufError::Version(version));
        }
        let tensor_count = cursor.u64("the tensor count")?;
        let entry_count = cursor.u64("the metadata count")?;
        counts(&cursor, entry_count, tensor_count)?;

        let (metadata, alignment) = metadata(&mut cursor, entry_count)?;
        let tensors = tensors(&mut cursor, tensor_count, alignment)?;
        let data_offset = cursor.at().next_multiple_of(alignment);
        fits(&tensors, data_offset, cursor.length())?;
        Ok(Self { length: cursor.length(), version, metadata, data_offset, tensors })
    }

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
    let mut entries = HashMap::new();
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
        if entries.contains_key(&key) {
            return Err(GgufError::Header(format!("metadata entry {key} is there twice")));
        }
        entries.insert(key, value);
    }
    Ok((Metadata(entries), alignment))
}

fn tensors<R: Read + Seek>(
    cursor: &mut Cursor<R>,
    count: u64,
    alignment: u64,
) -> Result<Vec<TensorHeader>, GgufError> {
    let mut tensors = Vec::new();
    let mut names = HashSet::new();
    for _ in 0..count {
        let tensor = tensor(cursor, alignment)?;
        if !names.insert(tensor.name.clone()) {
            return Err(GgufError::Header(format!("tensor {} is there twice", tensor.name)));
        }
        tensors.push(tensor);
    }
    if tensors.is_empty() {
        return Err(GgufError::Header("there are no tensors".to_owned()));
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
