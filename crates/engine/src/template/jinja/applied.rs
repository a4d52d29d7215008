//! Filters and tests that are applied to expressions.

use super::Syntax;
use super::escapes::quote;
use super::expressions::{Code, Parsed};
use super::lexer::Token;
use super::parser::Parser;

impl Parser {
    pub(super) fn filters(&mut self, mut value: Code) -> Parsed {
        loop {
            value = if self.skip("|") {
                let filter = self.filter()?;
                Code::tight(format!("{}|{filter}", value.closed()))
            } else if self.skip_name("is") {
                self.test(value)?
            } else if self.is("(") {
                self.call(value)?
            } else {
                return Ok(value);
            };
        }
    }

    /// Filters one after the other, of a block.
    pub(super) fn filter_chain(&mut self) -> Result<String, Syntax> {
        let mut chain = self.filter()?;
        while self.skip("|") {
            chain = format!("{chain}|{}", self.filter()?);
        }
        Ok(chain)
    }

    fn filter(&mut self) -> Result<String, Syntax> {
        let name = self.dotted_name()?;
        let arguments = if self.is("(") { self.arguments()? } else { String::new() };
        if crate::template::filters::NAMES.contains(&name.as_str()) {
            return Ok(format!("{name}({arguments})"));
        }
        Ok(format!("_unknown({})", quote(&format!("No filter named {name:?}."))))
    }

    fn test(&mut self, value: Code) -> Parsed {
        let negated = self.skip_name("not");
        let name = quote(&self.dotted_name()?);
        let takes_argument = match self.token() {
            Some(Token::Name(name)) => !["else", "or", "and", "is"].contains(&name.as_str()),
            Some(
                Token::Text(_) | Token::Integer(_) | Token::Float(_) | Token::Operator("[" | "{"),
            ) => true,
            _ => false,
        };
        let arguments = if self.is("(") {
            self.arguments()?
        } else if self.is_name("is") {
            return Err(self.unexpected("no second \"is\""));
        } else if takes_argument {
            let argument = self.nested(Self::primary)?;
            self.postfix(argument)?.open()
        } else {
            String::new()
        };
        let comma = if arguments.is_empty() { "" } else { "," };
        let test = value
            .apply(if negated { "is_not" } else { "is" }, &format!("{name}{comma}{arguments}"));
        Ok(test)
    }

    /// A name, or several with dots between.
    fn dotted_name(&mut self) -> Result<String, Syntax> {
        let mut name = self.name()?;
        while self.skip(".") {
            name = format!("{name}.{}", self.name()?);
        }
        Ok(name)
    }
}
