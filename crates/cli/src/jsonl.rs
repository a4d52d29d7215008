//! JSON Lines: a request per line, an answer per line, in order.

use std::io::{BufRead, Write};

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::failure::Failure;

/// Answers every line of standard input. A bad line gets an error, and the stream goes on.
pub(crate) fn run<T: DeserializeOwned>(
    answer: impl FnMut(T) -> Result<Value, Failure>,
) -> anyhow::Result<()> {
    serve(std::io::stdin().lock(), std::io::stdout().lock(), answer)
}

fn serve<T: DeserializeOwned>(
    mut input: impl BufRead,
    mut output: impl Write,
    mut answer: impl FnMut(T) -> Result<Value, Failure>,
) -> anyhow::Result<()> {
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        if !line.trim_ascii().is_empty() {
            let result = serde_json::from_slice(&line).map_err(Failure::from).and_then(&mut answer);
            let json = result.unwrap_or_else(|failure| failure.to_json());
            serde_json::to_writer(&mut output, &json)?;
            output.write_all(b"\n")?;
            output.flush()?;
        }
        line.clear();
    }
    Ok(())
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
        let mut output = Vec::new();
        serve(&input[..], &mut output, |request: Request| Ok(Value::from(request.n))).unwrap();
        let lines: Vec<Value> = output
            .split(|&b| b == b'\n')
            .filter(|l| !l.is_empty())
            .map(|l| serde_json::from_slice(l).unwrap())
            .collect();
        assert_eq!(lines.len(), 5);
        assert_eq!((&lines[0], &lines[4]), (&Value::from(1), &Value::from(3)));
        for line in &lines[1..4] {
            assert_eq!(line["error"]["kind"], "bad_request");
        }
    }
}
