//! The byte-level alphabet: every byte as a printable character (GPT-2's `bytes_to_unicode`).

/// The character of each byte: itself if it is printable, else the next free one from U+0100.
static ALPHABET: [char; 256] = {
    let mut alphabet = ['\0'; 256];
    let (mut byte, mut free) = (0_u8, 0x100);
    loop {
        alphabet[byte as usize] = if matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF) {
            byte as char
        } else {
            free += 1;
            match char::from_u32(free - 1) {
                Some(character) => character,
                None => char::REPLACEMENT_CHARACTER,
            }
        };
        if byte == u8::MAX {
            break alphabet;
        }
        byte += 1;
    }
};

/// A text in the alphabet.
pub(super) fn encode(text: &str) -> String {
    text.bytes().map(|byte| ALPHABET[byte as usize]).collect()
}

/// Characters back to bytes.
pub(super) struct ByteAlphabet {
    /// Byte of each character below U+0144, the last one used.
    bytes: Vec<Option<u8>>,
}

impl ByteAlphabet {
    pub(super) fn new() -> Self {
        let mut bytes = vec![None; 0x144];
        for (&character, byte) in ALPHABET.iter().zip(0..=u8::MAX) {
            bytes[character as usize] = Some(byte);
        }
        Self { bytes }
    }

    /// Bytes of a token's text; characters outside the alphabet stand for themselves.
    pub(super) fn decode(&self, token: &str) -> Vec<u8> {
        let mut out = Vec::with_capacity(token.len());
        for character in token.chars() {
            match self.bytes.get(character as usize).copied().flatten() {
                Some(byte) => out.push(byte),
                None => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alphabet_is_the_tokenizers_librarys() {
        let ours: std::collections::HashSet<char> = ALPHABET.into_iter().collect();
        let theirs: std::collections::HashSet<char> =
            tokenizers::pre_tokenizers::byte_level::ByteLevel::alphabet().into_iter().collect();
        assert_eq!(ours, theirs);
        assert_eq!(encode(" \n"), "ĠĊ");
    }

    #[test]
    fn every_byte_comes_back() {
        let alphabet = ByteAlphabet::new();
        for byte in 0..=u8::MAX {
            assert_eq!(alphabet.decode(&ALPHABET[usize::from(byte)].to_string()), [byte]);
        }
        assert_eq!(alphabet.decode("字"), "字".as_bytes());
    }
}
