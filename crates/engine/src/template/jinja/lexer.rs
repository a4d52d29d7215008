//! Template text to tokens, by the rules of jinja2's `lexer.py` with `trim_blocks` and `lstrip_blocks`.

use super::Syntax;
use crate::template::python::text::is_space;

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// Text that is printed as it is.
    Data(String),
    /// `{{`
    VariableBegin,
    /// `}}`
    VariableEnd,
    /// `{%`
    BlockBegin,
    /// `%}`
    BlockEnd,
    /// A name or keyword.
    Name(String),
    /// A string, without quotes and escapes.
    Text(String),
    /// A whole number, as it is written but for `_`.
    Integer(String),
    /// A number with a fraction or exponent.
    Float(f64),
    /// An operator or bracket.
    Operator(&'static str),
}

/// A token, and the line on which it begins.
pub(super) type Located = (Token, usize);

/// The longest first.
const OPERATORS: [&str; 26] = [
    "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}",
    ">", "<", "=", ".", ":", "|", ",", ";",
];

/// Line ends as jinja2 sees them: all are `\n`, and one at the end is no part of the template.
pub(super) fn lines(source: &str) -> String {
    let mut source = source.replace("\r\n", "\n").replace('\r', "\n");
    if source.ends_with('\n') {
        source.pop();
    }
    source
}

/// Cuts a template, whose line ends are `\n`, into tokens.
pub(super) fn tokenize(source: &str) -> Result<Vec<Located>, Syntax> {
    let mut lexer = Lexer { source, at: 0, line: 1, tokens: Vec::new() };
    while lexer.at < source.len() {
        lexer.root()?;
    }
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    source: &'a str,
    at: usize,
    /// Of `at`, counted from 1.
    line: usize,
    tokens: Vec<Located>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or("")
    }

    /// Goes past `bytes` bytes.
    fn skip(&mut self, bytes: usize) {
        let passed = self.rest().get(..bytes).unwrap_or("");
        self.line += passed.matches('\n').count();
        self.at += bytes;
    }

    fn push(&mut self, token: Token) {
        self.tokens.push((token, self.line));
    }

    fn error(&self, problem: impl Into<String>) -> Syntax {
        Syntax { problem: problem.into(), line: self.line }
    }

    /// Text up to the next tag, and that tag.
    fn root(&mut self) -> Result<(), Syntax> {
        let rest = self.rest();
        let found = rest.match_indices('{').find_map(|(at, _)| {
            let kind = rest.as_bytes().get(at + 1)?;
            b"{%#".contains(kind).then_some((at, *kind))
        });
        let Some((at, kind)) = found else {
            self.push(Token::Data(rest.to_owned()));
            self.skip(rest.len());
            return Ok(());
        };
        let sign = sign(&rest[at + 2..]);
        self.data(&rest[..at], sign, kind != b'{');
        self.skip(at + 2 + usize::from(sign.is_some()));
        match kind {
            b'{' => self.tag(Token::VariableBegin, Token::VariableEnd),
            b'#' => self.comment(),
            _ => match raw_begin(self.rest()) {
                Some(length) => {
                    self.skip(length);
                    self.raw()
                }
                None => self.tag(Token::BlockBegin, Token::BlockEnd),
            },
        }
    }

    /// Text before a tag: `-` strips it, and a block that stands alone on its line takes its indent along.
    fn data(&mut self, text: &str, sign: Option<u8>, is_block: bool) {
        let starts_line = self.at == 0 || self.source.as_bytes().get(self.at - 1) == Some(&b'\n');
        let line = text.rfind('\n').map_or(0, |end| end + 1);
        let kept = match sign {
            Some(b'-') => text.trim_end_matches(is_space),
            None if is_block && (line > 0 || starts_line) && text[line..].chars().all(is_space) => {
                &text[..line]
            }
            _ => text,
        };
        if !kept.is_empty() {
            self.push(Token::Data(kept.to_owned()));
        }
    }

    /// The rest of a comment.
    fn comment(&mut self) -> Result<(), Syntax> {
        let rest = self.rest();
        if rest.is_empty() {
            return Ok(());
        }
        let Some(end) = rest.find("#}") else {
            return Err(self.error("Missing end of comment tag"));
        };
        let sign = end.checked_sub(1).and_then(|at| rest.as_bytes().get(at)).copied();
        let after = end + 2;
        self.skip(after + blanks_after(sign, &rest[after..]));
        Ok(())
    }

    /// What stands between `{% raw %}` and `{% endraw %}`.
    fn raw(&mut self) -> Result<(), Syntax> {
        let rest = self.rest();
        for (at, _) in rest.match_indices("{%") {
            let sign = sign(&rest[at + 2..]);
            let tag = at + 2 + usize::from(sign.is_some());
            let Some(name) = rest[tag..].trim_start_matches(is_space).strip_prefix("endraw") else {
                continue;
            };
            let name = name.trim_start_matches(is_space);
            let Some((end, length)) = block_end(name) else { continue };
            self.data(&rest[..at], sign, true);
            let after = rest.len() - name.len() + length;
            self.skip(after + blanks_after(end, &rest[after..]));
            return Ok(());
        }
        Err(self.error("Missing end of raw directive"))
    }

    /// The tokens of a tag, up to its end.
    fn tag(&mut self, begin: Token, end: Token) -> Result<(), Syntax> {
        self.push(begin);
        let close = if end == Token::BlockEnd { "%}" } else { "}}" };
        let mut open = Vec::new();
        loop {
            let rest = self.rest();
            if open.is_empty() {
                let (sign, marked) = match rest.as_bytes().first() {
                    Some(b'-') => (Some(b'-'), &rest[1..]),
                    Some(b'+') if close == "%}" => (Some(b'+'), &rest[1..]),
                    _ => (None, rest),
                };
                if let Some(after) = marked.strip_prefix(close) {
                    let trim = if close == "%}" { sign } else { sign.or(Some(b'+')) };
                    let length = rest.len() - after.len() + blanks_after(trim, after);
                    self.push(end);
                    self.skip(length);
                    return Ok(());
                }
            }
            match rest.chars().next() {
                None => return Err(self.error("unexpected end of template")),
                Some(c) if is_space(c) => self.skip(c.len_utf8()),
                Some(_) => self.token(&mut open)?,
            }
        }
    }

    /// One token of a tag; `open` are the brackets that it stands in.
    fn token(&mut self, open: &mut Vec<&'static str>) -> Result<(), Syntax> {
        let rest = self.rest();
        let after_dot = self.at > 0 && self.source.as_bytes().get(self.at - 1) == Some(&b'.');
        let (token, length) = if let Some(length) = float(rest).filter(|_| !after_dot) {
            let number = rest[..length].replace('_', "");
            (Token::Float(number.parse().map_err(|_| self.error("not a number"))?), length)
        } else if let Some(length) = integer(rest) {
            (Token::Integer(rest[..length].replace('_', "")), length)
        } else if let Some(length) = name(rest) {
            (Token::Name(rest[..length].to_owned()), length)
        } else if let Some(length) = string(rest) {
            let text = super::escapes::unescape(&rest[1..length - 1])
                .map_err(|problem| self.error(problem))?;
            (Token::Text(text), length)
        } else if let Some(operator) =
            OPERATORS.into_iter().find(|operator| rest.starts_with(operator))
        {
            match operator {
                "(" => open.push(")"),
                "[" => open.push("]"),
                "{" => open.push("}"),
                ")" | "]" | "}" if open.pop() != Some(operator) => {
                    return Err(self.error(format!("unexpected '{operator}'")));
                }
                _ => {}
            }
            (Token::Operator(operator), operator.len())
        } else {
            let character = rest.chars().next().unwrap_or_default();
            return Err(self.error(format!("unexpected char {character:?}")));
        };
        self.push(token);
        self.skip(length);
        Ok(())
    }
}

/// The sign of whitespace control that a tag begins with.
fn sign(tag: &str) -> Option<u8> {
    tag.bytes().next().filter(|byte| b"-+".contains(byte))
}

/// Length of what a tag's end takes along: all blanks after `-`, nothing after `+`, else one line end.
fn blanks_after(sign: Option<u8>, text: &str) -> usize {
    match sign {
        Some(b'-') => text.len() - text.trim_start_matches(is_space).len(),
        Some(b'+') => 0,
        _ => usize::from(text.starts_with('\n')),
    }
}

/// Sign and length of a block's end.
fn block_end(text: &str) -> Option<(Option<u8>, usize)> {
    let sign = sign(text);
    let length = usize::from(sign.is_some());
    text[length..].starts_with("%}").then_some((sign, length + 2))
}

/// Length of the rest of `{% raw %}`, which does not take the line end along.
fn raw_begin(text: &str) -> Option<usize> {
    let after = text.trim_start_matches(is_space).strip_prefix("raw")?.trim_start_matches(is_space);
    let (sign, length) = block_end(after).filter(|(sign, _)| *sign != Some(b'+'))?;
    let end = text.len() - after.len() + length;
    Some(end + if sign.is_some() { blanks_after(sign, &text[end..]) } else { 0 })
}

/// Length of digits with single `_` between them.
fn digits(text: &str, is_digit: impl Fn(u8) -> bool) -> usize {
    let mut length = 0;
    let bytes = text.as_bytes();
    while let Some(&byte) = bytes.get(length) {
        let between =
            byte == b'_' && length > 0 && bytes.get(length + 1).is_some_and(|&next| is_digit(next));
        if !is_digit(byte) && !between {
            break;
        }
        length += 1;
    }
    length
}

fn float(text: &str) -> Option<usize> {
    let decimal = |text: &str| digits(text, |byte| byte.is_ascii_digit());
    let whole = decimal(text);
    if whole == 0 {
        return None;
    }
    let fraction = text[whole..].strip_prefix('.').map_or(0, decimal);
    let until = if fraction > 0 { whole + 1 + fraction } else { whole };
    let exponent = text[until..].strip_prefix(['e', 'E']).map_or(0, |text| {
        let sign = usize::from(text.starts_with(['+', '-']));
        match decimal(&text[sign..]) {
            0 => 0,
            length => 1 + sign + length,
        }
    });
    (fraction + exponent > 0).then_some(until + exponent)
}

fn integer(text: &str) -> Option<usize> {
    let first = text.bytes().next().filter(u8::is_ascii_digit)?;
    if first != b'0' {
        return Some(digits(text, |byte| byte.is_ascii_digit()));
    }
    let (head, tail) = text.split_at_checked(2).unwrap_or((text, ""));
    let is_digit: fn(u8) -> bool = match head {
        "0b" | "0B" => |byte| b"01".contains(&byte),
        "0o" | "0O" => |byte| (b'0'..b'8').contains(&byte),
        "0x" | "0X" => |byte| byte.is_ascii_hexdigit(),
        _ => return Some(digits(text, |byte| byte == b'0')),
    };
    let underscore = usize::from(tail.starts_with('_'));
    match digits(&tail[underscore..], is_digit) {
        0 => Some(1),
        length => Some(2 + underscore + length),
    }
}

fn name(text: &str) -> Option<usize> {
    let is_part = |c: char| c == '_' || c.is_alphanumeric();
    let length = text.find(|c| !is_part(c)).unwrap_or(text.len());
    (length > 0).then_some(length)
}

/// Length of a string with its quotes.
fn string(text: &str) -> Option<usize> {
    let quote = text.bytes().next().filter(|byte| b"'\"".contains(byte))?;
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == quote && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map(|end| end + 2)
}
