//! Curves as chains of lines so short that no corner is seen.

/// How far a line may be from its curve, in px.
const NEAR: f64 = 0.1;
/// Pieces that are looked at at least, and how often each is halved at most.
const PIECES: u32 = 24;
const HALVES: u32 = 7;

/// The curve of t from `from` to `to`.
#[inline(never)]
pub(super) fn smooth(at: &dyn Fn(f64) -> (f64, f64), from: f64, to: f64) -> Vec<(f64, f64)> {
    let mut points = vec![at(from)];
    let step = (to - from) / f64::from(PIECES);
    for piece in 0..PIECES {
        let start = from + f64::from(piece) * step;
        halve(at, start, step, HALVES, &mut points);
    }
    points
}

/// Adds the points from t = `start` on, without the first.
fn halve(
    at: &dyn Fn(f64) -> (f64, f64),
    start: f64,
    step: f64,
    halves: u32,
    points: &mut Vec<(f64, f64)>,
) {
    let a = points.last().copied().unwrap_or_default();
    let (middle, b) = (at(start + step / 2.0), at(start + step));
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let away = (dx * (middle.1 - a.1) - dy * (middle.0 - a.0)).abs();
    // Twice the triangle over its base is its height.
    if halves > 0 && away * away > NEAR * NEAR * (dx * dx + dy * dy) {
        halve(at, start, step / 2.0, halves - 1, points);
        halve(at, start + step / 2.0, step / 2.0, halves - 1, points);
    } else {
        points.push(b);
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    #[test]
    fn no_corner_is_seen() {
        let round = |t: f64| (300.0 * t.cos(), 300.0 * t.sin());
        let points = smooth(&round, 0.0, TAU);
        for pair in points.windows(2) {
            let middle = (pair[0].0 + pair[1].0, pair[0].1 + pair[1].1);
            assert!(300.0 - middle.0.hypot(middle.1) / 2.0 < 2.0 * NEAR, "{pair:?}");
        }
        assert!(points.len() < 200, "{}", points.len());
        assert_eq!(smooth(&|t| (t, t), 0.0, 1.0).len(), PIECES as usize + 1);
    }
}
