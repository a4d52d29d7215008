//! Typed entries and tensors of a header, with errors that name them.

use candle_core::quantized::gguf_file::{Content, Value};

use crate::EngineError;
use crate::gguf::{Header, TensorHeader};

/// A positive whole number.
///
/// # Errors
/// It is not there, or not like that.
pub fn number(content: &Content, key: &str) -> Result<usize, EngineError> {
    optional_number(content, key)?.ok_or_else(|| EngineError::metadata(key, "missing"))
}

/// A positive whole number, if the entry is there.
///
/// # Errors
/// It is not there, or not like that.
pub fn optional_number(content: &Content, key: &str) -> Result<Option<usize>, EngineError> {
    match content.metadata.get(key) {
        None => Ok(None),
        Some(Value::U32(0)) => Err(EngineError::metadata(key, "is 0")),
        Some(Value::U32(number)) => Ok(Some(*number as usize)),
        Some(_) => Err(EngineError::metadata(key, "is not a u32")),
    }
}

/// A positive f32.
///
/// # Errors
/// It is not there, or not like that.
pub fn positive(content: &Content, key: &str) -> Result<f32, EngineError> {
    optional_positive(content, key)?.ok_or_else(|| EngineError::metadata(key, "missing"))
}

/// A positive f32, if the entry is there.
///
/// # Errors
/// It is not there, or not like that.
pub fn optional_positive(content: &Content, key: &str) -> Result<Option<f32>, EngineError> {
    match content.metadata.get(key) {
        None => Ok(None),
        Some(Value::F32(number)) if number.is_finite() && *number > 0.0 => Ok(Some(*number)),
        Some(_) => Err(EngineError::metadata(key, "is not a positive f32")),
    }
}

/// A text, if the entry is there.
///
/// # Errors
/// It is not there, or not like that.
pub fn optional_text<'a>(content: &'a Content, key: &str) -> Result<Option<&'a str>, EngineError> {
    match content.metadata.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(EngineError::metadata(key, "is not a string")),
    }
}

/// The tensor called `name`.
///
/// # Errors
/// It is not there, or not like that.
pub fn tensor<'a>(header: &'a Header, name: &str) -> Result<&'a TensorHeader, EngineError> {
    header.tensor(name).ok_or_else(|| EngineError::tensor(name, "missing"))
}

/// The tensor called `name`, which must have these dimensions, fastest first.
///
/// # Errors
/// It is not there, or not like that.
pub fn shaped<'a>(
    header: &'a Header,
    name: &str,
    dims: &[usize],
) -> Result<&'a TensorHeader, EngineError> {
    let tensor = tensor(header, name)?;
    if tensor.dims.iter().map(|&dim| dim as usize).eq(dims.iter().copied()) {
        return Ok(tensor);
    }
    Err(EngineError::tensor(name, format!("is {:?}, {dims:?} expected", tensor.dims)))
}
