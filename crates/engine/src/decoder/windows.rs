//! Sliding windows: which layers see how far back.

use super::Config;
use crate::EngineError;
use crate::gguf::{Array, Value};
use crate::metadata::Keys;

/// How many positions a token sees in local layers, its own the last, if the header has a window.
///
/// # Errors
/// It is 0 or no whole number.
pub(crate) fn window(keys: Keys<'_>) -> Result<Option<usize>, EngineError> {
    keys.optional_number("attention.sliding_window")
}

/// Which layers see all positions: as the header says it, or every `period`-th.
///
/// # Errors
/// An entry of another type, or not one for each layer.
pub(crate) fn global_layers(
    keys: Keys<'_>,
    config: &Config,
    period: usize,
) -> Result<Vec<bool>, EngineError> {
    const PATTERN: &str = "attention.sliding_window_pattern";
    let every = |period: usize| (1..=config.layers).map(|n| n.is_multiple_of(period)).collect();
    let local: Vec<bool> = match keys.get(PATTERN) {
        None => return Ok(every(period)),
        Some(Value::U32(period)) => return Ok(every(*period as usize)),
        Some(Value::Array(Array::Bool(local))) => local.clone(),
        Some(Value::Array(Array::I32(local))) => local.iter().map(|&flag| flag != 0).collect(),
        Some(Value::Array(Array::U32(local))) => local.iter().map(|&flag| flag != 0).collect(),
        Some(_) => return Err(keys.error(PATTERN, "is neither a number nor an entry per layer")),
    };
    if local.len() != config.layers {
        let problem = format!("has {} entries for {} layers", local.len(), config.layers);
        return Err(keys.error(PATTERN, problem));
    }
    Ok(local.into_iter().map(|local| !local).collect())
}
