//! Numbers and facts in words.

use entropix::{Action, Decision, Quadrant};
use entropix_protocol::{Finish, TokenEntry};

/// What the sampler did, as the marks and the legend tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Took the most probable token.
    Argmax,
    /// Inserted the pause token, or drew because that was done already.
    Insert,
    /// Drew at the temperature for low H and high V.
    Branch,
    /// Drew at the temperature for high H and high V.
    Resample,
    /// Drew with numbers that follow H and V.
    Adaptive,
    /// Drew as every sampler does.
    Plain,
}

impl Rule {
    /// All of them, in the order of the legend.
    pub const ALL: [Self; 6] =
        [Self::Argmax, Self::Insert, Self::Branch, Self::Resample, Self::Adaptive, Self::Plain];

    /// The rule behind a decision.
    pub fn of(decision: &Decision) -> Self {
        match (decision.action, decision.quadrant) {
            (Action::Insert, _) | (_, Some(Quadrant::Helv)) => Self::Insert,
            (_, Some(Quadrant::Lehv)) => Self::Branch,
            (_, Some(Quadrant::Hehv)) => Self::Resample,
            (_, Some(Quadrant::Adaptive)) => Self::Adaptive,
            (_, Some(Quadrant::Lelv)) | (Action::Argmax, None) => Self::Argmax,
            (_, None) => Self::Plain,
        }
    }

    /// Name for class attributes.
    pub fn class(self) -> &'static str {
        match self {
            Self::Argmax => "argmax",
            Self::Insert => "insert",
            Self::Branch => "branch",
            Self::Resample => "resample",
            Self::Adaptive => "adaptive",
            Self::Plain => "plain",
        }
    }

    /// What it does, for the legend and for screen readers.
    pub fn words(self) -> &'static str {
        match self {
            Self::Argmax => "argmax: took the most probable token",
            Self::Insert => {
                "insert: high H, low V, put in a pause (the first time; then drew hotter)"
            }
            Self::Branch => "branch: low H, high V, drew one token a little hotter",
            Self::Resample => "resample: high H, high V, drew one token much hotter",
            Self::Adaptive => "adaptive: temperature follows H and V",
            Self::Plain => "plain draw",
        }
    }
}

/// `98.4 MB`: decimal, as download sizes are given.
pub fn megabytes(bytes: f64) -> String {
    if bytes >= 999_500_000.0 {
        format!("{:.2} GB", bytes / 1e9)
    } else {
        format!("{:.1} MB", bytes / 1e6)
    }
}

/// `312 MiB`: binary, as memory is counted.
pub fn mebibytes(bytes: f64) -> String {
    format!("{:.0} MiB", bytes / 1_048_576.0)
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

/// A probability in per cent with sensible precision: `87.3 %`, `0.42 %`, `< 0.01 %`.
pub fn percent(p: f64) -> String {
    let p = p * 100.0;
    if (99.995..100.0).contains(&p) {
        "> 99.99 %".to_owned()
    } else if p >= 9.95 {
        format!("{p:.1} %")
    } else if p >= 0.01 {
        format!("{p:.2} %")
    } else if p > 0.0 {
        "< 0.01 %".to_owned()
    } else {
        "0 %".to_owned()
    }
}

/// Two decimals, or three below one tenth.
pub fn quantity(x: f64) -> String {
    if x.abs() < 0.1 && x != 0.0 { format!("{x:.3}") } else { format!("{x:.2}") }
}

/// One decimal below a hundred, none above.
pub fn speed(x: f64) -> String {
    if x < 99.95 { format!("{x:.1}") } else { format!("{x:.0}") }
}

/// A token by itself, with its spaces and line ends made visible.
pub fn visible(label: &str) -> String {
    if label.is_empty() {
        return "∅".to_owned();
    }
    label.replace('\n', "↵").replace('\t', "⇥").replace(' ', "␣")
}

/// A token's text as blanks before the word, the word, and line ends after it. A token of blanks
/// alone is its own word; one with nothing but blanks and a line end has an empty word.
pub fn parts(text: &str) -> (&str, &str, &str) {
    let word = text.trim_start();
    if word.is_empty() {
        return if text.contains('\n') { ("", "", text) } else { ("", text, "") };
    }
    let (before, _) = text.split_at(text.len() - word.len());
    let core = word.trim_end_matches('\n');
    (before, core, &word[core.len()..])
}

/// 0 → `1st`: the place of a token among all others.
pub fn place(rank: u32) -> String {
    let n = rank.saturating_add(1);
    let ending = match (n % 100, n % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{}{ending}", thousands(n))
}

/// A token for a screen reader: what it says, how sure the model was, what the sampler did.
pub fn spoken(entry: &TokenEntry) -> String {
    let word = match entry.label.trim() {
        "" if entry.label.contains('\n') => "line break",
        "" => "space",
        word => word,
    };
    let u = entry.decision.uncertainty;
    format!(
        "{word}, entropy {:.1} bits, varentropy {:.1} bits², {}",
        u.entropy_bits,
        u.varentropy_bits2,
        Rule::of(&entry.decision).words()
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(megabytes(98_400_000.0), "98.4 MB");
        assert_eq!(megabytes(1_230_000_000.0), "1.23 GB");
        assert_eq!(mebibytes(268_435_456.0), "256 MiB");
    }

    #[test]
    fn counts_and_places() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(49_142), "49,142");
        assert_eq!(thousands(1_000_000), "1,000,000");
        for (rank, text) in [(0, "1st"), (1, "2nd"), (2, "3rd"), (10, "11th"), (110, "111th")] {
            assert_eq!(place(rank), text);
        }
    }

    #[test]
    fn probabilities() {
        assert_eq!(percent(1.0), "100.0 %");
        assert_eq!(percent(0.999_99), "> 99.99 %");
        assert_eq!(percent(0.873), "87.3 %");
        assert_eq!(percent(0.0042), "0.42 %");
        assert_eq!(percent(0.000_01), "< 0.01 %");
        assert_eq!(percent(0.0), "0 %");
    }

    #[test]
    fn parts_add_up() {
        for (text, expected) in [
            (" larger", (" ", "larger", "")),
            ("re", ("", "re", "")),
            ("\n\n", ("", "", "\n\n")),
            ("  ", ("", "  ", "")),
            (".\n", ("", ".", "\n")),
            ("\n  x", ("\n  ", "x", "")),
            ("", ("", "", "")),
        ] {
            assert_eq!(parts(text), expected);
        }
    }

    #[test]
    fn tokens_by_themselves() {
        assert_eq!(visible(" larger"), "␣larger");
        assert_eq!(visible("\n\n"), "↵↵");
        assert_eq!(visible(""), "∅");
    }
}
