//! Errors, and what people are told about them.

use entropix::SamplerError;
use entropix_engine::EngineError;
use entropix_engine::gguf::GgufError;
use entropix_protocol::{Problem, ProblemKind};

/// Why a conversation can't go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChatError {
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The sampler refused its configuration or the logits.
    #[error(transparent)]
    Sampler(#[from] SamplerError),
    /// The prompt leaves no room for an answer.
    #[error("the prompt has {tokens} tokens, the context holds {context_length}")]
    PromptTooLong {
        /// Tokens of the prompt.
        tokens: usize,
        /// Tokens the context holds.
        context_length: usize,
    },
    /// A phrase that can't be inserted.
    #[error("the phrase {phrase:?} can't be inserted: {problem}")]
    Phrase {
        /// The phrase.
        phrase: String,
        /// Why not.
        problem: &'static str,
    },
    /// There is nothing to answer.
    #[error("the prompt is empty")]
    EmptyPrompt,
}

impl ChatError {
    /// What happened and what to do, for people.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Engine(error) => problem_of_engine(error),
            Self::Sampler(error) => Problem::new(
                ProblemKind::Sampler,
                error.to_string(),
                "Reset the sampler's numbers and try again.",
            ),
            Self::PromptTooLong { .. } => Problem::new(
                ProblemKind::PromptTooLong,
                self.to_string(),
                "Shorten the message or start a new chat.",
            ),
            Self::Phrase { .. } => Problem::new(
                ProblemKind::Sampler,
                self.to_string(),
                "Change the phrase or remove it.",
            ),
            Self::EmptyPrompt => {
                Problem::new(ProblemKind::BadRequest, self.to_string(), "Write a message first.")
            }
        }
    }
}

/// What happened and what to do, for people.
pub fn problem_of_engine(error: &EngineError) -> Problem {
    use ProblemKind as Kind;
    const ANOTHER: &str = "Choose another file: a GGUF model of the llama family, such as SmolLM2.";
    const AGAIN: &str = "Download the file again.";
    let (kind, advice) = match error {
        EngineError::Gguf(GgufError::Empty | GgufError::WebPage | GgufError::NotGguf) => {
            (Kind::NotAModel, ANOTHER)
        }
        EngineError::Gguf(GgufError::Truncated { .. } | GgufError::Io(_)) => {
            (Kind::Truncated, AGAIN)
        }
        EngineError::Gguf(GgufError::Dtype { .. }) => (
            Kind::Unsupported,
            "Choose this model in another quantization, such as Q4_K_M or Q8_0.",
        ),
        EngineError::Gguf(GgufError::Version(_)) | EngineError::Unsupported { .. } => {
            (Kind::Unsupported, ANOTHER)
        }
        EngineError::Architecture { .. } => (Kind::Architecture, ANOTHER),
        EngineError::OutOfMemory { .. } => {
            (Kind::OutOfMemory, "Close other tabs or programs, or start a new chat.")
        }
        EngineError::Template(_) => {
            (Kind::Template, "Change the conversation, or choose a model with another template.")
        }
        EngineError::ContextFull { .. } => {
            (Kind::PromptTooLong, "Shorten the message or start a new chat.")
        }
        EngineError::Ids(_) => (Kind::BadRequest, "Use token ids of this model's vocabulary."),
        EngineError::Bug(_) => (Kind::Crashed, "Load the model again, and report what you did."),
        _ => (Kind::BadHeader, AGAIN),
    };
    Problem::new(kind, error.to_string(), advice)
}
