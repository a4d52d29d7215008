//! A picture as data, and its SVG.

use std::f64::consts::LN_2;

use crate::color::{Ground, color};
use crate::palette::{PALETTE, PAPER};

/// Units of the axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Units {
    /// Units of entropy in one bit.
    pub entropy: f64,
    /// Units of varentropy in one bit².
    pub varentropy: f64,
    /// Name of the unit of entropy.
    pub entropy_name: &'static str,
    /// Name of the unit of varentropy.
    pub varentropy_name: &'static str,
}

/// Bits and bits².
pub const UNITS_BITS: Units =
    Units { entropy: 1.0, varentropy: 1.0, entropy_name: "bits", varentropy_name: "bits²" };

/// Nats and nats².
pub const UNITS_NATS: Units = Units {
    entropy: LN_2,
    varentropy: LN_2 * LN_2,
    entropy_name: "nats",
    varentropy_name: "nats²",
};

/// Pixels: red, green, blue, alpha, row by row from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// `4 · width · height` bytes.
    pub rgba: Vec<u8>,
}

impl Raster {
    /// All transparent.
    pub fn new(width: u32, height: u32) -> Self {
        Self { width, height, rgba: vec![0; 4 * width as usize * height as usize] }
    }

    /// Sets a pixel; outside nothing happens.
    #[inline]
    pub fn set(&mut self, column: u32, row: u32, [r, g, b]: [u8; 3], alpha: u8) {
        let at = 4 * (row as usize * self.width as usize + column as usize);
        if let Some(pixel) = self.rgba.get_mut(at..at + 4) {
            pixel.copy_from_slice(&[r, g, b, alpha]);
        }
    }

    /// The bytes of a row; none outside.
    pub fn row_mut(&mut self, row: u32) -> &mut [u8] {
        let length = 4 * self.width as usize;
        let start = row as usize * length;
        self.rgba.get_mut(start..start + length).unwrap_or_default()
    }

    /// Colour and alpha of a pixel; transparent black outside.
    pub fn get(&self, column: u32, row: u32) -> ([u8; 3], u8) {
        let at = 4 * (row as usize * self.width as usize + column as usize);
        match self.rgba.get(at..at + 4) {
            Some(&[r, g, b, alpha]) => ([r, g, b], alpha),
            _ => ([0; 3], 0),
        }
    }
}

/// How an area is filled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Paint {
    /// By the style sheet, through the node's class.
    Class,
    /// By the full-strength colour map: (H bits, V bits²).
    Map(f64, f64),
}

/// One thing to draw. `class` may hold several classes, separated by spaces.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A straight line.
    Line {
        /// Start.
        from: (f64, f64),
        /// End.
        to: (f64, f64),
        /// Classes.
        class: &'static str,
    },
    /// A chain of straight lines.
    Path {
        /// Corners.
        points: Vec<(f64, f64)>,
        /// Whether the last corner joins the first.
        closed: bool,
        /// Classes.
        class: &'static str,
    },
    /// A disc.
    Circle {
        /// Centre.
        at: (f64, f64),
        /// Radius.
        radius: f64,
        /// Fill.
        paint: Paint,
        /// Classes.
        class: &'static str,
    },
    /// An image. A page draws it on a canvas beneath the SVG; a file holds it.
    Image {
        /// Left edge.
        x: f64,
        /// Upper edge.
        y: f64,
        /// Width.
        width: f64,
        /// Height.
        height: f64,
        /// The pixels.
        raster: Raster,
    },
    /// A line of text.
    Text {
        /// Anchor point on the baseline.
        at: (f64, f64),
        /// What it says.
        text: String,
        /// Classes (they also set the anchor).
        class: &'static str,
    },
}

/// Turns pixels into an address, such as `data:image/png;base64,…`.
pub type Encode<'a> = &'a dyn Fn(&Raster) -> String;

/// The style of all classes. Its colours are those of the palette, as custom properties: a page sets them.
pub const STYLE: &str = include_str!("scene.css");

/// Size of the labels in a file, in px. No class has a size of its own: a page sets that of the whole picture.
pub const TEXT: f64 = 12.0;

/// A picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// Width of the drawing area.
    pub width: f64,
    /// Height of the drawing area.
    pub height: f64,
    /// What to draw, from back to front.
    pub nodes: Vec<Node>,
}

impl Scene {
    /// An empty picture.
    pub fn new(width: f64, height: f64) -> Self {
        Self { width, height, nodes: Vec::new() }
    }

    /// The nodes as SVG elements, without the `<svg>` around them and without images.
    pub fn elements(&self) -> String {
        self.write_nodes(None)
    }

    /// A whole SVG document that needs nothing else.
    pub fn svg(&self, ground: Ground, encode: Encode<'_>) -> String {
        let (w, h, text) = (number(self.width), number(self.height), number(TEXT));
        let mut style = STYLE.to_owned();
        for ink in PALETTE {
            let name = ["var(--", ink.name, ")"].concat();
            style = style.replace(&name, ink.on(ground));
        }
        let paper = PAPER.on(ground);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" \
             font-family=\"system-ui, 'DejaVu Sans', sans-serif\" font-size=\"{text}\"><style>{style}</style>\
             <rect width=\"{w}\" height=\"{h}\" fill=\"{paper}\"/>{}</svg>\n",
            self.write_nodes(Some(encode))
        )
    }

    fn write_nodes(&self, encode: Option<Encode<'_>>) -> String {
        let mut out = String::new();
        for node in &self.nodes {
            node.write(&mut out, encode);
        }
        out
    }
}

impl Node {
    /// By hand: the formatting machinery would be a third of the embeds' wasm.
    fn write(&self, out: &mut String, encode: Option<Encode<'_>>) {
        match self {
            Self::Line { from, to, class } => {
                open(out, "line", &[("x1", from.0), ("y1", from.1), ("x2", to.0), ("y2", to.1)]);
                attribute(out, "class", class);
                out.push_str("/>");
            }
            Self::Path { points, closed, class } => {
                out.push_str("<path d=\"");
                path(out, points.iter().copied());
                if *closed {
                    out.push('Z');
                }
                out.push('"');
                attribute(out, "class", class);
                out.push_str("/>");
            }
            Self::Circle { at, radius, paint, class } => {
                open(out, "circle", &[("cx", at.0), ("cy", at.1), ("r", *radius)]);
                attribute(out, "class", class);
                paint.write(out);
                out.push_str("/>");
            }
            Self::Image { x, y, width, height, raster } => {
                let Some(encode) = encode else { return };
                let place = [("x", *x), ("y", *y), ("width", *width), ("height", *height)];
                open(out, "image", &place);
                attribute(out, "preserveAspectRatio", "none");
                attribute(out, "href", &encode(raster));
                out.push_str("/>");
            }
            Self::Text { at, text, class } => {
                open(out, "text", &[("x", at.0), ("y", at.1)]);
                attribute(out, "class", class);
                out.push('>');
                escape(out, text);
                out.push_str("</text>");
            }
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

pub(crate) fn joined(a: &str, b: &str) -> String {
    a.to_owned() + b
}

/// `<name a="1" b="2"`.
fn open(out: &mut String, name: &str, numbers: &[(&str, f64)]) {
    out.push('<');
    out.push_str(name);
    for (key, value) in numbers {
        attribute(out, key, &number(*value));
    }
}

fn attribute(out: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        escape(out, value);
        out.push('"');
    }
}

/// `M1 2L3 4…`
pub fn path(out: &mut String, points: impl Iterator<Item = (f64, f64)>) {
    let mut command = 'M';
    for (x, y) in points {
        out.push(command);
        out.push_str(&number(x));
        out.push(' ');
        out.push_str(&number(y));
        command = 'L';
    }
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
}

/// A number with at most two decimals: the same text on every machine, and much less code than
/// the exact printing of floats.
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

    #[test]
    fn a_small_picture() {
        let scene = Scene {
            width: 10.0,
            height: 5.0,
            nodes: vec![
                Node::Circle {
                    at: (5.0, 2.5),
                    radius: 2.0,
                    paint: Paint::Map(0.0, 0.0),
                    class: "dot",
                },
                Node::Path { points: vec![(0.0, 0.0), (1.0, 2.0)], closed: true, class: "edge" },
                Node::Text { at: (1.0, 1.0), text: "a < b".into(), class: "" },
            ],
        };
        let paper = color(0.0, 0.0).css();
        let elements = format!(
            "<circle cx=\"5\" cy=\"2.5\" r=\"2\" class=\"dot\" fill=\"{paper}\"/>\
             <path d=\"M0 0L1 2Z\" class=\"edge\"/><text x=\"1\" y=\"1\">a &lt; b</text>"
        );
        assert_eq!(scene.elements(), elements);
        let svg = scene.svg(Ground::Dark, &|_| unreachable!());
        assert!(svg.ends_with(&format!("{elements}</svg>\n")));
        assert!(svg.contains(PAPER.dark) && !svg.contains("var("), "{svg}");
    }

    #[test]
    fn images_are_for_files() {
        let raster = Raster::new(2, 1);
        let node = Node::Image { x: 1.0, y: 2.0, width: 4.0, height: 2.0, raster };
        let scene = Scene { width: 10.0, height: 5.0, nodes: vec![node] };
        assert_eq!(scene.elements(), "");
        let svg = scene.svg(Ground::Light, &|raster| format!("data:,{}", raster.rgba.len()));
        assert!(svg.contains("href=\"data:,8\""), "{svg}");
    }

    #[test]
    fn pixels_are_where_they_were_put() {
        let mut raster = Raster::new(3, 2);
        raster.set(2, 1, [1, 2, 3], 4);
        assert_eq!(raster.get(2, 1), ([1, 2, 3], 4));
        raster.set(9, 9, [1, 2, 3], 4);
        assert_eq!(raster.get(9, 9), ([0; 3], 0));
    }
}
