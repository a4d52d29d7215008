//! The (H, V) plane: where a token's distribution lies, what is possible, and which rule rules.
//!
//! The axes are the saturated coordinates of the colour map, so the map is a plain gradient here.

use entropix::Quadrant;

use crate::bounds;
use crate::color::{saturate, unsaturate};
use crate::scene::{Node, Paint, Scene};

/// Ticks of the H axis, in bits.
pub const H_TICKS: [f64; 8] = [0.0, 0.1, 1.0, 2.0, 3.0, 5.0, 8.0, 15.6];
/// Ticks of the V axis, in bits².
pub const V_TICKS: [f64; 7] = [0.0, 0.1, 1.0, 5.0, 10.0, 20.0, 63.0];

/// Largest saturated coordinates shown.
const H_END: f64 = 0.9;
const V_END: f64 = 0.86;
/// Cells of the gradient along each axis.
const CELLS: u32 = 44;
/// Cells along each axis when looking for room for a name.
const GRID: usize = 60;
/// Humps of the lower edge that are drawn.
const HUMPS: u32 = 16;
/// Samples of the rules along each axis.
const SAMPLES: usize = 180;

/// Size and margins of a plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    /// Width of the whole picture.
    pub width: f64,
    /// Height of the whole picture.
    pub height: f64,
    /// Space on the left, for V ticks.
    pub left: f64,
    /// Space below, for H ticks.
    pub bottom: f64,
    /// Space on the right.
    pub right: f64,
    /// Space above, for the V axis' title.
    pub top: f64,
}

impl Default for Plane {
    fn default() -> Self {
        Self { width: 360.0, height: 290.0, left: 30.0, bottom: 34.0, right: 6.0, top: 20.0 }
    }
}

impl Plane {
    /// Where (H bits, V bits²) lies.
    pub fn at(&self, entropy_bits: f64, varentropy_bits2: f64) -> (f64, f64) {
        let (h, v) = saturate(entropy_bits, varentropy_bits2);
        self.place(h, v)
    }

    /// Which (H bits, V bits²) lies there.
    pub fn inverse(&self, x: f64, y: f64) -> (f64, f64) {
        let h = (x - self.left) / self.inner_width() * H_END;
        let v = (self.top + self.inner_height() - y) / self.inner_height() * V_END;
        unsaturate(h, v)
    }

    /// Everything but the dots: gradient, possible region for `outcomes`, regions and names of the
    /// rules, axes. `classify` says which rule matches at (H, V), if there are rules.
    pub fn base(&self, outcomes: u32, classify: Option<&dyn Fn(f64, f64) -> Quadrant>) -> Scene {
        let mut scene = Scene::new(self.width, self.height);
        self.gradient(&mut scene, outcomes);
        self.impossible(&mut scene, outcomes);
        if let Some(classify) = classify {
            self.rules(&mut scene, outcomes, classify);
        }
        self.axes(&mut scene);
        scene
    }

    /// A dot for one token.
    pub fn dot(&self, entropy_bits: f64, varentropy_bits2: f64, class: &'static str) -> Node {
        Node::Circle {
            at: self.at(entropy_bits, varentropy_bits2),
            radius: 3.0,
            paint: Paint::Map(entropy_bits, varentropy_bits2),
            class,
        }
    }

    fn inner_width(&self) -> f64 {
        self.width - self.left - self.right
    }

    fn inner_height(&self) -> f64 {
        self.height - self.top - self.bottom
    }

    fn place(&self, h: f64, v: f64) -> (f64, f64) {
        let x = self.left + h.min(H_END) / H_END * self.inner_width();
        let y = self.top + self.inner_height() - v.min(V_END) / V_END * self.inner_height();
        (x, y)
    }

    /// Cells of colour, where anything of them is possible.
    fn gradient(&self, scene: &mut Scene, outcomes: u32) {
        let ceiling = Ceiling::new(outcomes);
        let (step_h, step_v) = (H_END / f64::from(CELLS), V_END / f64::from(CELLS));
        for i in 0..CELLS {
            let (h0, h1) = (f64::from(i) * step_h, f64::from(i + 1) * step_h);
            let highest = ceiling.highest(unsaturate(h0, 0.0).0, unsaturate(h1, 0.0).0);
            for j in 0..CELLS {
                let (v0, v1) = (f64::from(j) * step_v, f64::from(j + 1) * step_v);
                let (entropy, varentropy) =
                    unsaturate(f64::midpoint(h0, h1), f64::midpoint(v0, v1));
                if unsaturate(0.0, v0).1 > highest {
                    break;
                }
                let (x, y) = self.place(h0, v1);
                scene.nodes.push(Node::Rect {
                    x,
                    y,
                    // A little overlap hides the seams.
                    width: self.inner_width() / f64::from(CELLS) + 0.5,
                    height: self.inner_height() / f64::from(CELLS) + 0.5,
                    paint: Paint::Map(entropy, varentropy),
                    class: "cell",
                });
            }
        }
    }

    /// Covers what no distribution over `outcomes` can reach.
    fn impossible(&self, scene: &mut Scene, outcomes: u32) {
        let on_plane = |points: Vec<(f64, f64)>| -> Vec<(f64, f64)> {
            points.into_iter().map(|(h, v)| self.at(h, v)).collect()
        };
        let upper = on_plane(bounds::upper_edge(outcomes, 160));
        let lower = on_plane(bounds::lower_edge(outcomes, HUMPS, 20));
        let (left, right) = (self.left - 0.5, self.width - self.right + 0.7);
        let (top, floor) = (self.top - 0.7, self.top + self.inner_height() + 0.7);

        let mut above = vec![(left, floor), (left, top), (right, top), (right, floor)];
        above.extend(upper.iter().rev());
        scene.nodes.push(Node::Path { points: above, closed: true, class: "outside" });
        let mut below = vec![(left, floor)];
        below.extend(&lower);
        below.push((right, floor));
        scene.nodes.push(Node::Path { points: below, closed: true, class: "outside" });
        scene.nodes.push(Node::Path { points: upper, closed: false, class: "edge" });
        scene.nodes.push(Node::Path { points: lower, closed: false, class: "edge low" });
    }

    /// Lines where the rule changes, found by bisection between samples, and a name per region.
    fn rules(&self, scene: &mut Scene, outcomes: u32, classify: &dyn Fn(f64, f64) -> Quadrant) {
        let rule = |h: f64, v: f64| {
            let (entropy, varentropy) = unsaturate(h, v);
            classify(entropy, varentropy)
        };
        let (step_h, step_v) = (H_END / SAMPLES as f64, V_END / SAMPLES as f64);
        let middle = |i: usize, step: f64| (i as f64 + 0.5) * step;

        // Segments of one line follow each other in a column (or row): join them as they come.
        for along_h in [true, false] {
            let (step_across, step_along) =
                if along_h { (step_h, step_v) } else { (step_v, step_h) };
            let sample = |across: f64, along: f64| {
                if along_h { rule(across, along) } else { rule(along, across) }
            };
            for i in 0..SAMPLES - 1 {
                let mut open: Option<(f64, f64, f64)> = None;
                for j in 0..=SAMPLES {
                    let edge = (j < SAMPLES)
                        .then(|| {
                            let along = middle(j, step_along);
                            let (a, b) = (middle(i, step_across), middle(i + 1, step_across));
                            boundary(|x| sample(x, along), a, b)
                        })
                        .flatten();
                    match (edge, open) {
                        (Some(at), Some((line, from, _))) if (at - line).abs() < 1e-4 => {
                            open = Some((line, from, (j + 1) as f64 * step_along));
                        }
                        (edge, open_now) => {
                            if let Some((line, from, to)) = open_now {
                                scene.nodes.push(self.segment(along_h, line, from, to));
                            }
                            open = edge
                                .map(|at| (at, j as f64 * step_along, (j + 1) as f64 * step_along));
                        }
                    }
                }
            }
        }
        self.names(scene, outcomes, &rule);
    }

    fn segment(&self, along_h: bool, line: f64, from: f64, to: f64) -> Node {
        let (from, to) = if along_h {
            (self.place(line, from), self.place(line, to))
        } else {
            (self.place(from, line), self.place(to, line))
        };
        Node::Line { from, to, class: "rule" }
    }

    /// The name of each rule, where its region's possible part has most room.
    fn names(&self, scene: &mut Scene, outcomes: u32, rule: &dyn Fn(f64, f64) -> Quadrant) {
        let ceiling = Ceiling::new(outcomes);
        let steps = GRID;
        let at = |i: usize, end: f64| (i as f64 + 0.5) / steps as f64 * end;
        // Row by row from V = 0 up; None is impossible.
        let grid: Vec<Option<Quadrant>> = (0..steps * steps)
            .map(|cell| {
                let (h, v) = (at(cell % steps, H_END), at(cell / steps, V_END));
                let (entropy, varentropy) = unsaturate(h, v);
                (varentropy <= ceiling.highest(entropy, entropy)).then(|| rule(h, v))
            })
            .collect();
        for name in
            [Quadrant::Lelv, Quadrant::Helv, Quadrant::Lehv, Quadrant::Hehv, Quadrant::Adaptive]
        {
            let room = room(&grid, |cell| cell == Some(name));
            let most = room.iter().copied().max().unwrap_or(0);
            if most < 3 {
                continue;
            }
            // Among the roomiest cells the one nearest to the middle of them all.
            let best: Vec<usize> = (0..room.len()).filter(|&cell| room[cell] == most).collect();
            let (mut h, mut v) = (0.0, 0.0);
            for cell in &best {
                h += (cell % steps) as f64 / best.len() as f64;
                v += (cell / steps) as f64 / best.len() as f64;
            }
            let nearest = best.into_iter().min_by(|a, b| {
                let far = |cell: &usize| {
                    ((cell % steps) as f64 - h).abs() + ((cell / steps) as f64 - v).abs()
                };
                far(a).total_cmp(&far(b))
            });
            if let Some(cell) = nearest {
                let (x, y) = self.place(at(cell % steps, H_END), at(cell / steps, V_END));
                scene.nodes.push(Node::Text {
                    at: (x, y + 3.5),
                    text: label(name).to_owned(),
                    class: "region",
                });
            }
        }
    }

    fn axes(&self, scene: &mut Scene) {
        let floor = self.top + self.inner_height();
        for tick in H_TICKS {
            let (x, _) = self.at(tick, 0.0);
            scene.nodes.push(Node::Line { from: (x, floor), to: (x, floor + 3.0), class: "tick" });
            scene.nodes.push(Node::Text {
                at: (x, floor + 13.0),
                text: crate::scene::number(tick),
                class: "tick-h",
            });
        }
        for tick in V_TICKS {
            let (_, y) = self.at(0.0, tick);
            scene.nodes.push(Node::Line {
                from: (self.left - 3.0, y),
                to: (self.left, y),
                class: "tick",
            });
            scene.nodes.push(Node::Text {
                at: (self.left - 5.0, y + 3.0),
                text: crate::scene::number(tick),
                class: "tick-v",
            });
        }
        scene.nodes.push(Node::Text {
            at: (self.width - self.right, self.height - 5.0),
            text: "entropy H, bits →".into(),
            class: "axis-h",
        });
        scene.nodes.push(Node::Text {
            at: (0.0, 11.0),
            text: "↑ varentropy V, bits²".into(),
            class: "axis-v",
        });
    }
}

/// The largest V for each H, from samples of the upper edge.
struct Ceiling(Vec<(f64, f64)>);

impl Ceiling {
    fn new(outcomes: u32) -> Self {
        Self(bounds::upper_edge(outcomes, 400))
    }

    /// The largest V that any entropy from `low` to `high` allows.
    fn highest(&self, low: f64, high: f64) -> f64 {
        let start = self.0.partition_point(|&(h, _)| h < low).saturating_sub(1);
        let end = (self.0.partition_point(|&(h, _)| h < high) + 1).min(self.0.len());
        self.0[start..end].iter().fold(0.0, |most, &(_, v)| most.max(v))
    }
}

/// For every cell of a square grid, how many cells away the nearest one is that is not `inside`
/// (a word is wide: sideways counts half).
fn room(grid: &[Option<Quadrant>], inside: impl Fn(Option<Quadrant>) -> bool) -> Vec<u32> {
    let steps = GRID;
    let mut room: Vec<u32> = grid.iter().map(|&cell| if inside(cell) { 1000 } else { 0 }).collect();
    let reach = |room: &[u32], x: usize, y: usize, dx: isize, dy: isize| {
        let (x, y) = (x as isize + dx, y as isize + dy);
        let on_grid = (0..steps as isize).contains(&x) && (0..steps as isize).contains(&y);
        let cost = if dx == 0 { 2 } else { 1 };
        // The frame is an edge too.
        cost + if on_grid { room[y as usize * steps + x as usize] } else { 0 }
    };
    for pass in [1, -1] {
        for step in 0..steps * steps {
            let cell = if pass == 1 { step } else { steps * steps - 1 - step };
            let (x, y) = (cell % steps, cell / steps);
            let near = reach(&room, x, y, -pass, 0).min(reach(&room, x, y, 0, -pass));
            room[cell] = room[cell].min(near);
        }
    }
    room
}

/// Short name of a rule, as it is written on the plane.
pub fn label(rule: Quadrant) -> &'static str {
    match rule {
        Quadrant::Lelv => "argmax",
        Quadrant::Helv => "insert",
        Quadrant::Lehv => "branch",
        Quadrant::Hehv => "resample",
        Quadrant::Adaptive => "adaptive",
    }
}

/// Where between `a` and `b` the rule changes, if it does.
fn boundary(rule: impl Fn(f64) -> Quadrant, mut a: f64, mut b: f64) -> Option<f64> {
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
    use super::*;
    use crate::color::saturate;

    /// Rules like those of preset A.
    fn rules(h: f64, v: f64) -> Quadrant {
        if h < 0.1 && v < 0.1 {
            Quadrant::Lelv
        } else if h > 5.0 && v < 0.1 {
            Quadrant::Helv
        } else if h < 5.0 && v > 5.0 {
            Quadrant::Lehv
        } else if h > 5.0 && v > 5.0 {
            Quadrant::Hehv
        } else {
            Quadrant::Adaptive
        }
    }

    #[test]
    fn places_are_inverted() {
        let plane = Plane::default();
        for (h, v) in [(0.0, 0.0), (1.0, 0.9), (4.0, 10.0), (15.0, 3.0)] {
            let (x, y) = plane.at(h, v);
            let (h2, v2) = plane.inverse(x, y);
            assert!((h - h2).abs() < 1e-6 && (v - v2).abs() < 1e-6, "({h}, {v}) → ({h2}, {v2})");
        }
    }

    #[test]
    fn thresholds_are_drawn_where_they_are() {
        let plane = Plane::default();
        let scene = plane.base(49_152, Some(&rules));
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

    #[test]
    fn names_are_there_once() {
        let svg = Plane::default()
            .base(49_152, Some(&rules))
            .svg(crate::Mode::Fixed(crate::Ground::Light));
        for name in ["branch", "resample", "adaptive"] {
            assert_eq!(svg.matches(name).count(), 1, "{name}");
        }
    }

    #[test]
    fn everything_of_a_vocabulary_fits() {
        let (h, _) = saturate(15.6, 0.0);
        let (_, v) = saturate(0.0, 63.0);
        assert!(h < H_END && v < V_END);
    }
}
