//! The colour of a pair (H, V), the same in every picture.

use std::sync::OnceLock;

use entropix::Rule;

/// An sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Srgb(pub [u8; 3]);

impl Srgb {
    /// `#rrggbb`.
    pub fn css(self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = String::from("#");
        for byte in self.0 {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from(DIGITS[usize::from(digit)]));
            }
        }
        text
    }

    /// `0xrrggbb`.
    pub fn packed(self) -> u32 {
        let Self([r, g, b]) = self;
        u32::from_be_bytes([0, r, g, b])
    }

    /// Relative luminance as WCAG 2 defines it.
    pub fn luminance(self) -> f64 {
        let [r, g, b] = self.linear();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// Contrast ratio as WCAG 2 defines it, 1..=21.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
        a.max(b) / a.min(b)
    }

    fn linear(self) -> [f64; 3] {
        self.0.map(|byte| {
            let x = f64::from(byte) / 255.0;
            if x <= 0.040_45 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) }
        })
    }
}

/// What a picture stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ground {
    /// Dark text on light paper.
    Light,
    /// Light text on dark paper.
    Dark,
}

/// Saturated coordinates: h = H/(H+2), v = √V/(√V+1.5), both in 0..1. NaN and negative count as 0.
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

/// The soft colour that goes under text: every text colour at least as strong as the ground's ink
/// keeps a contrast of 4.5 : 1 on it.
pub fn underlay(entropy_bits: f64, varentropy_bits2: f64, ground: Ground) -> Srgb {
    match ground {
        Ground::Light => LIGHT.at(entropy_bits, varentropy_bits2),
        Ground::Dark => DARK.at(entropy_bits, varentropy_bits2),
    }
}

/// The colour of a rule: apart in lightness and on the blue–orange axis, for every eye.
pub fn rule(rule: Rule) -> Srgb {
    Srgb(match rule {
        Rule::Adaptive => [0xdf, 0xe1, 0xe5],
        Rule::Lelv => [0x1f, 0x6f, 0x8b],
        Rule::Helv => [0x3b, 0x3f, 0x6e],
        Rule::Lehv => [0xf0, 0x9a, 0x3e],
        Rule::Hehv => [0xa2, 0x3b, 0x2a],
    })
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
const LIGHT: Map = Map {
    origin: [0.992, 0.0, 0.002],
    along_h: [-0.235, -0.022, -0.150],
    along_v: [-0.035, 0.070, 0.118],
};
const DARK: Map = Map {
    origin: [0.215, 0.0, -0.004],
    along_h: [0.230, -0.018, -0.165],
    along_v: [0.092, 0.072, 0.122],
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

/// Keeps lightness and hue and lowers chroma until the colour exists in sRGB.
fn into_gamut([l, a, b]: [f64; 3]) -> Srgb {
    let l = l.clamp(0.0, 1.0);
    let (mut low, mut high) = (0.0, 1.0);
    let mut linear = oklab_to_linear([l, a, b]);
    if !displayable(linear) {
        for _ in 0..24 {
            let middle = f64::midpoint(low, high);
            if displayable(oklab_to_linear([l, a * middle, b * middle])) {
                low = middle;
            } else {
                high = middle;
            }
        }
        linear = oklab_to_linear([l, a * low, b * low]);
    }
    Srgb(linear.map(encode))
}

fn displayable(linear: [f64; 3]) -> bool {
    linear.iter().all(|x| (-1e-6..=1.0 + 1e-6).contains(x))
}

fn encode(x: f64) -> u8 {
    let x = x.clamp(0.0, 1.0);
    let y = if x <= 0.003_130_8 { 12.92 * x } else { 1.055 * (x.ln() / 2.4).exp() - 0.055 };
    (y * 255.0).round() as u8
}

// Matrices: Björn Ottosson, "A perceptual color space for image processing" (2020).
fn oklab_to_linear([l, a, b]: [f64; 3]) -> [f64; 3] {
    let x = (l + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let y = (l - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let z = (l - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
    [
        4.076_741_662_1 * x - 3.307_711_591_3 * y + 0.230_969_929_2 * z,
        -1.268_438_004_6 * x + 2.609_757_401_1 * y - 0.341_319_396_5 * z,
        -0.004_196_086_3 * x - 0.703_418_614_7 * y + 1.707_614_701 * z,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::palette::INK;

    fn ink(css: &str) -> Srgb {
        let [_, r, g, b] = u32::from_str_radix(&css[1..], 16).unwrap().to_be_bytes();
        assert_eq!(Srgb([r, g, b]).css(), css);
        Srgb([r, g, b])
    }

    fn linear_to_oklab([r, g, b]: [f64; 3]) -> [f64; 3] {
        let x = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
        let y = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
        let z = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
        [
            0.210_454_255_3 * x + 0.793_617_785 * y - 0.004_072_046_8 * z,
            1.977_998_495_1 * x - 2.428_592_205 * y + 0.450_593_709_9 * z,
            0.025_904_037_1 * x + 0.782_771_766_2 * y - 0.808_675_766 * z,
        ]
    }

    /// Difference in `OKLab` × 100.
    fn difference(a: [f64; 3], b: [f64; 3]) -> f64 {
        let (a, b) = (linear_to_oklab(a), linear_to_oklab(b));
        100.0 * (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt()
    }

    // Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color Vision
    // Deficiency" (2009), severity 1.0, applied to linear RGB.
    const VISIONS: [(&str, [[f64; 3]; 3]); 4] = [
        ("normal", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        (
            "protan",
            [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
        ),
        (
            "deutan",
            [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ],
        ),
        (
            "tritan",
            [
                [1.255_528, -0.076_749, -0.178_779],
                [-0.078_411, 0.930_809, 0.147_602],
                [0.004_733, 0.691_367, 0.303_900],
            ],
        ),
    ];

    fn seen(matrix: &[[f64; 3]; 3], srgb: Srgb) -> [f64; 3] {
        let rgb = srgb.linear();
        [0, 1, 2].map(|i| (0..3).map(|j| matrix[i][j] * rgb[j]).sum::<f64>().clamp(0.0, 1.0))
    }

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
    fn underlays_differ_too() {
        for ground in [Ground::Light, Ground::Dark] {
            for (vision, matrix) in &VISIONS {
                for (i, &(h1, v1)) in POINTS.iter().enumerate() {
                    for &(h2, v2) in &POINTS[i + 1..] {
                        let d = difference(
                            seen(matrix, underlay(h1, v1, ground)),
                            seen(matrix, underlay(h2, v2, ground)),
                        );
                        assert!(
                            d >= 2.5,
                            "{ground:?} {vision}: ({h1}, {v1}) and ({h2}, {v2}) differ by {d:.1}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn text_stays_readable() {
        for i in 0..=40 {
            for j in 0..=40 {
                let (h, v) = unsaturate(f64::from(i) / 40.0, f64::from(j) / 40.0);
                let light = ink(INK.light).contrast(underlay(h, v, Ground::Light));
                let dark = ink(INK.dark).contrast(underlay(h, v, Ground::Dark));
                assert!(light >= 4.5, "light ({h}, {v}): {light}");
                assert!(dark >= 4.5, "dark ({h}, {v}): {dark}");
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

    #[test]
    fn css_is_six_hex_digits() {
        assert_eq!(Srgb([1, 171, 255]).css(), "#01abff");
    }
}
