//! How much room text takes, without a font: a page may have any, so these are those of a wide one.

/// Widths of the characters from space to `~`, in parts of which the size has 64: the larger ones of `DejaVu Sans`
/// and Liberation Sans.
const WIDTHS: [u8; 95] = [
    21, 26, 30, 54, 41, 61, 50, 18, 25, 25, 32, 54, 21, 24, 21, 22, 41, 41, 41, 41, 41, 41, 41, 41,
    41, 41, 22, 22, 54, 54, 54, 36, 65, 44, 44, 47, 50, 43, 40, 50, 49, 19, 32, 43, 36, 56, 48, 51,
    43, 51, 47, 43, 40, 47, 44, 64, 44, 43, 44, 25, 22, 25, 54, 36, 32, 40, 41, 36, 41, 40, 23, 41,
    41, 18, 18, 38, 18, 63, 41, 40, 41, 41, 27, 34, 26, 41, 38, 53, 38, 38, 34, 41, 22, 41, 54,
];

/// Room above and below the baseline, in sizes.
pub(super) const ASCENT: f64 = 1.0;
pub(super) const DESCENT: f64 = 0.3;

/// From one line of text to the next, in sizes.
pub const LINE: f64 = ASCENT + DESCENT;

/// Width of a text of size 1.
#[inline(never)]
pub fn width(text: &str) -> f64 {
    text.chars().map(|c| f64::from(of(c)) / 64.0).sum()
}

#[inline(never)]
fn of(c: char) -> u8 {
    let place = (c as usize).wrapping_sub(32);
    WIDTHS.get(place).copied().unwrap_or(match c {
        '²' | '°' | '·' => 28,
        '\u{2000}'..='\u{2023}' => 42,
        '\0'..='\u{2ff}' | '\u{2190}'..='\u{2193}' => 54,
        '\0'..='\u{10ff}' => 66,
        '\0'..='\u{ffff}' => 70,
        _ => 90,
    })
}

/// The text, with an ellipsis for its end if it is wider than `room` at size 1.
#[inline(never)]
pub fn shorten(text: &str, room: f64) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut left = room - f64::from(of('…')) / 64.0;
    let mut short = String::new();
    for c in text.chars() {
        left -= f64::from(of(c)) / 64.0;
        if left < 0.0 {
            break;
        }
        short.push(c);
    }
    while short.ends_with(' ') {
        short.pop();
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shortened_fits() {
        for text in ["yes", "a long name of an outcome", "十一文字十一文字", "👩‍🔬 yes", ""]
        {
            for room in [1.2, 2.0, 5.0, 9.5, 40.0] {
                let short = shorten(text, room);
                assert!(width(&short) <= room, "{short:?} in {room}");
                assert_eq!(short == text, width(text) <= room, "{short:?}");
            }
        }
        assert_eq!(shorten("the second", 3.6), "the…");
    }
}
