//! Numbers and facts in words.

use entropix_protocol::{Finish, Verdict};

use crate::manifest::Model;

/// `98.4 MB`: decimal, as download sizes are given.
pub fn megabytes(bytes: f64) -> String {
    if bytes >= 999_500_000.0 {
        format!("{:.2} GB", bytes / 1e9)
    } else {
        format!("{:.1} MB", bytes / 1e6)
    }
}

/// `41.0 of 98.4 MB are here.`
pub fn here(model: &Model) -> String {
    format!("{} of {} are here.", megabytes(model.here), megabytes(model.bytes))
}

/// `312 MiB`: binary, as memory is counted.
pub fn mebibytes(bytes: f64) -> String {
    format!("{:.0} MiB", bytes / 1_048_576.0)
}

/// The first words of a text in one line, of at most so many letters.
pub fn beginning(text: &str, letters: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().take(letters).collect();
    let line = words.join(" ");
    if line.chars().count() <= letters {
        return line;
    }
    let short: String = line.chars().take(letters).collect();
    let end = short.rfind(' ').filter(|end| *end > short.len() / 2).unwrap_or(short.len());
    format!("{} …", short.get(..end).unwrap_or_default())
}

/// `49,142`.
pub fn thousands(n: u32) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// One decimal below a hundred, none above.
pub fn speed(x: f64) -> String {
    if x < 99.95 { format!("{x:.1}") } else { format!("{x:.0}") }
}

/// Two decimals, or three where the first two would be nearly nothing.
pub fn quantity(x: f64) -> String {
    if x != 0.0 && x < 0.1 { format!("{x:.3}") } else { format!("{x:.2}") }
}

/// A token by itself, with its spaces and line ends made visible; bytes as they are, `⟨E2 80⟩`.
pub fn visible(label: &str) -> String {
    if label.is_empty() {
        return "∅".to_owned();
    }
    let bytes = label.strip_prefix('⟨').and_then(|rest| rest.strip_suffix('⟩'));
    if bytes.is_some_and(|bytes| bytes.chars().all(|c| c == ' ' || c.is_ascii_hexdigit())) {
        return label.to_owned();
    }
    label.replace('\n', "↵").replace('\t', "⇥").replace(' ', "␣")
}

/// A token within a sentence: `“compare”`; blanks alone are made visible.
pub fn quoted(label: &str) -> String {
    let word = label.trim();
    if word.is_empty() { format!("“{}”", visible(label)) } else { format!("“{word}”") }
}

/// Why an answer ended, if it did not end by itself.
pub fn ending(finish: Finish) -> Option<&'static str> {
    match finish {
        Finish::EndOfTurn => None,
        Finish::MaxTokens => Some("Ended at the token limit."),
        Finish::ContextFull => Some("Ended because the context is full."),
        Finish::Stopped => Some("Stopped."),
    }
}

/// What came of hashing a stored model again.
pub(crate) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Sound => "checked: its SHA-256 is right",
        Verdict::Damaged => "was damaged, and is removed",
        Verdict::Unreadable => "can’t be read now; try again later",
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Table {
        visible: Vec<(String, String)>,
        quantity: Vec<(f64, String)>,
        thousands: Vec<(u32, String)>,
    }

    /// What the elements say too, they say alike: their test reads the same table.
    fn table() -> Table {
        serde_json::from_str(include_str!("../../../tests/golden/words.json")).unwrap()
    }

    #[test]
    fn sizes() {
        assert_eq!(megabytes(98_400_000.0), "98.4 MB");
        assert_eq!(megabytes(1_230_000_000.0), "1.23 GB");
        assert_eq!(mebibytes(268_435_456.0), "256 MiB");
    }

    #[test]
    fn quantities() {
        for (x, text) in table().quantity {
            assert_eq!(quantity(x), text);
        }
    }

    #[test]
    fn tokens() {
        for (label, seen) in table().visible {
            assert_eq!(visible(&label), seen);
        }
    }

    #[test]
    fn quotes() {
        for (label, text) in [(" compare", "“compare”"), (" ", "“␣”"), ("\n\n", "“↵↵”")]
        {
            assert_eq!(quoted(label), text);
        }
    }

    #[test]
    fn counts() {
        for (n, text) in table().thousands {
            assert_eq!(thousands(n), text);
        }
    }
}
