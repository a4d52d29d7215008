//! One of two options.

use entropix_generate::outcome::Options;

use super::Said;

/// What a line says.
pub(super) fn said(options: &Options, right: &str, line: &str) -> Said {
    match options.named(&in_words(options, line)) {
        Some(option) => Said::new(option.to_owned(), option == right),
        None => Said::nothing(),
    }
}

/// Signs in words, and without what only repeats the question.
fn in_words(options: &Options, line: &str) -> String {
    let line = line.replace("**", "");
    // What follows is the reason.
    let reason = [" because", " since", ", as ", " (", " as it "];
    let end = reason.iter().filter_map(|word| line.find(word)).min().unwrap_or(line.len());
    let mut line = line.get(..end).unwrap_or_default().to_owned();
    // "9.9 > 9.11"; of "9.11 < 9.9" the other way round.
    for (sign, turned) in [('>', false), ('<', true)] {
        if let Some((before, after)) = line.clone().split_once(sign) {
            let (before, after) = (before.trim(), after.trim().trim_end_matches('.'));
            let (one, other) = if turned { (after, before) } else { (before, after) };
            if !one.is_empty() && !other.is_empty() {
                line = format!("{one} is greater than {other}");
            }
        }
    }
    let [one, other] = options.names();
    for (a, b) in [(one, other), (other, one)] {
        for lead in ["between", "of"] {
            line = line.replace(&format!(" {lead} {a} and {b}"), "");
        }
    }
    line.replace(": ", " is ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;

    #[test]
    fn tricky_answers() {
        let options = Options::of("Which number is larger, 9.9 or 9.11?").unwrap();
        for (answer, verdict, claim) in [
            ("9.9", Verdict::Right, "9.9"),
            ("9.90", Verdict::Right, "9.9"),
            ("9.11.", Verdict::Wrong, "9.11"),
            ("**9.9**", Verdict::Right, "9.9"),
            ("The larger number is 9.9.", Verdict::Right, "9.9"),
            ("The larger number is 9.11", Verdict::Wrong, "9.11"),
            ("The larger number between 9.9 and 9.11 is 9.9.", Verdict::Right, "9.9"),
            ("The larger of 9.11 and 9.9 is 9.11.", Verdict::Wrong, "9.11"),
            ("9.9 is larger than 9.11.", Verdict::Right, "9.9"),
            ("9.11 is greater than 9.9", Verdict::Wrong, "9.11"),
            ("9.9 is larger than 9.11 because 0.9 is greater than 0.11.", Verdict::Right, "9.9"),
            ("The larger number is 9.9 because 9.9 > 9.11.", Verdict::Right, "9.9"),
            ("9.9 > 9.11", Verdict::Right, "9.9"),
            ("9.11 > 9.9.", Verdict::Wrong, "9.11"),
            ("9.11 < 9.9", Verdict::Right, "9.9"),
            ("Larger number: 9.9", Verdict::Right, "9.9"),
            ("Answer: 9.11", Verdict::Wrong, "9.11"),
            ("9.11 is smaller than 9.9", Verdict::Nothing, ""),
            ("9.11 is not larger than 9.9", Verdict::Nothing, ""),
            ("9.9 and 9.11 are equal", Verdict::Nothing, ""),
            ("9.12", Verdict::Nothing, ""),
            ("I don't know", Verdict::Nothing, ""),
        ] {
            let said = said(&options, "9.9", answer);
            assert_eq!((said.verdict, said.claim.as_str()), (verdict, claim), "{answer}");
        }
    }
}
