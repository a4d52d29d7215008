//! `OKLab`, as far as it exists in sRGB.

use super::Srgb;

/// Keeps lightness and hue and lowers chroma until the colour exists in sRGB.
pub(super) fn into_gamut([l, a, b]: [f64; 3]) -> Srgb {
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

#[inline(never)]
fn encode(x: f64) -> u8 {
    let x = x.clamp(0.0, 1.0);
    let y = if x <= 0.003_130_8 { 12.92 * x } else { 1.055 * (x.ln() / 2.4).exp() - 0.055 };
    (y * 255.0).round() as u8
}

// Matrices: Björn Ottosson, "A perceptual color space for image processing" (2020).
#[inline(never)]
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
