//! Nodes as SVG.

use super::{Encode, Label, Node, Paint};
use crate::color::color;

impl Node {
    /// By hand: the formatting machinery would be a third of the embeds' wasm.
    pub(super) fn write(&self, out: &mut String, encode: Option<Encode<'_>>) {
        match self {
            Self::Line { from, to, class } => {
                open(out, "line", &[("x1", from.0), ("y1", from.1), ("x2", to.0), ("y2", to.1)]);
                attribute(out, "class", class);
                put(out, "/>");
            }
            Self::Path { points, closed, class } => {
                put(out, "<path d=\"");
                path(out, points.iter().copied());
                if *closed {
                    put(out, "Z");
                }
                put(out, "\"");
                attribute(out, "class", class);
                put(out, "/>");
            }
            Self::Circle { at, radius, paint, class } => {
                open(out, "circle", &[("cx", at.0), ("cy", at.1), ("r", *radius)]);
                attribute(out, "class", class);
                paint.write(out);
                put(out, "/>");
            }
            Self::Image { x, y, width, height, raster } => {
                let Some(encode) = encode else { return };
                let place = [("x", *x), ("y", *y), ("width", *width), ("height", *height)];
                open(out, "image", &place);
                attribute(out, "preserveAspectRatio", "none");
                attribute(out, "href", &encode(raster));
                put(out, "/>");
            }
            Self::Text(label) => label.write(out),
        }
    }
}

impl Label {
    fn write(&self, out: &mut String) {
        open(out, "text", &[("x", self.at.0), ("y", self.at.1)]);
        attribute(out, "class", self.class);
        attribute(out, "text-anchor", self.anchor.name());
        put(out, ">");
        escape(out, &self.text);
        if !self.full.is_empty() {
            put(out, "<title>");
            escape(out, &self.full);
            put(out, "</title>");
        }
        put(out, "</text>");
    }

    /// What an `<svg:text>` is made of, one after the other, each followed by a tab: x, y, anchor, classes, text, the
    /// full text.
    pub fn parts(&self, out: &mut String) {
        let place = [number(self.at.0), number(self.at.1)];
        let words = [self.anchor.name(), self.class, &self.text, &self.full];
        for part in place.iter().map(String::as_str).chain(words) {
            put(out, part);
            put(out, "\t");
        }
    }
}

impl Paint {
    fn write(self, out: &mut String) {
        if let Self::Map(h, v) = self {
            attribute(out, "fill", &color(h, v).css());
        }
    }
}

/// The parts as one text. `concat` would be three times as long.
#[inline(never)]
pub fn joined(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// Appends a text, as a call: what `String` does is long enough to count where it is repeated.
#[inline(never)]
fn put(out: &mut String, text: &str) {
    out.push_str(text);
}

/// `<name a="1" b="2"`.
#[inline(never)]
fn open(out: &mut String, name: &str, numbers: &[(&str, f64)]) {
    put(out, "<");
    put(out, name);
    for (key, value) in numbers {
        attribute(out, key, &number(*value));
    }
}

#[inline(never)]
fn attribute(out: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        put(out, " ");
        put(out, name);
        put(out, "=\"");
        escape(out, value);
        put(out, "\"");
    }
}

/// `M1 2L3 4…`
pub fn path(out: &mut String, points: impl Iterator<Item = (f64, f64)>) {
    let mut command = "M";
    for (x, y) in points {
        put(out, command);
        put(out, &number(x));
        put(out, " ");
        put(out, &number(y));
        command = "L";
    }
}

#[inline(never)]
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => put(out, "&amp;"),
            '<' => put(out, "&lt;"),
            '>' => put(out, "&gt;"),
            '"' => put(out, "&quot;"),
            _ => out.push(c),
        }
    }
}

/// A number with at most two decimals: the same text on every machine, and much less code than
/// the exact printing of floats.
#[inline(never)]
pub fn number(x: f64) -> String {
    if !x.is_finite() || x.abs() >= 1e15 {
        return "0".to_owned();
    }
    let hundredths = (x * 100.0).round() as i64;
    let mut digits = [b'0'; 24];
    let mut rest = hundredths.unsigned_abs();
    let mut first = digits.len() - 3;
    for (place, digit) in digits.iter_mut().enumerate().rev() {
        if rest > 0 {
            first = first.min(place);
        }
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let mut text = String::new();
    if hundredths < 0 {
        text.push('-');
    }
    let (whole, part) = digits.split_at(digits.len() - 2);
    text.extend(whole.iter().skip(first).map(|&digit| char::from(digit)));
    if part != b"00" {
        text.push('.');
        text.extend(part.iter().map(|&digit| char::from(digit)));
        if text.ends_with('0') {
            text.pop();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (x, text) in [
            (0.0, "0"),
            (-0.001, "0"),
            (1.5, "1.5"),
            (10.0, "10"),
            (2.346, "2.35"),
            (0.05, "0.05"),
            (-1.5, "-1.5"),
            (f64::NAN, "0"),
        ] {
            assert_eq!(number(x), text);
        }
    }
}
