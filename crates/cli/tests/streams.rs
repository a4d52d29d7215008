//! What goes in through pipes, and out to terminals, pipes and full disks.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;
#[path = "support/tiny.rs"]
mod tiny;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn model(folder: &str, name: &str, template: Option<&str>) -> PathBuf {
    let path = tiny::folder(folder).join(name);
    tiny::write(&path, template);
    path
}

fn chat(model: &Path, options: &[&str], input: &[u8]) -> Output {
    let mut command = support::entropix();
    command.arg("chat").arg("--model").arg(model).args(options);
    run(command, input)
}

fn run(mut command: Command, input: &[u8]) -> Output {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    // It may end before it reads.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn golden(name: &str) -> Vec<u8> {
    std::fs::read(support::workspace().join("tests/golden/terminal").join(name)).unwrap()
}

#[test]
fn a_chat_through_a_pipe_skips_a_byte_order_mark_and_lines_that_are_no_text() {
    let echo = model("pipe", "echo.gguf", Some(tiny::ECHO));
    let input =
        [b"\xef\xbb\xbfone\r\n", &*golden("latin1-line.txt"), b"two\n\n/new\n//x\nlast"].concat();
    let output = chat(&echo, &[], &input);
    assert!(output.status.success());
    let said: Vec<&str> = text(&output.stdout)
        .lines()
        .filter(|line| line.contains("got ") || line.contains("UTF-8"))
        .collect();
    let count = said.iter().filter(|line| line.contains("UTF-8")).count();
    assert_eq!((said.len(), count), (5, 1), "{said:?}");
    for (line, words) in
        said.iter().zip(["got 3 <one>", "UTF-8", "got 3 <two>", "got 2 </x>", "got 4 <last>"])
    {
        assert!(line.contains(words), "{line}");
    }
}

#[test]
fn json_lines_with_a_byte_order_mark_are_all_answered() {
    let tiny = model("mark", "tiny.gguf", None);
    let mut command = support::entropix();
    command.args(["tokenize", "--jsonl", "--model"]).arg(&tiny);
    let output = run(command, &golden("bom.jsonl"));
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line.starts_with("{\"ids\":[")), "{lines:?}");
}

#[test]
fn a_bad_seed_is_named() {
    let tiny = model("seed", "tiny.gguf", None);
    let mut command = support::entropix();
    command.args(["generate", "--jsonl", "--model"]).arg(&tiny);
    let output = run(command, b"{\"prompt\":\"a\",\"seed\":-1}\n{\"prompt\":\"a\",\"seed\":1.5}\n");
    for line in text(&output.stdout).lines() {
        assert!(line.contains("seed: ") && line.contains("whole number from 0 to"), "{line}");
    }
    for seed in ["-1", "1.5", "18446744073709551616", "x"] {
        let output = chat(&tiny, &["--seed", seed], b"");
        let said = text(&output.stderr);
        assert!(said.contains("a seed is a whole number from 0 to 18446744073709551615"), "{said}");
        assert_eq!(output.status.code(), Some(2));
    }
}

/// Nothing here may move a cursor, set a title or turn the text around.
fn harmless(bytes: &[u8]) {
    for c in text(bytes).chars() {
        assert!(c == '\n' || c == '\t' || !c.is_control(), "{c:?} in {:?}", text(bytes));
        assert!(!('\u{202a}'..='\u{202e}').contains(&c), "{c:?} in {:?}", text(bytes));
    }
}

#[test]
fn what_a_template_says_does_not_steer_the_terminal() {
    let evil = "{{ raise_exception('\x1b[2J\u{9b}31m\x07\u{202e}') }}";
    let evil = model("template", "evil.gguf", Some(evil));
    let output = chat(&evil, &[], b"Hello\n");
    harmless(&output.stdout);
    assert!(text(&output.stdout).contains("␛[2J⟨U+009B⟩31m␇⟨U+202E⟩"), "{}", text(&output.stdout));
    let mut command = support::entropix();
    command.args(["record", "--prompt", "Hello", "--model"]).arg(&evil);
    let output = run(command, b"");
    harmless(&output.stderr);
    assert!(text(&output.stderr).contains("␛[2J"), "{}", text(&output.stderr));
}

#[test]
fn what_a_model_says_does_not_steer_the_terminal() {
    // Its tokens are bytes, and nearly equally probable.
    let tiny = model("says", "tiny.gguf", None);
    let mut signs = 0;
    for seed in ["1", "2", "3", "4", "5", "6"] {
        let options = [
            "--sampler",
            "{\"temperature\":3,\"top_p\":1,\"top_k\":0}",
            "--seed",
            seed,
            "--explain",
        ];
        let output = chat(&tiny, &options, b"Hello\n/new\nAgain\n");
        harmless(&output.stdout);
        signs += text(&output.stdout).chars().filter(|c| ('␀'..='␡').contains(c)).count();
    }
    assert!(signs > 5, "the model said {signs} control characters");
}

#[test]
fn names_of_files_and_tensors_do_not_steer_the_terminal() {
    let missing = tiny::folder("names").join("\x1b]0;owned\x07.gguf");
    let output = chat(&missing, &[], b"");
    harmless(&output.stderr);
    assert!(text(&output.stderr).contains("␛]0;owned␇"), "{}", text(&output.stderr));
    let path = model("names", "tiny.gguf", None);
    let bytes = std::fs::read(&path).unwrap();
    let name = b"blk.1.ffn_down.weight";
    let at = bytes.windows(name.len()).position(|window| window == name).unwrap();
    let mut evil = bytes.clone();
    evil[at..at + name.len()].copy_from_slice(b"blk\x1b]0;owned\x07\nok fine");
    std::fs::write(&path, evil).unwrap();
    let output = chat(&path, &[], b"");
    harmless(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    let mut command = support::entropix();
    command.args(["figure", "curve", "-o", "a.svg", "\x1b[2J"]);
    let output = run(command, b"");
    harmless(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
}

/// Commands that write to standard output, with what they read.
fn writers(model: &Path) -> Vec<(Command, &'static [u8])> {
    let prompts = model.with_file_name("prompts.txt");
    std::fs::write(&prompts, "\u{feff}Hello\n").unwrap();
    let cases: [(&[&str], &[u8]); 7] = [
        (&["chat"], b"Hello\n"),
        (&["tokenize", "--jsonl"], b"{\"text\":\"a\"}\n"),
        (&["generate", "--jsonl"], b"{\"prompt\":\"a\",\"max_tokens\":2}\n"),
        (&["perplexity", prompts.to_str().unwrap()], b""),
        (&["perplexity", "--json", prompts.to_str().unwrap()], b""),
        (&["record", "--prompt", "Hello", "--max-tokens", "2"], b""),
        (&["calibrate", "--prompts", prompts.to_str().unwrap()], b""),
    ];
    let mut all: Vec<(Command, &[u8])> = Vec::new();
    for (arguments, input) in cases {
        let mut command = support::entropix();
        command.args(arguments).arg("--model").arg(model);
        all.push((command, input));
    }
    for arguments in [&["info"][..], &["info", "--json"]] {
        let mut info = support::entropix();
        info.args(arguments).arg(model);
        all.push((info, b""));
    }
    let mut decide = support::entropix();
    decide.args(["decide", "--jsonl"]);
    all.push((decide, b"{\"logits\":[1,2]}\n"));
    for arguments in [&["--help"][..], &["chat", "--help"], &["--version"]] {
        let mut help = support::entropix();
        help.args(arguments);
        all.push((help, b""));
    }
    all
}

fn ended(mut command: Command, input: &[u8], output: impl Into<Stdio>) -> (Option<i32>, String) {
    let piped = command.stdin(Stdio::piped()).stdout(output.into()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    drop(command);
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_reader_that_went_away_ends_every_command_quietly() {
    for (command, input) in writers(&model("gone", "tiny.gguf", None)) {
        let name = format!("{command:?}");
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        assert_eq!(ended(command, input, writer), (Some(141), String::new()), "{name}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_by_every_command() {
    for (command, input) in writers(&model("full", "tiny.gguf", None)) {
        let name = format!("{command:?}");
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let (code, said) = ended(command, input, full);
        assert_eq!(code, Some(1), "{name}: {said}");
        assert!(
            said.starts_with("error: standard output can't be written: No space"),
            "{name}: {said}"
        );
    }
}
