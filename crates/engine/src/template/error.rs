//! Why there is no prompt.

use minijinja::ErrorKind;

use super::globals::Raised;
use super::jinja::Syntax;

/// Why a conversation has no prompt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// The file has none.
    #[error("the file has none: it is no chat model, or was converted without it")]
    Missing,
    /// The template is not written as templates are.
    #[error("{0}")]
    Broken(String),
    /// The template's own words about the conversation.
    #[error("{0}")]
    Refused(String),
    /// Something in it failed with this conversation.
    #[error("{0}")]
    Failed(String),
    /// It would take too long or too much memory.
    #[error("{0}")]
    Endless(String),
}

impl From<Syntax> for TemplateError {
    fn from(Syntax { problem, line }: Syntax) -> Self {
        Self::Broken(format!("line {line}: {problem}"))
    }
}

impl TemplateError {
    /// What minijinja said while it read a template.
    pub(super) fn of_source(error: &minijinja::Error) -> Self {
        Self::Broken(described(error))
    }

    /// What minijinja said while it rendered one.
    pub(super) fn of_rendering(error: &minijinja::Error) -> Self {
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            if let Some(Raised(words)) = cause.downcast_ref() {
                return Self::Refused(words.clone());
            }
            source = cause.source();
        }
        match error.kind() {
            ErrorKind::OutOfFuel => Self::Endless(
                error
                    .detail()
                    .unwrap_or("it takes too many steps for this conversation")
                    .to_owned(),
            ),
            _ => Self::Failed(described(error)),
        }
    }
}

fn described(error: &minijinja::Error) -> String {
    let what = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    match error.line() {
        Some(line) => format!("line {line}: {what}"),
        None => what,
    }
}
