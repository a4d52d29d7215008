//! What happens between the matrix products.

use super::{Op, Simd};

/// `to = from / √(mean(from²) + epsilon) · weight` for each row of `weight.len()`.
///
/// Zhang and Sennrich, "Root Mean Square Layer Normalization" (2019).
pub(crate) struct Rms<'a> {
    pub(crate) from: &'a [f32],
    pub(crate) weight: &'a [f32],
    pub(crate) epsilon: f32,
    pub(crate) to: &'a mut [f32],
}

impl Op for Rms<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        let width = self.weight.len();
        invariant!(self.from.len() == self.to.len(), "rows of another count");
        invariant!(
            width.is_multiple_of(8) && self.to.len().is_multiple_of(width),
            "rows of another width"
        );
        let (weight, _) = self.weight.as_chunks::<8>();
        for (from, to) in self.from.chunks_exact(width).zip(self.to.chunks_exact_mut(width)) {
            let (from, _) = from.as_chunks::<8>();
            let scale = inverse_rms::<S>(from, self.epsilon);
            for ((x, weight), to) in from.iter().zip(weight).zip(to.as_chunks_mut::<8>().0) {
                S::store(S::mul(S::mul(S::load(x), scale), S::load(weight)), to);
            }
        }
    }
}

/// [`Rms`] where the numbers are.
pub(crate) struct RmsInPlace<'a> {
    pub(crate) weight: &'a [f32],
    pub(crate) epsilon: f32,
    pub(crate) rows: &'a mut [f32],
}

impl Op for RmsInPlace<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        let width = self.weight.len();
        invariant!(
            width.is_multiple_of(8) && self.rows.len().is_multiple_of(width),
            "rows of another width"
        );
        let (weight, _) = self.weight.as_chunks::<8>();
        for row in self.rows.chunks_exact_mut(width) {
            let (row, _) = row.as_chunks_mut::<8>();
            let scale = inverse_rms::<S>(row, self.epsilon);
            for (x, weight) in row.iter_mut().zip(weight) {
                S::store(S::mul(S::mul(S::load(x), scale), S::load(weight)), x);
            }
        }
    }
}

/// 1 / √(mean of squares + epsilon), in every lane.
#[inline(always)]
fn inverse_rms<S: Simd>(row: &[[f32; 8]], epsilon: f32) -> S::F32 {
    let squares = row.iter().fold(S::splat(0.0), |sum, x| {
        let x = S::load(x);
        S::add(sum, S::mul(x, x))
    });
    S::splat(1.0 / (S::sum(squares) / (8 * row.len()) as f32 + epsilon).sqrt())
}

/// `to += from`
pub(crate) struct Add<'a> {
    pub(crate) from: &'a [f32],
    pub(crate) to: &'a mut [f32],
}

impl Op for Add<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        invariant!(self.from.len() == self.to.len(), "numbers of another count");
        for (from, to) in self.from.as_chunks::<8>().0.iter().zip(self.to.as_chunks_mut::<8>().0) {
            S::store(S::add(S::load(to), S::load(from)), to);
        }
    }
}

/// `to += scale · from`
pub(crate) struct AddScaled<'a> {
    pub(crate) from: &'a [f32],
    pub(crate) scale: f32,
    pub(crate) to: &'a mut [f32],
}

impl Op for AddScaled<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        invariant!(self.from.len() == self.to.len(), "numbers of another count");
        let scale = S::splat(self.scale);
        for (from, to) in self.from.as_chunks::<8>().0.iter().zip(self.to.as_chunks_mut::<8>().0) {
            S::store(S::add(S::load(to), S::mul(S::load(from), scale)), to);
        }
    }
}

/// `numbers *= scale`
pub(crate) struct Scale<'a> {
    pub(crate) numbers: &'a mut [f32],
    pub(crate) scale: f32,
}

impl Op for Scale<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        let scale = S::splat(self.scale);
        each::<S>(self.numbers, |x| S::mul(x, scale));
    }
}

/// `numbers = cap · tanh(numbers / cap)`
///
/// Gemma Team, "Gemma 2: Improving Open Language Models at a Practical Size" (2024), logit
/// soft-capping.
pub(crate) struct SoftCap<'a> {
    pub(crate) numbers: &'a mut [f32],
    pub(crate) cap: f32,
}

impl Op for SoftCap<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        let (cap, one, two) = (S::splat(self.cap), S::splat(1.0), S::splat(2.0));
        let twice_inverse = S::splat(2.0 / self.cap);
        // tanh(y) = 1 − 2 / (1 + e²ʸ), off by one rounding of 1: far less than a cap lets through.
        each::<S>(self.numbers, |x| {
            let power = S::exp(S::mul(x, twice_inverse));
            S::mul(cap, S::sub(one, S::div(two, S::add(one, power))))
        });
    }
}

/// Changes numbers of any count, eight at a time.
#[inline(always)]
fn each<S: Simd>(numbers: &mut [f32], change: impl Fn(S::F32) -> S::F32) {
    let (whole, rest) = numbers.as_chunks_mut::<8>();
    for x in whole {
        S::store(change(S::load(x)), x);
    }
    if !rest.is_empty() {
        let mut last = [0.0; 8];
        last[..rest.len()].copy_from_slice(rest);
        S::store(change(S::load(&last)), &mut last);
        rest.copy_from_slice(&last[..rest.len()]);
    }
}

/// `gate = gate · sigmoid(gate) · up`
///
/// Shazeer, "GLU Variants Improve Transformer" (2020).
pub(crate) struct SwiGlu<'a> {
    pub(crate) gate: &'a mut [f32],
    pub(crate) up: &'a [f32],
}

impl Op for SwiGlu<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        invariant!(self.gate.len() == self.up.len(), "numbers of another count");
        let (zero, one) = (S::splat(0.0), S::splat(1.0));
        for (gate, up) in
            self.gate.as_chunks_mut::<8>().0.iter_mut().zip(self.up.as_chunks::<8>().0)
        {
            let x = S::load(gate);
            let swish = S::div(x, S::add(one, S::exp(S::sub(zero, x))));
            S::store(S::mul(swish, S::load(up)), gate);
        }
    }
}

/// `gate = gelu(gate) · up`, GELU by its approximation with tanh, which Gemma was trained with.
///
/// Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016): x/2 · (1 + tanh u) with
/// u = √(2/π) · (x + 0.044715·x³), which is x · sigmoid(2u).
pub(crate) struct GeGlu<'a> {
    pub(crate) gate: &'a mut [f32],
    pub(crate) up: &'a [f32],
}

impl Op for GeGlu<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        invariant!(self.gate.len() == self.up.len(), "numbers of another count");
        // −2·√(2/π), and that times 0.044715.
        let (first, third) = (S::splat(-1.595_769), S::splat(-0.071_354_82));
        let one = S::splat(1.0);
        for (gate, up) in
            self.gate.as_chunks_mut::<8>().0.iter_mut().zip(self.up.as_chunks::<8>().0)
        {
            let x = S::load(gate);
            let power = S::mul(x, S::add(first, S::mul(third, S::mul(x, x))));
            let gelu = S::div(x, S::add(one, S::exp(power)));
            S::store(S::mul(gelu, S::load(up)), gate);
        }
    }
}

/// Half-precision numbers as f32.
pub(crate) struct Widen<'a> {
    pub(crate) from: &'a [u16],
    pub(crate) to: &'a mut [f32],
}

impl Op for Widen<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        invariant!(self.from.len() == self.to.len(), "numbers of another count");
        for (from, to) in self.from.as_chunks::<8>().0.iter().zip(self.to.as_chunks_mut::<8>().0) {
            S::store(S::from_f16(from), to);
        }
    }
}

/// Which two dimensions of a head are rotated together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pairs {
    /// The 2i-th and the next: GGUF's llama files, whose rows of queries and keys are in that order.
    Neighbours,
    /// The i-th and the i-th of the second half: everybody else.
    Halves,
}

/// Rotates each pair of each head by its angle: (heads, head), in place. `rope`: cosine and sine of
/// each pair's angle, at most (head / 2); what they don't reach stays as it is.
///
/// Su et al., "`RoFormer`: Enhanced Transformer with Rotary Position Embedding" (2021). The compiler
/// vectorizes it.
pub(crate) fn rotate(heads: &mut [f32], head: usize, rope: &[(f32, f32)], pairs: Pairs) {
    invariant!(heads.len().is_multiple_of(head), "heads of another width");
    invariant!(2 * rope.len() <= head, "more angles than pairs");
    let turned =
        |(x, y): (f32, f32), (cos, sin): &(f32, f32)| (x * cos - y * sin, x * sin + y * cos);
    for head in heads.chunks_exact_mut(head) {
        let head = &mut head[..2 * rope.len()];
        match pairs {
            Pairs::Neighbours => {
                for ([x, y], angle) in head.as_chunks_mut::<2>().0.iter_mut().zip(rope) {
                    (*x, *y) = turned((*x, *y), angle);
                }
            }
            Pairs::Halves => {
                let (first, second) = head.split_at_mut(rope.len());
                for ((x, y), angle) in first.iter_mut().zip(second).zip(rope) {
                    (*x, *y) = turned((*x, *y), angle);
                }
            }
        }
    }
}
