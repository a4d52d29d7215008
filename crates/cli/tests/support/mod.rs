//! Runs the real binary on the real models.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, missing_docs, unreachable_pub)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// The three files that the reference data speaks of.
pub const MODELS: [&str; 3] = ["q4_1", "q8_0", "q4_0"];

pub fn model(key: &str) -> PathBuf {
    let folder = std::env::var_os("ENTROPIX_MODELS")
        .map_or_else(|| workspace().join("models"), PathBuf::from);
    let path = folder.join(format!("SmolLM2-135M-Instruct.{}.gguf", key.to_uppercase()));
    assert!(path.is_file(), "{} is missing: `cargo xtask models --test` makes it", path.display());
    path
}

pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub fn golden(name: &str) -> Value {
    let path = workspace().join("tests/golden").join(name);
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap()
}

pub fn entropix() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entropix"));
    // Tests run side by side: candle's spinning threads would only wait for each other.
    command.env("RAYON_NUM_THREADS", "1");
    command
}

/// Answers of a JSON Lines command, one per request.
pub fn jsonl(
    command: &str,
    model: Option<&Path>,
    options: &[&str],
    requests: &[Value],
) -> Vec<Value> {
    let mut program = entropix();
    program.arg(command).arg("--jsonl");
    if let Some(model) = model {
        program.arg("--model").arg(model).args(options);
    }
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let lines: Vec<String> = requests.iter().map(Value::to_string).collect();
    let input = lines.join("\n") + "\n";
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let answers: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), requests.len(), "an answer per request");
    answers
}

pub fn ids(value: &Value) -> Vec<u32> {
    value.as_array().unwrap().iter().map(|id| id.as_u64().unwrap() as u32).collect()
}

pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is not a number"))
}
