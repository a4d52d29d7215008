//! Borders of what holds for some of the distributions over three outcomes, as lines.
//!
//! The triangle is cut into small ones; a border passes two sides of each that it crosses, so that it can be
//! walked along from side to side (marching triangles: there is no doubtful case, as squares have).

use crate::distribution::uncertainty;

/// Probabilities of three outcomes.
pub(super) type Point = [f64; 3];

/// A side of a small triangle: from the vertex (i, j) to (i + 1, j), to (i, j + 1), or between these two.
type Side = (i32, i32, u8);

/// The triangle, cut into small ones.
pub(super) struct Mesh {
    /// Small triangles on an edge of the large one.
    cuts: i32,
    /// (H bits, V bits²) of the vertices, row by row.
    values: Vec<(f64, f64)>,
}

impl Mesh {
    pub(super) fn new(cuts: u32) -> Self {
        let cuts = cuts as i32;
        let rows = (0..=cuts).flat_map(|j| (0..=cuts).map(move |i| (i, j)));
        let value = |(i, j)| if i + j > cuts { (0.0, 0.0) } else { value(point(cuts, i, j)) };
        Self { cuts, values: rows.map(value).collect() }
    }

    /// The lines that part the points (H bits, V bits²) for which `holds` is true from the others. A closed
    /// line ends where it starts.
    pub(super) fn borders(&self, holds: &dyn Fn((f64, f64)) -> bool) -> Vec<Vec<Point>> {
        let inside: Vec<bool> = self.values.iter().map(|&value| holds(value)).collect();
        let mut walk = Walk { mesh: self, holds, inside, seen: vec![false; 3 * self.values.len()] };
        let mut lines = Vec::new();
        for j in 0..self.cuts {
            for i in 0..self.cuts - j {
                for d in 0..3 {
                    if walk.crossed((i, j, d)) {
                        lines.push(walk.line((i, j, d)));
                    }
                }
            }
        }
        lines
    }

    fn index(&self, i: i32, j: i32) -> usize {
        (j * (self.cuts + 1) + i) as usize
    }
}

#[inline(never)]
fn value(p: Point) -> (f64, f64) {
    let u = uncertainty(&p);
    (u.entropy_bits, u.varentropy_bits2)
}

#[inline(never)]
fn point(cuts: i32, i: i32, j: i32) -> Point {
    [cuts - i - j, i, j].map(|steps| f64::from(steps) / f64::from(cuts))
}

/// A walk along the borders; what was seen is not crossed again.
struct Walk<'a> {
    mesh: &'a Mesh,
    holds: &'a dyn Fn((f64, f64)) -> bool,
    inside: Vec<bool>,
    seen: Vec<bool>,
}

impl Walk<'_> {
    /// The line through a side, to both of its ends.
    fn line(&mut self, start: Side) -> Vec<Point> {
        self.see(start);
        let middle = self.at(start);
        let mut line = vec![middle];
        if self.from(start, false, &mut line) {
            line.push(middle);
        } else {
            line.reverse();
            self.from(start, true, &mut line);
        }
        line
    }

    /// Adds the line beyond a side, through the first or the second triangle beside it; whether it comes back.
    fn from(&mut self, start: Side, mut second: bool, line: &mut Vec<Point>) -> bool {
        let mut side = start;
        loop {
            let [one, two] = others(side);
            let [a, b] = if second { two } else { one };
            let next = if self.crossed(a) { a } else { b };
            if !self.crossed(next) {
                return line.len() > 2 && (a == start || b == start);
            }
            self.see(next);
            line.push(self.at(next));
            second = others(next).first().is_some_and(|first| first.contains(&side));
            side = next;
        }
    }

    fn see(&mut self, (i, j, d): Side) {
        let at = 3 * self.mesh.index(i, j) + usize::from(d);
        if let Some(seen) = self.seen.get_mut(at) {
            *seen = true;
        }
    }

    fn crossed(&self, side: Side) -> bool {
        let (i, j, d) = side;
        if i < 0 || j < 0 || i + j >= self.mesh.cuts {
            return false;
        }
        let seen = self.seen.get(3 * self.mesh.index(i, j) + usize::from(d));
        let [a, b] = ends(side).map(|(i, j)| self.inside.get(self.mesh.index(i, j)));
        a != b && seen == Some(&false)
    }

    /// Where the border crosses a side, by bisection.
    fn at(&self, side: Side) -> Point {
        let [mut a, mut b] = ends(side).map(|(i, j)| point(self.mesh.cuts, i, j));
        let start = (self.holds)(value(a));
        for _ in 0..9 {
            let ([a1, a2, a3], [b1, b2, b3]) = (a, b);
            let middle = [f64::midpoint(a1, b1), f64::midpoint(a2, b2), f64::midpoint(a3, b3)];
            if (self.holds)(value(middle)) == start {
                a = middle;
            } else {
                b = middle;
            }
        }
        a
    }
}

fn ends((i, j, d): Side) -> [(i32, i32); 2] {
    match d {
        0 => [(i, j), (i + 1, j)],
        1 => [(i, j), (i, j + 1)],
        _ => [(i + 1, j), (i, j + 1)],
    }
}

/// The other two sides of each of the triangles beside a side.
fn others((i, j, d): Side) -> [[Side; 2]; 2] {
    match d {
        0 => [[(i, j, 1), (i, j, 2)], [(i, j - 1, 2), (i + 1, j - 1, 1)]],
        1 => [[(i, j, 0), (i, j, 2)], [(i - 1, j, 2), (i - 1, j + 1, 0)]],
        _ => [[(i, j, 0), (i, j, 1)], [(i + 1, j, 1), (i, j + 1, 0)]],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(holds: impl Fn((f64, f64)) -> bool) -> Vec<Vec<Point>> {
        Mesh::new(80).borders(&holds)
    }

    #[test]
    fn lines_lie_on_their_level() {
        for level in [0.25, 0.9, 1.1, 1.3, 1.55] {
            let found = lines(|(h, _)| h > level);
            for p in found.iter().flatten() {
                assert!((value(*p).0 - level).abs() < 1e-3, "{level}: {p:?}");
                assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            }
            // One around the middle, or one about each corner.
            assert_eq!(found.len(), if level > 1.0 { 1 } else { 3 }, "{level}");
        }
    }

    #[test]
    fn lines_have_no_gaps() {
        for level in [0.3, 0.9, 1.2] {
            for line in lines(|(_, v)| v > level) {
                for pair in line.windows(2) {
                    let apart =
                        (0..3).map(|k| (pair[0][k] - pair[1][k]).powi(2)).sum::<f64>().sqrt();
                    assert!(apart < 2.0 / 80.0, "{level}: {pair:?}");
                }
                let (first, last) = (line[0], line[line.len() - 1]);
                let on_edge = |p: Point| p.iter().any(|&each| each < 1e-9);
                let closed = first.iter().zip(last).all(|(a, b)| (a - b).abs() < 1e-12);
                assert!(closed || on_edge(first) && on_edge(last), "{first:?}, {last:?}");
            }
        }
    }

    #[test]
    fn nothing_has_no_border() {
        assert!(lines(|_| true).is_empty() && lines(|_| false).is_empty());
    }
}
