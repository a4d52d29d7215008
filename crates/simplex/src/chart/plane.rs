//! The (H, V) plane: what is possible, where the sampler's rules meet, and points.
//!
//! With [`Axes::Map`] the axes are the saturated coordinates of the colour map, so that the map is a
//! plain gradient there and the plane is its legend.

mod regions;

use entropix::Regions;

use super::axes::Axes;
use super::smooth::smooth;
use super::{Chart, Figure, Look};
use crate::bounds;
use crate::color::text::Shade;
use crate::color::{Colors, Palette};
use crate::distribution::uncertainty;
use crate::scene::{
    self, Anchor, Guides, LINE, Node, Paint, REACH, Raster, Scene, UNITS_BITS, Units, joined,
    number,
};

/// Ticks of the map's axes, in bits and bits² and in nats and nats²; those that matter most first, for others
/// are left out where they would run into them.
const H_TICKS: [f64; 8] = [0.0, 15.6, 1.0, 5.0, 3.0, 2.0, 8.0, 0.1];
const V_TICKS: [f64; 7] = [0.0, 63.0, 1.0, 10.0, 5.0, 0.1, 20.0];
const H_TICKS_NATS: [f64; 6] = [0.0, 10.8, 1.0, 4.0, 2.0, 0.1];
const V_TICKS_NATS: [f64; 5] = [0.0, 30.0, 1.0, 10.0, 3.0];

/// Humps of the lower edge that are drawn at most, and how wide each must be, in px: narrower ones would be a comb.
const HUMPS: u32 = 16;
const HUMP: f64 = 5.0;

/// The picture of a plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    /// Width of the whole picture, in px.
    pub width: f64,
    /// Height of the whole picture, in px.
    pub height: f64,
    /// Size of its labels, in px.
    pub text: f64,
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

/// Space on the right, in px: for the ring.
const RIGHT: f64 = REACH + 1.0;

impl Default for Plane {
    fn default() -> Self {
        let outcomes = 49_152;
        Self {
            width: 400.0,
            height: 320.0,
            text: scene::TEXT,
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
            text: look.text,
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
    #[inline(never)]
    pub fn at(&self, entropy_bits: f64, varentropy_bits2: f64) -> (f64, f64) {
        let (across, up) = self.axes.share(entropy_bits, varentropy_bits2);
        self.px(across, up)
    }

    /// Which (H bits, V bits²) lies there.
    #[inline(never)]
    pub fn inverse(&self, x: f64, y: f64) -> (f64, f64) {
        let [left, top, width, height] = self.inner();
        self.axes.value((x - left) / width, (top + height - y) / height)
    }

    /// The box of the field: x, y, width, height in px.
    #[inline(never)]
    pub fn inner(&self) -> [f64; 4] {
        let row = LINE * self.text;
        // The ring reaches neither numbers nor titles.
        let longest = match self.axes {
            Axes::Linear { varentropy_bits2, .. } if varentropy_bits2 < 2.0 => "0.05",
            _ => "0.1",
        };
        let left = scene::width(longest) * self.text + REACH + 2.0;
        let above = row + REACH.max(0.7 * self.text);
        let below = REACH + 2.0 * row + 2.0;
        let width = (self.width - left - RIGHT).max(1.0);
        let height = (self.height - above - below).max(1.0);
        [left, above, width, height]
    }

    /// Everything but field and points: edges of what is possible, regions and names of the rules,
    /// axes.
    pub fn scene(&self) -> Scene {
        let mut scene = Scene::new(self.width, self.height, self.text);
        scene.labels.guides = Guides { rings: 1, left: true, below: true };
        self.draw_axes(&mut scene);
        if self.axes != Axes::Map {
            self.grid(&mut scene);
        }
        let edge = |x| {
            let (h, v) = bounds::upper(self.outcomes, x);
            self.at(h, v)
        };
        scene.path(smooth(&edge, 0.0, 1.0), "edge");
        self.lower_edge(&mut scene);
        if let Some(regions) = &self.regions {
            self.rules(&mut scene, regions);
        }
        scene
    }

    /// Humps that are wide enough to be seen.
    #[inline(never)]
    fn humps(&self) -> u32 {
        let x = |k: u32| self.at(f64::from(k).log2(), 0.0).0;
        let wide = |k: &u32| x(k + 1) - x(*k) >= HUMP;
        (1..self.outcomes.min(HUMPS + 1)).take_while(wide).last().unwrap_or(1)
    }

    /// The lower edge: humps, and V = 0 where they are too narrow.
    #[inline(never)]
    fn lower_edge(&self, scene: &mut Scene) {
        let humps = self.humps();
        for k in 1..=humps {
            let hump = |x| {
                let (h, v) = bounds::lower(k, x);
                self.at(h, v)
            };
            scene.path(smooth(&hump, 0.0, 1.0), "edge");
        }
        let end = self.at(f64::from(self.outcomes).log2(), 0.0);
        scene.path(vec![self.at(f64::from(humps + 1).log2(), 0.0), end], "edge");
    }

    /// The colours of what is possible, `width` × `height` pixels over [`Self::inner`]; transparent
    /// elsewhere.
    pub fn pixels(&self, width: u32, height: u32) -> Raster {
        let mut raster = Raster::new(width.clamp(1, 4096), height.clamp(1, 4096));
        let palette = Palette::get();
        let (columns, rows) = (f64::from(raster.width), f64::from(raster.height));
        let (stretch_h, stretch_v) = self.stretch();
        // V depends on the row alone, H on the column.
        let values: Vec<f32> = (0..raster.height)
            .map(|row| self.axes.value(0.0, (rows - f64::from(row) - 0.5) / rows).1)
            .map(|v| (v * stretch_v) as f32)
            .collect();
        let humps = f64::from(self.humps() + 1).log2();
        for column in 0..raster.width {
            let across = (f64::from(column) + 0.5) / columns;
            let (h, _) = self.axes.value(across, 0.0);
            let Some((least, most)) = bounds::range(self.outcomes, h) else { continue };
            let up = |v: f64| self.axes.share(h, v).1 * rows;
            // As in the lower edge.
            let least = if h >= humps { 0.0 } else { least };
            let (floor, ceiling) = (up(least), up(most));
            let shade = match self.colors {
                Colors::Map => None,
                Colors::Text(ground) => Some(Shade::at(h, ground)),
            };
            let stretched = (h * stretch_h) as f32;
            for (row, &v) in (0..raster.height).zip(&values) {
                let above = rows - f64::from(row);
                // The share of the pixel between the edges.
                let cover = (above.min(ceiling) - (above - 1.0).max(floor)).clamp(0.0, 1.0);
                if cover > 0.0 {
                    let color = match &shade {
                        None => palette.at(stretched, v),
                        Some(shade) => shade.tint(f64::from(v)).0,
                    };
                    raster.set(column, row, color, (cover * 255.0) as u8);
                }
            }
        }
        raster
    }

    /// Factors of H and V before they get a colour. A whole vocabulary on linear axes would be black but for its
    /// edge: there the map ends where the axes end, at middle lightness.
    fn stretch(&self) -> (f64, f64) {
        match (self.axes, self.colors) {
            (Axes::Map, _) | (_, Colors::Text(_)) => (1.0, 1.0),
            (Axes::Linear { .. }, Colors::Map) => {
                let most = bounds::maximum(self.outcomes).varentropy_bits2;
                let h = 2.2 / f64::from(self.outcomes).log2();
                let v = 5.0 / most;
                (if h < 1.0 { h } else { 1.0 }, if v < 1.0 { v } else { 1.0 })
            }
        }
    }

    #[inline(never)]
    fn px(&self, across: f64, up: f64) -> (f64, f64) {
        let [left, top, width, height] = self.inner();
        (left + across.clamp(0.0, 1.0) * width, top + height * (1.0 - up.clamp(0.0, 1.0)))
    }

    /// Lines of equal H and of equal V through what is possible.
    #[inline(never)]
    fn grid(&self, scene: &mut Scene) {
        let [h_ticks, v_ticks] = self.ticks();
        for h in h_ticks.into_iter().map(|tick| tick / self.units.entropy) {
            if let Some((least, most)) = bounds::range(self.outcomes, h) {
                scene.line(self.at(h, least), self.at(h, most), "level-h");
            }
        }
        // Above all humps of the lower edge.
        let v_ticks = v_ticks.into_iter().map(|tick| tick / self.units.varentropy);
        for v in v_ticks.filter(|&v| v > 0.92) {
            let mut ends: Option<(f64, f64)> = None;
            for i in 0..400 {
                let (h, most) = bounds::upper(self.outcomes, f64::from(i) / 400.0);
                if most > v {
                    ends = Some((ends.map_or(h, |ends| ends.0), h));
                }
            }
            if let Some((from, to)) = ends {
                scene.line(self.at(from, v), self.at(to, v), "level-v");
            }
        }
    }

    #[inline(never)]
    fn draw_axes(&self, scene: &mut Scene) {
        let [left, top, width, height] = self.inner();
        let (floor, size) = (top + height, self.text);
        scene.path(vec![(left, top), (left, floor)], "axis");
        scene.path(vec![(left, floor), (left + width, floor)], "axis");
        let [h_ticks, v_ticks] = self.ticks();
        for tick in h_ticks {
            let (x, _) = self.at(tick / self.units.entropy, 0.0);
            let at = (x, floor + REACH + size);
            if scene.text(&[&number(tick)], at, Anchor::Middle, "number") {
                scene.line((x, floor), (x, floor + 4.0), "tick");
            }
        }
        for tick in v_ticks {
            let (_, y) = self.at(0.0, tick / self.units.varentropy);
            let at = (left - REACH - 1.0, y + 0.36 * size);
            if scene.text(&[&number(tick)], at, Anchor::End, "number") {
                scene.line((left - 4.0, y), (left, y), "tick");
            }
        }
        let Units { entropy_name, varentropy_name, .. } = self.units;
        let title = |[before, name, unit, after]: [&str; 4], squeezed: &str| {
            let squeezed = if self.axes == Axes::Map { squeezed } else { "" };
            joined(&[before, name, ", ", unit, squeezed, after])
        };
        let h = |name, squeezed| title(["", name, entropy_name, " →"], squeezed);
        let v = |name, squeezed| title(["↑ ", name, varentropy_name, ""], squeezed);
        let (long, short) = (", squeezed scale", ", squeezed");
        let at = (left + width, self.height - LINE * size + size);
        scene.text(&[&h("entropy H", long), &h("H", short)], at, Anchor::End, "axis-name");
        let at = (0.0, size);
        scene.text(&[&v("varentropy V", long), &v("V", short)], at, Anchor::Start, "axis-name");
    }

    /// Ticks in the picture's units.
    fn ticks(&self) -> [Vec<f64>; 2] {
        let [_, _, width, height] = self.inner();
        let (h, v): (&[f64], &[f64]) = match self.axes {
            Axes::Map if self.units == UNITS_BITS => (&H_TICKS, &V_TICKS),
            Axes::Map => (&H_TICKS_NATS, &V_TICKS_NATS),
            Axes::Linear { entropy_bits, varentropy_bits2 } => {
                let (h, v) = (self.units.entropy, self.units.varentropy);
                return [
                    round_ticks(entropy_bits * h, width / (4.0 * self.text)),
                    round_ticks(varentropy_bits2 * v, height / (2.0 * self.text)),
                ];
            }
        };
        [h.to_vec(), v.to_vec()]
    }
}

/// Round numbers from 0 to at most `end`, at most eight or as many steps as there is room for.
#[inline(never)]
fn round_ticks(end: f64, room: f64) -> Vec<f64> {
    let mut step = 0.01;
    // 1, 2, 5, 10, …
    for factor in [2.0, 2.5, 2.0].into_iter().cycle().take(12) {
        if end < step * room.min(8.0) {
            break;
        }
        step *= factor;
    }
    let mut ticks = Vec::new();
    let mut tick = 0.0;
    while tick <= end {
        ticks.push(tick);
        tick += step;
    }
    ticks
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
        let plane = Plane { width: 480.0, ..Plane::default() };
        let labels = ruled(plane).scene().labels.place(&[]);
        for name in ["branch", "resample", "adaptive"] {
            assert_eq!(labels.iter().filter(|label| label.text == name).count(), 1, "{name}");
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
                            let humps = f64::from(plane.humps() + 1).log2();
                            let least = if entropy >= humps { 0.0 } else { least };
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
            round_ticks(1.03, 9.0).iter().map(|&t| number(t)).collect::<Vec<_>>(),
            ["0", "0.2", "0.4", "0.6", "0.8", "1"]
        );
        for end in [0.4, 1.6, 16.2, 70.3] {
            assert!((4..=8).contains(&round_ticks(end, 9.0).len()), "{end}");
        }
    }
}
