//! Why a file is not a sound GGUF file.

use super::Dtype;

/// Why a file is not a sound GGUF file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GgufError {
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The file starts like a web page.
    #[error("the file is a web page, not a GGUF model")]
    WebPage,
    /// The file starts with something else.
    #[error("the file does not start with \"GGUF\"")]
    NotGguf,
    /// A version this reader does not know.
    #[error("GGUF version {0} is not supported: versions 2 and 3 are")]
    Version(u32),
    /// The file ends before something that the header announced.
    #[error("the file is cut off: {what} needs {needed} bytes at {at}, the file has {length}")]
    Truncated {
        /// What was being read.
        what: String,
        /// Where it starts.
        at: u64,
        /// Its length.
        needed: u64,
        /// The file's length.
        length: u64,
    },
    /// The header contradicts itself or the file.
    #[error("bad GGUF header: {0}")]
    Header(String),
    /// A tensor type whose weights can't be read.
    #[error(
        "tensor {name} is {}, which this engine can't read: {} work",
        Dtype::name_of(*dtype),
        Dtype::list()
    )]
    Dtype {
        /// The tensor.
        name: String,
        /// Its type number.
        dtype: u32,
    },
    /// The file could not be read.
    #[error("the file could not be read: {0}")]
    Io(#[from] std::io::Error),
}
