//! Three outcomes as a triangle: every point inside is a distribution (A left, B right, C above).

use entropix::{Regions, Rule};

use super::{Chart, Contours, Field, Figure, Look, patch};
use crate::color::{self, Palette, Srgb};
use crate::distribution::{nearest, uncertainty};
use crate::scene::{Node, Raster, Scene, Units, number};

/// Height of an equilateral triangle of side 1.
const TALL: f64 = 0.866_025_403_784_438_6;
/// Space around the triangle, in px: for the names of the corners.
const SIDE: f64 = 14.0;
const ABOVE: f64 = 24.0;
const BELOW: f64 = 26.0;

/// Distance between two contours, in bits or bits².
pub const CONTOUR_STEP: f64 = 0.25;

/// The picture of a triangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triangle {
    /// Width of the whole picture, in px.
    pub width: f64,
    /// Height of the whole picture, in px.
    pub height: f64,
    /// What a colour says.
    pub field: Field,
    /// Lines of equal value.
    pub contours: Contours,
    /// Units of the lines' names.
    pub units: Units,
    /// The sampler's rules, for [`Field::Rules`]; without, no rule but the adaptive one matches.
    pub regions: Option<Regions>,
}

impl Chart for Triangle {
    fn height(&self) -> f64 {
        self.height
    }

    fn field(&self) -> [f64; 4] {
        let (x, y) = self.origin();
        [x, y, self.side(), (self.side() * TALL).ceil()]
    }

    /// As many rows as square pixels need.
    fn pixels(&self, columns: u32, _: u32) -> Raster {
        self.pixels(columns)
    }

    fn key(&self, columns: u32, rows: u32) -> Raster {
        let palette = Palette::small();
        patch(columns, rows, &|across, up| {
            let [right, up] = [across, up].map(|share| (1.585 * share) as f32);
            let [r, g, b, _] = match self.field {
                Field::Both | Field::Rules => palette.at(right, up),
                Field::Entropy => palette.at(right, 0.0),
                Field::Varentropy => palette.at(0.0, right),
            };
            [r, g, b]
        })
    }

    fn scene(&self) -> Scene {
        self.scene()
    }

    /// x and y of three probabilities.
    fn at(&self, point: &[f64]) -> Vec<f64> {
        let (x, y) = self.at(three(point));
        vec![x, y]
    }

    /// Three probabilities.
    fn inverse(&self, x: f64, y: f64) -> Vec<f64> {
        self.nearest(x, y).to_vec()
    }

    fn place(&self, p: &[f64]) -> (f64, f64) {
        self.at(three(p))
    }
}

impl Figure for Triangle {
    fn outcomes(&self) -> Option<usize> {
        Some(3)
    }

    fn names(&self, names: &[&str]) -> Vec<Node> {
        let corners = [
            ([1.0, 0.0, 0.0], (-10.0, 17.0), "corner first"),
            ([0.0, 1.0, 0.0], (10.0, 17.0), "corner second"),
            ([0.0, 0.0, 1.0], (0.0, -9.0), "corner"),
        ];
        let mut nodes = Vec::new();
        for (&name, (p, (dx, dy), class)) in names.iter().zip(corners) {
            let (x, y) = self.at(p);
            nodes.push(Node::Text { at: (x + dx, y + dy), text: name.to_owned(), class });
        }
        nodes
    }
}

fn three(p: &[f64]) -> [f64; 3] {
    <[f64; 3]>::try_from(p).unwrap_or([1.0 / 3.0; 3])
}

impl Triangle {
    /// The triangle that looks so.
    pub fn new(look: &Look) -> Self {
        Self {
            width: look.width,
            height: look.height.unwrap_or((look.width - 2.0 * SIDE) * TALL + ABOVE + BELOW),
            field: look.field,
            contours: look.contours.unwrap_or_else(|| Contours::of(look.field)),
            units: look.units,
            regions: look.regions,
        }
    }

    /// Length of a side, in px: the largest that has room.
    pub fn side(&self) -> f64 {
        (self.width - 2.0 * SIDE).min((self.height - ABOVE - BELOW) / TALL).max(1.0)
    }

    /// Upper left corner of the square-pixel image of the field, in px.
    pub fn origin(&self) -> (f64, f64) {
        ((self.width - self.side()) / 2.0, ABOVE)
    }

    /// Where a distribution lies.
    pub fn at(&self, [a, b, c]: [f64; 3]) -> (f64, f64) {
        let sum = a + b + c;
        let x = (b + 0.5 * c) / sum;
        let y = 1.0 - c / sum;
        let (left, above) = self.origin();
        (left + x * self.side(), above + y * self.side() * TALL)
    }

    /// Barycentric coordinates of a place; they sum to 1, and one is negative outside.
    pub fn inverse(&self, x: f64, y: f64) -> [f64; 3] {
        let (left, above) = self.origin();
        let c = 1.0 - (y - above) / (self.side() * TALL);
        let b = (x - left) / self.side() - 0.5 * c;
        [1.0 - b - c, b, c]
    }

    /// The distribution whose place is nearest.
    pub fn nearest(&self, x: f64, y: f64) -> [f64; 3] {
        nearest(self.inverse(x, y))
    }

    /// Frame and names of contours.
    pub fn scene(&self) -> Scene {
        let Self { contours, units, .. } = *self;
        let mut scene = Scene::new(self.width, self.height);
        let corners = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        scene.nodes.push(Node::Path {
            points: corners.map(|p| self.at(p)).to_vec(),
            closed: true,
            class: "frame",
        });
        if contours.entropy {
            self.name_contours(&mut scene, units.entropy, |p| uncertainty(&p).entropy_bits);
        }
        // Names of both would run into each other.
        if contours.varentropy && !contours.entropy {
            self.name_contours(&mut scene, units.varentropy, |p| uncertainty(&p).varentropy_bits2);
        }
        scene
    }

    /// The field over a triangle with sides of `side` pixels: transparent outside, smooth at the edges.
    ///
    /// Along a row all three probabilities move in steps of the table of surprisals, so a pixel costs
    /// three look-ups, a square root and a colour. The right half is the left one mirrored: H and V
    /// don't ask which outcome is which.
    pub fn pixels(&self, side: u32) -> Raster {
        let Self { field, contours, units, regions, .. } = *self;
        let rule = |h: f64, v: f64| regions.map_or(Rule::Adaptive, |regions| regions.rule(h, v));
        let side = side.clamp(1, 4096);
        let tall = (f64::from(side) * TALL).ceil() as u32;
        let mut raster = Raster::new(side, tall);
        let surprise = Surprise::new(side);
        let palette = Palette::small();
        let step = 1.0 / f64::from(side);
        let steps = (side * FINE) as i32;
        // From steps of the table to pixels' distance from an edge.
        let to_pixels = TALL as f32 / FINE as f32;
        let (scale_h, scale_v) = (units.entropy as f32, units.varentropy as f32);
        // Values of the row above, for the contours' slopes.
        let mut above = vec![(0.0f32, 0.0f32); side.div_ceil(2) as usize];
        for row in 0..tall {
            let c = 1.0 - (f64::from(row) + 0.5) * step / TALL;
            if c <= 0.0 {
                break;
            }
            // Pixels whose middle lies less than one pixel outside are needed for smooth edges.
            let first = ((c * 0.5) / step - 1.5).max(0.0) as u32;
            let at_c = (c * f64::from(steps)).round() as i32;
            let (f_c, g_c) = surprise.at(at_c);
            let mut at_b =
                (((f64::from(first) + 0.5) * step - 0.5 * c) * f64::from(steps)).round() as i32;
            let mut left = None;
            let middle = 4 * side.div_ceil(2) as usize;
            let Some((half, mirrored)) = raster.row_mut(row).split_at_mut_checked(middle) else {
                break;
            };
            for (pixel, above) in half.chunks_exact_mut(4).zip(&mut above).skip(first as usize) {
                let at_a = steps - at_b - at_c;
                let to_edge = at_a.min(at_b);
                let ((f_a, g_a), (f_b, g_b)) = (surprise.at(at_a), surprise.at(at_b));
                at_b += FINE as i32;
                let edge = to_edge as f32 * to_pixels + 0.5;
                if edge <= 0.0 {
                    continue;
                }
                let h = f_a + f_b + f_c;
                let v = positive(g_a + g_b + g_c - h * h);
                let mut rgba = match field {
                    Field::Both => palette.at(h, v),
                    Field::Entropy => palette.at(h, 0.0),
                    Field::Varentropy => palette.at(0.0, v),
                    Field::Rules => {
                        let Srgb([r, g, b]) = color::rule(rule(f64::from(h), f64::from(v)));
                        [r, g, b, 255]
                    }
                };
                if contours.entropy || contours.varentropy {
                    let (left_h, left_v) = left.unwrap_or((h, v));
                    let (above_h, above_v) = *above;
                    let mut share = 0.0;
                    if contours.entropy {
                        let slope = ((h - left_h) * scale_h, (h - above_h) * scale_h);
                        share = line(h * scale_h, slope);
                    }
                    if contours.varentropy {
                        let slope = ((v - left_v) * scale_v, (v - above_v) * scale_v);
                        share += line(v * scale_v, slope);
                    }
                    ink(&mut rgba, share);
                    left = Some((h, v));
                    *above = (h, v);
                }
                if edge < 1.0 {
                    rgba[3] = (edge * 255.0) as u8;
                }
                pixel.copy_from_slice(&rgba);
            }
            for (pixel, twin) in mirrored.chunks_exact_mut(4).rev().zip(half.chunks_exact(4)) {
                pixel.copy_from_slice(twin);
            }
        }
        raster
    }

    /// A number on each contour, where it crosses the line from the centre to the upper corner.
    fn name_contours(self, scene: &mut Scene, scale: f64, value: impl Fn([f64; 3]) -> f64) {
        const STEPS: u32 = 400;
        let point = |step: u32| {
            let c = 1.0 / 3.0 + 2.0 / 3.0 * f64::from(step) / f64::from(STEPS);
            [(1.0 - c) / 2.0, (1.0 - c) / 2.0, c]
        };
        let level = |step: u32| (value(point(step)) * scale / CONTOUR_STEP).floor();
        for step in 1..STEPS {
            let (before, now) = (level(step - 1), level(step));
            let (x, y) = self.at(point(step));
            // Near the tip there is no room.
            if (before - now).abs() > 0.5 && y > ABOVE + 34.0 {
                let text = number(before.max(now) * CONTOUR_STEP);
                scene.nodes.push(Node::Text { at: (x, y + 3.0), text, class: "contour-name" });
            }
        }
    }
}

/// Steps of the table of surprisals in a pixel.
const FINE: u32 = 4;

/// How much of a pixel a contour covers: the value's distance from a multiple of the step, in
/// pixels along the slope.
#[inline]
fn line(value: f32, (across, down): (f32, f32)) -> f32 {
    const STEP: f32 = CONTOUR_STEP as f32;
    // Adding and taking away 2²³ rounds.
    const ROUND: f32 = 8_388_608.0;
    let level = (value * (1.0 / STEP) + ROUND) - ROUND;
    let away = (value - level * STEP).abs();
    // Most pixels are far from any line; the sum is never less than the slope's length.
    if away >= across.abs() + down.abs() || level == 0.0 {
        return 0.0;
    }
    positive(1.0 - away / (across * across + down * down).sqrt())
}

/// Darkens or lightens a pixel, whatever shows better.
#[inline]
fn ink([r, g, b, _]: &mut [u8; 4], share: f32) {
    if share <= 0.0 {
        return;
    }
    let light = u32::from(*r) * 2 + u32::from(*g) * 5 + u32::from(*b) > 8 * 105;
    let to = if light { 0.0 } else { 255.0 };
    for byte in [r, g, b] {
        *byte = (f32::from(*byte) + (to - f32::from(*byte)) * share * 0.38) as u8;
    }
}

/// `x`, or 0 below. A comparison is one instruction in wasm, `f32::max` a call.
#[inline]
fn positive(x: f32) -> f32 {
    if x > 0.0 { x } else { 0.0 }
}

/// −p log₂ p and p log₂² p from a table: a logarithm per pixel and outcome would cost most of the time.
struct Surprise(Vec<(f32, f32)>);

impl Surprise {
    fn new(side: u32) -> Self {
        let steps = side * FINE;
        let entry = |i: u32| {
            let p = f64::from(i) / f64::from(steps);
            let log = if i == 0 { 0.0 } else { p.log2() };
            ((-p * log) as f32, (p * log * log) as f32)
        };
        Self((0..=steps).map(entry).collect())
    }

    /// At p = `index` steps; 0 outside.
    #[inline]
    fn at(&self, index: i32) -> (f32, f32) {
        self.0.get(index as usize).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use entropix::Preset;

    use super::*;
    use crate::color::color;

    fn of_side(side: u32) -> Triangle {
        Triangle::new(&Look {
            width: f64::from(side) + 2.0 * SIDE,
            contours: Some(Contours::default()),
            regions: Some(Regions::AsCoded(Preset::B.thresholds())),
            ..Look::default()
        })
    }

    #[test]
    fn places_are_inverted() {
        let triangle = of_side(372);
        for p in [[1.0, 0.0, 0.0], [0.2, 0.3, 0.5], [0.0, 0.5, 0.5], [1.2, -0.1, -0.1]] {
            let (x, y) = triangle.at(p);
            for (a, b) in triangle.inverse(x, y).into_iter().zip(p) {
                assert!((a - b).abs() < 1e-12, "{p:?}");
            }
        }
        let [a, b, c] = triangle.nearest(-500.0, 2000.0);
        assert!(a > 0.999_999 && b + c < 1e-6);
    }

    #[test]
    fn pixels_have_the_colour_of_their_distribution() {
        let side = 300;
        let triangle = of_side(side);
        let raster = triangle.pixels(side);
        for p in [[0.34, 0.33, 0.33], [0.8, 0.1, 0.1], [0.5, 0.48, 0.02], [0.06, 0.06, 0.88]] {
            let (x, y) = triangle.at(p);
            let (column, row) = ((x - SIDE) as u32, (y - ABOVE) as u32);
            let (rgb, alpha) = raster.get(column, row);
            let [a, b, c] =
                triangle.inverse(f64::from(column) + SIDE + 0.5, f64::from(row) + ABOVE + 0.5);
            let u = uncertainty(&[a, b, c]);
            let expected = color(u.entropy_bits, u.varentropy_bits2).0;
            assert_eq!(alpha, 255);
            for (found, expected) in rgb.into_iter().zip(expected) {
                assert!(found.abs_diff(expected) <= 4, "{p:?}: {rgb:?}, not {expected:?}");
            }
        }
        assert_eq!(raster.get(0, 0).1, 0, "outside is transparent");
    }

    #[test]
    fn contours_lie_on_their_levels() {
        let lines = Contours { entropy: true, varentropy: false };
        let plain = Triangle { field: Field::Entropy, ..of_side(400) };
        let without = plain.pixels(400);
        let with = Triangle { contours: lines, ..plain }.pixels(400);
        let (mut on, mut off) = (0, 0);
        for row in 20..340 {
            for column in 0..400 {
                if with.get(column, row).1 < 255 {
                    continue;
                }
                let c = 1.0 - (f64::from(row) + 0.5) / 400.0 / TALL;
                let b = (f64::from(column) + 0.5) / 400.0 - 0.5 * c;
                let h = uncertainty(&[1.0 - b - c, b, c]).entropy_bits;
                let away = (h / CONTOUR_STEP - (h / CONTOUR_STEP).round()).abs() * CONTOUR_STEP;
                if with.get(column, row) == without.get(column, row) {
                    off += usize::from(away < 1e-4 && h > 0.2);
                } else {
                    on += 1;
                    assert!(away < 0.03, "H {h} at {column}, {row}");
                }
            }
        }
        assert!(on > 1000 && off == 0, "{on} on, {off} missed");
    }

    #[test]
    fn rules_of_three_outcomes() {
        // Three outcomes reach neither H > 5 bits nor V > 5 bits².
        let raster = Triangle { field: Field::Rules, ..of_side(200) }.pixels(200);
        let adaptive = color::rule(Rule::Adaptive).0;
        for (row, column) in (0..170).flat_map(|row| (0..200).map(move |column| (row, column))) {
            let (rgb, alpha) = raster.get(column, row);
            assert!(alpha == 0 || rgb == adaptive, "{column}, {row}: {rgb:?}");
        }
    }

    #[test]
    fn absurd_sizes_are_drawn_smaller() {
        for side in [0, 1, 2, 3] {
            let raster = of_side(side).pixels(side);
            assert!(raster.width >= 1 && raster.height >= 1);
        }
    }
}
