//! Logistic regression on a few features.

use super::linear::{dot, solve};

/// What is known of one item, and what it should predict.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Features, such as H in bits and V in bits²: as many as all other examples have.
    pub features: Vec<f64>,
    /// Whether the answer was right.
    pub right: bool,
}

/// P(right) = σ(intercept + Σ weight · feature), with σ(x) = 1 / (1 + e⁻ˣ).
#[derive(Clone, Debug, PartialEq)]
pub struct Logistic {
    /// Log-odds, in nats, where all features are 0.
    pub intercept: f64,
    /// Log-odds, in nats, per unit of each feature.
    pub weights: Vec<f64>,
    /// Log-likelihood of the examples it was fitted to, in nats.
    pub log_likelihood: f64,
}

/// Penalty λ/2 · Σβ² on standardised features and intercept, in nats: far below what data say, but
/// where they separate perfectly the fit ends.
const RIDGE: f64 = 1e-8;
/// Newton steps, far more than examples need, whether they overlap or not.
const STEPS: usize = 200;
/// The fit ends with a step that changes no standardised coefficient by more.
const SMALL_STEP: f64 = 1e-9;
/// What rounding may take from the penalised log-likelihood in one step, relative to it.
const ROUNDING: f64 = 1e-12;
/// A feature whose standard deviation is less than this share of its largest value is a constant,
/// which says nothing.
const CONSTANT: f64 = 1e-12;

impl Logistic {
    /// The maximum of the likelihood, by Newton's method (Hastie, Tibshirani and Friedman 2009,
    /// section 4.4.1).
    ///
    /// Constant features get weight 0. `None` without examples, for different numbers of features,
    /// and if a feature is not finite.
    pub fn fit(examples: &[Example]) -> Option<Self> {
        let width = examples.first()?.features.len();
        let fits = |example: &Example| {
            example.features.len() == width && example.features.iter().all(|x| x.is_finite())
        };
        if !examples.iter().all(fits) {
            return None;
        }
        let scales: Vec<_> = (0..width).map(|feature| Scale::of(examples, feature)).collect();
        let standardised = |example: &Example| {
            let features = example.features.iter().zip(&scales).map(|(x, scale)| scale.apply(*x));
            Row { x: std::iter::once(1.0).chain(features).collect(), right: example.right }
        };
        let rows: Vec<_> = examples.iter().map(standardised).collect();
        let beta = maximise(&rows, width + 1)?;
        let log_likelihood = log_likelihood(&rows, &beta);

        let (first, others) = beta.split_first()?;
        let weights: Vec<_> =
            others.iter().zip(&scales).map(|(b, scale)| b * scale.factor).collect();
        let moved: f64 =
            weights.iter().zip(&scales).map(|(weight, scale)| weight * scale.mean).sum();
        Some(Self { intercept: first - moved, weights, log_likelihood })
    }

    /// Probability that an item of these features is right.
    pub fn probability(&self, features: &[f64]) -> f64 {
        sigmoid(self.log_odds(features))
    }

    /// −ln of the probability that the model gave to what is the case, in nats.
    pub fn log_loss(&self, features: &[f64], right: bool) -> f64 {
        softplus(-signed(self.log_odds(features), right))
    }

    fn log_odds(&self, features: &[f64]) -> f64 {
        self.intercept + dot(&self.weights, features)
    }
}

/// How a feature is standardised: (x − mean) · factor.
struct Scale {
    mean: f64,
    factor: f64,
}

impl Scale {
    fn of(examples: &[Example], feature: usize) -> Self {
        let values = || examples.iter().filter_map(|example| example.features.get(feature));
        let average = |sum: f64| sum / examples.len() as f64;
        let mean = average(values().sum());
        let deviation = average(values().map(|x| (x - mean).powi(2)).sum()).sqrt();
        let largest = values().fold(0.0_f64, |largest, x| largest.max(x.abs()));
        let factor = if deviation > CONSTANT * largest { 1.0 / deviation } else { 0.0 };
        Self { mean, factor }
    }

    fn apply(&self, x: f64) -> f64 {
        (x - self.mean) * self.factor
    }
}

/// 1 and the standardised features of one example.
struct Row {
    x: Vec<f64>,
    right: bool,
}

/// The coefficients of the largest penalised likelihood.
fn maximise(rows: &[Row], width: usize) -> Option<Vec<f64>> {
    let objective = |beta: &[f64]| log_likelihood(rows, beta) - RIDGE / 2.0 * dot(beta, beta);
    let mut beta = vec![0.0; width];
    let mut reached = objective(&beta);
    for _ in 0..STEPS {
        let mut step = newton_step(rows, &beta)?;
        let small = step.iter().all(|change| change.abs() <= SMALL_STEP);
        loop {
            let next: Vec<_> = beta.iter().zip(&step).map(|(b, change)| b + change).collect();
            let value = objective(&next);
            if value >= reached - ROUNDING * reached.abs() {
                (beta, reached) = (next, value);
                break;
            }
            // Too far: half of it, until it is nothing.
            step = step.iter().map(|change| change / 2.0).collect();
            if step.iter().all(|change| change.abs() <= SMALL_STEP) {
                return small.then_some(beta);
            }
        }
        if small {
            return Some(beta);
        }
    }
    None
}

/// The solution of (Xᵀ W X + λ I) step = Xᵀ (y − p) − λ β.
fn newton_step(rows: &[Row], beta: &[f64]) -> Option<Vec<f64>> {
    // Each row of the system: one of the matrix, then the right side.
    let mut system = vec![vec![0.0; beta.len() + 1]; beta.len()];
    for Row { x, right } in rows {
        let log_odds = dot(x, beta);
        let weight = sigmoid(log_odds) * sigmoid(-log_odds);
        let residual = signed(sigmoid(-signed(log_odds, *right)), *right);
        for (line, xi) in system.iter_mut().zip(x) {
            let added = x.iter().map(|xj| weight * xj).chain([residual]);
            line.iter_mut().zip(added).for_each(|(sum, part)| *sum += xi * part);
        }
    }
    for (index, (line, b)) in system.iter_mut().zip(beta).enumerate() {
        *line.get_mut(index)? += RIDGE;
        *line.last_mut()? -= RIDGE * b;
    }
    solve(&system)
}

fn log_likelihood(rows: &[Row], beta: &[f64]) -> f64 {
    rows.iter().map(|row| -softplus(-signed(dot(&row.x, beta), row.right))).sum()
}

fn signed(x: f64, positive: bool) -> f64 {
    if positive { x } else { -x }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// ln(1 + eˣ), without overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples(rows: &[(&[f64], bool)]) -> Vec<Example> {
        let example =
            |&(features, right): &(&[f64], bool)| Example { features: features.to_vec(), right };
        rows.iter().map(example).collect()
    }

    #[test]
    fn one_feature_of_two_values_gives_the_odds_of_each() {
        let rows = [(0.0, 3, 1), (2.0, 1, 4)].map(|(x, right, wrong)| {
            let of = |right, count| vec![Example { features: vec![x], right }; count];
            [of(true, right), of(false, wrong)].concat()
        });
        let fit = Logistic::fit(&rows.concat()).unwrap();
        assert!((fit.intercept - 3_f64.ln()).abs() < 1e-7);
        assert!((fit.weights[0] - (0.25_f64.ln() - 3_f64.ln()) / 2.0).abs() < 1e-7);
        assert!((fit.probability(&[2.0]) - 0.2).abs() < 1e-7);
        assert!((fit.log_loss(&[2.0], false) + 0.8_f64.ln()).abs() < 1e-7);
        let wanted = 3.0 * 0.75_f64.ln() + 0.25_f64.ln() + 0.2_f64.ln() + 4.0 * 0.8_f64.ln();
        assert!((fit.log_likelihood - wanted).abs() < 1e-9);
    }

    #[test]
    fn what_separates_ends() {
        for rows in [
            &[(&[1.0][..], false), (&[2.0], false), (&[3.0], true)][..],
            &[(&[1.0], true), (&[2.0], true)],
            &[(&[5.0, 1.0], true), (&[5.0, 2.0], false)],
            &[(&[], true)],
        ] {
            let fit = Logistic::fit(&examples(rows)).unwrap();
            let finite = fit.weights.iter().chain([&fit.intercept]).all(|x| x.is_finite());
            assert!(finite && fit.log_likelihood > -1e-3, "{fit:?}");
        }
    }

    #[test]
    fn a_constant_and_a_copy_change_nothing() {
        let x = |i: i32| f64::from(i * 7 % 11);
        let with = |features: fn(f64) -> Vec<f64>| {
            let example = |i| Example { features: features(x(i)), right: i * 5 % 7 > 2 };
            Logistic::fit(&(0..50).map(example).collect::<Vec<_>>()).unwrap()
        };
        let alone = with(|x| vec![x]);
        let constant = with(|x| vec![0.1, x]);
        assert!(constant.weights[0].abs() < 1e-12);
        assert!((constant.weights[1] - alone.weights[0]).abs() < 1e-9);
        let copied = with(|x| vec![x, 1.0 - 3.0 * x]);
        assert!((copied.log_likelihood - alone.log_likelihood).abs() < 1e-9);
    }

    #[test]
    fn nothing_to_fit() {
        assert_eq!(Logistic::fit(&[]), None);
        assert_eq!(Logistic::fit(&examples(&[(&[1.0], true), (&[], false)])), None);
        assert_eq!(Logistic::fit(&examples(&[(&[f64::NAN], true), (&[0.0], false)])), None);
    }
}
