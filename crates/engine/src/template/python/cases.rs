//! Upper, lower and title case.

/// Whether a text has letters with a case, and all of them are `lower` or `upper`.
pub(in crate::template) fn is_case(text: &str, case: &str) -> bool {
    let (lower, upper) = (text.contains(char::is_lowercase), text.contains(char::is_uppercase));
    if case == "lower" { lower && !upper } else { upper && !lower }
}

pub(super) fn is_cased(character: char) -> bool {
    character.is_lowercase() || character.is_uppercase()
}

/// A character's title case, nearly: `ß` becomes `Ss`.
fn titlecase(character: char) -> impl Iterator<Item = char> {
    let mut upper = character.to_uppercase();
    upper.next().into_iter().chain(upper.flat_map(char::to_lowercase))
}

pub(in crate::template) fn capitalize(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(titlecase);
    first.chain(characters.as_str().to_lowercase().chars()).collect()
}

pub(super) fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_word = false;
    for character in text.chars() {
        if in_word {
            out.extend(character.to_lowercase());
        } else {
            out.extend(titlecase(character));
        }
        in_word = is_cased(character);
    }
    out
}

pub(super) fn swapcase(text: &str) -> String {
    let swap = |c: char| {
        if c.is_uppercase() { c.to_lowercase().to_string() } else { c.to_uppercase().to_string() }
    };
    text.chars().map(swap).collect()
}
