//! The byte-level alphabet: every byte as a printable character (GPT-2's `bytes_to_unicode`).

/// The character that stands for `byte`: itself if printable, else the next free one from U+0100.
fn character(byte: u8) -> char {
    let printable = |byte: u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
    if printable(byte) {
        char::from(byte)
    } else {
        let before = (0..byte).filter(|&byte| !printable(byte)).count() as u32;
        char::from_u32(0x100 + before).unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}

/// Characters back to bytes.
pub(super) struct ByteAlphabet {
    /// Byte of each character below U+0144, the last one used.
    bytes: Vec<Option<u8>>,
}

impl ByteAlphabet {
    pub(super) fn new() -> Self {
        let mut bytes = vec![None; 0x144];
        for byte in 0..=u8::MAX {
            bytes[character(byte) as usize] = Some(byte);
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
        let ours: std::collections::HashSet<char> = (0..=255).map(character).collect();
        let theirs: std::collections::HashSet<char> =
            tokenizers::pre_tokenizers::byte_level::ByteLevel::alphabet().into_iter().collect();
        assert_eq!(ours, theirs);
        assert_eq!(character(b' '), 'Ġ');
        assert_eq!(character(b'\n'), 'Ċ');
    }

    #[test]
    fn every_byte_comes_back() {
        let alphabet = ByteAlphabet::new();
        for byte in 0..=255 {
            assert_eq!(alphabet.decode(&character(byte).to_string()), [byte]);
        }
        assert_eq!(alphabet.decode("字"), "字".as_bytes());
    }
}
