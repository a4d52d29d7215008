//! Which pairs (H, V) exist.
//!
//! For a given entropy, varentropy is largest when one outcome has mass 1 − r and all others share
//! r equally, and smallest when k outcomes are equal and one more is smaller.

/// Largest V that any distribution over `outcomes` can have at the parameter `r`, with its H:
/// one outcome of mass 1 − r, the others equal. Returns (bits, bits²).
pub fn spike(outcomes: u32, r: f64) -> (f64, f64) {
    let others = f64::from(outcomes.max(2) - 1);
    if r <= 0.0 || r >= 1.0 {
        return (if r >= 1.0 { others.log2() } else { 0.0 }, 0.0);
    }
    let first = -(1.0 - r).log2();
    let other = -(r / others).log2();
    let entropy = (1.0 - r) * first + r * other;
    (entropy, r * (1.0 - r) * (other - first).powi(2))
}

/// `k` equal outcomes and one smaller by the factor `t` in 0..=1. Returns (bits, bits²).
pub fn tie(k: u32, t: f64) -> (f64, f64) {
    let k = f64::from(k.max(1));
    let t = t.clamp(0.0, 1.0);
    let large = 1.0 / (k + t);
    if t <= 0.0 {
        return (k.log2(), 0.0);
    }
    let small = t * large;
    let entropy = -(k * large * large.log2()) - small * small.log2();
    (entropy, k * large * small * t.log2().powi(2))
}

/// Points of the upper edge of the possible region, H rising from 0 to log₂ `outcomes`.
pub fn upper_edge(outcomes: u32, steps: u32) -> Vec<(f64, f64)> {
    let last = f64::from(outcomes.max(2) - 1) / f64::from(outcomes.max(2));
    (0..=steps)
        .map(|step| {
            // Dense near r = 0, where V rises steeply.
            let x = f64::from(step) / f64::from(steps.max(1));
            let dense = x.powi(3) * 0.5 + x * x * 0.5;
            spike(outcomes, last * if step == steps { 1.0 } else { dense })
        })
        .collect()
}

/// Points of the lower edge, H rising from 0 to log₂ `outcomes`: humps between ties of k and of
/// k + 1. Beyond `humps` ties they are too low to see and the floor V = 0 is used.
pub fn lower_edge(outcomes: u32, humps: u32, steps: u32) -> Vec<(f64, f64)> {
    let humps = humps.min(outcomes.saturating_sub(1));
    let mut points = vec![(0.0, 0.0)];
    for k in 1..=humps {
        for step in 1..=steps {
            let x = f64::from(step) / f64::from(steps);
            points.push(tie(k, x.powi(4)));
        }
    }
    points.push((f64::from(outcomes.max(1)).log2(), 0.0));
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64, within: f64) {
        assert!((a - b).abs() < within, "{a} is not {b}");
    }

    #[test]
    fn known_maxima() {
        // (outcomes, r, V_max in bits², H there in bits)
        for (n, r, v_max, h_there) in [
            (2, 1.0 - 0.916_778, 0.9142, 0.4134),
            (3, 1.0 - 0.876_695, 1.5856, 0.6621),
            (100, 1.0 - 0.685_992, 12.9604, 2.9794),
            (49_152, 1.0 - 0.589_567, 62.7811, 7.3733),
        ] {
            let (h, v) = spike(n, r);
            close(v, v_max, 1e-3);
            close(h, h_there, 1e-3);
        }
    }

    #[test]
    fn edges_run_from_certainty_to_uniform() {
        for n in [2, 3, 49_152] {
            let upper = upper_edge(n, 64);
            close(upper[0].0, 0.0, 1e-12);
            close(upper[64].0, f64::from(n).log2(), 1e-9);
            close(upper[64].1, 0.0, 1e-9);
            assert!(upper.windows(2).all(|pair| pair[1].0 > pair[0].0));
        }
        let lower = lower_edge(49_152, 6, 16);
        assert!(lower.windows(2).all(|pair| pair[1].0 >= pair[0].0 - 1e-12));
    }

    #[test]
    fn humps_of_the_lower_edge() {
        let top = |k| (1..1000).map(|i| tie(k, f64::from(i) / 1000.0).1).fold(0.0, f64::max);
        close(top(1), 0.914, 1e-3);
        close(top(2), 0.501, 1e-3);
        close(top(3), 0.346, 1e-3);
        close(tie(2, 1.0).0, 3f64.log2(), 1e-12);
        close(tie(2, 1.0).1, 0.0, 1e-12);
    }
}
