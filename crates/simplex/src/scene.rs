//! A picture as data, and its SVG.

use std::fmt::Write as _;

use crate::color::{Ground, underlay};

/// How an area is filled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Paint {
    /// By the style sheet, through the node's class.
    Class,
    /// By the colour map: (H bits, V bits²).
    Map(f64, f64),
}

/// One thing to draw. `class` may hold several classes, separated by spaces.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A rectangle.
    Rect {
        /// Left edge.
        x: f64,
        /// Upper edge.
        y: f64,
        /// Width.
        width: f64,
        /// Height.
        height: f64,
        /// Fill.
        paint: Paint,
        /// Classes.
        class: &'static str,
    },
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

/// What the SVG is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// For a page with our style sheet, which follows the theme: a mapped colour becomes the custom
    /// properties `--l` and `--d`.
    Page,
    /// For a file: colours are fixed.
    Fixed(Ground),
}

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

    /// The nodes as SVG elements, without the `<svg>` around them.
    pub fn elements(&self, mode: Mode) -> String {
        let mut out = String::new();
        for node in &self.nodes {
            // Writing to a String can't fail.
            let _ = node.write(&mut out, mode);
        }
        out
    }

    /// A whole SVG document.
    pub fn svg(&self, mode: Mode) -> String {
        let (w, h) = (number(self.width), number(self.height));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\">{}</svg>",
            self.elements(mode)
        )
    }
}

impl Node {
    fn write(&self, out: &mut String, mode: Mode) -> std::fmt::Result {
        match self {
            Self::Rect { x, y, width, height, paint, class } => write!(
                out,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{}{}/>",
                number(*x),
                number(*y),
                number(*width),
                number(*height),
                class_attribute(class),
                paint.attribute(mode)
            ),
            Self::Line { from, to, class } => write!(
                out,
                "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"{}/>",
                number(from.0),
                number(from.1),
                number(to.0),
                number(to.1),
                class_attribute(class)
            ),
            Self::Path { points, closed, class } => {
                out.push_str("<path d=\"");
                for (i, (x, y)) in points.iter().enumerate() {
                    let command = if i == 0 { 'M' } else { 'L' };
                    write!(out, "{command}{} {}", number(*x), number(*y))?;
                }
                if *closed {
                    out.push('Z');
                }
                write!(out, "\"{}/>", class_attribute(class))
            }
            Self::Circle { at, radius, paint, class } => write!(
                out,
                "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{}{}/>",
                number(at.0),
                number(at.1),
                number(*radius),
                class_attribute(class),
                paint.attribute(mode)
            ),
            Self::Text { at, text, class } => write!(
                out,
                "<text x=\"{}\" y=\"{}\"{}>{}</text>",
                number(at.0),
                number(at.1),
                class_attribute(class),
                escape(text)
            ),
        }
    }
}

impl Paint {
    fn attribute(self, mode: Mode) -> String {
        match (self, mode) {
            (Self::Class, _) => String::new(),
            (Self::Map(h, v), Mode::Fixed(ground)) => {
                format!(" fill=\"{}\"", underlay(h, v, ground).css())
            }
            (Self::Map(h, v), Mode::Page) => format!(" style=\"{}\"", custom_properties(h, v)),
        }
    }
}

/// `--l:#…;--d:#…`: the light and the dark underlay, for the style sheet to choose from.
pub fn custom_properties(entropy_bits: f64, varentropy_bits2: f64) -> String {
    let light = underlay(entropy_bits, varentropy_bits2, Ground::Light).css();
    let dark = underlay(entropy_bits, varentropy_bits2, Ground::Dark).css();
    format!("--l:{light};--d:{dark}")
}

/// A coordinate with at most two decimals: the same text on every machine.
pub fn number(x: f64) -> String {
    if !x.is_finite() {
        return "0".to_owned();
    }
    let mut text = format!("{x:.2}");
    while text.ends_with('0') {
        text.pop();
    }
    if text.ends_with('.') {
        text.pop();
    }
    if text == "-0" { "0".to_owned() } else { text }
}

fn class_attribute(class: &str) -> String {
    if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
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
                Node::Rect {
                    x: 0.0,
                    y: 0.0,
                    width: 10.0,
                    height: 5.0,
                    paint: Paint::Map(0.0, 0.0),
                    class: "cell",
                },
                Node::Path { points: vec![(0.0, 0.0), (1.0, 2.0)], closed: true, class: "edge" },
                Node::Text { at: (1.0, 1.0), text: "a < b".into(), class: "" },
            ],
        };
        let paper = underlay(0.0, 0.0, Ground::Light).css();
        assert_eq!(
            scene.svg(Mode::Fixed(Ground::Light)),
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 5\">\
                 <rect x=\"0\" y=\"0\" width=\"10\" height=\"5\" class=\"cell\" fill=\"{paper}\"/>\
                 <path d=\"M0 0L1 2Z\" class=\"edge\"/>\
                 <text x=\"1\" y=\"1\">a &lt; b</text></svg>"
            )
        );
        assert!(scene.svg(Mode::Page).contains("style=\"--l:"));
    }
}
