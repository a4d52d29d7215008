//! The (H, V) plane: what is possible, where the sampler's rules meet, and points.
//!
//! With [`Axes::Map`] the axes are the saturated coordinates of the colour map, so that the map is a
//! plain gradient there and the plane is its legend.

use entropix::{Regions, Rule};

use super::axes::Axes;
use super::{Chart, Figure, Look};
use crate::bounds;
use crate::color::text::Shade;
use crate::color::{Colors, Palette};
use crate::distribution::uncertainty;
use crate::scene::{self, Node, Paint, Raster, Scene, UNITS_BITS, Units, number};

/// Ticks of the map's axes, in bits and bits².
const H_TICKS: [f64; 8] = [0.0, 0.1, 1.0, 2.0, 3.0, 5.0, 8.0, 15.6];
const V_TICKS: [f64; 7] = [0.0, 0.1, 1.0, 5.0, 10.0, 20.0, 63.0];

/// Cells along each axis when looking for the middle of a region.
const GRID: usize = 60;
/// Humps of the lower edge that are drawn.
const HUMPS: u32 = 16;
/// Samples of the rules along each axis.
const SAMPLES: usize = 180;

/// The picture of a plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    /// Width of the whole picture, in px.
    pub width: f64,
    /// Height of the whole picture, in px.
    pub height: f64,
    /// Number of outcomes, at least 2.
    pub outcomes: u32,
    /// The axes.
    pub axes: Axes,
    /// The scale of its colours.
    pub colors: Colors,
    /// Units of the ticks.
    pub units: Units,
    /// The sampler's rules, whose regions are drawn.
    pub regions: Option<Regions>,
}

/// Space around the diagram, in px.
const LEFT: f64 = 34.0;
const RIGHT: f64 = 8.0;
const ABOVE: f64 = 22.0;
const BELOW: f64 = 38.0;

impl Default for Plane {
    fn default() -> Self {
        let outcomes = 49_152;
        Self {
            width: 400.0,
            height: 320.0,
            outcomes,
            axes: Axes::Map,
            colors: Colors::Map,
            units: UNITS_BITS,
            regions: None,
        }
    }
}

impl Chart for Plane {
    fn height(&self) -> f64 {
        self.height
    }

    fn field(&self) -> [f64; 4] {
        self.inner()
    }

    fn pixels(&self, columns: u32, rows: u32) -> Raster {
        self.pixels(columns, rows)
    }

    fn has_text_colors(&self) -> bool {
        self.colors != Colors::Map
    }

    fn scene(&self) -> Scene {
        self.scene()
    }

    /// x and y of `[H bits, V bits²]`.
    fn at(&self, point: &[f64]) -> Vec<f64> {
        let &[h, v, ..] = point else { return Vec::new() };
        let (x, y) = self.at(h, v);
        vec![x, y]
    }

    /// `[H bits, V bits²]`.
    fn inverse(&self, x: f64, y: f64) -> Vec<f64> {
        let (h, v) = self.inverse(x, y);
        vec![h, v]
    }

    fn place(&self, p: &[f64]) -> (f64, f64) {
        let u = uncertainty(p);
        self.at(u.entropy_bits, u.varentropy_bits2)
    }
}

impl Figure for Plane {
    /// A spot: its colour is that of the field beneath it.
    fn mark(&self, p: &[f64]) -> Node {
        spot(self.place(p))
    }

    fn points(&self, points: &[(f64, f64)]) -> Vec<Node> {
        points.iter().map(|&(h, v)| spot(self.at(h, v))).collect()
    }
}

fn spot(at: (f64, f64)) -> Node {
    Node::Circle { at, radius: 3.2, paint: Paint::Class, class: "spot" }
}

impl Plane {
    /// The plane that looks so.
    pub fn new(look: &Look) -> Self {
        Self {
            width: look.width,
            height: look.height(0.78),
            outcomes: look.outcomes,
            axes: if look.fit { Axes::fit(look.outcomes) } else { Axes::Map },
            // Where V follows H, as it does in a language, the map has one colour for most words.
            colors: if look.text_colors.unwrap_or(look.outcomes >= 1000 && !look.fit) {
                Colors::Text(look.ground)
            } else {
                Colors::Map
            },
            units: look.units,
            regions: look.regions,
        }
    }

    /// Where (H bits, V bits²) lies.
    pub fn at(&self, entropy_bits: f64, varentropy_bits2: f64) -> (f64, f64) {
        let (across, up) = self.axes.share(entropy_bits, varentropy_bits2);
        self.px(across, up)
    }

    /// Which (H bits, V bits²) lies there.
    pub fn inverse(&self, x: f64, y: f64) -> (f64, f64) {
        let [left, top, width, height] = self.inner();
        self.axes.value((x - left) / width, (top + height - y) / height)
    }

    /// The box of the field: x, y, width, height in px.
    pub fn inner(&self) -> [f64; 4] {
        let width = (self.width - LEFT - RIGHT).max(1.0);
        let height = (self.height - ABOVE - BELOW).max(1.0);
        [LEFT, ABOVE, width, height]
    }

    /// Everything but field and points: edges of what is possible, regions and names of the rules,
    /// axes.
    pub fn scene(&self) -> Scene {
        let mut scene = Scene::new(self.width, self.height);
        let on_plane = |points: Vec<(f64, f64)>| -> Vec<(f64, f64)> {
            points.into_iter().map(|(h, v)| self.at(h, v)).collect()
        };
        let upper = on_plane(bounds::upper_edge(self.outcomes, 160));
        let lower = on_plane(bounds::lower_edge(self.outcomes, HUMPS, 32));
        scene.nodes.push(Node::Path { points: upper, closed: false, class: "edge" });
        scene.nodes.push(Node::Path { points: lower, closed: false, class: "edge" });
        if let Some(regions) = &self.regions {
            self.rules(&mut scene, regions);
        }
        self.draw_axes(&mut scene);
        scene
    }

    /// The colours of what is possible, `width` × `height` pixels over [`Self::inner`]; transparent
    /// elsewhere.
    pub fn pixels(&self, width: u32, height: u32) -> Raster {
        let mut raster = Raster::new(width.clamp(1, 4096), height.clamp(1, 4096));
        let palette = Palette::get();
        let (columns, rows) = (f64::from(raster.width), f64::from(raster.height));
        // V depends on the row alone, H on the column.
        let values: Vec<f32> = (0..raster.height)
            .map(|row| self.axes.value(0.0, (rows - f64::from(row) - 0.5) / rows).1 as f32)
            .collect();
        for column in 0..raster.width {
            let across = (f64::from(column) + 0.5) / columns;
            let (h, _) = self.axes.value(across, 0.0);
            let Some((least, most)) = bounds::range(self.outcomes, h) else { continue };
            let up = |v: f64| self.axes.share(h, v).1 * rows;
            // As in the lower edge: higher humps would be a comb finer than a pixel.
            let least = if h >= f64::from(HUMPS + 1).log2() { 0.0 } else { least };
            let (floor, ceiling) = (up(least), up(most));
            let shade = match self.colors {
                Colors::Map => None,
                Colors::Text(ground) => Some(Shade::at(h, ground)),
            };
            for (row, &v) in (0..raster.height).zip(&values) {
                let above = rows - f64::from(row);
                // The share of the pixel between the edges.
                let cover = (above.min(ceiling) - (above - 1.0).max(floor)).clamp(0.0, 1.0);
                if cover > 0.0 {
                    let color = match &shade {
                        None => palette.at(h as f32, v),
                        Some(shade) => shade.tint(f64::from(v)).0,
                    };
                    raster.set(column, row, color, (cover * 255.0) as u8);
                }
            }
        }
        raster
    }

    #[inline(never)]
    fn px(&self, across: f64, up: f64) -> (f64, f64) {
        let [left, top, width, height] = self.inner();
        (left + across.clamp(0.0, 1.0) * width, top + height * (1.0 - up.clamp(0.0, 1.0)))
    }

    /// Lines where the rule changes, found by bisection between samples, and a name per region.
    fn rules(&self, scene: &mut Scene, regions: &Regions) {
        let rule = |across: f64, up: f64| {
            let (entropy, varentropy) = self.axes.value(across, up);
            regions.rule(entropy, varentropy)
        };
        let step = 1.0 / SAMPLES as f64;
        let middle = |i: usize| (i as f64 + 0.5) * step;

        // Segments of one line follow each other in a column (or row): join them as they come.
        for along_h in [true, false] {
            let sample = |across: f64, along: f64| {
                if along_h { rule(across, along) } else { rule(along, across) }
            };
            for i in 0..SAMPLES - 1 {
                let mut open: Option<(f64, f64, f64)> = None;
                for j in 0..=SAMPLES {
                    let edge = (j < SAMPLES)
                        .then(|| {
                            let along = middle(j);
                            boundary(|x| sample(x, along), middle(i), middle(i + 1))
                        })
                        .flatten();
                    match (edge, open) {
                        (Some(at), Some((line, from, _))) if (at - line).abs() < 1e-4 => {
                            open = Some((line, from, (j + 1) as f64 * step));
                        }
                        (edge, open_now) => {
                            if let Some((line, from, to)) = open_now {
                                // Light beneath dark: the field is both.
                                for class in ["rule back", "rule"] {
                                    scene.nodes.push(self.segment(along_h, line, from, to, class));
                                }
                            }
                            open = edge.map(|at| (at, j as f64 * step, (j + 1) as f64 * step));
                        }
                    }
                }
            }
        }
        self.names(scene, &rule);
    }

    fn segment(&self, along_h: bool, line: f64, from: f64, to: f64, class: &'static str) -> Node {
        let (from, to) = if along_h {
            (self.px(line, from), self.px(line, to))
        } else {
            (self.px(from, line), self.px(to, line))
        };
        Node::Line { from, to, class }
    }

    /// The name of each rule, in the middle of its region's possible part.
    fn names(&self, scene: &mut Scene, rule: &dyn Fn(f64, f64) -> Rule) {
        let steps = GRID;
        let at = |i: usize| (i as f64 + 0.5) / steps as f64;
        let ranges: Vec<_> = (0..steps)
            .map(|i| bounds::range(self.outcomes, self.axes.value(at(i), 0.0).0))
            .collect();
        // Row by row from V = 0 up; None is impossible.
        let grid: Vec<Option<Rule>> = (0..steps * steps)
            .map(|cell| {
                let (across, up) = (at(cell % steps), at(cell / steps));
                let (entropy, varentropy) = self.axes.value(across, up);
                let (least, most) = ranges[cell % steps]?;
                (least..=most)
                    .contains(&varentropy)
                    .then(|| rule(across, up))
                    .filter(|_| entropy >= 0.0)
            })
            .collect();
        for rule in Rule::ALL {
            let cells = || (0..grid.len()).filter(|&cell| grid.get(cell) == Some(&Some(rule)));
            let count = cells().count();
            // A name in a small region would lie on its neighbours.
            if count < GRID {
                continue;
            }
            let (mut across, mut up) = (0, 0);
            for cell in cells() {
                across += cell % steps;
                up += cell / steps;
            }
            let (across, up) = (across / count, up / count);
            let nearest = cells()
                .min_by_key(|cell| (cell % steps).abs_diff(across) + (cell / steps).abs_diff(up));
            if let Some(cell) = nearest {
                let (x, y) = self.px(at(cell % steps), at(cell / steps));
                scene.nodes.push(Node::Text {
                    at: (x, y + 3.5),
                    text: rule.name().to_owned(),
                    class: "region",
                });
            }
        }
    }

    fn draw_axes(&self, scene: &mut Scene) {
        let [left, top, width, height] = self.inner();
        let floor = top + height;
        let line = |from, to, class| Node::Line { from, to, class };
        scene.nodes.push(line((left, floor), (left + width, floor), "axis"));
        scene.nodes.push(line((left, top), (left, floor), "axis"));
        let (h_ticks, v_ticks) = self.ticks();
        for tick in h_ticks {
            let (x, _) = self.at(tick / self.units.entropy, 0.0);
            scene.nodes.push(line((x, floor), (x, floor + 4.0), "tick"));
            let text = number(tick);
            scene.nodes.push(Node::Text { at: (x, floor + 16.0), text, class: "tick-h" });
        }
        for tick in v_ticks {
            let (_, y) = self.at(0.0, tick / self.units.varentropy);
            scene.nodes.push(line((left - 4.0, y), (left, y), "tick"));
            let text = number(tick);
            scene.nodes.push(Node::Text { at: (left - 6.0, y + 3.5), text, class: "tick-v" });
        }
        scene.nodes.push(Node::Text {
            at: (left + width, self.height - 6.0),
            text: scene::joined("entropy H, ", self.units.entropy_name) + " →",
            class: "axis-h",
        });
        scene.nodes.push(Node::Text {
            at: (0.0, 12.0),
            text: scene::joined("↑ varentropy V, ", self.units.varentropy_name),
            class: "axis-v",
        });
    }

    /// Ticks in the picture's units.
    fn ticks(&self) -> (Vec<f64>, Vec<f64>) {
        match self.axes {
            Axes::Map if self.units == UNITS_BITS => (H_TICKS.to_vec(), V_TICKS.to_vec()),
            Axes::Map => (
                [0.0, 0.1, 1.0, 2.0, 4.0, 10.8].to_vec(),
                [0.0, 0.1, 1.0, 3.0, 10.0, 30.0].to_vec(),
            ),
            Axes::Linear { entropy_bits, varentropy_bits2 } => (
                round_ticks(entropy_bits * self.units.entropy),
                round_ticks(varentropy_bits2 * self.units.varentropy),
            ),
        }
    }
}

/// Four to eight round numbers from 0 to at most `end`.
fn round_ticks(end: f64) -> Vec<f64> {
    let step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0]
        .into_iter()
        .find(|step| end / step < 8.0)
        .unwrap_or(100.0);
    (0..=8).map(|i| f64::from(i) * step).filter(|tick| *tick <= end).collect()
}

/// Where between `a` and `b` the rule changes, if it does.
fn boundary(rule: impl Fn(f64) -> Rule, mut a: f64, mut b: f64) -> Option<f64> {
    let start = rule(a);
    if start == rule(b) {
        return None;
    }
    for _ in 0..24 {
        let middle = f64::midpoint(a, b);
        if rule(middle) == start {
            a = middle;
        } else {
            b = middle;
        }
    }
    Some(f64::midpoint(a, b))
}

#[cfg(test)]
mod tests {
    use entropix::Preset;

    use super::super::axes::{H_END, V_END};
    use super::*;
    use crate::color::{self, Ground, Srgb, saturate};

    /// With the regions of a preset.
    fn ruled(plane: Plane) -> Plane {
        Plane { regions: Some(Regions::AsCoded(Preset::A.thresholds())), ..plane }
    }

    fn planes() -> [Plane; 3] {
        let fit = |outcomes| Plane { outcomes, axes: Axes::fit(outcomes), ..Plane::default() };
        [Plane::default(), fit(3), fit(49_152)]
    }

    #[test]
    fn places_are_inverted() {
        for plane in planes() {
            for (h, v) in [(0.0, 0.0), (1.0, 0.9), (0.3, 1.5)] {
                let (x, y) = plane.at(h, v);
                let (h2, v2) = plane.inverse(x, y);
                assert!(
                    (h - h2).abs() < 1e-6 && (v - v2).abs() < 1e-6,
                    "({h}, {v}) → ({h2}, {v2})"
                );
            }
        }
    }

    #[test]
    fn a_plane_of_text_has_the_tints_of_words() {
        for ground in [Ground::Light, Ground::Dark] {
            let plane = Plane { colors: Colors::Text(ground), ..Plane::default() };
            let (columns, rows) = (358, 260);
            let raster = plane.pixels(columns, rows);
            for column in (0..columns).step_by(7) {
                for row in (0..rows).step_by(7) {
                    let (color, alpha) = raster.get(column, row);
                    if alpha == 255 {
                        let (x, y) = (f64::from(column) + 0.5, f64::from(row) + 0.5);
                        let up = f64::from(rows) - y;
                        let (h, v) = plane.axes.value(x / f64::from(columns), up / f64::from(rows));
                        // V is rounded to f32.
                        let apart = color::tint(h, v, ground).apart(Srgb(color));
                        assert!(apart <= 1, "{ground:?} ({h}, {v}): {apart}");
                    }
                }
            }
        }
    }

    #[test]
    fn thresholds_are_drawn_where_they_are() {
        for plane in [planes()[0], planes()[2]] {
            let scene = ruled(plane).scene();
            let lines: Vec<_> = scene
                .nodes
                .iter()
                .filter_map(|node| match node {
                    Node::Line { from, to, class: "rule" } => Some((*from, *to)),
                    _ => None,
                })
                .collect();
            let (x5, y5) = plane.at(5.0, 5.0);
            assert!(lines.iter().any(|(a, b)| (a.0 - x5).abs() < 0.05 && (b.0 - x5).abs() < 0.05));
            assert!(lines.iter().any(|(a, b)| (a.1 - y5).abs() < 0.05 && (b.1 - y5).abs() < 0.05));
            assert!(lines.len() < 20, "segments were not joined: {}", lines.len());
        }
    }

    #[test]
    fn names_are_there_once() {
        let text = ruled(Plane::default()).scene().elements();
        for name in ["branch", "resample", "adaptive"] {
            assert_eq!(text.matches(name).count(), 1, "{name}");
        }
    }

    #[test]
    fn everything_of_a_vocabulary_fits() {
        let (h, _) = saturate(15.6, 0.0);
        let (_, v) = saturate(0.0, 63.0);
        assert!(h < H_END && v < V_END);
    }

    #[test]
    fn pixels_are_there_where_it_is_possible() {
        for plane in planes() {
            let (width, height) = (200, 160);
            let raster = plane.pixels(width, height);
            let [left, top, w, h] = plane.inner();
            for row in 0..height {
                for column in 0..width {
                    let x = left + (f64::from(column) + 0.5) / f64::from(width) * w;
                    let at = |dy: f64| top + (f64::from(row) + 0.5 + dy) / f64::from(height) * h;
                    let possible = |y: f64| {
                        let (entropy, varentropy) = plane.inverse(x, y);
                        bounds::range(plane.outcomes, entropy).is_some_and(|(least, most)| {
                            let least =
                                if entropy >= f64::from(HUMPS + 1).log2() { 0.0 } else { least };
                            (least..=most).contains(&varentropy)
                        })
                    };
                    let alpha = raster.get(column, row).1;
                    if alpha == 255 {
                        assert!(possible(at(0.0)), "{column}, {row}");
                    } else if alpha == 0 {
                        assert!(!possible(at(0.0)) || !possible(at(0.5)) || !possible(at(-0.5)));
                    }
                }
            }
        }
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(
            round_ticks(1.03).iter().map(|&t| number(t)).collect::<Vec<_>>(),
            ["0", "0.2", "0.4", "0.6", "0.8", "1"]
        );
        for end in [0.4, 1.6, 16.2, 70.3] {
            assert!((4..=8).contains(&round_ticks(end).len()), "{end}");
        }
    }
}
