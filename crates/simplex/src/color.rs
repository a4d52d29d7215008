//! Colours that stand for numbers: two scales of one plane (H, V), and the rules.
//!
//! [`map`] is for charts of few outcomes: both coordinates are seen by themselves. [`text`] is for words and whole
//! vocabularies, where V follows H: it shows in what V is unusual.

use entropix::Rule;

pub mod map;
mod oklab;
pub mod text;

pub use map::{Palette, color, saturate, unsaturate};
pub use text::tint;

/// An sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Srgb(pub [u8; 3]);

impl Srgb {
    /// `#rrggbb`.
    pub fn css(self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = String::from("#");
        for byte in self.0 {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from(DIGITS[usize::from(digit)]));
            }
        }
        text
    }

    /// `0xrrggbb`.
    pub fn packed(self) -> u32 {
        let Self([r, g, b]) = self;
        u32::from_be_bytes([0, r, g, b])
    }

    /// Relative luminance as WCAG 2 defines it.
    pub fn luminance(self) -> f64 {
        let [r, g, b] = self.linear();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// Contrast ratio as WCAG 2 defines it, 1..=21.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
        a.max(b) / a.min(b)
    }

    /// The largest difference of a component.
    #[cfg(test)]
    pub(crate) fn apart(self, other: Self) -> u8 {
        let pairs = self.0.into_iter().zip(other.0);
        pairs.map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0)
    }

    fn linear(self) -> [f64; 3] {
        self.0.map(|byte| {
            let x = f64::from(byte) / 255.0;
            if x <= 0.040_45 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) }
        })
    }
}

/// What a picture stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ground {
    /// Dark text on light paper.
    Light,
    /// Light text on dark paper.
    Dark,
}

/// Which scale a field of (H, V) is painted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colors {
    /// The map of charts.
    #[default]
    Map,
    /// The scale of text, as words on this ground wear it.
    Text(Ground),
}

/// The colour of a rule: apart in lightness and on the blue–orange axis, for every eye.
pub fn rule(rule: Rule) -> Srgb {
    Srgb(match rule {
        Rule::Adaptive => [0xdf, 0xe1, 0xe5],
        Rule::Lelv => [0x1f, 0x6f, 0x8b],
        Rule::Helv => [0x3b, 0x3f, 0x6e],
        Rule::Lehv => [0xf0, 0x9a, 0x3e],
        Rule::Hehv => [0xa2, 0x3b, 0x2a],
    })
}

#[cfg(test)]
mod eyes;
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn css_is_six_hex_digits() {
        assert_eq!(Srgb([1, 171, 255]).css(), "#01abff");
    }
}
