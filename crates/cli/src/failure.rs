//! What a JSON Lines command answers to a request that it can't serve.

use entropix::SamplerError;
use entropix_engine::EngineError;
use entropix_generate::{ChatError, problem_of_engine};
use entropix_protocol::ProblemKind;
use serde_json::{Value, json};

/// An error with a kind for programs.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: ProblemKind,
    message: String,
}

impl Failure {
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self { kind: ProblemKind::BadRequest, message: message.into() }
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({ "error": { "kind": self.kind, "message": self.message } })
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::bad_request(error.to_string())
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        let problem = problem_of_engine(&error);
        Self { kind: problem.kind, message: problem.message }
    }
}

impl From<ChatError> for Failure {
    fn from(error: ChatError) -> Self {
        let problem = error.problem();
        Self { kind: problem.kind, message: problem.message }
    }
}

impl From<SamplerError> for Failure {
    fn from(error: SamplerError) -> Self {
        ChatError::from(error).into()
    }
}
