//! Texts as words.

/// The words of a text: letters and digits, in lower case, without the usual accents.
pub(super) fn words(text: &str) -> Vec<String> {
    let plain: String = text.chars().flat_map(char::to_lowercase).map(plain).collect();
    // An apostrophe is inside a word.
    let plain = plain.replace(['\'', '’'], "");
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Where a phrase begins in a line, from a word on.
pub(super) fn place(line: &[String], phrase: &[String], from: usize) -> Option<usize> {
    let rest = line.get(from..)?;
    let at = rest.windows(phrase.len().max(1)).position(|part| part == phrase)?;
    Some(from + at)
}

fn plain(letter: char) -> char {
    const ACCENTS: [(&str, char); 7] = [
        ("áàâäãåā", 'a'),
        ("éèêëē", 'e'),
        ("íìîïı", 'i'),
        ("óòôöõøō", 'o'),
        ("úùûüū", 'u'),
        ("ñ", 'n'),
        ("ç", 'c'),
    ];
    let found = ACCENTS.iter().find(|(accented, _)| accented.contains(letter));
    found.map_or(letter, |(_, plain)| *plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_letters_and_digits() {
        assert_eq!(words("It's “São Paulo”, No. 7!"), ["its", "sao", "paulo", "no", "7"]);
        assert!(words(" … ").is_empty());
        let line = words("a b a b c");
        assert_eq!(place(&line, &words("a b c"), 0), Some(2));
        assert_eq!((place(&line, &words("b"), 2), place(&line, &words("b"), 9)), (Some(3), None));
    }
}
