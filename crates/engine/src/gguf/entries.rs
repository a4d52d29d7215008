//! What a header lists: entries and tensors.

use std::collections::HashMap;

use super::value::{Array, Value};
use super::{Dtype, GgufError};

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
    /// Puts an entry in, which must not be there yet.
    pub(super) fn insert(&mut self, key: String, value: Value) -> Result<(), GgufError> {
        if self.0.contains_key(&key) {
            return Err(GgufError::Header(format!("metadata entry {key} is there twice")));
        }
        self.0.insert(key, value);
        Ok(())
    }

    /// The entry called `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// All entries, in any order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Takes an entry out.
    pub(crate) fn take(&mut self, key: &str) -> Option<Value> {
        self.0.remove(key)
    }

    /// Takes a list out: those of a vocabulary are most of a header.
    pub(crate) fn take_array(&mut self, key: &str) -> Option<Array> {
        match self.take(key) {
            Some(Value::Array(array)) => Some(array),
            _ => None,
        }
    }
}
