//! Derivatives of ln Γ for positive arguments: by ψ⁽ⁿ⁾(x) = ψ⁽ⁿ⁾(x+1) − (−1)ⁿ n!/xⁿ⁺¹ up to where the
//! asymptotic series has 15 digits (Abramowitz & Stegun 6.3.5, 6.3.18, 6.4.6, 6.4.11 to 6.4.14).

use libm::log;

/// From here on the series is used.
const ASYMPTOTIC: f64 = 10.0;
/// The Bernoulli numbers B₂, B₄, …, B₁₄.
const BERNOULLI: [f64; 7] =
    [1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0, 7.0 / 6.0];

/// ψ, ψ′ and ψ″ at one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Polygammas {
    /// ψ = (ln Γ)′.
    pub digamma: f64,
    /// ψ′.
    pub trigamma: f64,
    /// ψ″.
    pub tetragamma: f64,
}

impl Polygammas {
    /// At `x`; NaN unless `x` is above 0.
    ///
    /// ```
    /// use entropix::dslider::special::Polygammas;
    ///
    /// // −γ, π²/6 and −2 ζ(3).
    /// let at_1 = Polygammas::at(1.0);
    /// assert!((at_1.digamma + 0.577_215_664_901_532_9).abs() < 1e-14);
    /// assert!((at_1.trigamma - 1.644_934_066_848_226_4).abs() < 1e-14);
    /// assert!((at_1.tetragamma + 2.404_113_806_319_188_5).abs() < 1e-13);
    /// ```
    pub fn at(mut x: f64) -> Self {
        if x.is_nan() || x <= 0.0 {
            return Self { digamma: f64::NAN, trigamma: f64::NAN, tetragamma: f64::NAN };
        }
        let (mut first, mut second, mut third) = (0.0, 0.0, 0.0);
        while x < ASYMPTOTIC {
            let inverse = x.recip();
            first -= inverse;
            second += inverse * inverse;
            third -= 2.0 * inverse * inverse * inverse;
            x += 1.0;
        }
        // With r = 1/x: ψ ~ ln x − r/2 − Σ B₂ₖ r²ᵏ/2k, and its derivatives.
        let r = x.recip();
        let square = r * r;
        let mut power = square;
        first += log(x) - 0.5 * r;
        second += r + 0.5 * square;
        third -= square + square * r;
        let mut order = 2.0;
        for bernoulli in BERNOULLI {
            first -= bernoulli * power / order;
            second += bernoulli * power * r;
            third -= bernoulli * (order + 1.0) * power * square;
            power *= square;
            order += 2.0;
        }
        Self { digamma: first, trigamma: second, tetragamma: third }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_values() {
        // ψ(½) = −γ − 2 ln 2, ψ′(½) = π²/2, ψ″(½) = −14 ζ(3).
        let half = Polygammas::at(0.5);
        assert!((half.digamma + 1.963_510_026_021_423_4).abs() < 1e-14);
        assert!((half.trigamma - 4.934_802_200_544_679).abs() < 1e-13);
        assert!((half.tetragamma + 16.828_796_644_234_32).abs() < 1e-13);
    }

    #[test]
    fn outside_there_is_none() {
        for x in [0.0, -0.0, -1.5, f64::NEG_INFINITY, f64::NAN] {
            let at = Polygammas::at(x);
            assert!(at.digamma.is_nan() && at.trigamma.is_nan() && at.tetragamma.is_nan());
        }
    }

    proptest! {
        #[test]
        fn recurrences(x in 1e-3_f64..40.0) {
            let (here, next) = (Polygammas::at(x), Polygammas::at(x + 1.0));
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-13 * (1.0 + a.abs());
            prop_assert!(near(here.digamma, next.digamma - 1.0 / x));
            prop_assert!(near(here.trigamma, next.trigamma + 1.0 / (x * x)));
            prop_assert!(near(here.tetragamma, next.tetragamma - 2.0 / (x * x * x)));
        }

        #[test]
        fn each_is_the_slope_of_the_one_before(x in 0.1_f64..1e4) {
            let step = 1e-4 * x;
            let [below, here, above] = [x - step, x, x + step].map(Polygammas::at);
            let slope = |f: fn(Polygammas) -> f64| (f(above) - f(below)) / (2.0 * step);
            prop_assert!((slope(|p| p.digamma) / here.trigamma - 1.0).abs() < 1e-6);
            prop_assert!((slope(|p| p.trigamma) / here.tetragamma - 1.0).abs() < 1e-6);
            let of_log_gamma = (libm::lgamma(x + step) - libm::lgamma(x - step)) / (2.0 * step);
            prop_assert!((of_log_gamma - here.digamma).abs() < 1e-6 * (1.0 + here.digamma.abs()));
        }
    }
}
