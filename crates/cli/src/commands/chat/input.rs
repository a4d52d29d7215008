//! Where the lines of a chat come from: a terminal, with editing, or a pipe.

use std::io::{BufRead, ErrorKind, IsTerminal, stdin, stdout};

use rustyline::config::Behavior;
use rustyline::error::ReadlineError;
use rustyline::{Cmd, Config, DefaultEditor, KeyCode, KeyEvent, Modifiers};

use crate::text::BYTE_ORDER_MARK;

const PROMPT: &str = "> ";

/// Lines of a chat.
pub(super) enum Input {
    Terminal(Box<DefaultEditor>),
    /// Whether its first line was read.
    Pipe {
        begun: bool,
    },
}

/// What came.
pub(super) enum Typed {
    Line(String),
    /// Bytes that are no UTF-8.
    Unreadable,
    /// Ctrl-C.
    Interrupt,
    End,
}

impl Input {
    /// Standard input, as it is.
    pub(super) fn open() -> anyhow::Result<Self> {
        if !stdin().is_terminal() {
            return Ok(Self::Pipe { begun: false });
        }
        // What is typed is no part of an output that goes to a file.
        let behavior = if stdout().is_terminal() { Behavior::Stdio } else { Behavior::PreferTerm };
        let config = Config::builder().auto_add_history(true).behavior(behavior).build();
        let mut editor = DefaultEditor::with_config(config)?;
        editor.bind_sequence(KeyEvent(KeyCode::Enter, Modifiers::ALT), Cmd::Newline);
        Ok(Self::Terminal(Box::new(editor)))
    }

    pub(super) fn is_terminal(&self) -> bool {
        matches!(self, Self::Terminal(_))
    }

    /// Waits for a line: on a terminal, all that is typed or pasted before Enter.
    pub(super) fn read(&mut self) -> anyhow::Result<Typed> {
        match self {
            Self::Terminal(editor) => match editor.readline(PROMPT) {
                Ok(line) => Ok(Typed::Line(line)),
                Err(ReadlineError::Eof) => Ok(Typed::End),
                Err(ReadlineError::Interrupted) => Ok(Typed::Interrupt),
                Err(ReadlineError::Io(error)) if error.kind() == ErrorKind::InvalidData => {
                    Ok(Typed::Unreadable)
                }
                Err(error) => Err(error.into()),
            },
            Self::Pipe { begun } => {
                let mut line = Vec::new();
                if stdin().lock().read_until(b'\n', &mut line)? == 0 {
                    return Ok(Typed::End);
                }
                let mark = if std::mem::replace(begun, true) { "" } else { BYTE_ORDER_MARK };
                let line = line.strip_prefix(mark.as_bytes()).unwrap_or(&line);
                Ok(std::str::from_utf8(line)
                    .map_or(Typed::Unreadable, |line| Typed::Line(line.to_owned())))
            }
        }
    }
}
