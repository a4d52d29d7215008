//! The map of charts: full colours, a plane in `OKLab` over saturated H and V.

use std::sync::OnceLock;

use super::Srgb;
use super::oklab::into_gamut;

/// Saturated coordinates: h = H/(H+2), v = √V/(√V+1.5), both in 0..1. NaN and negative count as 0.
#[inline(never)]
pub fn saturate(entropy_bits: f64, varentropy_bits2: f64) -> (f64, f64) {
    let entropy = clean(entropy_bits);
    let root = clean(varentropy_bits2).sqrt();
    (ratio(entropy, 2.0), ratio(root, 1.5))
}

/// The pair (H, V) whose saturated coordinates these are.
pub fn unsaturate(h: f64, v: f64) -> (f64, f64) {
    let (h, v) = (h.clamp(0.0, 0.999_999), v.clamp(0.0, 0.999_999));
    (2.0 * h / (1.0 - h), (1.5 * v / (1.0 - v)).powi(2))
}

/// The full-strength colour, for areas and dots without text.
pub fn color(entropy_bits: f64, varentropy_bits2: f64) -> Srgb {
    FULL.at(entropy_bits, varentropy_bits2)
}

/// A plane in `OKLab`: an origin and one direction for each saturated coordinate.
struct Map {
    origin: [f64; 3],
    along_h: [f64; 3],
    along_v: [f64; 3],
}

// Lightness carries H; the axis from blue to orange carries V. Lightness and that axis are what
// protan, deutan and tritan vision keep.
const FULL: Map = Map {
    origin: [0.985, 0.0, 0.004],
    along_h: [-0.94, -0.035, -0.205],
    along_v: [-0.06, 0.150, 0.175],
};
impl Map {
    fn at(&self, entropy_bits: f64, varentropy_bits2: f64) -> Srgb {
        let (h, v) = saturate(entropy_bits, varentropy_bits2);
        let lab = [0, 1, 2].map(|i| self.origin[i] + h * self.along_h[i] + v * self.along_v[i]);
        into_gamut(lab)
    }
}

/// The full-strength map as a table, for pictures of many pixels: within 5/255 of [`color`] for
/// H ≤ 18 bits and V ≤ 180 bits².
pub struct Palette {
    nodes: Vec<[f32; 3]>,
}

impl Palette {
    /// Cells of the table along each axis, up to this saturated coordinate.
    const CELLS: usize = 128;
    const END: f32 = 0.9;

    /// The table, made at the first call.
    pub fn get() -> &'static Self {
        static PALETTE: OnceLock<Palette> = OnceLock::new();
        PALETTE.get_or_init(|| {
            let at = |i: usize| f64::from(Self::END) * i as f64 / Self::CELLS as f64;
            let mut nodes = Vec::with_capacity((Self::CELLS + 1).pow(2));
            for i in 0..=Self::CELLS {
                for j in 0..=Self::CELLS {
                    let (h, v) = unsaturate(at(i), at(j));
                    nodes.push(FULL.at(h, v).0.map(f32::from));
                }
            }
            Self { nodes }
        })
    }

    /// The colour of (H bits, V bits²), neither negative nor NaN.
    #[inline]
    pub fn at(&self, entropy_bits: f32, varentropy_bits2: f32) -> [u8; 3] {
        const SCALE: f32 = Palette::CELLS as f32 / Palette::END;
        const LAST: f32 = Palette::CELLS as f32 - 0.001;
        let root = varentropy_bits2.sqrt();
        // A comparison is one instruction in wasm, `f32::min` a call.
        let inside = |x: f32| if x < LAST { x } else { LAST };
        let x = inside(entropy_bits / (entropy_bits + 2.0) * SCALE);
        let y = inside(root / (root + 1.5) * SCALE);
        let (i, j) = (x as usize, y as usize);
        let (x, y) = (x - i as f32, y - j as f32);
        let row = Self::CELLS + 1;
        let node = |i: usize, j: usize| self.nodes.get(i * row + j).copied().unwrap_or_default();
        let (a, b, c, d) = (node(i, j), node(i, j + 1), node(i + 1, j), node(i + 1, j + 1));
        [0, 1, 2].map(|k| {
            let low = a[k] + (b[k] - a[k]) * y;
            let high = c[k] + (d[k] - c[k]) * y;
            (low + (high - low) * x + 0.5) as u8
        })
    }
}

/// The map where up to three outcomes live, as a table of H and √V: within 5/255 of [`color`].
pub struct SmallPalette {
    colors: Vec<[u8; 4]>,
}

impl Palette {
    /// The table for H ≤ 1.6 bits and V ≤ 1.7 bits², made at the first call.
    pub fn small() -> &'static SmallPalette {
        static PALETTE: OnceLock<SmallPalette> = OnceLock::new();
        PALETTE.get_or_init(|| {
            let palette = Self::get();
            let mut colors = Vec::with_capacity(SmallPalette::CELLS.pow(2));
            for i in 0..SmallPalette::CELLS {
                for j in 0..SmallPalette::CELLS {
                    let [h, root] = [i, j].map(|k| k as f32 / SmallPalette::SCALE);
                    let [r, g, b] = palette.at(h, root * root);
                    colors.push([r, g, b, 255]);
                }
            }
            SmallPalette { colors }
        })
    }
}

impl SmallPalette {
    const CELLS: usize = 256;
    /// Cells in one bit.
    const SCALE: f32 = 160.0;

    /// Red, green, blue and full alpha of (H bits, V bits²), neither negative nor NaN.
    #[inline]
    pub fn at(&self, entropy_bits: f32, varentropy_bits2: f32) -> [u8; 4] {
        let i = nearest(entropy_bits * Self::SCALE);
        let j = nearest(varentropy_bits2.sqrt() * Self::SCALE);
        self.colors.get(i * Self::CELLS + j).copied().unwrap_or_default()
    }
}

/// The whole number nearest to x in 0..2²³, from the bits of x + 2²³: a conversion checks for
/// overflow and NaN, which takes longer than the rest of a pixel.
#[inline]
fn nearest(x: f32) -> usize {
    ((x + 8_388_608.0).to_bits() & 0x007f_ffff) as usize
}

fn clean(x: f64) -> f64 {
    if x > 0.0 { x } else { 0.0 }
}

fn ratio(x: f64, half: f64) -> f64 {
    if x.is_infinite() { 1.0 } else { x / (x + half) }
}

#[cfg(test)]
mod tests {
    use super::super::eyes::{VISIONS, difference, seen};
    use super::*;

    /// What a reader must tell apart: certainty, an even choice of two and of three, the largest V
    /// of three outcomes, and tokens as they occur in a chat.
    const POINTS: [(f64, f64); 7] =
        [(0.0, 0.0), (1.0, 0.0), (1.585, 0.0), (0.5, 1.5), (2.0, 6.0), (4.0, 10.0), (15.585, 0.0)];

    #[test]
    fn landmarks_differ_for_every_eye() {
        for (vision, matrix) in &VISIONS {
            for (i, &(h1, v1)) in POINTS.iter().enumerate() {
                for &(h2, v2) in &POINTS[i + 1..] {
                    let d = difference(seen(matrix, color(h1, v1)), seen(matrix, color(h2, v2)));
                    assert!(d >= 10.0, "{vision}: ({h1}, {v1}) and ({h2}, {v2}) differ by {d:.1}");
                }
            }
        }
    }

    #[test]
    fn steps_are_even_where_tokens_live() {
        // Equal steps of h (or of v) give equal differences, within a third: only gamut clipping
        // and rounding to bytes may disturb them.
        let at = |h: f64, v: f64| {
            let (entropy, varentropy) = unsaturate(h, v);
            color(entropy, varentropy).linear()
        };
        for v in [0.1, 0.3, 0.5] {
            let steps: Vec<f64> = (2..8)
                .map(|i| f64::from(i) / 10.0)
                .map(|h| difference(at(h, v), at(h + 0.1, v)))
                .collect();
            let (low, high) =
                steps.iter().fold((f64::MAX, 0.0f64), |(l, h), &s| (l.min(s), h.max(s)));
            assert!(high / low < 1.34, "v {v}: {steps:?}");
        }
    }

    #[test]
    fn the_palette_is_the_map() {
        for i in 0..200 {
            for j in 0..200 {
                let (h, v) = unsaturate(f64::from(i) / 225.0, f64::from(j) / 225.0);
                let (exact, quick) = (color(h, v).0, Palette::get().at(h as f32, v as f32));
                let apart = exact.iter().zip(quick).map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0);
                assert!(apart <= 5, "({h}, {v}): {quick:?}, not {exact:?}");
            }
        }
    }

    #[test]
    fn saturation_is_inverted() {
        for (h, v) in [(0.0, 0.0), (0.3, 1.0), (15.6, 63.0)] {
            let (a, b) = saturate(h, v);
            let (h2, v2) = unsaturate(a, b);
            assert!((h - h2).abs() < 1e-9 && (v - v2).abs() < 1e-9);
        }
        assert_eq!(saturate(f64::NAN, -1.0), (0.0, 0.0));
        assert_eq!(saturate(f64::INFINITY, f64::INFINITY), (1.0, 1.0));
    }
}
