//! What the custom elements in `js/` compute: pictures, pixels and numbers of `entropix-simplex`,
//! in types that JavaScript has.
//!
//! Units: H in bits, V in bits², lengths in CSS px.

#![forbid(unsafe_code)]

pub mod picture;
pub mod rules;

use entropix_simplex::palette;
use entropix_simplex::{Ground, bounds, color, distribution, scene};
use wasm_bindgen::prelude::*;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// `[1 if the sum was not 1, p₁, p₂, …]`.
///
/// Throws a text that says why numbers are no proportions.
///
/// # Errors
/// That text.
#[wasm_bindgen]
pub fn normalise(weights: &[f64]) -> Result<Vec<f64>, String> {
    let (p, changed) = distribution::normalise(weights).map_err(|e| e.words().to_owned())?;
    Ok([&[f64::from(u8::from(changed))], p.as_slice()].concat())
}

/// `[H, V]` of probabilities.
#[wasm_bindgen]
pub fn uncertainty(p: &[f64]) -> Vec<f64> {
    let u = distribution::uncertainty(p);
    vec![u.entropy_bits, u.varentropy_bits2]
}

/// The probabilities at a temperature.
#[wasm_bindgen]
pub fn heat(p: &[f64], temperature: f64) -> Vec<f64> {
    distribution::at_temperature(p, temperature)
}

/// `[tint on light, tint on dark, colour of the map]` of (H, V), each 0xRRGGBB.
#[wasm_bindgen]
pub fn tints(entropy_bits: f64, varentropy_bits2: f64) -> Vec<u32> {
    let under = |ground| color::tint(entropy_bits, varentropy_bits2, ground).packed();
    let full = color::color(entropy_bits, varentropy_bits2).packed();
    vec![under(Ground::Light), under(Ground::Dark), full]
}

/// The key of the colours of text, `columns` × `rows`: red, green, blue and alpha. To the right √V against the
/// usual, down H from 0 to 8 bits.
#[wasm_bindgen]
pub fn text_key(columns: u32, rows: u32, dark: bool) -> Vec<u8> {
    color::text::key(columns, rows, ground(dark)).rgba
}

/// What this paper is.
fn ground(dark: bool) -> Ground {
    if dark { Ground::Dark } else { Ground::Light }
}

/// `[favourite's p, H, V]` where V is largest for `outcomes`.
#[wasm_bindgen]
pub fn maximum(outcomes: u32) -> Vec<f64> {
    let found = bounds::maximum(outcomes);
    vec![found.favourite, found.entropy_bits, found.varentropy_bits2]
}

/// The least and the largest V that `outcomes` allow at this H; empty if H is impossible.
#[wasm_bindgen]
pub fn range(outcomes: u32, entropy_bits: f64) -> Vec<f64> {
    bounds::range(outcomes, entropy_bits).map_or_else(Vec::new, |(low, high)| vec![low, high])
}

/// The style sheet of the pictures; `--paper`, `--ink`, `--soft` and `--line` are the page's.
#[wasm_bindgen]
pub fn style() -> String {
    scene::STYLE.to_owned()
}

/// The palette: ` name:light:dark` for each colour, `#rrggbb`.
#[wasm_bindgen]
pub fn inks() -> String {
    palette::TEXT.to_owned()
}

fn path(points: impl Iterator<Item = (f64, f64)>) -> String {
    let mut text = String::new();
    scene::path(&mut text, points);
    text
}
