//! Errors in words.

use serde::{Deserialize, Serialize};

/// What went wrong, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// The server could not be reached, or went away.
    Network,
    /// The server answered with an error status.
    HttpStatus,
    /// The model is not in this browser's storage, and only there it was to be looked for.
    NotStored,
    /// The bytes are not a GGUF model (a web page, for example).
    NotAModel,
    /// Length or SHA-256 differ from the manifest.
    WrongFile,
    /// The file ends too early.
    Truncated,
    /// The header contradicts itself or the file.
    BadHeader,
    /// A sound model that this engine can't run.
    Unsupported,
    /// A sound model of an architecture that another engine may run.
    Architecture,
    /// Memory ran out.
    OutOfMemory,
    /// The prompt does not fit into the context.
    PromptTooLong,
    /// The chat template failed.
    Template,
    /// The sampler refused its configuration or the logits.
    Sampler,
    /// No model is loaded, or a generation is already running.
    NotReady,
    /// Page and worker are of different versions.
    Version,
    /// The browser lacks something.
    Browser,
    /// The worker stopped unexpectedly.
    Crashed,
    /// The request itself is malformed.
    BadRequest,
}

/// What happened, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// For programs.
    pub kind: ProblemKind,
    /// What happened, one sentence without a full stop.
    pub message: String,
    /// What to do, one sentence.
    pub advice: String,
}

impl Problem {
    /// A problem with advice.
    pub fn new(kind: ProblemKind, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { kind, message: message.into(), advice: advice.into() }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\nhint: {}", self.message, self.advice)
    }
}

impl std::error::Error for Problem {}
