//! Three outcomes as a triangle: every point inside is a distribution (A left, B right, C above).

mod lines;

use entropix::{Regions, Rule};

use super::border::Mesh;
use super::{Chart, Contours, Field, Figure, Look, patch, ramp};
use crate::color::{self, Palette, Srgb};
use crate::distribution::nearest;
use crate::scene::{Anchor, Guides, LINE, Label, Node, REACH, Raster, Scene, Units, width};

/// Height of an equilateral triangle of side 1.
const TALL: f64 = 0.866_025_403_784_438_6;
/// Space beside the triangle, in px: for the ring.
const SIDE: f64 = REACH + 3.0;

/// Distance between two contours, in bits or bits².
pub const CONTOUR_STEP: f64 = 0.25;

const CORNERS: [[f64; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

/// The picture of a triangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triangle {
    /// Width of the whole picture, in px.
    pub width: f64,
    /// Height of the whole picture, in px.
    pub height: f64,
    /// Size of its labels, in px.
    pub text: f64,
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
                Field::Varentropy => ramp::varentropy(right),
            };
            [r, g, b]
        })
    }

    fn scene(&self) -> Scene {
        self.scene()
    }

    fn names(&self, names: &[&str]) -> Vec<Label> {
        let &[a, b, c, ..] = names else { return Vec::new() };
        let wide = self.width / self.text;
        let below = self.origin().1 + self.side() * TALL + REACH + 1.0 + self.text;
        let label = |name, room, x, y, anchor| {
            Label::of_name(["", name, ": 100 %"], room, (x, y), anchor, "corner")
        };
        let half = 0.5 * wide - 0.5;
        let mut first = label(a, half, 0.0, below, Anchor::Start);
        let mut second = label(b, half, self.width, below, Anchor::End);
        // Under their corners; but a long name of a small triangle begins further out.
        let far = |text: &str| self.width - (half + 1.0 + width(text)) * self.text;
        let (left, right) =
            (self.at(CORNERS[0]).0 - SIDE, self.width - self.at(CORNERS[1]).0 - SIDE);
        first.at.0 = left.min(far(&first.text)).max(0.0);
        second.at.0 = self.width - right.min(far(&second.text)).max(0.0);
        vec![first, second, label(c, wide, self.width / 2.0, self.text, Anchor::Middle)]
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
}

fn three(p: &[f64]) -> [f64; 3] {
    <[f64; 3]>::try_from(p).unwrap_or([1.0 / 3.0; 3])
}

impl Triangle {
    /// The triangle that looks so.
    pub fn new(look: &Look) -> Self {
        let triangle = Self {
            width: look.width,
            height: 0.0,
            text: look.text,
            field: look.field,
            contours: look.contours.unwrap_or_else(|| Contours::of(look.field)),
            units: look.units,
            regions: look.regions,
        };
        let tall = (look.width - 2.0 * SIDE) * TALL + 2.0 * triangle.row();
        Self { height: look.height.unwrap_or(tall), ..triangle }
    }

    /// Length of a side, in px: the largest that has room.
    #[inline(never)]
    pub fn side(&self) -> f64 {
        let tall = (self.height - 2.0 * self.row()) / TALL;
        (self.width - 2.0 * SIDE).min(tall).max(1.0)
    }

    /// Height of a row of names and the ring's reach into it.
    fn row(&self) -> f64 {
        LINE * self.text + REACH + 1.0
    }

    /// Upper left corner of the square-pixel image of the field, in px.
    pub fn origin(&self) -> (f64, f64) {
        ((self.width - self.side()) / 2.0, self.row())
    }

    /// Where a distribution lies.
    #[inline(never)]
    pub fn at(&self, [a, b, c]: [f64; 3]) -> (f64, f64) {
        let sum = a + b + c;
        let x = (b + 0.5 * c) / sum;
        let y = 1.0 - c / sum;
        let (left, above) = self.origin();
        (left + x * self.side(), above + y * self.side() * TALL)
    }

    /// Barycentric coordinates of a place; they sum to 1, and one is negative outside.
    #[inline(never)]
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

    /// Frame, contours, borders of the rules, zeros, and the names of all these.
    pub fn scene(&self) -> Scene {
        let Self { contours, units, field, .. } = *self;
        let mut scene = Scene::new(self.width, self.height, self.text);
        scene.labels.guides = Guides { rings: 1, ..Guides::default() };
        let [a, b, c] = CORNERS.map(|p| self.at(p));
        scene.labels.avoid_line(&[a, b, c, a]);
        // A border is smooth if its straight pieces are short.
        let mesh = Mesh::new(16 + (self.side().min(500.0) / 6.0) as u32);
        if field == Field::Rules {
            self.rules(&mut scene, &mesh);
        }
        if contours.varentropy {
            let scale = units.varentropy;
            self.contours(&mut scene, &mesh, ["V", units.varentropy_name], scale, &|(_, v)| v);
        }
        if contours.entropy {
            let scale = units.entropy;
            self.contours(&mut scene, &mesh, ["H", units.entropy_name], scale, &|(h, _)| h);
        }
        if field == Field::Varentropy {
            self.zeros(&mut scene);
        }
        let points = vec![a, b, c];
        scene.nodes.push(Node::Path { points, closed: true, class: "frame" });
        scene
    }

    /// The rule at (H bits, V bits²).
    #[inline(never)]
    fn rule(&self, h: f64, v: f64) -> Rule {
        self.regions.map_or(Rule::Adaptive, |regions| regions.rule(h, v))
    }

    /// The field over a triangle with sides of `side` pixels: transparent outside, smooth at the edges.
    ///
    /// Along a row all three probabilities move in steps of the table of surprisals, so a pixel costs
    /// three look-ups, a square root and a colour. The right half is the left one mirrored: H and V
    /// don't ask which outcome is which.
    pub fn pixels(&self, side: u32) -> Raster {
        let side = side.clamp(1, 4096);
        let tall = (f64::from(side) * TALL).ceil() as u32;
        let mut raster = Raster::new(side, tall);
        let surprise = Surprise::new(side);
        let palette = Palette::small();
        let step = 1.0 / f64::from(side);
        let steps = (side * FINE) as i32;
        // From steps of the table to pixels' distance from an edge.
        let to_pixels = TALL as f32 / FINE as f32;
        // Values of the row above, for the slopes at the borders of rules.
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
                let mut rgba = match self.field {
                    Field::Both => palette.at(h, v),
                    Field::Entropy => palette.at(h, 0.0),
                    Field::Varentropy => ramp::varentropy(v),
                    Field::Rules => {
                        let slopes = [left.unwrap_or((h, v)), *above];
                        left = Some((h, v));
                        *above = (h, v);
                        self.rule_color((h, v), slopes)
                    }
                };
                if edge < 1.0 {
                    rgba[3] = (edge * 255.0) as u8;
                }
                for (to, byte) in pixel.iter_mut().zip(rgba) {
                    *to = byte;
                }
            }
            for (pixel, twin) in mirrored.chunks_exact_mut(4).rev().zip(half.chunks_exact(4)) {
                for (to, &byte) in pixel.iter_mut().zip(twin) {
                    *to = byte;
                }
            }
        }
        raster
    }

    /// The colours of the rules within a pixel, mixed; `before` are the values of the pixel on the left and
    /// of that above.
    fn rule_color(&self, (h, v): (f32, f32), [left, above]: [(f32, f32); 2]) -> [u8; 4] {
        /// Samples along each side of a pixel.
        const SAMPLES: u32 = 4;
        let at = |across: f32, down: f32| {
            let value = |here: f32, left: f32, above: f32| {
                f64::from(here + across * (here - left) + down * (here - above))
            };
            self.rule(value(h, left.0, above.0), value(v, left.1, above.1))
        };
        let here = at(0.0, 0.0);
        let one = |rule| {
            let Srgb([r, g, b]) = color::rule(rule);
            [r, g, b, 255]
        };
        let ends = [(-0.5, -0.5), (-0.5, 0.5), (0.5, -0.5), (0.5, 0.5)];
        if ends.into_iter().all(|(x, y)| at(x, y) == here) {
            return one(here);
        }
        let mut sums = [0u32; 4];
        for sample in 0..SAMPLES * SAMPLES {
            let [x, y] = [sample % SAMPLES, sample / SAMPLES]
                .map(|step| (step as f32 + 0.5) / SAMPLES as f32 - 0.5);
            for (sum, byte) in sums.iter_mut().zip(one(at(x, y))) {
                *sum += u32::from(byte);
            }
        }
        sums.map(|sum| (sum / (SAMPLES * SAMPLES)) as u8)
    }
}

/// Steps of the table of surprisals in a pixel.
const FINE: u32 = 4;

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
    use crate::distribution::uncertainty;

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
            let (left, above) = triangle.origin();
            let (column, row) = ((x - left) as u32, (y - above) as u32);
            let (rgb, alpha) = raster.get(column, row);
            let [a, b, c] =
                triangle.inverse(f64::from(column) + left + 0.5, f64::from(row) + above + 0.5);
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
