//! The scale of text: depth is H, hue is V against what is usual at that H.
//!
//! In answers of models V follows H closely, so that a map of both has one colour for most words. What √V usually is
//! was measured (`tests/golden/usual`): near the curve a word is grey, the deeper the less certain it was. Below the
//! curve, torn between equals, it is blue; above, a favourite with a tail, orange.

use super::oklab::into_gamut;
use super::{Ground, Srgb};
use crate::chart::patch;
use crate::scene::Raster;

/// √V that is usual at this entropy, in bits: 3.6 · (1 − exp(−√H)), fitted to the medians of `tests/golden/usual`, from
/// which it differs by less than 7 %. Half of all tokens lie within some 13 % of it.
pub fn usual(entropy_bits: f64) -> f64 {
    if entropy_bits > 0.0 { 3.6 * (1.0 - (-entropy_bits.sqrt()).exp()) } else { 0.0 }
}

/// Shares by which √V differs from the usual: grey up to the first, full colour from the second on.
const UNUSUAL: [f64; 2] = [0.08, 0.19];

/// The colours of all V at one H.
#[derive(Clone, Copy, Debug)]
pub struct Shade {
    usual: f64,
    // Red, green and blue, 0..=255; all of one lightness.
    grey: [f64; 3],
    /// Below and above the usual: what is added to the grey.
    sides: [[f64; 3]; 2],
}

impl Shade {
    /// At this entropy; NaN and negative count as 0.
    #[inline(never)]
    pub fn at(entropy_bits: f64, ground: Ground) -> Self {
        let entropy = if entropy_bits > 0.0 { entropy_bits } else { 0.0 };
        // Certain is the colour of paper; less certain is farther from it, whatever the paper.
        let depth = if entropy.is_infinite() { 1.0 } else { entropy / (entropy + 1.0) };
        let (paper, reach) = match ground {
            Ground::Light => (0.993, -0.27),
            Ground::Dark => (0.215, 0.29),
        };
        let lightness = paper + reach * depth;
        let chroma = 0.095 * depth.sqrt();
        // Blue and orange: the axis that all kinds of colour vision keep.
        let [grey, blue, orange] = [[0.0, 0.0], [-0.26, -0.966], [0.5, 0.866]]
            .map(|[a, b]| into_gamut([lightness, chroma * a, chroma * b]).0.map(f64::from));
        let from_grey = |side: [f64; 3]| [0, 1, 2].map(|i| side[i] - grey[i]);
        Self { usual: usual(entropy), grey, sides: [from_grey(blue), from_grey(orange)] }
    }

    /// The colour at this varentropy; NaN and negative count as 0.
    pub fn tint(&self, varentropy_bits2: f64) -> Srgb {
        let root = if varentropy_bits2 > 0.0 { varentropy_bits2.sqrt() } else { 0.0 };
        let [none, full] = UNUSUAL;
        let apart = (root - self.usual).abs();
        let share = (apart - none * self.usual) / ((full - none) * self.usual);
        // Where H is 0 nothing is unusual; there all three are one colour.
        let share = if share > 0.0 { share.min(1.0) } else { 0.0 };
        let share = share * share * (3.0 - 2.0 * share);
        let [below, above] = &self.sides;
        let side = if root < self.usual { below } else { above };
        Srgb([0, 1, 2].map(|i| (self.grey[i] + share * side[i] + 0.5) as u8))
    }
}

/// The colour under a word, and of that place on a plane of text. The palette's ink keeps a contrast of 4.5 : 1 on it.
pub fn tint(entropy_bits: f64, varentropy_bits2: f64, ground: Ground) -> Srgb {
    Shade::at(entropy_bits, ground).tint(varentropy_bits2)
}

/// Its key, `columns` × `rows`: to the right √V from 30 % below to 30 % above the usual, down H from 0 to 8 bits.
pub fn key(columns: u32, rows: u32, ground: Ground) -> Raster {
    patch(columns, rows, &|across, up| {
        let entropy = 8.0 * (1.0 - up).powi(2);
        tint(entropy, (usual(entropy) * (0.7 + 0.6 * across)).powi(2), ground).0
    })
}

#[cfg(test)]
mod tests {
    use super::super::eyes::{VISIONS, difference, linear_to_oklab, seen};
    use super::*;
    use crate::palette::{INK, Ink, PAPER};

    const GROUNDS: [Ground; 2] = [Ground::Light, Ground::Dark];
    const H: [f64; 10] = [0.0, 0.05, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 15.6];

    fn ink(ink: Ink, ground: Ground) -> Srgb {
        let css = ink.on(ground);
        let [_, r, g, b] = u32::from_str_radix(&css[1..], 16).unwrap().to_be_bytes();
        assert_eq!(Srgb([r, g, b]).css(), css);
        Srgb([r, g, b])
    }

    /// Lightness, and chroma along the axis from blue (below 0) to orange.
    fn seen_as(color: Srgb) -> (f64, f64) {
        let [l, a, b] = linear_to_oklab(color.linear());
        (l, a.hypot(b).copysign(b))
    }

    /// V below, at and above what is usual at this H.
    fn sides(entropy: f64) -> [f64; 3] {
        [0.8, 1.0, 1.2].map(|share| (share * usual(entropy)).powi(2))
    }

    #[test]
    fn less_certain_is_farther_from_paper_on_both_grounds() {
        for ground in GROUNDS {
            let paper = seen_as(ink(PAPER, ground)).0;
            for side in 0..3 {
                let far = H.map(|h| (seen_as(tint(h, sides(h)[side], ground)).0 - paper).abs());
                assert!(far.is_sorted_by(|a, b| a + 0.004 < *b), "{ground:?} {side}: {far:?}");
                assert!(far[0] < 0.004, "{ground:?}: certain is {} off paper", far[0]);
            }
        }
    }

    #[test]
    fn hue_is_v_against_the_usual() {
        for ground in GROUNDS {
            for h in H.into_iter().filter(|&h| h >= 0.2) {
                let [below, usual, above] = sides(h).map(|v| seen_as(tint(h, v, ground)).1);
                assert!(below < -0.02, "{ground:?} {h}: {below}");
                assert!(usual.abs() < 0.003, "{ground:?} {h}: {usual}");
                assert!(above > 0.02, "{ground:?} {h}: {above}");
            }
        }
    }

    #[test]
    fn every_eye_sees_the_sides() {
        for ground in GROUNDS {
            for (vision, matrix) in &VISIONS {
                for h in H.into_iter().filter(|&h| h >= 0.5) {
                    let [below, usual, above] = sides(h).map(|v| seen(matrix, tint(h, v, ground)));
                    for (a, b, least) in
                        [(below, usual, 2.0), (usual, above, 2.0), (below, above, 5.0)]
                    {
                        let d = difference(a, b);
                        assert!(d >= least, "{ground:?} {vision} {h}: {d:.1}");
                    }
                }
            }
        }
    }

    #[test]
    fn text_stays_readable() {
        for ground in GROUNDS {
            for h in 0..=60 {
                let h = (f64::from(h) / 10.0).exp2() - 1.0;
                for v in 0..=60 {
                    let under = tint(h, f64::from(v * v) / 20.0, ground);
                    let contrast = ink(INK, ground).contrast(under);
                    assert!(contrast >= 4.5, "{ground:?} ({h}, {v}): {contrast}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_number_has_a_colour() {
        for ground in GROUNDS {
            let paper = tint(0.0, 0.0, ground);
            assert_eq!(tint(f64::NAN, f64::NAN, ground), paper);
            assert_eq!(tint(-1.0, -1.0, ground), paper);
            assert_eq!(tint(0.0, f64::INFINITY, ground), paper);
            tint(f64::INFINITY, f64::INFINITY, ground);
        }
    }
}
