//! Scores, their softmax and the mix of values.

use wasm_bindgen_test::wasm_bindgen_test;

use super::numbers::{Numbers, bits};
use super::{ROUNDS, same};
use crate::kernel::{KernelImpl, Mix, Scores, Softmax};

#[wasm_bindgen_test(unsupported = test)]
fn scores_weights_and_their_mix() {
    for seed in 0..ROUNDS {
        let mut numbers = Numbers::new(seed);
        let head = [8, 16, 64, 96][numbers.below(4)];
        let keys = 1 + numbers.below(40);
        let query = numbers.many(head);
        let stored = numbers.many(keys * head);
        let scores = same("scores", seed, |kernel| {
            let mut scores = vec![f32::NAN; keys];
            let (query, keys) = (&query, &stored);
            kernel.run(Scores { query, keys, scale: 0.125, to: &mut scores });
            scores
        });
        for (score, key) in scores.iter().zip(stored.chunks_exact(head)) {
            let terms = query.iter().zip(key).map(|(a, b)| f64::from(*a) * f64::from(*b));
            let (sum, size) = terms.fold((0.0, 0.0), |(sum, size), x| (sum + x, size + x.abs()));
            assert!(
                (f64::from(*score) - 0.125 * sum).abs() <= 1e-6 * size + 1e-37,
                "{score}, {sum}"
            );
        }
        // Scores that a model has.
        let scores: Vec<f32> = scores.iter().map(|x| x.clamp(-60.0, 60.0)).collect();
        let run = |kernel: KernelImpl| {
            let (mut weights, mut entropy) = (scores.clone(), f32::NAN);
            kernel.run(Softmax { scores: &mut weights, entropy: Some(&mut entropy) });
            let mut unobserved = scores.clone();
            kernel.run(Softmax { scores: &mut unobserved, entropy: None });
            assert_eq!(bits(&weights), bits(&unobserved));
            weights.push(entropy);
            weights
        };
        let mut weights = same("softmax", seed, run);
        let entropy = weights.pop().unwrap();
        let most = f64::from(scores.iter().copied().fold(f32::MIN, f32::max));
        let expected: Vec<f64> = scores.iter().map(|&x| (f64::from(x) - most).exp()).collect();
        let total: f64 = expected.iter().sum();
        let mut expected_entropy = 0.0;
        for (weight, expected) in weights.iter().zip(&expected) {
            let p = expected / total;
            assert!((f64::from(*weight) - p).abs() < 1e-5 * p + 1e-35, "{weight}, {p}");
            expected_entropy -= p * p.max(f64::MIN_POSITIVE).ln();
        }
        assert!(
            (f64::from(entropy) - expected_entropy).abs() < 1e-4,
            "{entropy}, {expected_entropy}"
        );
        let attention_output = same("mix", seed, |kernel| {
            let mut output = vec![0.5; head];
            kernel.run(Mix { weights: &weights, values: &stored, output: &mut output });
            output
        });
        for (i, found) in attention_output.iter().enumerate() {
            let values = stored.iter().skip(i).step_by(head);
            let (mut sum, mut size) = (0.5, 0.5);
            for (weight, value) in weights.iter().zip(values) {
                sum += f64::from(*weight) * f64::from(*value);
                size += (f64::from(*weight) * f64::from(*value)).abs();
            }
            assert!((f64::from(*found) - sum).abs() <= 1e-5 * size, "{found}, {sum}");
        }
    }
}

#[test]
#[should_panic(expected = "keys of another count")]
fn keys_of_another_count_are_caught() {
    let (query, keys) = (&[0.0; 8], &[0.0; 24]);
    KernelImpl::Scalar.run(Scores { query, keys, scale: 1.0, to: &mut [0.0; 4] });
}
