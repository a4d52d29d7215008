//! What is known about H and V of whole families of distributions, and the original code's values.
#![allow(clippy::unwrap_used, missing_docs)]

use std::f64::consts::LN_2;

use entropix_simplex::{Curve, Look, Triangle, UNITS_BITS, bounds, uncertainty};
use serde_json::Value;

/// Uniform in 0..1 (the same numbers on every machine).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// Standard normal (Box and Muller).
    fn normal(&mut self) -> f64 {
        (-2.0 * self.next().ln()).sqrt() * (std::f64::consts::TAU * self.next()).cos()
    }
}

fn softmax(logits: &[f64]) -> Vec<f64> {
    let max = logits.iter().copied().fold(f64::MIN, f64::max);
    let weights: Vec<f64> = logits.iter().map(|l| (l - max).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|w| w / sum).collect()
}

#[test]
fn no_distribution_lies_outside_the_region() {
    let mut random = Random(1);
    for n in [2u32, 3, 4, 6] {
        for _ in 0..20_000 {
            let spread = 12.0 * random.next();
            let logits: Vec<f64> = (0..n).map(|_| spread * random.normal()).collect();
            let u = uncertainty(&softmax(&logits));
            let (least, most) = bounds::range(n, u.entropy_bits).unwrap();
            assert!(
                (least - 1e-7..=most + 1e-7).contains(&u.varentropy_bits2),
                "{n} outcomes, H {}: V {} not in {least}..{most}",
                u.entropy_bits,
                u.varentropy_bits2
            );
        }
    }
}

#[test]
fn three_outcomes_peak_at_the_spike() {
    // A fine search over the whole triangle.
    let mut best = (0.0, [0.0; 3]);
    let steps = 1500;
    for i in 0..=steps {
        for j in 0..=steps - i {
            let p = [i, j, steps - i - j].map(|k| f64::from(k) / f64::from(steps));
            let v = uncertainty(&p).varentropy_bits2;
            if v > best.0 {
                best = (v, p);
            }
        }
    }
    let mut p = best.1;
    p.sort_by(f64::total_cmp);
    assert!((best.0 - 1.585_592).abs() < 2e-5, "{best:?}");
    assert!((p[2] - 0.876_696).abs() < 1e-3 && (p[0] - 0.061_652).abs() < 1e-3, "{best:?}");
    let u = uncertainty(&[0.876_696, 0.061_652, 0.061_652]);
    assert!((u.varentropy_bits2 * LN_2 * LN_2 - 0.761_802_2).abs() < 1e-7);
    assert!((u.entropy_bits - 0.662_09).abs() < 1e-4);
    for tie in [vec![0.5, 0.5, 0.0], vec![1.0, 0.0, 0.0], vec![1.0 / 3.0; 3]] {
        assert!(uncertainty(&tie).varentropy_bits2 < 1e-12);
    }
}

#[test]
fn normal_logits_follow_the_random_energy_model() {
    // H ≈ ln n − σ²/2 and V ≈ σ² in nats while σ is small; (σ, H, V) in nats, n = 49,152.
    let mut random = Random(7);
    let mut draws = |sigma: f64, runs: usize| -> Vec<(f64, f64)> {
        (0..runs)
            .map(|_| {
                let logits: Vec<f64> = (0..49_152).map(|_| sigma * random.normal()).collect();
                let u = uncertainty(&softmax(&logits));
                (u.entropy_bits * LN_2, u.varentropy_bits2 * LN_2 * LN_2)
            })
            .collect()
    };
    for (sigma, entropy, varentropy) in [(1.0, 10.29, 1.04), (2.0, 8.66, 4.40)] {
        let (h, v) = draws(sigma, 1)[0];
        assert!((h - entropy).abs() < 0.25, "σ {sigma}: H {h}");
        assert!((v / varentropy - 1.0).abs() < 0.15, "σ {sigma}: V {v}");
        assert!((h - (49_152f64.ln() - sigma * sigma / 2.0)).abs() < 0.25, "σ {sigma}: H {h}");
    }
    // Near and beyond σ = √(2 ln n) = 4.65 a few tokens dominate, and each draw is another.
    for (sigma, entropy, varentropy) in [(3.0, 6.20, 7.4), (4.0, 4.06, 7.0), (6.0, 1.72, 4.4)] {
        let found = draws(sigma, 30);
        let between = |x: f64, value: fn(&(f64, f64)) -> f64| {
            found.iter().any(|draw| value(draw) < x) && found.iter().any(|draw| value(draw) > x)
        };
        assert!(between(entropy, |draw| draw.0), "σ {sigma}: {found:?}");
        assert!(between(varentropy, |draw| draw.1), "σ {sigma}: {found:?}");
    }
}

#[test]
fn pictures_agree_with_the_original_code() {
    let file: Value =
        serde_json::from_str(include_str!("../../../tests/golden/entropix/varentropy.json"))
            .unwrap();
    let curve = Curve { width: 600.0, height: 400.0, text: 12.0, units: UNITS_BITS };
    let triangle = Triangle::new(&Look { width: 600.0, ..Look::default() });
    let (mut twos, mut threes) = (0, 0);
    for case in file["cases"].as_array().unwrap() {
        let Some(logits) = case["logits"].as_array() else { continue };
        let Some(logits) = logits.iter().map(Value::as_f64).collect::<Option<Vec<_>>>() else {
            continue;
        };
        let p = softmax(&logits);
        let number = |key: &str| case[key].as_f64();
        let (Some(h), Some(v)) = (number("ref64_entropy_bits"), number("ref64_varentropy_bits2"))
        else {
            continue;
        };
        // Through the picture and back: what a reader sees is the value.
        let shown = match p.as_slice() {
            [a, _] => {
                twos += 1;
                let back = curve.inverse(curve.at(*a).0);
                vec![back, 1.0 - back]
            }
            [a, b, c] => {
                threes += 1;
                let (x, y) = triangle.at([*a, *b, *c]);
                triangle.nearest(x, y).to_vec()
            }
            _ => continue,
        };
        let u = uncertainty(&shown);
        assert!((u.entropy_bits - h).abs() <= 1e-6 + 1e-6 * h, "{}: H", case["name"]);
        assert!((u.varentropy_bits2 - v).abs() <= 1e-6 + 1e-5 * v, "{}: V", case["name"]);
    }
    assert!(twos >= 5 && threes >= 1, "{twos} of two outcomes, {threes} of three");
}
