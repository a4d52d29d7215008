//! Two outcomes: H and V over p.

use super::{Chart, Figure, Look};
use crate::color::color;
use crate::distribution::uncertainty;
use crate::scene::{self, Node, Raster, Scene, Units, number};

/// Space around the diagram, in px.
const LEFT: f64 = 34.0;
const RIGHT: f64 = 12.0;
const ABOVE: f64 = 22.0;
const BELOW: f64 = 50.0;
/// Height of the strip that shows the colour of each p.
const STRIP: f64 = 10.0;
/// Points of a line.
const STEPS: u32 = 240;

/// The picture of the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    /// Width of the whole picture, in px.
    pub width: f64,
    /// Height of the whole picture, in px.
    pub height: f64,
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

    fn names(&self, names: &[&str]) -> Vec<Node> {
        let ends = [(1.0, "corner second"), (0.0, "corner first")];
        let name = |(&name, (p, class)): (&&str, (f64, &'static str))| {
            let text = name.to_owned() + " certain";
            Node::Text { at: (self.x(p), self.height - 4.0), text, class }
        };
        names.iter().zip(ends).map(name).collect()
    }
}

fn first(p: &[f64]) -> f64 {
    p.first().copied().unwrap_or_default()
}

impl Curve {
    /// The curve that looks so.
    pub fn new(look: &Look) -> Self {
        Self { width: look.width, height: look.height(0.62), units: look.units }
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
        ((x - LEFT) / (self.width - LEFT - RIGHT)).clamp(0.0, 1.0)
    }

    /// Axes, both lines and their names.
    pub fn scene(&self) -> Scene {
        let mut scene = Scene::new(self.width, self.height);
        self.axes(&mut scene);
        let points = |value: fn((f64, f64, f64)) -> f64| -> Vec<(f64, f64)> {
            (0..=STEPS)
                .map(|step| {
                    // Dense near 0 and 1, where V turns.
                    let t = f64::from(step) / f64::from(STEPS);
                    let at = self.at(t * t * (3.0 - 2.0 * t));
                    (at.0, value(at))
                })
                .collect()
        };
        scene.nodes.push(Node::Path { points: points(|at| at.1), closed: false, class: "line-h" });
        scene.nodes.push(Node::Path { points: points(|at| at.2), closed: false, class: "line-v" });
        let (x, h, _) = self.at(0.5);
        scene.nodes.push(Node::Text {
            at: (x, h - 7.0),
            text: scene::joined("entropy H, ", self.units.entropy_name),
            class: "name-h",
        });
        let (x, _, v) = self.at(0.5);
        scene.nodes.push(Node::Text {
            at: (x, v - if self.width < 520.0 { 13.0 } else { 26.0 }),
            text: scene::joined(
                if self.width < 520.0 { "V, " } else { "varentropy V, " },
                self.units.varentropy_name,
            ),
            class: "name-v",
        });
        scene
    }

    /// The box of the colour strip: x, y, width, height.
    pub fn strip(&self) -> [f64; 4] {
        [LEFT, self.floor() + 4.0, self.width - LEFT - RIGHT, STRIP]
    }

    fn floor(&self) -> f64 {
        self.height - BELOW
    }

    fn x(&self, p: f64) -> f64 {
        LEFT + p * (self.width - LEFT - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        self.floor() - value / self.units.entropy * (self.floor() - ABOVE)
    }

    fn axes(&self, scene: &mut Scene) {
        let floor = self.floor();
        for tick in 0..=4 {
            let value = 0.25 * f64::from(tick);
            let y = self.y(value);
            if y > ABOVE - 2.0 {
                scene.nodes.push(Node::Line {
                    from: (LEFT, y),
                    to: (self.width - RIGHT, y),
                    class: if tick == 0 { "axis" } else { "grid" },
                });
                let text = number(value);
                scene.nodes.push(Node::Text { at: (LEFT - 6.0, y + 3.5), text, class: "tick-v" });
            }
            let x = self.x(value);
            let text = number(value * 100.0) + " %";
            let class = match tick {
                0 => "tick-h first",
                4 => "tick-h second",
                _ => "tick-h",
            };
            scene.nodes.push(Node::Text { at: (x, floor + STRIP + 19.0), text, class });
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
            let curve = Curve { width: 480.0, height: 300.0, units };
            for p in [0.0, 0.0832, 0.5, 0.916_778, 1.0] {
                let (x, h, v) = curve.at(p);
                assert!((curve.inverse(x) - p).abs() < 1e-12);
                for y in [h, v] {
                    assert!((ABOVE - 1e-9..=curve.floor() + 1e-9).contains(&y), "{p}: {y}");
                }
            }
        }
    }

    #[test]
    fn v_is_zero_at_the_ends_and_in_the_middle() {
        let curve = Curve { width: 480.0, height: 300.0, units: UNITS_BITS };
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
