//! The header of a model: that of its file, or those of its parts together.

use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Seek};

use super::cursor::Cursor;
use super::entries::{Metadata, TensorHeader};
use super::part::Part;
use super::value::Value;
use super::{Dtype, GgufError};

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
    /// A model in several files is read from all of them one after the other, in any order, as if
    /// they were one file.
    ///
    /// # Errors
    /// A [`GgufError`] that names what is wrong.
    pub fn read<R: Read + Seek>(reader: R) -> Result<Self, GgufError> {
        let mut cursor = Cursor::new(reader)?;
        let mut parts = vec![Part::read(&mut cursor)?];
        while let Some(last) = parts.last()
            && last.goes_on(&mut cursor)?
        {
            parts.push(Part::read(&mut cursor)?);
        }
        join(parts, cursor.length())
    }

    /// The tensor called `name`.
    pub fn tensor(&self, name: &str) -> Option<&TensorHeader> {
        self.tensors.iter().find(|tensor| tensor.name == name)
    }

    /// The type that holds most of the file's bytes.
    pub fn main_dtype(&self) -> Option<Dtype> {
        let mut bytes = BTreeMap::new();
        for tensor in &self.tensors {
            *bytes.entry(tensor.dtype).or_insert(0) += tensor.bytes;
        }
        bytes.into_iter().max_by_key(|&(_, bytes)| bytes).map(|(dtype, _)| dtype)
    }
}

/// One header from those of all parts.
fn join(parts: Vec<Part>, length: u64) -> Result<Header, GgufError> {
    let several = |problem: &str| Err(GgufError::SeveralModels(problem.to_owned()));
    let Some(first) = parts.first() else { return Err(GgufError::Empty) };
    let (count, version, data_offset) = (first.count, first.version, first.data_offset);
    let mut expected = None;
    let mut metadata = None;
    let mut tensors = Vec::new();
    let mut found = Vec::new();
    for part in parts {
        if part.count != count {
            return several("these files are no parts of one");
        }
        found.push(part.number + 1);
        if part.number == 0 {
            expected = part.metadata.get("split.tensors.count").and_then(Value::integer);
            metadata = Some(part.metadata);
        }
        // All offsets count from where the first file's data begin.
        let before = part.data_offset - data_offset;
        tensors.extend(
            part.tensors
                .into_iter()
                .map(|tensor| TensorHeader { offset: before + tensor.offset, ..tensor }),
        );
    }
    found.sort_unstable();
    if found.windows(2).any(|pair| pair[0] == pair[1]) {
        return several(if count == 1 { "choose one" } else { "a part is there twice" });
    }
    let metadata = match metadata {
        Some(metadata) if found.len() as u64 == count => metadata,
        _ => return Err(GgufError::Parts { count, found }),
    };
    let mut names = HashSet::new();
    if let Some(twice) = tensors.iter().find(|tensor| !names.insert(tensor.name.as_str())) {
        return Err(GgufError::Header(format!("tensor {} is there twice", twice.name)));
    }
    if count > 1 && expected.is_some_and(|expected| expected != tensors.len() as i128) {
        return several("these parts are of different ones");
    }
    Ok(Header { length, version, metadata, data_offset, tensors })
}
