//! Three outcomes.

use entropix_simplex::{self as simplex, Contours, Field, distribution, triangle};
use wasm_bindgen::prelude::*;

use crate::rules::read;

/// The picture of three outcomes.
#[wasm_bindgen]
pub struct Triangle(simplex::Triangle);

#[wasm_bindgen]
impl Triangle {
    /// A picture of this width.
    #[wasm_bindgen(constructor)]
    pub fn new(width: f64) -> Self {
        Self(simplex::Triangle { width })
    }

    /// `[height of the picture, x and y of the field, side]`.
    pub fn size(&self) -> Vec<f64> {
        let (x, y) = self.0.origin();
        vec![self.0.height(), x, y, self.0.side()]
    }

    /// `[x, y]` of three probabilities.
    pub fn at(&self, p: &[f64]) -> Vec<f64> {
        let (x, y) = self.0.at(three(p));
        vec![x, y]
    }

    /// The probabilities whose place is nearest to (x, y).
    pub fn nearest(&self, x: f64, y: f64) -> Vec<f64> {
        self.0.nearest(x, y).to_vec()
    }

    /// SVG elements. `contours`: 1 of H, 2 of V, 3 of both.
    pub fn scene(&self, contours: u8, nats: bool) -> String {
        self.0.scene(lines(contours), crate::units(nats)).elements()
    }

    /// The path of p from temperature `low` to `high`.
    pub fn path(&self, p: &[f64], low: f64, high: f64) -> String {
        let path = distribution::temperature_path(&three(p), low, high, 80);
        crate::path(path.iter().map(|p| self.0.at(three(p))))
    }
}

/// Pixels of the field over a side of `side` pixels, in rows of that length. `field`: 0 H and V,
/// 1 H, 2 V, 3 rules; `contours` as in the scene.
#[wasm_bindgen]
pub fn triangle_pixels(
    side: u32,
    field: u8,
    contours: u8,
    nats: bool,
    thresholds: &[f64],
) -> Vec<u8> {
    let field = match field {
        0 => Field::Both,
        1 => Field::Entropy,
        2 => Field::Varentropy,
        _ => Field::Rules,
    };
    // Without thresholds no rule matches anywhere.
    let thresholds = read(thresholds).unwrap_or_else(|| [f64::NAN; 5].into());
    triangle::pixels(side, field, lines(contours), crate::units(nats), &thresholds).rgba
}

fn lines(contours: u8) -> Contours {
    Contours { entropy: contours & 1 != 0, varentropy: contours & 2 != 0 }
}

fn three(p: &[f64]) -> [f64; 3] {
    <[f64; 3]>::try_from(p).unwrap_or([1.0 / 3.0; 3])
}
