//! Errors, and what people are told about them.

use entropix::SamplerError;
use entropix_engine::gguf::GgufError;
use entropix_engine::{EngineError, TemplateError};
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
        EngineError::Template(error) => (Kind::Template, advice_on_template(error)),
        EngineError::ContextFull { .. } => {
            (Kind::PromptTooLong, "Shorten the message or start a new chat.")
        }
        EngineError::Ids(_) => (Kind::BadRequest, "Use token ids of this model's vocabulary."),
        EngineError::Bug(_) => (Kind::Crashed, "Load the model again, and report what you did."),
        _ => (Kind::BadHeader, AGAIN),
    };
    Problem::new(kind, error.to_string(), advice)
}

/// What to do about a template: the cause may be the file or the conversation.
fn advice_on_template(error: &TemplateError) -> &'static str {
    match error {
        TemplateError::Missing => {
            "For a chat, choose a file whose name has \"instruct\" or \"chat\" in it; this one only continues texts."
        }
        TemplateError::Broken(_) => {
            "The file's template is at fault, not the conversation. Choose another file of this model."
        }
        TemplateError::Refused(_) => {
            "These are the words of the file's template. Change the conversation."
        }
        TemplateError::Endless(_) => "Start a new chat, or choose another file of this model.",
        _ => {
            "The file's template can't render this conversation. Start a new chat, or choose another file of this model."
        }
    }
}
