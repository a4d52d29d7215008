//! Sketches of the real model's logits answer for other temperatures.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use std::fs::File;

use entropix::{Sketch, Softmax};
use entropix_engine::{EngineOptions, load};
use support::model;

const TEXT: &str = "The lighthouse keeper climbed the stairs, lit the lamp and wrote: 9.11 is less \
                    than 9.9, because 0.11 is less than 0.9. Then he";
const TEMPERATURES: [f32; 6] = [0.3, 0.5, 0.7, 1.0, 1.5, 3.0];

#[test]
fn numbers_at_other_temperatures_are_within_a_percent() {
    let loaded = load(&mut File::open(model("q4_1")).unwrap(), EngineOptions::default()).unwrap();
    let ids = loaded.tokenizer.encode(TEXT, false).unwrap();
    let mut sequence = loaded.model.sequence();
    let mut logits = Vec::new();
    sequence.append_all(&ids, &mut logits).unwrap();
    let (mut worst, mut longest) = (0.0_f64, 0);
    for row in logits.chunks_exact(loaded.model.shape().vocabulary) {
        let sketch = Sketch::of(row, 64).unwrap();
        longest = longest.max(sketch.to_string().len());
        for temperature in TEMPERATURES {
            let tempered: Vec<f32> = row.iter().map(|logit| logit / temperature).collect();
            let exact = Softmax::of(&tempered).unwrap();
            let (want, got) = (exact.uncertainty(), sketch.uncertainty(temperature.into()));
            let mut close = |what: &str, got: f64, want: f64, floor: f64| {
                let off = (got - want).abs();
                worst = worst.max(off / want.abs().max(floor / 0.01));
                let allowed = floor.max(0.01 * want.abs());
                assert!(off <= allowed, "{what} at {temperature}: {got}, not {want}");
            };
            close("H", got.entropy_bits, want.entropy_bits, 1e-3);
            close("V", got.varentropy_bits2, want.varentropy_bits2, 1e-3);
            let mut kept = 0.0;
            for (token, _) in sketch.top() {
                let p = exact.log_probability(tempered[token as usize]).exp();
                kept += p;
                close("p", sketch.probability(token, temperature.into()).unwrap(), p, 1e-6);
            }
            close("the rest", sketch.tail_probability(temperature.into()), 1.0 - kept, 1e-6);
        }
    }
    println!(
        "{} positions: at most {:.2} % off, at most {longest} characters",
        ids.len(),
        worst * 100.0
    );
    assert!(longest < 700);
}
