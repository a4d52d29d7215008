//! Tokens one after the other, with a look at the next ones.

use super::Syntax;
use super::lexer::{Located, Token};

/// Expressions and blocks inside one another that are followed, to spare the stack.
const DEPTH: usize = 100;

/// Reads a template's tokens.
pub(super) struct Parser {
    tokens: Vec<Located>,
    at: usize,
    depth: usize,
}

impl Parser {
    pub(super) fn new(tokens: Vec<Located>) -> Self {
        Self { tokens, at: 0, depth: 0 }
    }

    /// The next token.
    pub(super) fn token(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    /// The line of the next token, or of the last one.
    pub(super) fn line(&self) -> usize {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(1, |(_, line)| *line)
    }

    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    pub(super) fn back(&mut self) {
        self.at -= 1;
    }

    /// Reads the next token.
    pub(super) fn take(&mut self) -> Option<Token> {
        let token = self.token().cloned();
        self.advance();
        token
    }

    /// Whether an operator comes next.
    pub(super) fn is(&self, operator: &str) -> bool {
        matches!(self.token(), Some(Token::Operator(next)) if *next == operator)
    }

    /// Whether an operator comes after the next token.
    pub(super) fn next_is(&self, operator: &str) -> bool {
        matches!(self.tokens.get(self.at + 1), Some((Token::Operator(next), _)) if *next == operator)
    }

    /// Whether a name comes next.
    pub(super) fn is_name(&self, name: &str) -> bool {
        matches!(self.token(), Some(Token::Name(next)) if next == name)
    }

    /// Whether a name comes after the next token.
    pub(super) fn next_is_name(&self, name: &str) -> bool {
        matches!(self.tokens.get(self.at + 1), Some((Token::Name(next), _)) if next == name)
    }

    /// Reads an operator if it comes next.
    pub(super) fn skip(&mut self, operator: &str) -> bool {
        let is = self.is(operator);
        self.at += usize::from(is);
        is
    }

    /// Reads a name if it comes next.
    pub(super) fn skip_name(&mut self, name: &str) -> bool {
        let is = self.is_name(name);
        self.at += usize::from(is);
        is
    }

    /// Reads an operator that must come next.
    pub(super) fn expect(&mut self, operator: &str) -> Result<(), Syntax> {
        if self.skip(operator) { Ok(()) } else { Err(self.unexpected(operator)) }
    }

    /// Reads the end of a tag.
    pub(super) fn end(&mut self, end: &Token) -> Result<(), Syntax> {
        if self.token() == Some(end) {
            self.advance();
            return Ok(());
        }
        Err(self.unexpected("the end of the tag"))
    }

    /// Reads a name.
    pub(super) fn name(&mut self) -> Result<String, Syntax> {
        match self.token() {
            Some(Token::Name(name)) => {
                let name = name.clone();
                self.advance();
                Ok(name)
            }
            _ => Err(self.unexpected("a name")),
        }
    }

    pub(super) fn error(&self, problem: impl Into<String>) -> Syntax {
        Syntax { problem: problem.into(), line: self.line() }
    }

    /// What is wrong where `expected` should stand.
    pub(super) fn unexpected(&self, expected: &str) -> Syntax {
        let found = match self.token() {
            None => "the end of the template".to_owned(),
            Some(Token::Name(name)) => format!("{name:?}"),
            Some(Token::Operator(operator)) => format!("{operator:?}"),
            Some(Token::Text(text)) => format!("the string {text:?}"),
            Some(Token::VariableEnd) => "\"}}\"".to_owned(),
            Some(Token::BlockEnd) => "\"%}\"".to_owned(),
            Some(_) => "something else".to_owned(),
        };
        self.error(format!("expected {expected}, got {found}"))
    }

    /// Reads something that may hold more of its kind.
    pub(super) fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Syntax>,
    ) -> Result<T, Syntax> {
        self.enter()?;
        let result = read(self);
        self.leave();
        result
    }

    /// Goes one level deeper.
    pub(super) fn enter(&mut self) -> Result<(), Syntax> {
        if self.depth >= DEPTH {
            return Err(self.error("expressions or blocks are too deep inside one another"));
        }
        self.depth += 1;
        Ok(())
    }

    /// Comes back from a level.
    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }
}
