//! Why a file is not a sound GGUF file.

use super::{Dtype, Foreign};

/// Why a file is not a sound GGUF file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GgufError {
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The file is of another format.
    #[error("{0}")]
    Foreign(Foreign),
    /// A version this reader does not know.
    #[error("GGUF version {0} is not supported: versions 2 and 3 are")]
    Version(u32),
    /// Numbers are stored highest byte first.
    #[error("the file is made for big-endian machines")]
    BigEndian,
    /// The file ends before something that the header announced.
    #[error("the file is cut off: it has {length} bytes, and {what} ends at {needed}")]
    Truncated {
        /// What was being read.
        what: String,
        /// Where it ends.
        needed: u64,
        /// The file's length.
        length: u64,
    },
    /// A model in several files, of which some were not given.
    #[error("{}", parts(*.count, .found))]
    Parts {
        /// How many parts the model has.
        count: u64,
        /// Those that are there, from 1, ascending.
        found: Vec<u64>,
    },
    /// Models that were given at once and don't belong together.
    #[error("there are several models: {0}")]
    SeveralModels(String),
    /// A header without any tensors.
    #[error("the file has a vocabulary or settings, and no weights")]
    NoTensors,
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

/// Which parts of a model are there, and which are not.
fn parts(count: u64, found: &[u64]) -> String {
    let missing: Vec<u64> = (1..=count).filter(|part| !found.contains(part)).take(20).collect();
    format!(
        "the model is in {count} files, of which {} {} here and {} {} missing or not whole",
        numbers("part", found),
        if found.len() == 1 { "is" } else { "are" },
        numbers("part", &missing),
        if missing.len() == 1 { "is" } else { "are" },
    )
}

/// `part 2`, `parts 1, 3 and 4`.
fn numbers(what: &str, numbers: &[u64]) -> String {
    let texts: Vec<_> = numbers.iter().map(u64::to_string).collect();
    match texts.as_slice() {
        [] => format!("no {what}"),
        [one] => format!("{what} {one}"),
        [most @ .., last] => format!("{what}s {} and {last}", most.join(", ")),
    }
}
