//! Yes or no.

use super::sentences;

/// What begins a verdict in the middle of a sentence.
const LEADS: [&str; 4] = ["answer is", "answer:", "answer to this is", "the verdict is"];

/// Whether a text says yes: at the beginning of a sentence, or after "the answer is". One that says both
/// says neither.
pub(super) fn verdict(text: &str) -> Option<bool> {
    let mut said = None;
    for sentence in sentences(text) {
        let lower = sentence.to_lowercase();
        let led = LEADS.iter().filter_map(|lead| lower.split_once(lead)).map(|(_, after)| after);
        for part in std::iter::once(lower.as_str()).chain(led) {
            let word = part
                .trim_start_matches(|c: char| !c.is_alphanumeric())
                .split(|c: char| !c.is_alphanumeric())
                .next();
            let here = match word {
                Some("yes") => true,
                Some("no") if !part.contains("no one") && !is_noun(part) => false,
                _ => continue,
            };
            if said.is_some_and(|said| said != here) {
                return None;
            }
            said = Some(here);
        }
    }
    said
}

/// "No doubt", "No way to tell": a "no" without a stop after it belongs to a noun.
fn is_noun(part: &str) -> bool {
    let after = part.trim_start_matches(|c: char| !c.is_alphanumeric());
    let after = after.strip_prefix("no").unwrap_or_default();
    let after = after.trim_start_matches(['*', '_', '"', '”']);
    after.starts_with(' ')
        && after.trim_start().starts_with(char::is_alphanumeric)
        && !["it", "that", "this", "the", "they", "he", "she", "you", "i", "we", "there"]
            .contains(&after.split_whitespace().next().unwrap_or_default())
}
