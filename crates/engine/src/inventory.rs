//! What a file's weights are, and what becomes of them in memory.

use std::collections::BTreeMap;

use crate::gguf::{Dtype, Header};
use crate::matrix::packed_bytes;

/// The weights of one type. Their values are kept, whatever the type: nothing is rounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weights {
    /// Their type.
    pub dtype: Dtype,
    /// Tensors of this type.
    pub tensors: usize,
    /// Bytes in the file.
    pub bytes: u64,
    /// Bytes in memory, packed for this engine's kernels.
    pub packed: u64,
}

/// A file's weights by type: what takes most of the file first.
pub(crate) fn inventory(header: &Header) -> Vec<Weights> {
    let mut types = BTreeMap::new();
    for tensor in &header.tensors {
        let dtype = tensor.dtype;
        let none = Weights { dtype, tensors: 0, bytes: 0, packed: 0 };
        let weights = types.entry(dtype).or_insert(none);
        weights.tensors += 1;
        weights.bytes += tensor.bytes;
        weights.packed = weights.packed.saturating_add(packed_bytes(tensor));
    }
    let mut weights: Vec<_> = types.into_values().collect();
    weights.sort_by_key(|weights| std::cmp::Reverse(weights.bytes));
    weights
}
