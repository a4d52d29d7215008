//! Three outcomes as a triangle: every point inside is a distribution (A left, B right, C above).

use entropix::{EntropixConfig, Quadrant, classify};

use crate::color::Palette;
use crate::distribution::{nearest, uncertainty};
use crate::scene::{Node, Paint, Raster, Scene, Units, number};

/// Height of an equilateral triangle of side 1.
const TALL: f64 = 0.866_025_403_784_438_6;
/// Space around the triangle, in px: for the names of the corners.
const SIDE: f64 = 14.0;
const ABOVE: f64 = 24.0;
const BELOW: f64 = 26.0;

/// What the colour of a point says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// H and V.
    Both,
    /// H alone.
    Entropy,
    /// V alone.
    Varentropy,
    /// The rule of the sampler.
    Rules,
}

/// Which lines of equal value are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contours {
    /// Lines of equal H.
    pub entropy: bool,
    /// Lines of equal V.
    pub varentropy: bool,
}

/// Distance between two contours, in bits or bits².
pub const CONTOUR_STEP: f64 = 0.25;

/// The picture of a triangle `width` px wide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triangle {
    /// Width of the whole picture, in px.
    pub width: f64,
}

impl Triangle {
    /// Length of a side, in px.
    pub fn side(&self) -> f64 {
        (self.width - 2.0 * SIDE).max(1.0)
    }

    /// Height of the whole picture, in px.
    pub fn height(&self) -> f64 {
        self.side() * TALL + ABOVE + BELOW
    }

    /// Upper left corner of the square-pixel image of the field, in px.
    pub fn origin(&self) -> (f64, f64) {
        (SIDE, ABOVE)
    }

    /// Where a distribution lies.
    pub fn at(&self, [a, b, c]: [f64; 3]) -> (f64, f64) {
        let sum = a + b + c;
        let x = (b + 0.5 * c) / sum;
        let y = 1.0 - c / sum;
        (SIDE + x * self.side(), ABOVE + y * self.side() * TALL)
    }

    /// Barycentric coordinates of a place; they sum to 1, and one is negative outside.
    pub fn inverse(&self, x: f64, y: f64) -> [f64; 3] {
        let c = 1.0 - (y - ABOVE) / (self.side() * TALL);
        let b = (x - SIDE) / self.side() - 0.5 * c;
        [1.0 - b - c, b, c]
    }

    /// The distribution whose place is nearest.
    pub fn nearest(&self, x: f64, y: f64) -> [f64; 3] {
        nearest(self.inverse(x, y))
    }

    /// Frame, ticks along the sides, names of contours.
    pub fn scene(&self, contours: Contours, units: Units) -> Scene {
        let mut scene = Scene::new(self.width, self.height());
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

    /// The whole picture, with its field (`detail` pixels per px): for files.
    pub fn figure(
        &self,
        field: Field,
        contours: Contours,
        units: Units,
        config: &EntropixConfig,
        labels: [&str; 3],
        detail: f64,
    ) -> Scene {
        let mut scene = Scene::new(self.width, self.height());
        let side = (detail * self.side()) as u32;
        let (x, y) = self.origin();
        scene.nodes.push(Node::Image {
            x,
            y,
            width: self.side(),
            height: self.side() * TALL,
            raster: pixels(side, field, contours, units, config),
        });
        scene.nodes.extend(self.scene(contours, units).nodes);
        for (p, label, (dx, dy), class) in [
            ([1.0, 0.0, 0.0], labels[0], (-10.0, 17.0), "corner first"),
            ([0.0, 1.0, 0.0], labels[1], (10.0, 17.0), "corner second"),
            ([0.0, 0.0, 1.0], labels[2], (0.0, -9.0), "corner"),
        ] {
            let (x, y) = self.at(p);
            scene.nodes.push(Node::Text { at: (x + dx, y + dy), text: label.to_owned(), class });
        }
        scene
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

/// The field over a triangle with sides of `side` pixels: transparent outside, smooth at the edges.
pub fn pixels(
    side: u32,
    field: Field,
    contours: Contours,
    units: Units,
    config: &EntropixConfig,
) -> Raster {
    let side = side.clamp(1, 4096);
    let tall = (f64::from(side) * TALL).ceil() as u32;
    let mut raster = Raster::new(side, tall);
    let surprise = Surprise::new(side);
    let palette = Palette::get();
    let step = 1.0 / f64::from(side);
    // Values of the row above, for the contours' slopes.
    let mut above = vec![(0.0f32, 0.0f32); side as usize];
    for row in 0..tall {
        let c = 1.0 - (f64::from(row) + 0.5) * step / TALL;
        if c <= 0.0 {
            break;
        }
        // Pixels whose middle lies less than one pixel outside are needed for smooth edges.
        let first = ((c * 0.5) / step - 1.5).max(0.0) as u32;
        let last = (((1.0 - c * 0.5) / step + 1.5) as u32).min(side - 1);
        let (f_c, g_c) = surprise.at(c);
        let mut left = None;
        for column in first..=last {
            let b = (f64::from(column) + 0.5) * step - 0.5 * c;
            let a = 1.0 - b - c;
            let edge = (a.min(b) * TALL * f64::from(side) + 0.5).min(1.0);
            if edge <= 0.0 {
                continue;
            }
            let ((f_a, g_a), (f_b, g_b)) = (surprise.at(a), surprise.at(b));
            let h = f_a + f_b + f_c;
            let v = (g_a + g_b + g_c - h * h).max(0.0);
            let mut rgb = match field {
                Field::Both => palette.at(h, v),
                Field::Entropy => palette.at(h, 0.0),
                Field::Varentropy => palette.at(0.0, v),
                Field::Rules => rule_color(classify(f64::from(h), f64::from(v), config)),
            };
            let (left_h, left_v) = left.unwrap_or((h, v));
            let (above_h, above_v) = above[column as usize];
            if contours.entropy {
                let slope = (h - left_h).hypot(h - above_h);
                ink(&mut rgb, line(h * units.entropy as f32, slope * units.entropy as f32));
            }
            if contours.varentropy {
                let scale = units.varentropy as f32;
                ink(&mut rgb, line(v * scale, (v - left_v).hypot(v - above_v) * scale));
            }
            left = Some((h, v));
            above[column as usize] = (h, v);
            raster.set(column, row, rgb, (edge * 255.0) as u8);
        }
    }
    raster
}

/// How much of a pixel a contour covers: the value's distance from a multiple of the step, in
/// pixels along the slope.
fn line(value: f32, slope: f32) -> f32 {
    let step = CONTOUR_STEP as f32;
    let away = (value / step).fract().min(1.0 - (value / step).fract()) * step;
    if value < step * 0.5 || slope <= 1e-9 { 0.0 } else { (1.0 - away / slope).clamp(0.0, 1.0) }
}

/// Darkens or lightens a pixel, whatever shows better.
fn ink(rgb: &mut [u8; 3], share: f32) {
    if share <= 0.0 {
        return;
    }
    let light = u32::from(rgb[0]) * 2 + u32::from(rgb[1]) * 5 + u32::from(rgb[2]) > 8 * 105;
    let to = if light { 0.0 } else { 255.0 };
    for byte in rgb {
        *byte = (f32::from(*byte) + (to - f32::from(*byte)) * share * 0.38) as u8;
    }
}

/// −p log₂ p and p log₂² p from a table: a logarithm per pixel and outcome would cost most of the time.
struct Surprise {
    table: Vec<(f32, f32)>,
    scale: f64,
}

impl Surprise {
    fn new(side: u32) -> Self {
        // p moves in steps of half a pixel or so; finer than that is not seen.
        let steps = (side * 4).max(1024);
        let table = (0..=steps)
            .map(|i| {
                let p = f64::from(i) / f64::from(steps);
                let log = if i == 0 { 0.0 } else { p.log2() };
                ((-p * log) as f32, (p * log * log) as f32)
            })
            .collect();
        Self { table, scale: f64::from(steps) }
    }

    fn at(&self, p: f64) -> (f32, f32) {
        let index = (p.clamp(0.0, 1.0) * self.scale + 0.5) as usize;
        self.table.get(index).copied().unwrap_or_default()
    }
}

/// Colours of the rules: apart in lightness and on the blue–orange axis, for every eye.
pub fn rule_color(rule: Quadrant) -> [u8; 3] {
    match rule {
        Quadrant::Adaptive => [0xdf, 0xe1, 0xe5],
        Quadrant::Lelv => [0x1f, 0x6f, 0x8b],
        Quadrant::Helv => [0x3b, 0x3f, 0x6e],
        Quadrant::Lehv => [0xf0, 0x9a, 0x3e],
        Quadrant::Hehv => [0xa2, 0x3b, 0x2a],
    }
}

/// The share of the triangle's area in which each rule fires, most first, to about 0.001 %. A rule
/// that fires at the corners alone has 0; rules that never do are left out.
pub fn shares(config: &EntropixConfig) -> Vec<(Quadrant, f64)> {
    const STEPS: u32 = 400;
    let mut counts = [
        (Quadrant::Lelv, 0u32),
        (Quadrant::Helv, 0),
        (Quadrant::Lehv, 0),
        (Quadrant::Hehv, 0),
        (Quadrant::Adaptive, 0),
    ];
    let mut total = 0;
    for i in 0..STEPS {
        for j in 0..STEPS - i {
            let (a, b) = (f64::from(i) + 1.0 / 3.0, f64::from(j) + 1.0 / 3.0);
            let (a, b) = (a / f64::from(STEPS), b / f64::from(STEPS));
            let u = uncertainty(&[a, b, 1.0 - a - b]);
            let rule = classify(u.entropy_bits, u.varentropy_bits2, config);
            if let Some((_, count)) = counts.iter_mut().find(|(each, _)| *each == rule) {
                *count += 1;
            }
            total += 1;
        }
    }
    let corner = classify(0.0, 0.0, config);
    counts.sort_unstable_by_key(|&(_, count)| std::cmp::Reverse(count));
    counts
        .into_iter()
        .filter(|&(rule, count)| count > 0 || rule == corner)
        .map(|(rule, count)| (rule, f64::from(count) / f64::from(total)))
        .collect()
}

/// The colour of a distribution's dot.
pub fn dot(p: [f64; 3], class: &'static str, at: (f64, f64)) -> Node {
    let u = uncertainty(&p);
    Node::Circle { at, radius: 6.0, paint: Paint::Map(u.entropy_bits, u.varentropy_bits2), class }
}

#[cfg(test)]
mod tests {
    use entropix::Preset;

    use super::*;
    use crate::color::color;
    use crate::scene::UNITS_BITS;

    fn config() -> EntropixConfig {
        EntropixConfig::preset(Preset::B)
    }

    #[test]
    fn places_are_inverted() {
        let triangle = Triangle { width: 400.0 };
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
        let raster = pixels(side, Field::Both, Contours::default(), UNITS_BITS, &config());
        let triangle = Triangle { width: f64::from(side) + 2.0 * SIDE };
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
        let with = pixels(400, Field::Entropy, lines, UNITS_BITS, &config());
        let without = pixels(400, Field::Entropy, Contours::default(), UNITS_BITS, &config());
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
        let shares = shares(&config());
        assert_eq!(shares[0].0, Quadrant::Adaptive);
        assert!(shares[0].1 > 0.99 && shares[1].0 == Quadrant::Lelv, "{shares:?}");
        assert_eq!(shares.len(), 2);
        assert!((shares.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn absurd_sizes_are_drawn_smaller() {
        for side in [0, 1, 2, 3] {
            let raster = pixels(side, Field::Both, Contours::default(), UNITS_BITS, &config());
            assert!(raster.width >= 1 && raster.height >= 1);
        }
    }
}
