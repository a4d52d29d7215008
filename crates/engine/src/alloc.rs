//! Large allocations, whose refusal is an error and no crash.

use crate::EngineError;

/// An empty vector with room for so many, or the refusal as an error.
pub(crate) fn try_with_capacity<T>(capacity: usize) -> Result<Vec<T>, EngineError> {
    let mut vector = Vec::new();
    vector
        .try_reserve_exact(capacity)
        .map_err(|_| EngineError::OutOfMemory { bytes: capacity * size_of::<T>() })?;
    Ok(vector)
}
