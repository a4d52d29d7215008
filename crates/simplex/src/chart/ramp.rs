//! The scale of V alone: from dark blue, where nothing varies, to light orange. These are the ends of the
//! colour map's axis of V, with lightness along it, so that zeros show on any paper and to every eye.

/// V at the end of the scale, in bits²: a bit more than three outcomes can have.
const END: f32 = 1.6;

/// sRGB at equal steps of √V.
const KNOTS: [[f32; 3]; 5] = [
    [24.0, 32.0, 66.0],
    [64.0, 80.0, 128.0],
    [150.0, 122.0, 134.0],
    [226.0, 160.0, 106.0],
    [255.0, 214.0, 138.0],
];

/// Red, green, blue and full alpha of V bits², which is not negative.
#[inline]
pub(super) fn varentropy(v: f32) -> [u8; 4] {
    const LAST: f32 = (KNOTS.len() - 1) as f32;
    let along = (v * (1.0 / END)).sqrt() * LAST;
    // A comparison is one instruction in wasm, `f32::min` a call.
    let along = if along < LAST - 0.001 { along } else { LAST - 0.001 };
    let knot = along as usize;
    let share = along - knot as f32;
    let [low, high] = [knot, knot + 1].map(|at| KNOTS.get(at).copied().unwrap_or_default());
    let mix = |low: f32, high: f32| (low + (high - low) * share) as u8;
    let ([r, g, b], [r2, g2, b2]) = (low, high);
    [mix(r, r2), mix(g, g2), mix(b, b2), 255]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::color::Srgb;
    use crate::palette::PAPER;

    fn at(v: f32) -> Srgb {
        let [r, g, b, _] = varentropy(v);
        Srgb([r, g, b])
    }

    #[test]
    fn more_is_lighter() {
        let all: Vec<f64> = (0..=160).map(|i| at(i as f32 / 100.0).luminance()).collect();
        assert!(all.is_sorted(), "{all:?}");
    }

    #[test]
    fn zeros_show() {
        assert!(at(0.0).contrast(at(0.2)) > 2.5);
        assert!(at(0.0).contrast(at(0.5)) > 4.5);
        // Nor is anything as bright as light paper, which would glare on dark one.
        assert!(at(1.6).luminance() < 0.8 && PAPER.light == "#fdfdfc");
    }
}
