//! What can go wrong between a file and its logits.

use crate::TemplateError;
use crate::gguf::GgufError;

/// Why a model could not be loaded or run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The file is not a sound GGUF file.
    #[error(transparent)]
    Gguf(#[from] GgufError),
    /// A sound file of a kind that this engine can't run.
    #[error("{what} is not supported: {supported}")]
    Unsupported {
        /// What the file has.
        what: String,
        /// What would work.
        supported: String,
    },
    /// A sound file that is no language model.
    #[error("the file is {0}, not a language model")]
    Purpose(&'static str),
    /// Another engine may run this.
    #[error("the architecture {name:?} is not supported")]
    Architecture {
        /// The file's.
        name: String,
        /// What would work.
        supported: String,
    },
    /// The header lacks an entry, or it has another type or an impossible value.
    #[error("metadata entry {key}: {problem}")]
    Metadata {
        /// Name of the entry.
        key: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A tensor is missing or its shape contradicts the metadata.
    #[error("tensor {name}: {problem}")]
    Tensor {
        /// Name of the tensor.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The vocabulary or its merges can't be used.
    #[error("tokenizer: {0}")]
    Tokenizer(String),
    /// The chat template does not parse, or failed on this conversation.
    #[error("chat template: {0}")]
    Template(#[from] TemplateError),
    /// More positions than the context holds.
    #[error("{needed} tokens do not fit into the context of {context_length}")]
    ContextFull {
        /// Positions asked for.
        needed: usize,
        /// Positions there are.
        context_length: usize,
    },
    /// A token id outside the vocabulary, or no token at all.
    #[error("token ids: {0}")]
    Ids(String),
    /// There is no memory for it.
    #[error("memory ran out: {bytes} bytes more were refused")]
    OutOfMemory {
        /// Bytes asked for.
        bytes: usize,
    },
    /// The arithmetic library failed.
    #[error("model arithmetic: {0}")]
    Arithmetic(String),
    /// The engine broke a rule of its own: a bug, not the file's or the caller's fault.
    #[error("a bug in the engine: {0}")]
    Bug(&'static str),
}

impl EngineError {
    /// What is wrong with an entry of the metadata.
    pub fn metadata(key: &str, problem: impl Into<String>) -> Self {
        Self::Metadata { key: key.to_owned(), problem: problem.into() }
    }

    /// What is wrong with a tensor.
    pub fn tensor(name: &str, problem: impl Into<String>) -> Self {
        Self::Tensor { name: name.to_owned(), problem: problem.into() }
    }

    /// What this engine can't do, and what it could.
    pub fn unsupported(what: String, supported: &str) -> Self {
        Self::Unsupported { what, supported: supported.to_owned() }
    }

    /// What the arithmetic library said.
    pub fn arithmetic(error: &dyn std::error::Error) -> Self {
        Self::Arithmetic(error.to_string())
    }

    /// A broken rule of the engine's own. Stops a test; elsewhere the call ends with the error and does not
    /// compute on.
    #[track_caller]
    pub fn bug(rule: &'static str) -> Self {
        invariant!(false, "{rule}");
        Self::Bug(rule)
    }
}
