//! Text, `{{ … }}` and `{% … %}`, by the rules of jinja2's `parser.py` and its extension for `break` and `continue`.

use super::Syntax;
use super::escapes::quote;
use super::lexer::{Located, Token};
use super::parser::Parser;

/// What was read, in minijinja's language.
pub(super) struct Writer {
    pub(super) parser: Parser,
    out: String,
    /// Of the end of `out`, counted from 1.
    line: usize,
    /// Names that each of the blocks around sets, innermost last.
    scopes: Vec<Vec<String>>,
    /// Blocks so far that have names of their own.
    blocks: usize,
    /// Blocks around, inside the innermost loop, that minijinja can't leave by `break`.
    closed: usize,
}

/// Translates a whole template.
pub(super) fn translate(tokens: Vec<Located>) -> Result<String, Syntax> {
    let parser = Parser::new(tokens);
    let mut writer = Writer {
        parser,
        out: String::new(),
        line: 1,
        scopes: vec![Vec::new()],
        blocks: 0,
        closed: 0,
    };
    match writer.body(&[])? {
        None => Ok(writer.out),
        Some(_) => Err(writer.parser.unexpected("the end of the template")),
    }
}

impl Writer {
    /// Text and tags up to a tag that is called one of `ends`, whose name is read; `None` at the end of the template.
    fn body(&mut self, ends: &[&str]) -> Result<Option<String>, Syntax> {
        loop {
            let line = self.parser.line();
            match self.parser.take() {
                None if ends.is_empty() => return Ok(None),
                Some(Token::Data(text)) => self.print(line, &quote(&text)),
                Some(Token::VariableBegin) => {
                    let code = self.parser.values(true)?.open();
                    self.parser.end(&Token::VariableEnd)?;
                    self.print(line, &code);
                }
                Some(Token::BlockBegin) => {
                    let name = self.parser.name()?;
                    if ends.contains(&name.as_str()) {
                        return Ok(Some(name));
                    }
                    self.deeper(|writer| writer.statement(&name, line))?;
                    self.parser.end(&Token::BlockEnd)?;
                }
                _ => {
                    return Err(self.parser.error(format!(
                        "the end of the template came before {}",
                        ends.join(" or ")
                    )));
                }
            }
        }
    }

    /// The blocks of statements are limited as brackets are.
    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Result<(), Syntax>) -> Result<(), Syntax> {
        self.parser.enter()?;
        let result = read(self);
        self.parser.leave();
        result
    }

    /// The rest of a tag, then text and tags up to one called `end`, whose name is read.
    fn block(&mut self, end: &str) -> Result<(), Syntax> {
        self.begin()?;
        self.body(&[end])?;
        Ok(())
    }

    /// The end of a tag that a body follows. A colon may stand before it.
    fn begin(&mut self) -> Result<(), Syntax> {
        self.parser.skip(":");
        self.parser.end(&Token::BlockEnd)
    }

    /// A block with variables of its own, which is left at its end only.
    fn scoped(&mut self, end: &str) -> Result<(), Syntax> {
        self.scopes.push(Vec::new());
        self.closed += 1;
        self.block(end)?;
        self.closed -= 1;
        self.scopes.pop();
        Ok(())
    }

    /// Text and tags up to one of `ends`, put aside: what they are in minijinja's language, and the names they set.
    fn aside(&mut self, ends: &[&str]) -> Result<(Option<String>, String, Vec<String>), Syntax> {
        let before = std::mem::take(&mut self.out);
        self.scopes.push(Vec::new());
        let end = self.body(ends)?;
        let mut names = self.scopes.pop().unwrap_or_default();
        names.sort();
        names.dedup();
        Ok((end, std::mem::replace(&mut self.out, before), names))
    }

    fn statement(&mut self, name: &str, line: usize) -> Result<(), Syntax> {
        match name {
            "for" => self.for_loop(line),
            "if" => self.condition(line),
            "set" => self.assignment(line),
            "with" => self.with(line),
            "macro" => {
                let name = self.target_name()?;
                let signature = self.signature()?;
                self.tag(line, &format!("macro {name}({signature})"));
                self.scoped("endmacro")?;
                self.tag(line, "endmacro");
                self.set(name);
                Ok(())
            }
            "call" => self.call_block(line),
            "filter" => {
                let chain = self.parser.filter_chain()?;
                self.tag(line, &format!("filter {chain}"));
                self.scoped("endfilter")?;
                self.tag(line, "endfilter");
                Ok(())
            }
            // What the template marks as the model's own words: transformers' `AssistantTracker`.
            "generation" => self.own_names(line, "endgeneration", &[]),
            "block" => {
                let name = self.parser.name()?;
                self.parser.skip_name("scoped");
                self.parser.skip_name("required");
                self.own_names(line, "endblock", &[])?;
                self.parser.skip_name(&name);
                Ok(())
            }
            "autoescape" => {
                let on = self.parser.expression()?.open();
                self.tag(line, &format!("autoescape {on}"));
                self.scoped("endautoescape")?;
                self.tag(line, "endautoescape");
                Ok(())
            }
            "print" => loop {
                let code = self.parser.expression()?.open();
                self.print(line, &code);
                if !self.parser.skip(",") {
                    return Ok(());
                }
            },
            "break" | "continue" => {
                if self.closed > 0 {
                    return Err(self.parser.error(format!("{name} in a block that can't be left")));
                }
                self.tag(line, name);
                Ok(())
            }
            "include" | "extends" | "import" | "from" => {
                while !matches!(self.parser.token(), None | Some(Token::BlockEnd)) {
                    self.parser.advance();
                }
                self.print(
                    line,
                    &format!("none|_unknown({})", quote("There are no other templates.")),
                );
                Ok(())
            }
            other => Err(self.parser.error(format!("Encountered unknown tag '{other}'."))),
        }
    }

    /// A block whose names are what they were before it when it ends. minijinja's own such block could not be left
    /// by `break`.
    fn own_names(
        &mut self,
        line: usize,
        end: &str,
        values: &[(String, String)],
    ) -> Result<(), Syntax> {
        self.begin()?;
        self.blocks += 1;
        let number = self.blocks;
        // All values are those of the names around.
        for (index, (_, value)) in values.iter().enumerate() {
            self.tag(line, &format!("set _{number}_{index}={value}"));
        }
        self.scopes.push(Vec::new());
        let (_, body, mut names) = self.aside(&[end])?;
        self.scopes.pop();
        for (target, _) in values {
            let parts = target.split(|c: char| c != '_' && !c.is_ascii_alphanumeric());
            names.extend(parts.filter(|name| !name.is_empty()).map(str::to_owned));
        }
        names.sort();
        names.dedup();
        for name in &names {
            self.tag(line, &format!("set _{number}_{name}={name}"));
        }
        for (index, (target, _)) in values.iter().enumerate() {
            self.tag(line, &format!("set {target}=_{number}_{index}"));
        }
        self.out.push_str(&body);
        for name in names {
            self.tag(line, &format!("set {name}=_{number}_{name}"));
            // A loop around that goes on from within sets them back.
            self.set(name);
        }
        Ok(())
    }

    fn condition(&mut self, line: usize) -> Result<(), Syntax> {
        let test = self.parser.values(false)?.open();
        self.begin()?;
        self.tag(line, &format!("if {test}"));
        loop {
            let line = self.parser.line();
            match self.body(&["elif", "else", "endif"])?.as_deref() {
                Some("elif") => {
                    let test = self.parser.values(false)?.open();
                    self.begin()?;
                    self.tag(line, &format!("elif {test}"));
                }
                Some("else") => {
                    self.begin()?;
                    self.tag(line, "else");
                    self.body(&["endif"])?;
                    break;
                }
                _ => break,
            }
        }
        self.tag(line, "endif");
        Ok(())
    }

    fn for_loop(&mut self, line: usize) -> Result<(), Syntax> {
        self.scopes.push(Vec::new());
        let targets = self.targets()?;
        // Names of the loop's own are fresh in each round anyway.
        let own = self.scopes.pop().unwrap_or_default();
        if !self.parser.skip_name("in") {
            return Err(self.parser.unexpected("\"in\""));
        }
        let items = self.parser.values(false)?.closed();
        let test = if self.parser.skip_name("if") {
            format!(" if {}", self.parser.expression()?.closed())
        } else {
            String::new()
        };
        let recursive = if self.parser.skip_name("recursive") { " recursive" } else { "" };
        self.begin()?;

        self.blocks += 1;
        let number = self.blocks;
        let pad = line.saturating_sub(self.line);
        self.line += pad;
        let closed = std::mem::take(&mut self.closed);
        let (end, body, mut names) = self.aside(&["endfor", "else"])?;
        self.closed = closed;
        names.retain(|name| !own.contains(name));

        // In each round of a jinja2 loop, the names that it sets are what they were before the loop.
        for name in &names {
            self.push(format!("{{%set _{number}_{name}={name}%}}"));
        }
        let pad = "\n".repeat(pad);
        self.push(format!("{{%{pad}for {targets} in {items}|_iterate{test}{recursive}%}}"));
        for name in &names {
            self.push(format!("{{%set {name}=_{number}_{name}%}}"));
        }
        self.out.push_str(&body);
        if end.as_deref() == Some("else") {
            self.begin()?;
            self.tag(line, "else");
            self.scopes.push(Vec::new());
            self.body(&["endfor"])?;
            self.scopes.pop();
        }
        self.tag(line, "endfor");
        Ok(())
    }

    fn assignment(&mut self, line: usize) -> Result<(), Syntax> {
        let targets = self.targets()?;
        if self.parser.skip("=") {
            let value = self.parser.values(true)?.open();
            self.tag(line, &format!("set {targets}={value}"));
            return Ok(());
        }
        let filters = if self.parser.skip("|") {
            format!("|{}", self.parser.filter_chain()?)
        } else {
            String::new()
        };
        self.tag(line, &format!("set {targets}{filters}"));
        self.closed += 1;
        self.block("endset")?;
        self.closed -= 1;
        self.tag(line, "endset");
        Ok(())
    }

    fn with(&mut self, line: usize) -> Result<(), Syntax> {
        let mut values = Vec::new();
        self.scopes.push(Vec::new());
        while self.parser.token() != Some(&Token::BlockEnd) {
            if !values.is_empty() {
                self.parser.expect(",")?;
            }
            let target = self.target()?;
            self.parser.expect("=")?;
            values.push((target, self.parser.expression()?.open()));
        }
        self.scopes.pop();
        self.own_names(line, "endwith", &values)
    }

    fn call_block(&mut self, line: usize) -> Result<(), Syntax> {
        let signature =
            if self.parser.is("(") { format!("({})", self.signature()?) } else { String::new() };
        let call = self.parser.expression()?;
        if !call.is_call {
            return Err(self.parser.error("expected call"));
        }
        self.tag(line, &format!("call{signature} {}", call.open()));
        self.scoped("endcall")?;
        self.tag(line, "endcall");
        Ok(())
    }

    /// Remembers that a name is set in the block that is being read.
    pub(super) fn set(&mut self, name: String) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(name);
        }
    }

    /// Writes what no line of the template has.
    fn push(&mut self, code: String) {
        self.out.extend([code]);
    }

    fn print(&mut self, line: usize, code: &str) {
        self.write("{{", line, code, "}}");
    }

    fn tag(&mut self, line: usize, code: &str) {
        self.write("{%", line, code, "%}");
    }

    /// Writes a tag so that it ends on the line where the template had it: errors name it.
    fn write(&mut self, begin: &str, line: usize, code: &str, end: &str) {
        self.out.push_str(begin);
        while self.line < line {
            self.out.push('\n');
            self.line += 1;
        }
        // Blanks, so that a sign is no sign of whitespace control.
        self.out.push(' ');
        self.out.push_str(code);
        self.out.push(' ');
        self.out.push_str(end);
    }
}
