//! Escapes in strings, as Python's `unicode-escape` reads them.

/// Text of a string between its quotes.
///
/// # Errors
/// An escape is incomplete or no character.
pub(super) fn unescape(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = &rest[at + 1..];
        let Some(kind) = escape.chars().next() else {
            return Err("\\ at end of string".to_owned());
        };
        let after = &escape[kind.len_utf8()..];
        rest = after;
        match kind {
            '\n' => {}
            '\\' | '\'' | '"' => out.push(kind),
            'a' => out.push('\u{7}'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'v' => out.push('\u{b}'),
            '0'..='7' => {
                let length =
                    escape.bytes().take(3).take_while(|byte| (b'0'..b'8').contains(byte)).count();
                out.push(code(&escape[..length], 8)?);
                rest = &escape[length..];
            }
            'x' | 'u' | 'U' => {
                let length = match kind {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let digits =
                    after.get(..length).ok_or_else(|| format!("truncated \\{kind} escape"))?;
                out.push(code(digits, 16)?);
                rest = &after[length..];
            }
            'N' => return Err("characters by their Unicode names are not supported".to_owned()),
            other => {
                out.push('\\');
                out.push(other);
            }
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn code(digits: &str, radix: u32) -> Result<char, String> {
    let code = u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    code.ok_or_else(|| format!("the escape {digits:?} is no character"))
}

/// A string as minijinja reads it back.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '\\' => quoted.push_str("\\\\"),
            '"' => quoted.push_str("\\\""),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_pythons() {
        let cases = [
            (r"a\n\t\\\'\q", "a\n\t\\'\\q"),
            (r"\a\x41\u00e9\U0001F600\101\0", "\u{7}A\u{e9}\u{1f600}A\0"),
            ("a\\\nb", "ab"),
        ];
        for (text, right) in cases {
            assert_eq!(unescape(text).as_deref(), Ok(right), "{text}");
        }
        for text in [r"\x4", r"\u12", r"\ud800", r"\N{DASH}"] {
            assert!(unescape(text).is_err(), "{text}");
        }
    }
}
