//! Two outcomes: H and V over p.

use super::smooth::smooth;
use super::{Chart, Figure, Look};
use crate::bounds;
use crate::color::color;
use crate::distribution::uncertainty;
use crate::scene::{
    self, Anchor, Guides, LINE, Label, REACH, Raster, Scene, Units, joined, number,
};

/// Space on the right, in px: for the ring.
const RIGHT: f64 = REACH + 1.0;
/// Height of the strip that shows the colour of each p, and how far it lies below the axis.
const STRIP: f64 = 10.0;
const GAP: f64 = 4.0;

/// The picture of the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    /// Width of the whole picture, in px.
    pub width: f64,
    /// Height of the whole picture, in px.
    pub height: f64,
    /// Size of its labels, in px.
    pub text: f64,
    /// Units of the axis.
    pub units: Units,
}

impl Chart for Curve {
    fn height(&self) -> f64 {
        self.height
    }

    fn field(&self) -> [f64; 4] {
        self.strip()
    }

    /// One row.
    fn pixels(&self, columns: u32, _: u32) -> Raster {
        strip(columns)
    }

    fn scene(&self) -> Scene {
        self.scene()
    }

    /// The title of the axis and what its ends mean.
    fn names(&self, names: &[&str]) -> Vec<Label> {
        let &[a, b, ..] = names else { return Vec::new() };
        let wide = self.width / self.text;
        let first = self.ticks() + LINE * self.text;
        let middle = (self.left() + self.width - RIGHT) / 2.0;
        let (last, title, end) = if self.rows() > 1.0 {
            let room = 2.0 * (self.width - middle) / self.text;
            (first + LINE * self.text, room, 0.5 * wide - 0.5)
        } else {
            (first, 0.33 * wide, 0.29 * wide)
        };
        let label =
            |parts, room, x, y, anchor| Label::of_name(parts, room, (x, y), anchor, "axis-name");
        vec![
            label(["probability of ", a, ""], title, middle, first, Anchor::Middle),
            label(["← ", b, " certain"], end, 0.0, last, Anchor::Start),
            label(["", a, " certain →"], end, self.width, last, Anchor::End),
        ]
    }

    /// x, y of V, y of H, at `[p]`.
    fn at(&self, point: &[f64]) -> Vec<f64> {
        let (x, h, v) = self.at(first(point));
        vec![x, v, h]
    }

    /// `[p]`.
    fn inverse(&self, x: f64, _: f64) -> Vec<f64> {
        vec![self.inverse(x)]
    }

    fn place(&self, p: &[f64]) -> (f64, f64) {
        let (x, _, v) = self.at(first(p));
        (x, v)
    }
}

impl Figure for Curve {
    fn outcomes(&self) -> Option<usize> {
        Some(2)
    }
}

fn first(p: &[f64]) -> f64 {
    p.first().copied().unwrap_or_default()
}

impl Curve {
    /// The curve that looks so.
    pub fn new(look: &Look) -> Self {
        Self { width: look.width, height: look.height(0.62), text: look.text, units: look.units }
    }

    /// Where p lies: x, and y of H and of V.
    #[inline(never)]
    pub fn at(&self, p: f64) -> (f64, f64, f64) {
        let u = uncertainty(&[p, 1.0 - p]);
        (
            self.x(p),
            self.y(u.entropy_bits * self.units.entropy),
            self.y(u.varentropy_bits2 * self.units.varentropy),
        )
    }

    /// Which p lies at x, 0 to 1.
    pub fn inverse(&self, x: f64) -> f64 {
        let [left, _, width, _] = self.strip();
        ((x - left) / width).clamp(0.0, 1.0)
    }

    /// Axes, both lines, their names and the peak.
    pub fn scene(&self) -> Scene {
        let mut scene = Scene::new(self.width, self.height, self.text);
        // The second mark is the point on the line of H.
        scene.labels.guides = Guides { rings: 2, left: false, below: true };
        self.axes(&mut scene);
        // Dense near 0 and 1, where V turns.
        let slow = |t: f64| self.at(t * t * (3.0 - 2.0 * t));
        self.titles(&mut scene);
        scene.path(smooth(&|t| (slow(t).0, slow(t).1), 0.0, 1.0), "line-h");
        scene.path(smooth(&|t| (slow(t).0, slow(t).2), 0.0, 1.0), "line-v");
        let Units { entropy_name, varentropy_name, .. } = self.units;
        let middle = self.at(0.5);
        for (long, letter, unit, y, class) in [
            ("entropy H, ", "H", entropy_name, middle.1, "name-h"),
            ("varentropy V, ", "V", varentropy_name, middle.2, "name-v"),
        ] {
            let [long, short] = [joined(&[long, unit]), joined(&[letter, ", ", unit])];
            let places = self.places(letter == "H");
            let near = (middle.0, y - 2.0 * REACH);
            scene.labels.wish(&[&long, &short, letter], &places, near, class, 0..0);
        }
        scene
    }

    /// Where the name of a line may stand: above or below it.
    fn places(&self, of_h: bool) -> Vec<(f64, f64)> {
        let step = LINE * self.text / 2.0 + REACH;
        let mut places = Vec::new();
        for away in [-1.6, -1.0, 1.0, 1.6] {
            for share in 1..40 {
                let (x, h, v) = self.at(f64::from(share) / 40.0);
                places.push((x, if of_h { h } else { v } + away * step));
            }
        }
        places
    }

    /// What the axis measures; a line under the largest V, and which p that is.
    fn titles(&self, scene: &mut Scene) {
        let Units { entropy_name, varentropy_name, .. } = self.units;
        let title = joined(&["H in ", entropy_name, ", V in ", varentropy_name]);
        scene.text(&[&title], (0.0, self.text), Anchor::Start, "axis-name");
        let favourite = bounds::maximum(2).favourite;
        let (x, _, y) = self.at(favourite);
        scene.path(vec![(x, self.floor()), (x, y)], "peak");
        let percent = joined(&[&number(100.0 * favourite), " %"]);
        let name = joined(&["peak ", &percent]);
        scene.text(&[&name, &percent], (x, self.text), Anchor::Middle, "axis-name");
    }

    /// The box of the colour strip: x, y, width, height.
    pub fn strip(&self) -> [f64; 4] {
        let left = self.left();
        [left, self.floor() + GAP, (self.width - left - RIGHT).max(1.0), STRIP]
    }

    /// Left end of the axis: the ring does not reach the numbers.
    fn left(&self) -> f64 {
        scene::width("0.75") * self.text + REACH + 2.0
    }

    fn ceiling(&self) -> f64 {
        2.0 * self.text
    }

    fn floor(&self) -> f64 {
        let below = STRIP + 2.0 * GAP + (1.0 + self.rows()) * LINE * self.text;
        (self.height - below).max(self.ceiling() + 1.0)
    }

    /// Baseline of the numbers on the axis of p.
    fn ticks(&self) -> f64 {
        self.floor() + STRIP + 2.0 * GAP + self.text
    }

    /// Rows of names below the numbers.
    fn rows(&self) -> f64 {
        if self.width < 40.0 * self.text { 2.0 } else { 1.0 }
    }

    fn x(&self, p: f64) -> f64 {
        let left = self.left();
        left + p * (self.width - left - RIGHT).max(1.0)
    }

    fn y(&self, value: f64) -> f64 {
        self.floor() - value / self.units.entropy * (self.floor() - self.ceiling())
    }

    fn axes(&self, scene: &mut Scene) {
        // The ends first: what meets an earlier number is left out.
        for tick in [0.0, 1.0, 0.5, 0.25, 0.75] {
            let y = self.y(tick);
            if y > self.ceiling() - 2.0 {
                let class = if tick > 0.0 { "grid" } else { "axis" };
                scene.line((self.x(0.0), y), (self.x(1.0), y), class);
                let at = (self.x(0.0) - REACH - 1.0, y + 0.36 * self.text);
                scene.text(&[&number(tick)], at, Anchor::End, "number");
            }
            let at = (self.x(tick), self.ticks());
            scene.text(&[&(number(tick * 100.0) + " %")], at, Anchor::Middle, "number");
        }
    }
}

/// The colours over p from 0 to 1, one pixel high.
pub fn strip(width: u32) -> Raster {
    let mut raster = Raster::new(width.clamp(1, 4096), 1);
    for column in 0..raster.width {
        let p = (f64::from(column) + 0.5) / f64::from(raster.width);
        let u = uncertainty(&[p, 1.0 - p]);
        raster.set(column, 0, color(u.entropy_bits, u.varentropy_bits2).0, 255);
    }
    raster
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{UNITS_BITS, UNITS_NATS};

    #[test]
    fn places_are_inverted_and_inside() {
        for units in [UNITS_BITS, UNITS_NATS] {
            let curve = Curve { width: 480.0, height: 300.0, text: 12.0, units };
            for p in [0.0, 0.0832, 0.5, 0.916_778, 1.0] {
                let (x, h, v) = curve.at(p);
                assert!((curve.inverse(x) - p).abs() < 1e-12);
                for y in [h, v] {
                    assert!(
                        (curve.ceiling() - 1e-9..=curve.floor() + 1e-9).contains(&y),
                        "{p}: {y}"
                    );
                }
            }
        }
    }

    #[test]
    fn v_is_zero_at_the_ends_and_in_the_middle() {
        let curve = Curve { width: 480.0, height: 300.0, text: 12.0, units: UNITS_BITS };
        for p in [0.0, 0.5, 1.0] {
            assert!((curve.at(p).2 - curve.floor()).abs() < 1e-9);
        }
        assert!(
            curve.at(0.916_778).2 < curve.at(0.9).2 && curve.at(0.916_778).2 < curve.at(0.93).2
        );
    }

    #[test]
    fn the_strip_has_the_map_s_colours() {
        let raster = strip(100);
        let u = uncertainty(&[0.905, 0.095]);
        assert_eq!(raster.get(90, 0).0, color(u.entropy_bits, u.varentropy_bits2).0);
    }
}
