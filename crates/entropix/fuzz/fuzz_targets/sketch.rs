//! No logits, and no text, make a sketch that panics or answers with what is no number.
#![no_main]

use entropix::Sketch;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    temperature: f64,
    kept: u8,
    source: Source<'a>,
}

#[derive(Arbitrary, Debug)]
enum Source<'a> {
    Text(&'a str),
    /// Numbers as the text has them: two per token, five per bin.
    Numbers(Vec<[Number; 2]>, Vec<[Number; 5]>),
    Logits(Vec<f32>),
    /// In tenths.
    Near(Vec<i8>),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Number {
    Any(u32),
    Small(u8),
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn write(text: &mut String, number: Number) {
    let mut number = match number {
        Number::Any(number) => number,
        Number::Small(number) => number.into(),
    };
    while number >= 32 {
        text.push(LETTERS[(number % 32 + 32) as usize].into());
        number /= 32;
    }
    text.push(LETTERS[number as usize].into());
}

fuzz_target!(|input: Input<'_>| {
    let kept = input.kept.into();
    let sketch = match input.source {
        Source::Text(text) => text.parse().ok(),
        Source::Numbers(top, tail) => {
            let mut text = String::new();
            top.iter().flatten().for_each(|&number| write(&mut text, number));
            text.push('.');
            tail.iter().flatten().for_each(|&number| write(&mut text, number));
            text.parse().ok()
        }
        Source::Logits(logits) => Sketch::of(&logits, kept),
        Source::Near(tenths) => {
            let logits: Vec<_> = tenths.iter().map(|&tenths| f32::from(tenths) / 10.0).collect();
            Sketch::of(&logits, kept)
        }
    };
    let Some(sketch) = sketch else { return };
    assert_eq!(sketch.to_string().parse().as_ref(), Ok(&sketch));
    for temperature in [input.temperature, 0.3, 1.0, 3.0] {
        let uncertainty = sketch.uncertainty(temperature);
        for number in [uncertainty.entropy_bits, uncertainty.varentropy_bits2] {
            assert!(number >= 0.0 && number.is_finite(), "{number}");
        }
        let top = sketch.top().take(8);
        let kept = top.filter_map(|(token, _)| sketch.probability(token, temperature));
        for share in kept.chain([sketch.tail_probability(temperature)]) {
            assert!((0.0..=1.0 + 1e-9).contains(&share), "{share}");
        }
    }
});
