//! Where the sampler's rules meet on the plane, and their names.

use entropix::{Regions, Rule};

use super::Plane;
use crate::bounds;
use crate::chart::name_region;
use crate::scene::Scene;

/// Cells along each axis when looking for the middle of a region.
const GRID: usize = 60;
/// Samples of the rules along each axis.
const SAMPLES: usize = 180;

impl Plane {
    /// Lines where the rule changes, found by bisection between samples, and a name per region.
    pub(super) fn rules(&self, scene: &mut Scene, regions: &Regions) {
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
                            boundary(&|x| sample(x, along), middle(i), middle(i + 1))
                        })
                        .flatten();
                    match (edge, open) {
                        (Some(at), Some((line, from, _))) if (at - line).abs() < 1e-4 => {
                            open = Some((line, from, (j + 1) as f64 * step));
                        }
                        (edge, open_now) => {
                            if let Some((line, from, to)) = open_now {
                                // Light beneath dark: the field is both.
                                let (from, to) = self.segment(along_h, line, from, to);
                                scene.line(from, to, "rule back");
                                scene.line(from, to, "rule");
                                scene.labels.avoid_line(&[from, to]);
                            }
                            open = edge.map(|at| (at, j as f64 * step, (j + 1) as f64 * step));
                        }
                    }
                }
            }
        }
        self.names(scene, &rule);
    }

    fn segment(&self, along_h: bool, line: f64, from: f64, to: f64) -> ((f64, f64), (f64, f64)) {
        if along_h {
            (self.px(line, from), self.px(line, to))
        } else {
            (self.px(from, line), self.px(to, line))
        }
    }

    /// The name of each rule, in its region's possible part.
    fn names(&self, scene: &mut Scene, rule: &dyn Fn(f64, f64) -> Rule) {
        let at = |i: usize| (i as f64 + 0.5) / GRID as f64;
        let mut places = Vec::new();
        for across in (0..GRID).map(at) {
            let (entropy, _) = self.axes.value(across, 0.0);
            let Some((least, most)) = bounds::range(self.outcomes, entropy) else { continue };
            for up in (0..GRID).map(at) {
                let (_, varentropy) = self.axes.value(across, up);
                if (least..=most).contains(&varentropy) {
                    places.push((rule(across, up), self.px(across, up)));
                }
            }
        }
        for rule in Rule::ALL {
            name_region(scene, &places, rule);
        }
    }
}

/// Where between `a` and `b` the rule changes, if it does.
#[inline(never)]
fn boundary(rule: &dyn Fn(f64) -> Rule, mut a: f64, mut b: f64) -> Option<f64> {
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
