//! A picture as data, and its SVG.

use std::f64::consts::LN_2;

use crate::color::Ground;
use crate::palette::{PALETTE, PAPER};

mod labels;
mod metrics;
mod raster;
mod write;

pub use labels::{Guides, Labels, REACH, Rect};
pub use metrics::{LINE, shorten, width};
pub use raster::Raster;
pub use write::{joined, number, path};

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

/// How an area is filled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Paint {
    /// By the style sheet, through the node's class.
    Class,
    /// By the full-strength colour map: (H bits, V bits²).
    Map(f64, f64),
}

/// Which part of a text lies at its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its start.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

impl Anchor {
    /// The share of the text before the point.
    pub fn before(self) -> f64 {
        match self {
            Self::Start => 0.0,
            Self::Middle => 0.5,
            Self::End => 1.0,
        }
    }

    /// Its name in SVG.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
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
    Text(Label),
}

/// A line of text in a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Anchor point on the baseline.
    pub at: (f64, f64),
    /// What it says.
    pub text: String,
    /// Which part of it lies at the anchor point.
    pub anchor: Anchor,
    /// Classes.
    pub class: &'static str,
    /// What it would say, were there room; empty if it does.
    pub full: String,
}

impl Label {
    /// A text around a name that may be long: in `room` sizes the name is cut where it has to be.
    #[inline(never)]
    pub fn of_name(
        [before, name, after]: [&str; 3],
        room: f64,
        at: (f64, f64),
        anchor: Anchor,
        class: &'static str,
    ) -> Self {
        let short = shorten(name, room - width(before) - width(after));
        let full = joined(&[before, name, after]);
        let text = joined(&[before, &short, after]);
        // Where there is no room for a name, all of it is cut.
        let text = shorten(&text, room);
        let full = if text == full { String::new() } else { full };
        Self { at, text, anchor, class, full }
    }
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
    /// What gives way to marks, and what it may not meet.
    pub labels: Labels,
}

impl Scene {
    /// An empty picture, in px; `text` is the size of its labels.
    pub fn new(width: f64, height: f64, text: f64) -> Self {
        Self { width, height, nodes: Vec::new(), labels: Labels::new(width, height, text) }
    }

    /// Draws a straight line.
    #[inline(never)]
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &'static str) {
        self.nodes.push(Node::Line { from, to, class });
    }

    /// Draws a chain of straight lines that labels avoid.
    #[inline(never)]
    pub fn path(&mut self, points: Vec<(f64, f64)>, class: &'static str) {
        self.labels.avoid_line(&points);
        self.nodes.push(Node::Path { points, closed: false, class });
    }

    /// Writes the first of these texts that meets nothing, if there is one; whether there is.
    #[inline(never)]
    pub fn text(
        &mut self,
        texts: &[&str],
        at: (f64, f64),
        anchor: Anchor,
        class: &'static str,
    ) -> bool {
        let Some(label) = self.labels.fix(texts, at, anchor, class) else { return false };
        self.nodes.push(Node::Text(label));
        true
    }

    /// The nodes as SVG elements, without the `<svg>` around them and without images.
    pub fn elements(&self) -> String {
        self.write_nodes(None)
    }

    /// A whole SVG document that needs nothing else.
    pub fn svg(&self, ground: Ground, encode: Encode<'_>) -> String {
        let (w, h, text) = (number(self.width), number(self.height), number(self.labels.size));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::color::color;

    #[test]
    fn a_small_picture() {
        let scene = Scene {
            nodes: vec![
                Node::Circle {
                    at: (5.0, 2.5),
                    radius: 2.0,
                    paint: Paint::Map(0.0, 0.0),
                    class: "dot",
                },
                Node::Path { points: vec![(0.0, 0.0), (1.0, 2.0)], closed: true, class: "edge" },
                Node::Text(Label {
                    at: (1.0, 1.0),
                    text: "a < b".into(),
                    anchor: Anchor::End,
                    class: "",
                    full: "a < b & c".into(),
                }),
            ],
            ..Scene::new(10.0, 5.0, TEXT)
        };
        let paper = color(0.0, 0.0).css();
        let elements = format!(
            "<circle cx=\"5\" cy=\"2.5\" r=\"2\" class=\"dot\" fill=\"{paper}\"/>\
             <path d=\"M0 0L1 2Z\" class=\"edge\"/><text x=\"1\" y=\"1\" text-anchor=\"end\">\
             a &lt; b<title>a &lt; b &amp; c</title></text>"
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
        let scene = Scene { nodes: vec![node], ..Scene::new(10.0, 5.0, TEXT) };
        assert_eq!(scene.elements(), "");
        let svg = scene.svg(Ground::Light, &|raster| format!("data:,{}", raster.rgba.len()));
        assert!(svg.contains("href=\"data:,8\""), "{svg}");
    }
}
