//! Distributions given by their probabilities.

use entropix::Uncertainty;

/// Farther than this from a sum of 1 is told to people; nearer is rounding.
const ROUNDING: f64 = 2e-5;

/// Why numbers are no distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words())]
#[non_exhaustive]
pub enum NotADistribution {
    /// Fewer than two outcomes.
    TooFew,
    /// NaN or infinite.
    NotFinite,
    /// Below zero.
    Negative,
    /// All zero.
    Zero,
}

impl NotADistribution {
    /// The reason as a sentence without its full stop.
    pub fn words(self) -> &'static str {
        match self {
            Self::TooFew => "a distribution needs at least two outcomes",
            Self::NotFinite => "a probability is not a number",
            Self::Negative => "a probability is negative",
            Self::Zero => "all probabilities are zero",
        }
    }
}

/// The same proportions with a sum of 1, and whether the sum was something else before.
///
/// # Errors
/// Numbers that are no proportions.
pub fn normalise(weights: &[f64]) -> Result<(Vec<f64>, bool), NotADistribution> {
    if weights.len() < 2 {
        return Err(NotADistribution::TooFew);
    }
    if weights.iter().any(|w| !w.is_finite()) {
        return Err(NotADistribution::NotFinite);
    }
    if weights.iter().any(|&w| w < 0.0) {
        return Err(NotADistribution::Negative);
    }
    let largest = weights.iter().copied().fold(0.0, f64::max);
    if largest <= 0.0 {
        return Err(NotADistribution::Zero);
    }
    // By the largest first: the sum of huge weights would overflow.
    let sum: f64 = weights.iter().map(|w| w / largest).sum();
    let p = weights.iter().map(|w| w / largest / sum).collect();
    Ok((p, (sum * largest - 1.0).abs() > ROUNDING))
}

/// H = −Σ p log₂ p in bits and V = Σ p (log₂ p + H)² in bits², with 0·log 0 = 0.
///
/// `p` sums to 1.
pub fn uncertainty(p: &[f64]) -> Uncertainty {
    let live = || p.iter().copied().filter(|&p| p > 0.0);
    let entropy = live().map(|p| -p * p.log2()).sum::<f64>().max(0.0);
    // Around the mean, so that nothing cancels.
    let varentropy = live().map(|p| p * (p.log2() + entropy).powi(2)).sum();
    Uncertainty { entropy_bits: entropy, varentropy_bits2: varentropy }
}

/// The distribution at temperature T: p^(1/T), normalised. At T → 0 the largest share everything.
pub fn at_temperature(p: &[f64], temperature: f64) -> Vec<f64> {
    let largest = p.iter().copied().fold(0.0, f64::max);
    let warm: Vec<f64> = p
        .iter()
        .map(|&each| {
            if each <= 0.0 || largest <= 0.0 {
                0.0
            } else if temperature > 0.0 {
                ((each / largest).ln() / temperature).exp()
            } else {
                f64::from(u8::from(each >= largest))
            }
        })
        .collect();
    let sum: f64 = warm.iter().sum();
    warm.into_iter().map(|w| w / sum).collect()
}

/// The distribution nearest to a point of the plane Σ p = 1 (Euclidean projection onto the simplex).
pub fn nearest(point: [f64; 3]) -> [f64; 3] {
    let mut sorted = point;
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let (mut sum, mut shift) = (0.0, 0.0);
    for (count, x) in sorted.into_iter().enumerate() {
        sum += x;
        let candidate = (sum - 1.0) / (count as f64 + 1.0);
        if x - candidate > 0.0 {
            shift = candidate;
        }
    }
    point.map(|x| (x - shift).max(0.0))
}

#[cfg(test)]
mod tests {
    use std::f64::consts::LN_2;

    use super::*;

    /// The (H, V) of a distribution in nats and nats²: 1 bit = ln 2 nats.
    fn in_nats(u: Uncertainty) -> (f64, f64) {
        (u.entropy_bits * LN_2, u.varentropy_bits2 * LN_2 * LN_2)
    }

    fn close(a: f64, b: f64, within: f64) {
        assert!((a - b).abs() <= within, "{a} is not {b}");
    }

    #[test]
    fn proportions() {
        let (p, changed) = normalise(&[7.0, 2.0, 1.0]).unwrap();
        assert!(changed);
        for (p, expected) in p.into_iter().zip([0.7, 0.2, 0.1]) {
            close(p, expected, 1e-15);
        }
        assert_eq!(normalise(&[0.5, 0.5]), Ok((vec![0.5, 0.5], false)));
        assert_eq!(normalise(&[1e308, 1e308, 0.0]), Ok((vec![0.5, 0.5, 0.0], true)));
        for (weights, error) in [
            (&[1.0][..], NotADistribution::TooFew),
            (&[1.0, f64::NAN], NotADistribution::NotFinite),
            (&[1.0, f64::INFINITY], NotADistribution::NotFinite),
            (&[1.0, -0.1], NotADistribution::Negative),
            (&[0.0, 0.0], NotADistribution::Zero),
        ] {
            assert_eq!(normalise(weights), Err(error));
        }
    }

    #[test]
    fn ties_have_no_varentropy() {
        for n in [1, 2, 3, 4, 1000] {
            let u = uncertainty(&vec![1.0 / f64::from(n); n as usize]);
            close(u.entropy_bits, f64::from(n).log2(), 1e-12);
            close(u.varentropy_bits2, 0.0, 1e-12);
        }
    }

    #[test]
    fn dh_dlnt_is_v() {
        let p = [0.55, 0.2, 0.12, 0.08, 0.05];
        for t in [0.5, 1.0, 2.0] {
            let entropy = |t: f64| in_nats(uncertainty(&at_temperature(&p, t))).0;
            let step = 1e-4;
            let slope = (entropy(t * f64::exp(step)) - entropy(t * f64::exp(-step))) / (2.0 * step);
            close(slope, in_nats(uncertainty(&at_temperature(&p, t))).1, 1e-7);
        }
    }

    #[test]
    fn v_is_a_second_derivative() {
        // V = β² d² ln Z/dβ² and dH/dβ = −V/β, with β = 1/T and Z = Σ e^(β l).
        let logits = [2.0, 1.0, 0.3, -1.0];
        let log_z = |beta: f64| logits.iter().map(|l: &f64| (beta * l).exp()).sum::<f64>().ln();
        let p = |beta: f64| logits.map(|l: f64| (beta * l - log_z(beta)).exp());
        let step = 1e-4;
        for beta in [0.5, 1.0, 2.0] {
            let (h, v) = in_nats(uncertainty(&p(beta)));
            let second =
                (log_z(beta + step) - 2.0 * log_z(beta) + log_z(beta - step)) / step.powi(2);
            close(v, beta * beta * second, 1e-5);
            let slope = (in_nats(uncertainty(&p(beta + step))).0 - h) / step;
            close(slope, -v / beta, 1e-3);
        }
    }

    #[test]
    fn the_area_under_v_is_the_missing_entropy() {
        // ∫₁^∞ V d ln T = ln n − H(1): midpoint rule up to T = e¹².
        let p = [0.7, 0.2, 0.06, 0.04];
        let (steps, end) = (24_000, 12.0);
        let width = end / f64::from(steps);
        let area: f64 = (0..steps)
            .map(|i| {
                let t = ((f64::from(i) + 0.5) * width).exp();
                in_nats(uncertainty(&at_temperature(&p, t))).1 * width
            })
            .sum();
        close(area, 4f64.ln() - in_nats(uncertainty(&p)).0, 1e-6);
    }

    #[test]
    fn v_is_the_fisher_information_of_ln_t() {
        let p = [0.7, 0.2, 0.1];
        let delta = 1e-3;
        let q = at_temperature(&p, f64::exp(delta));
        let kl: f64 = p.iter().zip(&q).map(|(p, q)| p * (p / q).ln()).sum();
        close(kl / (0.5 * delta * delta * in_nats(uncertainty(&p)).1), 1.0, 2e-3);
    }

    #[test]
    fn extreme_temperatures() {
        assert_eq!(at_temperature(&[0.4, 0.4, 0.2, 0.0], 0.0), [0.5, 0.5, 0.0, 0.0]);
        for (p, expected) in at_temperature(&[0.9, 0.1, 0.0], 1e9).iter().zip([0.5, 0.5, 0.0]) {
            close(*p, expected, 1e-8);
        }
    }

    #[test]
    fn nearest_point_of_the_triangle() {
        for (point, expected) in [
            ([0.2, 0.3, 0.5], [0.2, 0.3, 0.5]),
            ([1.4, -0.2, -0.2], [1.0, 0.0, 0.0]),
            ([0.6, 0.6, -0.2], [0.5, 0.5, 0.0]),
            ([0.2, 1.0, -0.2], [0.1, 0.9, 0.0]),
        ] {
            for (a, b) in nearest(point).into_iter().zip(expected) {
                close(a, b, 1e-12);
            }
        }
    }
}
