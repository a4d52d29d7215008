//! Errors, and what people are told about them.

use entropix::SamplerError;
use entropix_engine::gguf::{Foreign, GgufError};
use entropix_engine::{EngineError, PartName, TemplateError};
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
    let (kind, advice) = match error {
        EngineError::Gguf(error) => of_file(error),
        EngineError::Purpose(_) => (Kind::NotAModel, "Choose the file of the model itself."),
        EngineError::Unsupported { .. } => (Kind::Unsupported, "Choose another model."),
        EngineError::Architecture { supported, .. } => {
            let advice = format!("Choose a GGUF model of one of these architectures: {supported}.");
            return Problem::new(Kind::Architecture, error.to_string(), advice);
        }
        EngineError::OutOfMemory { .. } => {
            (Kind::OutOfMemory, "Close other tabs or programs, or start a new chat.")
        }
        EngineError::Template(error) => (Kind::Template, advice_on_template(error)),
        EngineError::ContextFull { .. } => {
            (Kind::PromptTooLong, "Shorten the message or start a new chat.")
        }
        EngineError::Ids(_) => (Kind::BadRequest, "Use token ids of this model's vocabulary."),
        EngineError::Bug(_) => (Kind::Crashed, "Load the model again, and report what you did."),
        // The file says what it was made to say.
        _ => (
            Kind::BadHeader,
            "Choose another conversion of this model: this one does not fit together.",
        ),
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

/// What happened when a file of this name was opened, and what to do, for people.
pub fn problem_of_file(error: &EngineError, name: &str) -> Problem {
    let mut problem = problem_of_engine(error);
    if let EngineError::Gguf(GgufError::Parts { found, .. }) = error
        && let Some(part) = PartName::of(name)
    {
        let missing = (1..=part.count).filter(|number| !found.contains(&u64::from(*number)));
        let names: Vec<_> = missing.take(MOST_NAMES).map(|number| part.file(number)).collect();
        problem.message = format!("{}: {}", problem.message, names.join(", "));
    }
    problem
}

/// Names of missing parts that are told.
const MOST_NAMES: usize = 8;

/// What to do about a file that is no sound GGUF file.
fn of_file(error: &GgufError) -> (ProblemKind, &'static str) {
    use ProblemKind as Kind;
    const AGAIN: &str = "Download the file again.";
    match error {
        GgufError::Empty | GgufError::Foreign(Foreign::Zeros) => (Kind::NotAModel, AGAIN),
        GgufError::Foreign(Foreign::WebPage | Foreign::Json) => {
            (Kind::NotAModel, "Download the model itself: a file that ends in .gguf.")
        }
        GgufError::Foreign(Foreign::LfsPointer) => (
            Kind::NotAModel,
            "Get the file itself: by git lfs pull, or by its page's download button.",
        ),
        GgufError::Foreign(Foreign::Packed) => (Kind::NotAModel, "Unpack it first."),
        GgufError::Foreign(_) => (Kind::NotAModel, "Choose a GGUF file of the model."),
        GgufError::NoTensors => (Kind::NotAModel, "Choose the file of the model itself."),
        GgufError::Truncated { .. } | GgufError::Io(_) => (Kind::Truncated, AGAIN),
        GgufError::Parts { .. } => (Kind::Truncated, "Choose all of its files at once."),
        GgufError::SeveralModels(_) => {
            (Kind::NotAModel, "Choose one file, or all parts of one model.")
        }
        GgufError::Version(version) if *version > 3 => {
            (Kind::Unsupported, "Choose a file in version 3 of GGUF.")
        }
        GgufError::Version(_) => (Kind::Unsupported, "Choose a newer conversion of this model."),
        GgufError::BigEndian => {
            (Kind::Unsupported, "Choose the usual, little-endian file of this model.")
        }
        GgufError::Dtype { .. } => (
            Kind::Unsupported,
            "Choose another quantization of this model, such as Q8_0 or Q4_K_M.",
        ),
        _ => (Kind::BadHeader, AGAIN),
    }
}
