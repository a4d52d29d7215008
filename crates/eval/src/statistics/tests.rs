//! Everything against other implementations (tests/golden/statistics).

use serde_json::Value;

use super::nested::held_out_losses;
use super::*;

fn golden() -> Value {
    let golden = include_str!("../../../../tests/golden/statistics/statistics.json");
    serde_json::from_str(golden).unwrap()
}

fn each<T>(list: &Value, of: impl Fn(&Value) -> T) -> Vec<T> {
    let list = list.as_array().unwrap();
    assert!(!list.is_empty());
    list.iter().map(of).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn count(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn resamples(golden: &Value) -> u32 {
    u32::try_from(count(&golden["resamples"])).unwrap()
}

fn numbers(list: &Value) -> Vec<f64> {
    each(list, number)
}

fn scored(scores: &Value, right: &Value) -> Vec<Scored> {
    let right = each(right, |right| right.as_bool().unwrap());
    assert_eq!(numbers(scores).len(), right.len());
    numbers(scores).into_iter().zip(right).map(|(score, right)| Scored { score, right }).collect()
}

fn examples(features: &Value, right: &Value) -> Vec<Example> {
    let right = each(right, |right| right.as_bool().unwrap());
    let features = each(features, numbers);
    assert_eq!(features.len(), right.len());
    features.into_iter().zip(right).map(|(features, right)| Example { features, right }).collect()
}

#[track_caller]
fn near(ours: f64, theirs: &Value, tolerance: f64) {
    let theirs = number(theirs);
    let slack = tolerance * theirs.abs().max(1.0);
    assert!((ours - theirs).abs() <= slack, "{ours} for {theirs}");
}

#[track_caller]
fn all_near(ours: &[f64], theirs: &Value, tolerance: f64) {
    assert_eq!(ours.len(), theirs.as_array().unwrap().len());
    for (ours, theirs) in ours.iter().zip(theirs.as_array().unwrap()) {
        near(*ours, theirs, tolerance);
    }
}

/// Between two numbers.
#[track_caller]
fn within(ours: f64, bounds: &Value) {
    let (low, high) = (number(&bounds[0]), number(&bounds[1]));
    assert!((low..=high).contains(&ours), "{ours} is not in {low} to {high}");
}

#[test]
fn holm_of_statsmodels() {
    each(&golden()["holm"], |case| {
        all_near(&holm(&numbers(&case["p"])).unwrap(), &case["adjusted"], 1e-12);
    });
}

#[test]
fn auroc_of_scikit_learn() {
    each(&golden()["auroc"], |case| {
        near(auroc(&scored(&case["scores"], &case["right"])).unwrap(), &case["auroc"], 1e-12);
    });
}

#[test]
fn auroc_interval_of_all_resamples() {
    let golden = golden();
    let case = &golden["auroc_interval"];
    let right = each(&case["right"], Value::clone);
    let scores = each(&case["scores"], Value::clone);
    let clusters: Vec<_> = scores.iter().zip(&right).map(|(s, r)| scored(s, r)).collect();
    let ours = auroc_interval(&clusters, resamples(&golden), 1).unwrap();
    near(ours.value, &case["auroc"], 1e-12);
    within(ours.low, &case["low"]);
    within(ours.high, &case["high"]);
}

#[test]
fn wilson_of_statsmodels() {
    each(&golden()["wilson"], |case| {
        let ours = wilson(count(&case["right"]), count(&case["count"])).unwrap();
        near(ours.low, &case["low"], 1e-12);
        near(ours.high, &case["high"], 1e-12);
    });
}

#[test]
fn logistic_regression_of_statsmodels() {
    each(&golden()["logistic"], |case| {
        let examples = examples(&case["features"], &case["right"]);
        let ours = Logistic::fit(&examples).unwrap();
        near(ours.intercept, &case["intercept"], 1e-6);
        all_near(&ours.weights, &case["weights"], 1e-6);
        near(ours.log_likelihood, &case["log_likelihood"], 1e-9);
        let first = examples.iter().take(10).map(|example| ours.probability(&example.features));
        all_near(&first.collect::<Vec<_>>(), &case["probabilities"], 1e-7);
    });
}

#[test]
fn held_out_losses_of_statsmodels() {
    let golden = golden();
    let case = &golden["held_out"];
    let right = each(&case["right"], Value::clone);
    let features = each(&case["features"], Value::clone);
    let clusters: Vec<_> = features.iter().zip(&right).map(|(f, r)| examples(f, r)).collect();
    let folds = count(&case["folds"]);
    let assignment: Vec<_> = (0..clusters.len()).map(|index| index % folds).collect();
    let clusters: Vec<_> = clusters.iter().collect();
    let ours = held_out_losses(&clusters, 1, folds, &assignment).unwrap();
    for (index, losses) in ours.iter().enumerate() {
        let of = |of: fn(&nested::Losses) -> f64| losses.iter().map(of).collect::<Vec<_>>();
        all_near(&of(|losses| losses.base), &case["base"][index], 1e-6);
        all_near(&of(|losses| losses.full), &case["full"][index], 1e-6);
    }
}

#[test]
fn reliability_of_scikit_learn() {
    let golden = golden();
    let case = &golden["reliability"];
    let ours = reliability(&scored(&case["predictions"], &case["right"]), 10).unwrap();
    let of = |of: fn(&Bin) -> f64| ours.bins.iter().map(of).collect::<Vec<_>>();
    all_near(&of(|bin| bin.prediction), &case["means"], 1e-12);
    all_near(&of(|bin| bin.right.value), &case["shares"], 1e-12);
    near(ours.expected_calibration_error, &case["error"], 1e-12);
}

#[test]
fn bootstrap_and_permutation_of_scipy() {
    let golden = golden();
    each(&golden["unclustered"], |case| {
        let clusters = numbers(&case["values"]).into_iter().map(|value| vec![value]).collect();
        let ours = paired_difference(&[Stratum { clusters }], resamples(&golden), 1).unwrap();
        near(ours.difference, &case["mean"], 1e-12);
        within(ours.low, &case["low"]);
        within(ours.high, &case["high"]);
        within(ours.p, &case["p"]);
    });
}

#[test]
fn bootstrap_and_permutation_of_facts_in_families() {
    let golden = golden();
    let case = &golden["clustered"];
    let strata = each(&case["strata"], |stratum| Stratum { clusters: each(stratum, numbers) });
    let ours = paired_difference(&strata, resamples(&golden), 1).unwrap();
    near(ours.difference, &case["difference"], 1e-12);
    within(ours.low, &case["low"]);
    within(ours.high, &case["high"]);
    within(ours.p, &case["p"]);
}

#[test]
fn power_of_the_exact_sign_test() {
    let golden = golden();
    let simulations = u32::try_from(count(&golden["simulations"])).unwrap();
    each(&golden["power"], |case| {
        let test = PlannedTest {
            families: 1,
            facts: count(&case["items"]),
            items: 1,
            accuracy: 0.5,
            discordant: number(&case["discordant"]),
            difference: number(&case["difference"]),
            correlation: 0.0,
            level: 0.05,
        };
        within(power(&test, simulations, 999, 1).unwrap(), &case["power"]);
    });
}
