//! JSON Lines: a request per line, an answer per line, in order.

use std::io::{BufRead, Write};

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::failure::Failure;
use crate::output::out;
use crate::text::BYTE_ORDER_MARK;

/// Answers every line of standard input. A bad line gets an error, and the stream goes on.
pub(crate) fn run<T: DeserializeOwned>(
    answer: impl FnMut(T) -> Result<Value, Failure>,
) -> anyhow::Result<()> {
    serve(std::io::stdin().lock(), out(), answer)
}

fn serve<T: DeserializeOwned>(
    mut input: impl BufRead,
    mut output: impl Write,
    mut answer: impl FnMut(T) -> Result<Value, Failure>,
) -> anyhow::Result<()> {
    let (mut line, mut first) = (Vec::new(), true);
    while input.read_until(b'\n', &mut line)? > 0 {
        let mark = if std::mem::take(&mut first) { BYTE_ORDER_MARK } else { "" };
        let request = line.strip_prefix(mark.as_bytes()).unwrap_or(&line);
        if !request.trim_ascii().is_empty() {
            let result = read(request).and_then(&mut answer);
            let json = result.unwrap_or_else(|failure| failure.to_json());
            writeln!(output, "{json}")?;
            output.flush()?;
        }
        line.clear();
    }
    Ok(())
}

/// Reads a request; the error names the field.
fn read<T: DeserializeOwned>(request: &[u8]) -> Result<T, Failure> {
    let mut json = serde_json::Deserializer::from_slice(request);
    let read = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        let named = path == "." || error.is_syntax() || error.is_eof();
        Failure::bad_request(if named { error.to_string() } else { format!("{path}: {error}") })
    })?;
    json.end()?;
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Request {
        n: i32,
    }

    #[test]
    fn bad_lines_do_not_end_the_stream() {
        let input = b"{\"n\":1}\n\nnonsense\n\xff\xfe\n{\"m\":2}\n{\"n\":3}";
        let lines = answers(input);
        assert_eq!(lines.len(), 5);
        assert_eq!((&lines[0], &lines[4]), (&Value::from(1), &Value::from(3)));
        for line in &lines[1..4] {
            assert_eq!(line["error"]["kind"], "bad_request");
        }
    }

    fn answers(input: &[u8]) -> Vec<Value> {
        let mut output = Vec::new();
        serve(input, &mut output, |request: Request| Ok(Value::from(request.n))).unwrap();
        let lines = output.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
    }

    #[test]
    fn a_byte_order_mark_is_skipped_where_a_text_begins() {
        assert_eq!(answers(b"\xef\xbb\xbf{\"n\":1}\r\n{\"n\":2}\r\n"), [1, 2].map(Value::from));
        assert_eq!(answers(b"\xef\xbb\xbf\n{\"n\":2}"), [Value::from(2)]);
        let inside = answers(b"{\"n\":1}\n\xef\xbb\xbf{\"n\":2}\n");
        assert_eq!(inside[1]["error"]["kind"], "bad_request");
    }

    #[test]
    fn an_error_names_the_field() {
        for (request, words) in [
            ("{\"n\":-3000000000}", "n: invalid value: integer `-3000000000`, expected i32"),
            ("{\"n\":\"one\"}", "n: invalid type: string \"one\", expected i32"),
            ("{}", "missing field `n`"),
            ("{\"n\":1", "EOF while parsing an object"),
            ("{\"n\":1} 2", "trailing characters"),
        ] {
            let message = answers(request.as_bytes())[0]["error"]["message"].to_string();
            assert!(message.replace("\\\"", "\"").starts_with(&format!("\"{words}")), "{message}");
        }
    }
}
