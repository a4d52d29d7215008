//! Two outcomes.

use entropix_simplex::{self as simplex, curve};
use wasm_bindgen::prelude::*;

/// The picture of two outcomes.
#[wasm_bindgen]
pub struct Curve(simplex::Curve);

#[wasm_bindgen]
impl Curve {
    /// A picture of this size.
    #[wasm_bindgen(constructor)]
    pub fn new(width: f64, height: f64, nats: bool) -> Self {
        Self(simplex::Curve { width, height, units: crate::units(nats) })
    }

    /// `[x, y of H, y of V]` at p.
    pub fn at(&self, p: f64) -> Vec<f64> {
        let (x, h, v) = self.0.at(p);
        vec![x, h, v]
    }

    /// The p at x.
    pub fn inverse(&self, x: f64) -> f64 {
        self.0.inverse(x)
    }

    /// SVG elements.
    pub fn scene(&self) -> String {
        self.0.scene().elements()
    }

    /// The colour strip's `[x, y, width, height]`.
    pub fn strip(&self) -> Vec<f64> {
        self.0.strip().to_vec()
    }

    /// One row of pixels for the strip.
    pub fn pixels(&self, width: u32) -> Vec<u8> {
        curve::strip(width).rgba
    }
}
