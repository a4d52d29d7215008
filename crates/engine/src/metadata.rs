//! Entries of a header by type, with errors that name them.

use crate::EngineError;
use crate::gguf::{Metadata, Value};

/// The entries whose names begin alike: `llama.…`, `tokenizer.ggml.…`.
#[derive(Clone, Copy)]
pub struct Keys<'a> {
    metadata: &'a Metadata,
    /// What comes before the dot.
    prefix: &'a str,
}

impl<'a> Keys<'a> {
    /// The entries that begin with `prefix` and a dot.
    pub fn new(metadata: &'a Metadata, prefix: &'a str) -> Self {
        Self { metadata, prefix }
    }

    /// What is wrong with an entry.
    pub fn error(&self, entry: &str, problem: impl Into<String>) -> EngineError {
        EngineError::metadata(&self.name(entry), problem)
    }

    /// A positive whole number.
    ///
    /// # Errors
    /// It is missing, or something else.
    pub fn number(&self, entry: &str) -> Result<usize, EngineError> {
        self.optional_number(entry)?.ok_or_else(|| self.error(entry, "missing"))
    }

    /// A positive whole number, if the entry is there.
    ///
    /// # Errors
    /// It is something else.
    pub fn optional_number(&self, entry: &str) -> Result<Option<usize>, EngineError> {
        if self.get(entry).is_none() {
            return Ok(None);
        }
        let number = self.integer(entry).ok_or_else(|| self.error(entry, "is not a number"))?;
        match u32::try_from(number) {
            Ok(1..) => Ok(Some(number as usize)),
            _ => Err(self.error(entry, format!("is {number}"))),
        }
    }

    /// A whole number, 0 among them, if the entry is there.
    ///
    /// # Errors
    /// It is something else.
    pub fn optional_count(&self, entry: &str) -> Result<Option<usize>, EngineError> {
        match self.integer(entry) {
            Some(0) => Ok(Some(0)),
            _ => self.optional_number(entry),
        }
    }

    /// A positive number.
    ///
    /// # Errors
    /// It is missing, or something else.
    pub fn positive(&self, entry: &str) -> Result<f32, EngineError> {
        self.optional_positive(entry)?.ok_or_else(|| self.error(entry, "missing"))
    }

    /// A positive number, if the entry is there.
    ///
    /// # Errors
    /// It is something else.
    pub fn optional_positive(&self, entry: &str) -> Result<Option<f32>, EngineError> {
        match self.get(entry) {
            None => Ok(None),
            Some(Value::F32(number)) if number.is_finite() && *number > 0.0 => Ok(Some(*number)),
            Some(_) => Err(self.error(entry, "is not a positive f32")),
        }
    }

    /// A text.
    ///
    /// # Errors
    /// It is missing, or something else.
    pub fn text(&self, entry: &str) -> Result<&'a str, EngineError> {
        self.optional_text(entry)?.ok_or_else(|| self.error(entry, "missing"))
    }

    /// A text, if the entry is there.
    ///
    /// # Errors
    /// It is something else.
    pub fn optional_text(&self, entry: &str) -> Result<Option<&'a str>, EngineError> {
        match self.get(entry) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.error(entry, "is not a string")),
        }
    }

    /// A switch; `default` if the entry is not there.
    ///
    /// # Errors
    /// It is something else.
    pub fn flag(&self, entry: &str, default: bool) -> Result<bool, EngineError> {
        match self.get(entry) {
            None => Ok(default),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.error(entry, "is not a bool")),
        }
    }

    /// A whole number of any type, if the entry is one.
    pub(crate) fn integer(&self, entry: &str) -> Option<i128> {
        self.get(entry)?.integer()
    }

    /// Whatever it is.
    pub(crate) fn get(&self, entry: &str) -> Option<&'a Value> {
        self.metadata.get(&self.name(entry))
    }

    /// The whole name of an entry.
    pub fn name(&self, entry: &str) -> String {
        format!("{}.{entry}", self.prefix)
    }
}
