//! Where two answers part.

use crate::answer::Answer;

/// The first word in which two texts differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The word of the first, "" where it has ended.
    pub one: String,
    /// The word of the second.
    pub other: String,
    /// The token of the first in which it begins to differ; past the last one where it has ended.
    pub at: usize,
}

/// The first word in which two answers differ; `None` if they say the same.
pub fn difference(one: &Answer, other: &Answer) -> Option<Difference> {
    let (text, other) = (one.text(), other.text());
    let (at, [one_word, other]) = words(&text, &other)?;
    let mut end = 0;
    let before = one.entries.iter().take_while(|entry| {
        end += entry.text.len();
        end <= at
    });
    Some(Difference { at: before.count(), one: one_word, other })
}

/// The first words that differ, and the byte of the first text at which they do.
fn words(one: &str, other: &str) -> Option<(usize, [String; 2])> {
    let (mut ones, mut others) = (one.split_whitespace(), other.split_whitespace());
    loop {
        let pair = (ones.next(), others.next());
        if pair == (None, None) {
            return None;
        }
        if pair.0 != pair.1 {
            let [a, b] = [pair.0, pair.1].map(Option::unwrap_or_default);
            // Both words are parts of their text, and this one begins here.
            let start =
                if a.is_empty() { one.len() } else { a.as_ptr() as usize - one.as_ptr() as usize };
            let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b);
            let at = start + same.map(|(a, _)| a.len_utf8()).sum::<usize>();
            return Some((at, [a.to_owned(), b.to_owned()]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_that_differs() {
        for (one, other, expected) in [
            ("the same", "the same", None),
            ("", "", None),
            ("To calculate it", "To compare it", Some((4, "calculate", "compare"))),
            ("It is 9.9.", "It is 9.11.", Some((8, "9.9.", "9.11."))),
            ("It is so", "It is so because", Some((8, "", "because"))),
            ("", "Yes", Some((0, "", "Yes"))),
            ("isParis", "is Paris", Some((2, "isParis", "is"))),
            ("a  b", "a b", None),
            ("9.9 it is", "9.9", Some((4, "it", ""))),
            ("naïve", "naïf", Some((4, "naïve", "naïf"))),
            ("ab\ncd", "ab\nce", Some((4, "cd", "ce"))),
        ] {
            let found = words(one, other);
            let found = found.as_ref().map(|(at, [a, b])| (*at, a.as_str(), b.as_str()));
            assert_eq!(found, expected, "{one:?} and {other:?}");
        }
    }
}
