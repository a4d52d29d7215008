//! What can be assigned to.

use super::Syntax;
use super::expressions::variable;
use super::statements::Writer;

impl Writer {
    /// Names of a macro's arguments, with their defaults, in brackets.
    pub(super) fn signature(&mut self) -> Result<String, Syntax> {
        self.parser.expect("(")?;
        let mut arguments = Vec::new();
        let mut defaults = false;
        while !self.parser.skip(")") {
            if !arguments.is_empty() {
                self.parser.expect(",")?;
            }
            let name = self.target_name()?;
            if self.parser.skip("=") {
                defaults = true;
                arguments.push(format!("{name}={}", self.parser.expression()?.closed()));
            } else if defaults {
                return Err(self.parser.error("non-default argument follows default argument"));
            } else {
                arguments.push(name);
            }
        }
        Ok(arguments.join(","))
    }

    /// What an assignment or loop assigns to: names with commas between, brackets, or an attribute of a namespace.
    pub(super) fn targets(&mut self) -> Result<String, Syntax> {
        let mut targets = Vec::new();
        let mut is_tuple = false;
        loop {
            targets.push(self.target()?);
            if !self.parser.skip(",") {
                break;
            }
            is_tuple = true;
            if self.parser.is_name("in") || self.parser.is("=") || self.parser.is(")") {
                break;
            }
        }
        let comma = if is_tuple && targets.len() == 1 { "," } else { "" };
        Ok(format!("{}{comma}", targets.join(",")))
    }

    pub(super) fn target(&mut self) -> Result<String, Syntax> {
        if self.parser.skip("(") {
            let targets = self.parser.enter().and_then(|()| self.targets())?;
            self.parser.leave();
            self.parser.expect(")")?;
            return Ok(format!("({targets})"));
        }
        let name = self.target_name()?;
        if self.parser.skip(".") {
            return Ok(format!("{name}.{}", variable(&self.parser.name()?)));
        }
        self.set(name.clone());
        Ok(name)
    }

    /// A name that can be set.
    pub(super) fn target_name(&mut self) -> Result<String, Syntax> {
        const CONSTANTS: [&str; 6] = ["true", "false", "none", "True", "False", "None"];
        let name = self.parser.name()?;
        if CONSTANTS.contains(&name.as_str()) {
            return Err(self.parser.error(format!("can't assign to {name:?}")));
        }
        Ok(variable(&name))
    }
}
