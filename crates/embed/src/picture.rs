//! A chart's picture, drawn as the element that shows it says.

#![expect(
    missing_docs,
    reason = "wasm_bindgen gives enums of texts a variant and functions of its own"
)]

use entropix_simplex::{Chart, Contours, Field, Look, Scene, UNITS_BITS, UNITS_NATS, chart};
use wasm_bindgen::prelude::*;

use crate::rules::regions;

/// Values of the attribute `units`.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Units {
    /// Bits and bits².
    Bits = "bits",
    /// Nats and nats².
    Nats = "nats",
}

/// Values of the attribute `mode`.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Mode {
    /// H and V.
    Both = "both",
    /// H alone.
    H = "h",
    /// V alone.
    V = "v",
    /// The rule of the sampler.
    Rules = "rules",
}

/// Values of the attribute `contours`.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Lines {
    /// Of equal H and of equal V.
    Both = "both",
    /// Of equal H.
    H = "h",
    /// Of equal V.
    V = "v",
    /// No lines.
    None = "none",
}

/// Values of the attribute `scale`.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Scale {
    /// The colour map's axes.
    Fixed = "fixed",
    /// Linear axes, fitted to the outcomes.
    Fit = "fit",
}

/// Values of the attribute `colors`.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Colors {
    /// Those of charts.
    Map = "map",
    /// Those of text.
    Text = "text",
}

#[wasm_bindgen]
extern "C" {
    /// A chart's element. What it has no attribute for is undefined.
    pub type Element;

    #[wasm_bindgen(method, getter)]
    fn units(this: &Element) -> Option<Units>;
    #[wasm_bindgen(method, getter)]
    fn mode(this: &Element) -> Option<Mode>;
    #[wasm_bindgen(method, getter)]
    fn contours(this: &Element) -> Option<Lines>;
    #[wasm_bindgen(method, getter)]
    fn scale(this: &Element) -> Option<Scale>;
    #[wasm_bindgen(method, getter)]
    fn colors(this: &Element) -> Option<Colors>;
    /// Whether it stands on dark paper.
    #[wasm_bindgen(method, getter)]
    fn dark(this: &Element) -> Option<bool>;
    #[wasm_bindgen(method, getter)]
    fn n(this: &Element) -> Option<f64>;
    #[wasm_bindgen(method)]
    fn limits(this: &Element) -> Vec<f64>;
}

/// The picture of a chart.
#[wasm_bindgen]
pub struct Picture {
    chart: Box<dyn Chart>,
    scene: Scene,
}

#[wasm_bindgen]
impl Picture {
    /// The chart of this name, for an element of this size, with labels of this size, in px.
    ///
    /// # Errors
    /// There is no such chart.
    #[wasm_bindgen(constructor)]
    pub fn new(
        name: &str,
        element: &Element,
        width: f64,
        height: f64,
        text: f64,
    ) -> Result<Self, String> {
        let usual = Look::default();
        let look = Look {
            width,
            height: Some(height),
            text,
            units: match element.units() {
                Some(Units::Nats) => UNITS_NATS,
                _ => UNITS_BITS,
            },
            field: match element.mode() {
                Some(Mode::H) => Field::Entropy,
                Some(Mode::V) => Field::Varentropy,
                Some(Mode::Rules) => Field::Rules,
                _ => Field::Both,
            },
            text_colors: match element.colors() {
                Some(Colors::Map) => Some(false),
                Some(Colors::Text) => Some(true),
                _ => None,
            },
            ground: crate::ground(element.dark() == Some(true)),
            contours: element.contours().map(|lines| Contours {
                entropy: matches!(lines, Lines::H | Lines::Both),
                varentropy: matches!(lines, Lines::V | Lines::Both),
            }),
            outcomes: element.n().map_or(usual.outcomes, |n| n.round() as u32),
            fit: matches!(element.scale(), Some(Scale::Fit)),
            regions: regions(&element.limits()),
        };
        let chart = chart::named(name, &look).ok_or("no such chart")?;
        let scene = chart.scene();
        Ok(Self { chart, scene })
    }

    /// The box of the pixels: `[x, y, width, height]`, in px.
    pub fn field(&self) -> Vec<f64> {
        self.chart.field().to_vec()
    }

    /// Red, green, blue and alpha, in rows of `columns`.
    pub fn pixels(&self, columns: u32, rows: u32) -> Vec<u8> {
        self.chart.pixels(columns, rows).rgba
    }

    /// Whether its colours are those of text.
    #[wasm_bindgen(js_name = hasTextColors)]
    pub fn has_text_colors(&self) -> bool {
        self.chart.has_text_colors()
    }

    /// The pixels of the key of its colours.
    pub fn key(&self, columns: u32, rows: u32) -> Vec<u8> {
        self.chart.key(columns, rows).rgba
    }

    /// SVG elements.
    pub fn scene(&self) -> String {
        self.scene.elements()
    }

    /// Where a point of the chart lies, in px.
    pub fn at(&self, point: &[f64]) -> Vec<f64> {
        self.chart.at(point)
    }

    /// The point of the chart at, or nearest to, a place in px.
    pub fn inverse(&self, x: f64, y: f64) -> Vec<f64> {
        self.chart.inverse(x, y)
    }

    /// The labels that depend on the names of the outcomes (a line each) or give way to marks at these places (x
    /// and y of each, in px; the rings first), as [`Label::parts`](entropix_simplex::Label::parts).
    pub fn labels(&self, names: &str, marks: &[f64]) -> String {
        // By hand: splitting is able to panic, with numbers, for kilobytes.
        let mut lines = vec![String::new()];
        for c in names.chars() {
            match lines.last_mut() {
                Some(line) if c != '\n' => line.push(c),
                _ => lines.push(String::new()),
            }
        }
        let names: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut places = Vec::new();
        for place in marks.chunks(2) {
            if let &[x, y] = place {
                places.push((x, y));
            }
        }
        let mut parts = String::new();
        for label in self.chart.names(&names).into_iter().chain(self.scene.labels.place(&places)) {
            label.parts(&mut parts);
        }
        parts
    }

    /// The path of a distribution through all temperatures, as an SVG path.
    pub fn path(&self, p: &[f64]) -> String {
        crate::path(chart::path(self.chart.as_ref(), p).into_iter())
    }
}
