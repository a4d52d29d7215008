//! A sketch answers as the logits do.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "golden/case.rs"]
#[allow(dead_code, reason = "other tests read more of a case")]
mod case;

use std::f64::consts::LN_2;

use entropix::{Sketch, tempered};
use proptest::prelude::*;
use proptest::sample::select;

const KEPT: usize = 64;
const TEMPERATURES: [f64; 8] = [0.3, 0.4, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0];
/// In bits or bits², and of a probability, where 1 % is less.
const FLOORS: [f64; 2] = [1e-3, 1e-6];

fn is_close(got: f64, want: f64, floor: f64) -> bool {
    (got - want).abs() <= floor.max(0.01 * want)
}

/// Holds the sketch of these logits against them; returns the length of its JSON.
fn check(logits: &[f32]) -> Result<usize, TestCaseError> {
    let sketch = Sketch::of(logits, KEPT).unwrap();
    let json = serde_json::to_string(&sketch).unwrap();
    prop_assert_eq!(&serde_json::from_str::<Sketch>(&json).unwrap(), &sketch);
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for temperature in TEMPERATURES {
        let want = tempered::at(logits, temperature).unwrap();
        let (h, v) = (want.entropy_nats / LN_2, want.varentropy_nats2 / (LN_2 * LN_2));
        let got = sketch.uncertainty(temperature);
        prop_assert!(is_close(got.entropy_bits, h, FLOORS[0]), "H {got:?}, {h}");
        prop_assert!(is_close(got.varentropy_bits2, v, FLOORS[0]), "V {got:?}, {v}");

        let weight = |logit: f32| match logit {
            _ if logit >= max => 1.0,
            _ if logit.is_nan() => 0.0,
            _ => ((f64::from(logit) - f64::from(max)) / temperature).exp(),
        };
        let total: f64 = logits.iter().map(|&logit| weight(logit)).sum();
        let mut kept = 0.0;
        for (token, _) in sketch.top() {
            let want = weight(logits[token as usize]) / total;
            let got = sketch.probability(token, temperature).unwrap();
            prop_assert!(is_close(got, want, FLOORS[1]), "p {got}, {want}");
            kept += want;
        }
        let tail = sketch.tail_probability(temperature);
        prop_assert!(is_close(tail, 1.0 - kept, FLOORS[1]), "tail {tail}, {}", 1.0 - kept);
    }
    Ok(json.len())
}

/// Numbers in [0, 1) for a seed.
fn uniforms(mut state: u64) -> impl FnMut() -> f64 {
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[derive(Clone, Copy, Debug)]
enum Shape {
    Gaussian,
    Uniform,
    /// Most logits near the smallest, a few far above.
    LongHead,
    /// Most logits near the largest, a few far below.
    LongTail,
    /// Cauchy's distribution.
    Heavy,
    /// Only a few values.
    Levels,
    /// Almost all at the smallest of a few values.
    RareLevels,
}

impl Shape {
    const ALL: [Self; 7] = [
        Self::Gaussian,
        Self::Uniform,
        Self::LongHead,
        Self::LongTail,
        Self::Heavy,
        Self::Levels,
        Self::RareLevels,
    ];

    /// One number of spread 1.
    fn draw(self, next: &mut impl FnMut() -> f64) -> f64 {
        let u = next();
        match self {
            Self::Gaussian => {
                (-2.0 * u.max(1e-9).ln()).sqrt() * (std::f64::consts::TAU * next()).cos()
            }
            Self::Uniform => 4.0 * u,
            Self::LongHead => -u.max(1e-9).ln(),
            Self::LongTail => u.max(1e-9).ln(),
            Self::Heavy => (std::f64::consts::PI * (u - 0.5)).tan(),
            Self::Levels => (4.0 * u).floor() / 2.0,
            Self::RareLevels => (4.0 * (33.0 * u - 32.0).max(0.0)).floor() / 2.0,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_shape(
        shape in select(Shape::ALL.to_vec()),
        count in prop_oneof![1..200_usize, 200..6000_usize],
        log_spread in -3.0..2.5_f64,
        favourite in prop_oneof![Just(None), (0.0..20.0_f32).prop_map(Some)],
        impossible in prop_oneof![Just(0.0), 0.0..1.0_f64],
        seed in any::<u64>(),
    ) {
        let mut next = uniforms(seed);
        let spread = log_spread.exp();
        let logit = |_| {
            if next() < impossible {
                return if next() < 0.5 { f32::NAN } else { f32::NEG_INFINITY };
            }
            (5.0 + spread * shape.draw(&mut next)) as f32
        };
        let mut logits: Vec<f32> = (0..count).map(logit).collect();
        let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        logits[0] = if max > f32::NEG_INFINITY { max + favourite.unwrap_or(0.0) } else { 0.0 };
        check(&logits)?;
    }

    #[test]
    fn any_logits(
        logits in prop::collection::vec(any::<f32>(), 0..300), kept in 0..100_usize,
        temperature in any::<f64>(),
    ) {
        let possible = logits.iter().any(|&logit| logit > f32::NEG_INFINITY);
        let sketch = Sketch::of(&logits, kept);
        prop_assert_eq!(sketch.is_some(), possible);
        if let Some(sketch) = sketch {
            total(&sketch, temperature)?;
            prop_assert!(sketch.top().count() <= kept);
            prop_assert_eq!(sketch.to_string().parse(), Ok(sketch));
        }
    }

    #[test]
    fn any_text(text in "[A-Za-z0-9_-]{0,200}[.][A-Za-z0-9_-]{0,200}", temperature in any::<f64>()) {
        if let Ok(sketch) = text.parse::<Sketch>() {
            total(&sketch, temperature)?;
            prop_assert_eq!(&sketch.to_string().parse::<Sketch>().unwrap(), &sketch);
        }
    }

    #[test]
    fn any_good_text(
        top in prop::collection::vec((any::<u32>(), 0..1000_u32), 0..5),
        tail in prop::collection::vec(
            (0..100_000_u32, 1..=u32::MAX, deviation(), 1..=100_000_u32, 1..=100_000_u32),
            1..6,
        ),
        temperature in any::<f64>(),
    ) {
        let top: String = top.into_iter().map(|(id, step)| number(id) + &number(step)).collect();
        let bin = |(a, b, c, d, e)| [a, b, c, d, e].map(number).concat();
        let tail: String = tail.into_iter().map(bin).collect();
        let sketch: Sketch = format!("{top}.{tail}").parse().unwrap();
        total(&sketch, temperature)?;
    }
}

fn deviation() -> impl Strategy<Value = u32> {
    prop_oneof![Just(0), 1..50_000_u32, 0..=10_000_000_u32]
}

/// As the format has it.
fn number(mut number: u32) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    while number >= 32 {
        text.push(char::from(letters[(number % 32 + 32) as usize]));
        number /= 32;
    }
    text.push(char::from(letters[number as usize]));
    text
}

/// Every answer is a number in its bounds.
fn total(sketch: &Sketch, temperature: f64) -> Result<(), TestCaseError> {
    for temperature in [temperature, 0.0, 1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let uncertainty = sketch.uncertainty(temperature);
        let (h, v) = (uncertainty.entropy_bits, uncertainty.varentropy_bits2);
        prop_assert!(h >= 0.0 && h.is_finite() && v >= 0.0 && v.is_finite());
        let tail = sketch.tail_probability(temperature);
        prop_assert!((0.0..=1.0 + 1e-9).contains(&tail));
        for (token, _) in sketch.top() {
            let p = sketch.probability(token, temperature).unwrap();
            prop_assert!((0.0..=1.0 + 1e-9).contains(&p));
        }
    }
    Ok(())
}

#[test]
fn recorded_logits() {
    let files = [
        include_str!("../../../tests/golden/entropix/varentropy.json"),
        include_str!("../../../tests/golden/entropix/decisions.json"),
        include_str!("../../../tests/golden/entropix/decisions_oct31.json"),
        include_str!("../../../tests/golden/entropix/filtered.json"),
    ];
    let cases = files.iter().flat_map(|json| case::cases(json).1);
    let lengths: Vec<_> = cases.map(|case| check(&case::logits(&case)).unwrap()).collect();
    assert_eq!(lengths.len(), 122);
    assert!(lengths.iter().all(|&length| length < 550), "{lengths:?}");
}

#[test]
fn a_whole_vocabulary_is_short() {
    for spread in [0.5, 1.0, 2.0, 3.0, 4.0, 6.0] {
        let mut next = uniforms(1);
        let mut logit = || (spread * Shape::Gaussian.draw(&mut next)) as f32;
        let logits: Vec<f32> = (0..49_152).map(|_| logit()).collect();
        let length = check(&logits).unwrap();
        assert!(length < 550, "{length} characters for {spread}");
    }
}

#[test]
fn what_is_kept_and_what_is_not() {
    let logits = [1.0, f32::NAN, 3.0, 3.0, f32::NEG_INFINITY, 2.5, 2.5];
    let sketch = Sketch::of(&logits, 3).unwrap();
    assert_eq!(sketch.top().collect::<Vec<_>>(), [(2, 0.0), (3, 0.0), (5, -0.5)]);
    assert_eq!(sketch.probability(6, 1.0), None);
    assert!(sketch.tail_probability(1.0) > sketch.probability(5, 1.0).unwrap());
    assert_eq!(Sketch::of(&logits, 64).unwrap().tail_probability(1.0).to_bits(), 0);
    assert_eq!(Sketch::of(&[f32::NAN], 64), None);
    let shared = Sketch::of(&[f32::INFINITY, 5.0, f32::INFINITY], 64).unwrap();
    assert_eq!(shared.to_string(), "AACA.");
}

#[test]
fn what_is_no_sketch() {
    for text in
        ["", ".", "A", "AA", "A.", "AA.A", "AA.AAAAA", "AA.ABB", "gg.", "A//.", "ÄÄ.", "AA.."]
    {
        assert!(text.parse::<Sketch>().is_err(), "{text}");
    }
    // Deeper than any token, and more than 32 bits.
    assert!("AggggE.".parse::<Sketch>().is_err());
    assert!("_______AA.".parse::<Sketch>().is_err());
    assert!(serde_json::from_str::<Sketch>("7").is_err());
}
