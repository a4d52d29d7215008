//! Tokens to text, one at a time, never breaking a character.

use super::Tokenizer;

/// Bytes of a character that is not complete yet.
#[derive(Clone, Debug, Default)]
pub struct TextStream {
    pending: Vec<u8>,
    /// The next text begins with a space that is none of its own.
    skip_space: bool,
}

impl TextStream {
    /// The start of a text.
    pub fn new(tokenizer: &Tokenizer) -> Self {
        Self { pending: Vec::new(), skip_space: tokenizer.adds_space() }
    }

    /// Text that goes on where other text ended: a space at its start is its own.
    pub fn continued() -> Self {
        Self::default()
    }

    /// Adds a token; returns the text that is complete now. Control tokens have no text.
    pub fn push(&mut self, tokenizer: &Tokenizer, id: u32) -> String {
        if tokenizer.is_control(id) {
            return String::new();
        }
        let bytes = tokenizer.token_bytes(id);
        let space = usize::from(self.skip_space && bytes.first() == Some(&b' '));
        self.skip_space = false;
        self.push_bytes(&bytes[space..])
    }

    /// What is left when no more tokens come: U+FFFD for an unfinished character.
    pub fn finish(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.pending)).into_owned()
    }

    fn push_bytes(&mut self, bytes: &[u8]) -> String {
        self.pending.extend_from_slice(bytes);
        let mut text = String::new();
        let mut done = 0;
        for chunk in self.pending.utf8_chunks() {
            text.push_str(chunk.valid());
            done += chunk.valid().len();
            let invalid = chunk.invalid();
            if invalid.is_empty() || is_unfinished(&self.pending, done) {
                break;
            }
            text.push(char::REPLACEMENT_CHARACTER);
            done += invalid.len();
        }
        self.pending.drain(..done);
        text
    }
}

/// Whether the bytes from `at` on are the start of a character whose end has not come yet.
fn is_unfinished(bytes: &[u8], at: usize) -> bool {
    bytes.get(at..).is_some_and(|rest| {
        std::str::from_utf8(rest)
            .is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// However the bytes are cut, the pieces join to what a lossy decoding of all of them gives.
        #[test]
        fn cuts_do_not_matter(bytes in proptest::collection::vec(any::<u8>(), 0..64), cut in 1..7_usize) {
            let mut stream = TextStream::default();
            let mut text: String = bytes.chunks(cut).map(|chunk| stream.push_bytes(chunk)).collect();
            text.push_str(&stream.finish());
            prop_assert_eq!(text, String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn characters_come_whole(text in "\\PC{0,20}") {
            let mut stream = TextStream::default();
            let mut joined = String::new();
            for byte in text.bytes() {
                let piece = stream.push_bytes(&[byte]);
                prop_assert!(!piece.contains(char::REPLACEMENT_CHARACTER) || text.contains(char::REPLACEMENT_CHARACTER));
                joined.push_str(&piece);
            }
            prop_assert_eq!(joined, text);
            prop_assert_eq!(stream.finish(), "");
        }
    }
}
