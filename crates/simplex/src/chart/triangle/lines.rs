//! Contours, zeros and borders of rules in the triangle, and their names.

use entropix::Rule;

use super::{CONTOUR_STEP, Field, Triangle};
use crate::chart::border::Mesh;
use crate::chart::name_region;
use crate::distribution::uncertainty;
use crate::scene::{Anchor, Node, Paint, Scene, joined, number};

impl Triangle {
    /// Lines of equal value with their numbers, and in a free corner above what they are.
    pub(super) fn contours(
        &self,
        scene: &mut Scene,
        mesh: &Mesh,
        [name, unit]: [&str; 2],
        scale: f64,
        value: &dyn Fn((f64, f64)) -> f64,
    ) {
        let of_h = name == "H";
        let mut drawn = Vec::new();
        // Whole numbers are named first.
        for part in [4, 2, 1, 3] {
            for whole in 0..2 {
                let level = f64::from(4 * whole + part) * CONTOUR_STEP;
                let holds = |point| value(point) * scale > level;
                let mut places = Vec::new();
                let from = scene.labels.count();
                for line in mesh.borders(&holds) {
                    let line: Vec<_> = line.into_iter().map(|p| self.at(p)).collect();
                    places.extend_from_slice(&line);
                    scene.path(line, self.line(of_h, level / scale));
                }
                drawn.push((level, places, from..scene.labels.count()));
            }
        }
        let middle = self.at([1.0; 3]);
        // V goes up from the middle, H down, so that both find room.
        let near = (middle.0, if of_h { self.height } else { 0.0 });
        for (level, places, own) in drawn {
            let text = joined(&[name, " ", &number(level)]);
            scene.labels.wish(&[&text], &places, near, "contour-name", own);
        }
        let long = joined(&[name, ", every 0.25 ", unit]);
        let short = joined(&[name, ", ", unit]);
        let sample = 1.5 * self.text;
        let y = self.row() + self.text;
        let (x, anchor, from) = if of_h {
            (self.width - sample - 4.0, Anchor::End, self.width - sample)
        } else {
            (sample + 4.0, Anchor::Start, 0.0)
        };
        if scene.text(&[&long, &short, unit], (x, y), anchor, "axis-name") {
            let y = y - 0.35 * self.text;
            scene.line((from, y), (from + sample, y), if of_h { "key-h" } else { "key-v" });
        }
    }

    /// The class of a contour: where the field is dark it is light.
    fn line(&self, of_h: bool, bits: f64) -> &'static str {
        let dark = match self.field {
            Field::Varentropy if !of_h => bits < 0.6,
            Field::Rules | Field::Varentropy => true,
            _ => false,
        };
        match (of_h, dark) {
            (true, true) => "contour-h pale",
            (true, false) => "contour-h",
            (false, true) => "contour-v pale",
            (false, false) => "contour-v",
        }
    }

    /// Rings about the seven points at which V is 0: certainty, and ties of two and of three.
    pub(super) fn zeros(&self, scene: &mut Scene) {
        let zero = |at, class| Node::Circle { at, radius: 4.5, paint: Paint::Class, class };
        for tie in 1..8 {
            let at = self.at([1, 2, 4].map(|bit| f64::from(u8::from(tie & bit > 0))));
            scene.labels.avoid([at.0 - 7.0, at.1 - 7.0, at.0 + 7.0, at.1 + 7.0]);
            scene.nodes.push(zero(at, "zero"));
        }
        let y = self.row() + self.text;
        if scene.text(&["V = 0"], (self.width - 14.0, y), Anchor::End, "axis-name") {
            scene.nodes.push(zero((self.width - 6.0, y - 0.35 * self.text), "key-zero"));
        }
    }

    /// Borders between rules, and the name of each where it has room.
    pub(super) fn rules(&self, scene: &mut Scene, mesh: &Mesh) {
        /// Steps along an edge between the places that are tried for a name.
        const STEPS: u32 = 48;
        for rule in Rule::ALL {
            for line in mesh.borders(&|(h, v)| self.rule(h, v) == rule) {
                scene.path(line.into_iter().map(|p| self.at(p)).collect(), "border");
            }
        }
        let mut places: Vec<(Rule, (f64, f64))> = Vec::new();
        for j in 1..STEPS {
            for i in 1..STEPS - j {
                let p = [STEPS - i - j, i, j].map(|steps| f64::from(steps) / f64::from(STEPS));
                let u = uncertainty(&p);
                places.push((self.rule(u.entropy_bits, u.varentropy_bits2), self.at(p)));
            }
        }
        for rule in Rule::ALL {
            name_region(scene, &places, rule);
        }
    }
}
