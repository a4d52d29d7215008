//! The language that templates are written in, jinja2 3.1, translated to minijinja's.
//!
//! minijinja differs from jinja2 in what operators, attributes, filters and tests do, and can be told about filters
//! and functions only. So a template is read by jinja2's own grammar and written anew with a filter for
//! each operator: `a.b % c` becomes `a|_attribute("b")|_modulo(c)`. The filters are in [`super::python`].

mod applied;
mod escapes;
mod expressions;
mod lexer;
mod parser;
mod statements;
mod targets;

/// What is wrong with a template's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Syntax {
    pub(super) problem: String,
    /// Counted from 1.
    pub(super) line: usize,
}

/// A template in minijinja's language, on the same lines; blanks and line ends are as they are to be printed.
///
/// # Errors
/// jinja2's grammar does not know what is written.
pub(super) fn translate(source: &str) -> Result<String, Syntax> {
    statements::translate(lexer::tokenize(&lexer::lines(source))?)
}
