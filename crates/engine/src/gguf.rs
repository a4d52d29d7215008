//! The GGUF container: one walk over the header yields its entries and tensors, checked.
//!
//! [`Header::read`] holds every count and length against the real size of the file before anything
//! is allocated for it. Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.

mod cursor;
mod dtype;
mod entries;
mod error;
mod foreign;
mod header;
mod part;
mod value;

pub use dtype::Dtype;
pub use entries::{Metadata, TensorHeader};
pub use error::GgufError;
pub use foreign::Foreign;
pub use header::Header;
pub use value::{Array, Strings, Value};
