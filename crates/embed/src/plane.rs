//! The (H, V) plane.

use entropix::Rule;
use entropix_simplex::{self as simplex, Axes, distribution, uncertainty};
use wasm_bindgen::prelude::*;

use crate::rules::read;

/// The picture of the plane.
#[wasm_bindgen]
pub struct Plane(simplex::Plane);

#[wasm_bindgen]
impl Plane {
    /// A picture of this size for `outcomes`; with `fit` its axes are linear and fitted to them.
    #[wasm_bindgen(constructor)]
    pub fn new(width: f64, height: f64, outcomes: u32, fit: bool, nats: bool) -> Self {
        let axes = if fit { Axes::fit(outcomes) } else { Axes::Map };
        Self(simplex::Plane { width, height, outcomes, axes, units: crate::units(nats) })
    }

    /// `[x, y]` of (H, V).
    pub fn at(&self, entropy_bits: f64, varentropy_bits2: f64) -> Vec<f64> {
        let (x, y) = self.0.at(entropy_bits, varentropy_bits2);
        vec![x, y]
    }

    /// `[H, V]` at a place.
    pub fn inverse(&self, x: f64, y: f64) -> Vec<f64> {
        let (h, v) = self.0.inverse(x, y);
        vec![h, v]
    }

    /// The field's `[x, y, width, height]`.
    pub fn inner(&self) -> Vec<f64> {
        self.0.inner().to_vec()
    }

    /// SVG elements; with five thresholds the rules' regions too.
    pub fn scene(&self, thresholds: &[f64]) -> String {
        match read(thresholds) {
            Some(thresholds) => {
                let classify = |h: f64, v: f64| -> Rule { entropix::classify(h, v, &thresholds) };
                self.0.scene(Some(&classify)).elements()
            }
            None => self.0.scene(None).elements(),
        }
    }

    /// Pixels of the field.
    pub fn pixels(&self, width: u32, height: u32) -> Vec<u8> {
        self.0.pixels(width, height).rgba
    }

    /// The path of p from temperature `low` to `high`.
    pub fn path(&self, p: &[f64], low: f64, high: f64) -> String {
        let path = distribution::temperature_path(p, low, high, 80);
        crate::path(path.iter().map(|p| {
            let u = uncertainty(p);
            self.0.at(u.entropy_bits, u.varentropy_bits2)
        }))
    }
}
