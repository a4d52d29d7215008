//! What a line of a chat asks for.

/// A command, or a message to the model.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    Nothing,
    Help,
    New,
    Quit,
    /// It looks like a command, and is none.
    Unknown(&'a str),
    Message(&'a str),
}

/// What people are told of it.
pub(super) const HELP: &str = "\
/new, /clear    starts over
/help           says this
/quit, /exit    ends, as Ctrl-D does
//              sends a text that begins with /: //help sends “/help”
Ctrl-C stops an answer. Pasted lines are one message. Up and Down go through what was said.";

/// Reads a line. A command is one word; `/usr/bin` and `/ 2` are text.
pub(super) fn read(line: &str) -> Line<'_> {
    let line = line.trim();
    if line.is_empty() {
        return Line::Nothing;
    }
    let Some(rest) = line.strip_prefix('/') else { return Line::Message(line) };
    if rest.starts_with('/') {
        return Line::Message(rest);
    }
    match rest {
        "help" | "?" => Line::Help,
        "new" | "clear" => Line::New,
        "quit" | "exit" => Line::Quit,
        _ => {
            let word =
                rest.split_whitespace().next().filter(|_| !rest.starts_with(char::is_whitespace));
            let is_name =
                |word: &&str| word.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
            word.filter(is_name).map_or(Line::Message(line), |_| Line::Unknown(line))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_commands_or_messages() {
        for (line, wanted) in [
            ("", Line::Nothing),
            ("  \t", Line::Nothing),
            ("/help", Line::Help),
            ("/?", Line::Help),
            (" /new ", Line::New),
            ("/clear", Line::New),
            ("/quit", Line::Quit),
            ("/exit", Line::Quit),
            ("/bye", Line::Unknown("/bye")),
            ("/Help", Line::Unknown("/Help")),
            ("/new chat", Line::Unknown("/new chat")),
            ("//help", Line::Message("/help")),
            ("// a comment", Line::Message("/ a comment")),
            ("///", Line::Message("//")),
            ("/", Line::Message("/")),
            ("/ 2", Line::Message("/ 2")),
            ("/usr/bin/env python3", Line::Message("/usr/bin/env python3")),
            ("/a.txt?", Line::Message("/a.txt?")),
            ("1/2", Line::Message("1/2")),
            (" Translate:\nun\ndeux\n", Line::Message("Translate:\nun\ndeux")),
        ] {
            assert_eq!(read(line), wanted, "{line:?}");
        }
    }
}
