//! Every kernel against its scalar twin, to the last bit, and against f64; natively and in a browser.
#![expect(clippy::float_cmp, reason = "what is tested is equality")]

mod attention;
mod numbers;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::*;
use numbers::{Numbers, bits, row_of};

wasm_bindgen_test_configure!(run_in_browser);

const ROUNDS: u64 = 200;

/// The fast kernel of this machine; a test that compared scalar with scalar could not fail.
fn fast() -> KernelImpl {
    let found = Kernel::Simd.find().unwrap();
    assert_ne!(found, KernelImpl::Scalar);
    found
}

/// Runs with both kernels; the results must agree bit by bit.
fn same(what: &str, seed: u64, run: impl Fn(KernelImpl) -> Vec<f32>) -> Vec<f32> {
    let (slow, fast) = (run(KernelImpl::Scalar), run(fast()));
    assert_eq!(bits(&slow), bits(&fast), "{what}, seed {seed}: {slow:?} {fast:?}");
    slow
}

fn quantized(kernel: KernelImpl, from: &[f32]) -> Vec<ActivationBlock> {
    let mut to = vec![ActivationBlock::ZERO; from.len() / BLOCK];
    kernel.run(Quantize { from, to: &mut to });
    to
}

#[wasm_bindgen_test(unsupported = test)]
fn activations_are_rounded_to_16_bits() {
    for seed in 0..ROUNDS {
        let from = Numbers::new(seed).many(4 * BLOCK);
        let slow = quantized(KernelImpl::Scalar, &from);
        assert_eq!(slow, quantized(fast(), &from), "seed {seed}");
        for (block, from) in slow.iter().zip(from.chunks(BLOCK)) {
            let most = from.iter().fold(0.0f32, |most, x| most.max(x.abs()));
            // So little counts as nothing.
            if most < 1e-30 {
                continue;
            }
            for (quant, x) in block.quants.iter().zip(from) {
                let off = (f64::from(*quant) * f64::from(block.scale) - f64::from(*x)).abs();
                assert!(off <= f64::from(most) / 65_000.0, "seed {seed}: {x} is {off} off");
            }
        }
    }
}

/// `rounded`: whether these blocks take their input rounded.
fn products<B: Block>(what: &str, rounded: bool, block: impl Fn(&mut Numbers) -> B) {
    for seed in 0..ROUNDS {
        let mut numbers = Numbers::new(seed);
        let across = 1 + numbers.below(3);
        // Heights that are no multiple of 8, and every number of tokens around a tile.
        let rows = 1 + numbers.below(20);
        let tokens = 1 + numbers.below(9);
        let weights: Vec<B> =
            (0..rows.div_ceil(ROWS) * across).map(|_| block(&mut numbers)).collect();
        let columns = across * B::COLUMNS;
        let input = numbers.many(tokens * columns);
        let blocks = quantized(KernelImpl::Scalar, &input);
        let output = same(what, seed, |kernel| {
            let mut output = vec![f32::NAN; tokens * rows];
            let input = B::input(Input { exact: &input, rounded: Some(&blocks) }).unwrap();
            kernel.run(MatMul { weights: &weights, across, rows, input, output: &mut output });
            output
        });
        let exact = same(what, seed, |kernel| {
            let mut output = vec![f32::NAN; tokens * rows];
            let row = |row: usize, to: &mut [f32]| {
                let blocks = &weights[row / ROWS * across..];
                for (block, to) in blocks.iter().zip(to.chunks_exact_mut(B::COLUMNS)) {
                    block.row(row % ROWS, to);
                }
            };
            let input = &input;
            kernel.run(MatMulF32 { row: &row, rows, columns, input, output: &mut output });
            output
        });
        for token in 0..tokens {
            for row in 0..rows {
                let row_weights = weights[row / ROWS * across..].iter().take(across);
                let row_weights = row_weights.flat_map(|block| row_of(block, row % ROWS));
                let input = &input[token * columns..];
                let (mut sum, mut size) = (0.0, 1e-30);
                for (weight, x) in row_weights.zip(input) {
                    sum += f64::from(weight) * f64::from(*x);
                    size += (f64::from(weight) * f64::from(*x)).abs();
                }
                // Each block is rounded by its own largest number.
                let most = input.iter().take(columns).fold(0.0f32, |m, x| m.max(x.abs()));
                let heaviest = weights.iter().fold(0.0f32, |m, block| {
                    row_of(block, row % ROWS).iter().fold(m, |m, w| m.max(w.abs()))
                });
                let rounding = f64::from(most) * f64::from(heaviest) * columns as f64;
                let rounding = if rounded { rounding } else { 0.0 };
                let at = token * rows + row;
                let off = (f64::from(output[at]) - sum).abs();
                assert!(
                    off <= 1e-5 * size + rounding / 30_000.0 + 1e-30,
                    "{what}, seed {seed}: {} instead of {sum}",
                    output[at]
                );
                let off = (f64::from(exact[at]) - sum).abs();
                assert!(
                    off <= 1e-5 * size + 1e-30,
                    "{what} in f32, seed {seed}: {} instead of {sum}",
                    exact[at]
                );
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn products_with_four_bits() {
    let centred = |byte| (byte >> 4) as i8 - 8;
    let positive = |byte| (byte >> 4) as i8;
    let level = |byte| LEVELS[usize::from(byte >> 4)];
    products("four bits", true, |n| -> FourBits { n.quantized(&centred) });
    products("four bits and minimum", true, |n| -> FourBitsMin { n.quantized(&positive) });
    products("levels", true, |n| -> FourBitLevels { n.quantized(&level) });
}

#[wasm_bindgen_test(unsupported = test)]
fn products_with_eight_bits() {
    products("eight bits", true, |n| -> EightBits { n.quantized(&u8::cast_signed) });
    products("eight bits and minimum", true, |n| -> EightBitsMin { n.quantized(&u8::cast_signed) });
}

#[wasm_bindgen_test(unsupported = test)]
fn products_with_steps() {
    let positive = |byte| (byte >> 4) as i8;
    products("four bits", true, |n| -> FourBitSteps { n.stepped(&positive) });
    products("four bits of 16", true, |n| -> FourBitStepsOf16 { n.stepped(&positive) });
    products("eight bits", true, |n| -> EightBitSteps { n.stepped(&u8::cast_signed) });
    products("eight bits of 16", true, |n| -> EightBitStepsOf16 { n.stepped(&u8::cast_signed) });
}

#[wasm_bindgen_test(unsupported = test)]
fn products_with_floats() {
    products("f32", false, |n| n.floats::<F32>(&|x| x.to_le_bytes().to_vec()));
    products("f16", false, |n| {
        n.floats::<F16>(&|x| half::f16::from_f32(x.clamp(-6e4, 6e4)).to_le_bytes().to_vec())
    });
    products("bf16", false, |n| {
        n.floats::<Bf16>(&|x| half::bf16::from_f32(x).to_le_bytes().to_vec())
    });
}

#[wasm_bindgen_test(unsupported = test)]
fn a_token_does_not_depend_on_the_others() {
    let mut numbers = Numbers::new(6);
    let weights: Vec<_> =
        (0..6).map(|_| -> EightBits { numbers.quantized(&u8::cast_signed) }).collect();
    let blocks = quantized(fast(), &numbers.many(11 * 3 * BLOCK));
    let product = |input: &[ActivationBlock]| {
        let mut output = vec![0.0; input.len() / 3 * 16];
        let weights = &weights[..];
        fast().run(MatMul { weights, across: 3, rows: 16, input, output: &mut output });
        output
    };
    let alone: Vec<f32> = blocks.chunks(3).flat_map(product).collect();
    assert_eq!(bits(&product(&blocks)), bits(&alone));
}

#[wasm_bindgen_test(unsupported = test)]
fn elementwise() {
    for seed in 0..ROUNDS {
        let mut numbers = Numbers::new(seed);
        let (x, y) = (numbers.many(48), numbers.many(48));
        let normed = same("RMS norm", seed, |kernel| {
            let mut to = vec![f32::NAN; 48];
            kernel.run(Rms { from: &x, weight: &y[..24], epsilon: 1e-5, to: &mut to });
            to
        });
        // Squares of 1e18 and more leave f32.
        if numbers.sort != 1 {
            for (i, (from, to)) in x.chunks(24).zip(normed.chunks(24)).enumerate() {
                let square = from.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / 24.0;
                for ((x, weight), found) in from.iter().zip(&y).zip(to) {
                    let expected = f64::from(*x) / (square + 1e-5).sqrt() * f64::from(*weight);
                    let off = (f64::from(*found) - expected).abs();
                    assert!(off <= 1e-5 * expected.abs() + 1e-30, "row {i}: {found}, {expected}");
                }
            }
        }
        let in_place = same("RMS norm in place", seed, |kernel| {
            let mut rows = x.clone();
            kernel.run(RmsInPlace { weight: &y[..24], epsilon: 1e-5, rows: &mut rows });
            rows
        });
        assert_eq!(bits(&in_place), bits(&normed));
        let sum = same("sum", seed, |kernel| {
            let mut to = y.clone();
            kernel.run(Add { from: &x, to: &mut to });
            to
        });
        assert!(sum.iter().zip(&x).zip(&y).all(|((sum, x), y)| *sum == x + y));
        let scaled_sum = same("scaled sum", seed, |kernel| {
            let mut to = y.clone();
            kernel.run(AddScaled { from: &x, scale: 0.22, to: &mut to });
            to
        });
        assert!(scaled_sum.iter().zip(&x).zip(&y).all(|((sum, x), y)| *sum == y + x * 0.22));
        // Any count: the last lanes are no others.
        for count in [1, 7, 8, 41] {
            let scaled = same("scale", seed, |kernel| {
                let mut numbers = x[..count].to_vec();
                kernel.run(Scale { numbers: &mut numbers, scale: 25.3 });
                numbers
            });
            assert!(scaled.iter().zip(&x).all(|(scaled, x)| *scaled == x * 25.3));
            let capped = same("soft cap", seed, |kernel| {
                let mut numbers = x[..count].to_vec();
                kernel.run(SoftCap { numbers: &mut numbers, cap: 30.0 });
                numbers
            });
            for (found, x) in capped.iter().zip(&x) {
                let expected = 30.0 * (f64::from(*x) / 30.0).tanh();
                assert!((f64::from(*found) - expected).abs() < 1e-5, "{x}: {found}, {expected}");
            }
        }
        let gated = same("SwiGLU", seed, |kernel| {
            let mut gate = x.clone();
            kernel.run(SwiGlu { gate: &mut gate, up: &y });
            gate
        });
        for ((found, x), y) in gated.iter().zip(&x).zip(&y) {
            let (x, y) = (f64::from(*x), f64::from(*y));
            let expected = x / (1.0 + (-x).exp()) * y;
            // Below −87 the gate is shut as far as f32 goes.
            let slack = 1e-6 * expected.abs() + 1e-36 * (1.0 + (x * y).abs());
            assert!((f64::from(*found) - expected).abs() <= slack, "{x}, {y}: {found}, {expected}");
        }
        let gated = same("GeGLU", seed, |kernel| {
            let mut gate = x.clone();
            kernel.run(GeGlu { gate: &mut gate, up: &y });
            gate
        });
        for ((found, x), y) in gated.iter().zip(&x).zip(&y) {
            let (x, y) = (f64::from(*x), f64::from(*y));
            let u = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x * x * x);
            let expected = 0.5 * x * (1.0 + u.tanh()) * y;
            let slack = 2e-6 * (x * y).abs() + 1e-30;
            assert!((f64::from(*found) - expected).abs() <= slack, "{x}, {y}: {found}, {expected}");
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn halves_are_widened_exactly() {
    // Infinite numbers and NaN never get into a cache.
    let all: Vec<u16> = (0..=u16::MAX).filter(|bits| bits & 0x7c00 != 0x7c00).collect();
    assert_eq!(all.len() % 8, 0);
    let wide = same("halves", 0, |kernel| {
        let mut to = vec![f32::NAN; all.len()];
        kernel.run(Widen { from: &all, to: &mut to });
        to
    });
    assert!(all.iter().zip(wide).all(|(&half, wide)| half::f16::from_bits(half).to_f32() == wide));
}

#[wasm_bindgen_test(unsupported = test)]
fn powers_of_e() {
    static WORST: AtomicU64 = AtomicU64::new(0);
    struct Exp<'a>(&'a mut [f32; 8]);
    impl Op for Exp<'_> {
        #[inline(always)]
        fn run<S: Simd>(self) {
            S::store(S::exp(S::load(self.0)), self.0);
        }
    }
    for i in 0..200_000_u32 {
        let x: [f32; 8] = std::array::from_fn(|lane| (8 * i + lane as u32) as f32 * 1.09e-4 - 87.0);
        let found = same("exp", u64::from(i), |kernel| {
            let mut x = x;
            kernel.run(Exp(&mut x));
            x.to_vec()
        });
        for (x, found) in x.iter().zip(found) {
            let expected = f64::from(*x).exp();
            let off = ((f64::from(found) - expected) / expected).abs();
            WORST.fetch_max((off * 1e12) as u64, Relaxed);
        }
    }
    let worst = WORST.load(Relaxed) as f64 * 1e-12;
    assert!(worst < 2.5e-7, "off by {worst}");
}

#[wasm_bindgen_test(unsupported = test)]
fn pairs_are_rotated() {
    // Two heads of six dimensions, of which the last two are left alone.
    let rope = [(0.6, 0.8), (0.0, 1.0)];
    let heads = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 1.0, 0.0, 0.0, 1.0, -5.0, -6.0];
    let cases = [
        (
            Pairs::Neighbours,
            [0.6 - 1.6, 0.8 + 1.2, -4.0, 3.0, 5.0, 6.0, 0.6, 0.8, -1.0, 0.0, -5.0, -6.0],
        ),
        (
            Pairs::Halves,
            [0.6 - 2.4, -4.0, 0.8 + 1.8, 2.0, 5.0, 6.0, 0.6, -1.0, 0.8, 0.0, -5.0, -6.0],
        ),
    ];
    for (pairs, expected) in cases {
        let mut heads = heads;
        rotate(&mut heads, 6, &rope, pairs);
        for (found, expected) in heads.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6_f32, "{pairs:?}: {heads:?}");
        }
    }
}

/// Stops a test; elsewhere numbers may be left out, but nothing is read beyond them.
#[test]
#[should_panic(expected = "weights of another size")]
fn weights_of_another_size_are_caught() {
    let weights = &[EightBits::ZERO; 2];
    let (input, output) = (&[ActivationBlock::ZERO; 3], &mut [0.0; 8]);
    KernelImpl::Scalar.run(MatMul { weights, across: 3, rows: 8, input, output });
}
