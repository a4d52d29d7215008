//! A chat on a terminal: what is typed and pasted.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;
#[path = "support/tiny.rs"]
mod tiny;

use std::fs::File;
use std::io::Write;
use std::path::Path;

use rexpect::process::WaitStatus;
use rexpect::session::{PtySession, spawn_command};

// What the session reads are bytes: other characters than ASCII come as several.

/// Longest wait for what must come, in ms.
const PATIENCE: u64 = 60_000;

/// A chat with the model that says what it was asked.
struct Chat {
    session: PtySession,
    keyboard: File,
}

impl Chat {
    fn start(name: &str) -> Self {
        let path = tiny::folder(name).join("echo.gguf");
        tiny::write(&path, Some(tiny::ECHO));
        Self::with(&path)
    }

    fn with(model: &Path) -> Self {
        let mut command = support::entropix();
        command.arg("chat").arg("--model").arg(model).env("TERM", "xterm");
        let session = spawn_command(command, Some(PATIENCE)).unwrap();
        let keyboard = session.process().get_file_handle().unwrap();
        let mut chat = Self { session, keyboard };
        chat.sees("/help lists");
        // Asked for with the first prompt: keys that come earlier are echoed by the terminal itself.
        chat.sees("\x1b[?2004h");
        chat
    }

    fn types(&mut self, bytes: impl AsRef<[u8]>) {
        self.keyboard.write_all(bytes.as_ref()).unwrap();
        self.keyboard.flush().unwrap();
    }

    fn sees(&mut self, text: &str) {
        if let Err(error) = self.session.exp_string(text) {
            panic!("{text:?} did not come: {error}");
        }
    }

    /// Waits for the answer, and for the next prompt.
    fn got(&mut self, message: &str) {
        self.sees(&format!("got {} <{message}>", message.len()));
        self.sees("\x1b[?2004h");
    }

    fn ends(mut self) {
        self.session.exp_eof().unwrap();
        let ended = self.session.process().wait().unwrap();
        assert!(matches!(ended, WaitStatus::Exited(_, 0)), "{ended:?}");
    }
}

#[test]
fn pasted_lines_are_one_message() {
    let mut chat = Chat::start("paste");
    let lines = support::workspace().join("tests/golden/terminal/pasted-lines.txt");
    let lines = std::fs::read_to_string(lines).unwrap();
    chat.types(format!("\x1b[200~{lines}\x1b[201~"));
    chat.types("\r");
    chat.got("Translate:|un|deux");
    chat.types("\x1b[200~/help\r\nis text here\x1b[201~\r");
    chat.sees("There is no command");
    chat.types("\x1b[200~//help\r\nis text here\x1b[201~\r");
    chat.got("/help|is text here");
    chat.types("\x04");
    chat.ends();
}

#[test]
fn keys_edit_the_line_and_lines_have_any_length() {
    let mut chat = Chat::start("keys");
    chat.types("ad\x1b[Dbc\r");
    chat.got("abcd");
    chat.types("\x1b[A\x7fe\r");
    chat.got("abce");
    let long = "word ".repeat(2000) + "end";
    chat.types(format!("\x1b[200~{long}\x1b[201~\r"));
    chat.got(&long);
    // Ctrl-C takes back what was typed.
    chat.types("never said\x03");
    chat.sees("once more");
    chat.sees("\x1b[?2004h");
    chat.types("said\r");
    chat.got("said");
    chat.types("\x03");
    chat.sees("once more");
    chat.types("\x03");
    chat.ends();
}

#[test]
fn what_is_typed_ahead_is_not_lost() {
    let mut chat = Chat::start("ahead");
    chat.types("one\rtwo\r");
    chat.got("one");
    chat.got("two");
    chat.types("/quit\r");
    chat.ends();
}

#[test]
fn bytes_that_are_no_text_cost_one_message() {
    let mut chat = Chat::start("bytes");
    chat.types(b"th\xe9 vert\r");
    chat.sees("no UTF-8 text");
    chat.sees("\x1b[?2004h");
    chat.types("tea\r");
    chat.got("tea");
    chat.types("\x04");
    chat.ends();
}

#[test]
fn commands_are_known_and_others_are_said() {
    let mut chat = Chat::start("commands");
    for command in ["/help", "/?"] {
        chat.types(format!("{command}\r"));
        chat.sees("//help sends");
        chat.sees("\x1b[?2004h");
    }
    chat.types("/bye\r");
    chat.sees("There is no command");
    chat.sees("\x1b[?2004h");
    for command in ["/new", "/clear"] {
        chat.types(format!("{command}\r"));
        chat.sees("\x1b[?2004h");
    }
    chat.types("//bye\r");
    chat.got("/bye");
    chat.types("/etc/passwd?\r");
    chat.got("/etc/passwd?");
    chat.types("/exit\r");
    chat.ends();
}

#[test]
fn ctrl_c_stops_an_answer_and_not_the_chat() {
    let mut chat = Chat::with(&support::model("q4_1"));
    chat.types("Write a very long poem about the sea.\r");
    // The first token has a colour.
    chat.sees("\x1b[38;2;");
    chat.types("\x03");
    chat.sees("tokens/s]");
    chat.sees("\x1b[?2004h");
    // Nothing was measured.
    chat.types("/new\r");
    chat.sees("\x1b[?2004h");
    chat.types(format!("\x1b[200~{}\x1b[201~\r", "word ".repeat(4000)));
    chat.sees("\x1b[?2004l");
    chat.types("\x03");
    chat.sees("[0 tokens \u{c2}\u{b7} prefill ");
    chat.sees("decode \u{e2}\u{80}\u{93} tokens/s]");
    chat.sees("\x1b[?2004h");
    chat.types("\x04");
    chat.ends();
}
