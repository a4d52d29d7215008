//! Expressions, by the rules of jinja2's `parser.py`.

use super::Syntax;
use super::escapes::quote;
use super::lexer::Token;
use super::parser::Parser;

/// An expression in minijinja's language.
pub(super) struct Code {
    text: String,
    /// Whether a filter after it would apply to all of it.
    tight: bool,
    /// Whether it calls a name.
    pub(super) is_call: bool,
}

impl Code {
    pub(super) fn tight(text: impl Into<String>) -> Self {
        Self { text: text.into(), tight: true, is_call: false }
    }

    fn loose(text: String) -> Self {
        Self { text, tight: false, is_call: false }
    }

    /// The code where nothing follows it.
    pub(super) fn open(self) -> String {
        self.text
    }

    /// The code where filters or operators may follow.
    pub(super) fn closed(self) -> String {
        if self.tight { self.text } else { format!("({})", self.text) }
    }

    /// The operator `name` with this on its left.
    pub(super) fn apply(self, name: &str, right: &str) -> Self {
        Self::tight(format!("{}|_{name}({right})", self.closed()))
    }
}

/// An expression, or why it is none.
pub(super) type Parsed = Result<Code, Syntax>;

impl Parser {
    /// One expression.
    pub(super) fn expression(&mut self) -> Parsed {
        self.nested(Self::conditional)
    }

    /// One or more expressions with commas between, where a bare `if` belongs to somebody else.
    pub(super) fn values(&mut self, with_condition: bool) -> Parsed {
        let part = if with_condition { Self::conditional } else { Self::or };
        self.nested(|parser| parser.tuple(part, false))
    }

    fn tuple(&mut self, part: fn(&mut Self) -> Parsed, may_be_empty: bool) -> Parsed {
        let mut items: Vec<Code> = Vec::new();
        let mut is_tuple = false;
        loop {
            let ends = matches!(
                self.token(),
                None | Some(Token::VariableEnd | Token::BlockEnd | Token::Operator(")"))
            );
            if ends || (is_tuple && self.is_name("recursive")) {
                break;
            }
            items.push(part(self)?);
            if !self.skip(",") {
                break;
            }
            is_tuple = true;
        }
        match (items.pop(), is_tuple) {
            (Some(only), false) => Ok(only),
            (None, false) if !may_be_empty => Err(self.unexpected("an expression")),
            (last, _) => {
                items.extend(last);
                let items: Vec<String> = items.into_iter().map(Code::closed).collect();
                let comma = if items.len() == 1 { "," } else { "" };
                Ok(Code::tight(format!("({}{comma})", items.join(","))))
            }
        }
    }

    fn conditional(&mut self) -> Parsed {
        let mut value = self.or()?;
        while self.skip_name("if") {
            let test = self.or()?.closed();
            let mut text = format!("{} if {test}", value.closed());
            if self.skip_name("else") {
                let other = self.nested(Self::conditional)?;
                text = format!("{text} else {}", other.closed());
            }
            value = Code::loose(text);
        }
        Ok(value)
    }

    fn or(&mut self) -> Parsed {
        self.chain("or", Self::and)
    }

    fn and(&mut self) -> Parsed {
        self.chain("and", Self::not)
    }

    fn chain(&mut self, word: &str, part: fn(&mut Self) -> Parsed) -> Parsed {
        let mut left = part(self)?;
        while self.skip_name(word) {
            let right = part(self)?.closed();
            left = Code::loose(format!("{} {word} {right}", left.closed()));
        }
        Ok(left)
    }

    fn not(&mut self) -> Parsed {
        if !self.skip_name("not") {
            return self.comparison();
        }
        let operand = self.nested(Self::not)?;
        Ok(Code::loose(format!("not {}", operand.closed())))
    }

    fn comparison(&mut self) -> Parsed {
        let mut left = self.sum()?;
        let mut compared: Option<Code> = None;
        while let Some(operator) = self.comparison_operator() {
            let right = self.sum()?.closed();
            let next = left.apply(operator, &right);
            // As in Python, `a < b < c` is `a < b and b < c`.
            compared = Some(match compared {
                None => next,
                Some(before) => Code::loose(format!("{} and {}", before.closed(), next.closed())),
            });
            left = Code::tight(right);
        }
        Ok(compared.unwrap_or(left))
    }

    fn comparison_operator(&mut self) -> Option<&'static str> {
        let operator = match self.token()? {
            Token::Operator("==") => "equal",
            Token::Operator("!=") => "unequal",
            Token::Operator("<") => "less",
            Token::Operator("<=") => "less_or_equal",
            Token::Operator(">") => "greater",
            Token::Operator(">=") => "greater_or_equal",
            Token::Name(name) if name == "in" => "in",
            Token::Name(name) if name == "not" && self.next_is_name("in") => {
                self.advance();
                "not_in"
            }
            _ => return None,
        };
        self.advance();
        Some(operator)
    }

    fn sum(&mut self) -> Parsed {
        self.operators(&[("+", "add"), ("-", "subtract")], Self::concatenation)
    }

    fn concatenation(&mut self) -> Parsed {
        self.operators(&[("~", "concatenate")], Self::product)
    }

    fn product(&mut self) -> Parsed {
        const PRODUCT: [(&str, &str); 4] =
            [("*", "multiply"), ("/", "divide"), ("//", "floor_divide"), ("%", "modulo")];
        self.operators(&PRODUCT, Self::power)
    }

    fn power(&mut self) -> Parsed {
        self.operators(&[("**", "power")], |parser| parser.unary(true))
    }

    fn operators(&mut self, table: &[(&str, &str)], part: fn(&mut Self) -> Parsed) -> Parsed {
        let mut left = part(self)?;
        while let Some((_, name)) = table.iter().find(|(operator, _)| self.is(operator)) {
            self.advance();
            let right = part(self)?.open();
            left = left.apply(name, &right);
        }
        Ok(left)
    }

    fn unary(&mut self, with_filters: bool) -> Parsed {
        let mut value = if self.skip("-") {
            self.nested(|parser| parser.unary(false))?.apply("negative", "")
        } else if self.skip("+") {
            self.nested(|parser| parser.unary(false))?.apply("positive", "")
        } else {
            self.nested(Self::primary)?
        };
        value = self.postfix(value)?;
        if with_filters { self.filters(value) } else { Ok(value) }
    }

    pub(super) fn primary(&mut self) -> Parsed {
        let Some(token) = self.take() else { return Err(self.unexpected("an expression")) };
        match token {
            Token::Name(name) => Ok(Code::tight(variable(&name))),
            Token::Text(mut text) => {
                while let Some(Token::Text(more)) = self.token() {
                    text.push_str(more);
                    self.advance();
                }
                Ok(Code::tight(quote(&text)))
            }
            Token::Integer(digits) => Ok(Code::tight(digits)),
            Token::Float(number) => Ok(Code::tight(float(number))),
            Token::Operator("(") => {
                let value = self.tuple(Self::conditional, true)?;
                self.expect(")")?;
                Ok(Code::tight(value.closed()))
            }
            Token::Operator("[") => {
                let items = self.items("]", |parser| Ok(parser.expression()?.open()))?;
                Ok(Code::tight(format!("[{items}]")))
            }
            Token::Operator("{") => {
                let items = self.items("}", |parser| {
                    let key = parser.expression()?.open();
                    parser.expect(":")?;
                    Ok(format!("{key}:{}", parser.expression()?.open()))
                })?;
                Ok(Code::tight(format!("{{{items}}}")))
            }
            _ => {
                self.back();
                Err(self.unexpected("an expression"))
            }
        }
    }

    /// Items with commas between, and one after the last if so wished, up to `end`.
    fn items(
        &mut self,
        end: &str,
        item: fn(&mut Self) -> Result<String, Syntax>,
    ) -> Result<String, Syntax> {
        let mut items = Vec::new();
        while !self.skip(end) {
            if !items.is_empty() {
                self.expect(",")?;
                if self.skip(end) {
                    break;
                }
            }
            items.push(item(self)?);
        }
        Ok(items.join(","))
    }

    pub(super) fn postfix(&mut self, mut value: Code) -> Parsed {
        loop {
            value = if self.skip(".") {
                self.attribute(value)?
            } else if self.skip("[") {
                self.subscript(value)?
            } else if self.is("(") {
                self.call(value)?
            } else {
                return Ok(value);
            };
        }
    }

    fn attribute(&mut self, value: Code) -> Parsed {
        let line = self.line();
        match self.take() {
            Some(Token::Name(name)) if self.is("(") => {
                let arguments = self.arguments()?;
                let comma = if arguments.is_empty() { "" } else { "," };
                Ok(value.apply("call", &format!("{}{comma}{arguments}", quote(&name))))
            }
            Some(Token::Name(name)) => Ok(value.apply("attribute", &quote(&name))),
            Some(Token::Integer(index)) => Ok(value.apply("item", &index)),
            _ => Err(Syntax { problem: "expected name or number".to_owned(), line }),
        }
    }

    fn subscript(&mut self, value: Code) -> Parsed {
        let mut parts: [Option<String>; 3] = [None, None, None];
        let mut colons = 0;
        let mut items = Vec::new();
        while !self.is("]") {
            if self.skip(":") {
                colons += 1;
            } else if self.skip(",") && colons == 0 {
                items.extend(parts[0].take());
            } else {
                let part = self.expression()?.open();
                match parts.get_mut(colons) {
                    Some(place @ None) => *place = Some(part),
                    _ => return Err(self.unexpected("]")),
                }
            }
        }
        self.expect("]")?;
        if colons > 2 {
            return Err(self.unexpected("]"));
        }
        if colons > 0 {
            let parts = parts.map(|part| part.unwrap_or_else(|| "none".to_owned()));
            return Ok(value.apply("slice", &parts.join(",")));
        }
        match parts.into_iter().next().flatten() {
            Some(index) if items.is_empty() => Ok(value.apply("item", &index)),
            index if !items.is_empty() || index.is_some() => {
                items.extend(index);
                Ok(value.apply("item", &format!("({},)", items.join(","))))
            }
            _ => Err(self.unexpected("an expression")),
        }
    }

    pub(super) fn call(&mut self, value: Code) -> Parsed {
        let arguments = self.arguments()?;
        let name = value.closed();
        let is_call = name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        let text = match name.as_str() {
            // The items of a recursive loop's next level.
            "loop" => format!("loop(({arguments})|_iterate)"),
            _ if is_call => format!("{name}({arguments})"),
            _ => format!("({name})({arguments})"),
        };
        Ok(Code { text, tight: true, is_call })
    }

    /// Arguments of a call, from `(` to `)`.
    pub(super) fn arguments(&mut self) -> Result<String, Syntax> {
        self.expect("(")?;
        self.items(")", |parser| {
            if parser.skip("*") {
                return Ok(format!("*{}", parser.expression()?.closed()));
            }
            if parser.skip("**") {
                return Ok(format!("**{}", parser.expression()?.closed()));
            }
            match parser.token() {
                Some(Token::Name(name)) if parser.next_is("=") => {
                    let name = variable(name);
                    parser.advance();
                    parser.advance();
                    Ok(format!("{name}={}", parser.expression()?.open()))
                }
                _ => Ok(parser.expression()?.closed()),
            }
        })
    }
}

/// A name of a variable as minijinja takes it: ASCII only.
pub(super) fn variable(name: &str) -> String {
    let mut ascii = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => ascii.push(character),
            other => ascii.extend(format!("_u{:x}_", other as u32).chars()),
        }
    }
    ascii
}

/// A number with a fraction or exponent, as minijinja reads it.
fn float(number: f64) -> String {
    format!("{number:?}")
}
