//! The GGUF container: our own walk over the header, before anything is allocated for it.
//!
//! candle-core's reader trusts the header in places (alignment 0, dimensions whose product
//! overflows). [`check`] refuses such files first, by name, and holds every count and length
//! against the real size of the file. Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.

mod cursor;
mod dtype;
mod error;
mod header;

pub use dtype::Dtype;
pub use error::GgufError;
pub use header::{Header, TensorHeader, check};
