//! Values as Python has them: what operators, attributes, methods and texts of minijinja's values would be there.

pub(super) mod arguments;
pub(super) mod cases;
pub(super) mod collections;
pub(super) mod cuts;
pub(super) mod json;
pub(super) mod lookup;
pub(super) mod number;
pub(super) mod operators;
pub(super) mod printf;
pub(super) mod strings;
pub(super) mod text;
pub(super) mod values;
mod view;

use minijinja::{Error, ErrorKind};

/// What Python would raise.
pub(super) fn error(problem: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, problem)
}

/// The most bytes that a text or ten times the most items that a list may have: a template can double both in
/// each round of a loop.
pub(super) const MOST_BYTES: usize = 64 << 20;

/// Refuses a length that a hostile template could make.
pub(super) fn within(bytes: Option<usize>) -> Result<(), Error> {
    match bytes {
        Some(bytes) if bytes <= MOST_BYTES => Ok(()),
        _ => Err(Error::new(ErrorKind::OutOfFuel, "a text or list becomes too large")),
    }
}
