//! How SentencePiece writes text in its pieces.

/// What stands for a space (U+2581).
const SPACE: char = '▁';

/// A text as pieces write it.
pub(super) fn escape(text: &str, add_prefix: bool) -> String {
    let mut escaped = String::with_capacity(text.len() + 3);
    if add_prefix {
        escaped.push(SPACE);
    }
    escaped.extend(text.chars().map(|c| if c == ' ' { SPACE } else { c }));
    escaped
}

/// Bytes of a piece.
pub(super) fn unescape(piece: &str) -> Vec<u8> {
    piece.replace(SPACE, " ").into_bytes()
}

/// The byte that a piece such as `<0x0A>` stands for.
pub(super) fn byte(piece: &str) -> Option<u8> {
    u8::from_str_radix(piece.strip_prefix("<0x")?.strip_suffix('>')?, 16).ok()
}
