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
        debug_assert_eq!(self.from.len(), self.to.len(), "rows of another count");
        debug_assert!(
            width.is_multiple_of(8) && self.to.len().is_multiple_of(width),
            "rows of another width"
        );
        for (from, to) in self.from.chunks_exact(width).zip(self.to.chunks_exact_mut(width)) {
            let (from, _) = from.as_chunks::<8>();
            let squares = from.iter().fold(S::splat(0.0), |sum, x| {
                let x = S::load(x);
                S::add(sum, S::mul(x, x))
            });
            let scale = S::splat(1.0 / (S::sum(squares) / width as f32 + self.epsilon).sqrt());
            let (weight, _) = self.weight.as_chunks::<8>();
            for ((x, weight), to) in from.iter().zip(weight).zip(to.as_chunks_mut::<8>().0) {
                S::store(S::mul(S::mul(S::load(x), scale), S::load(weight)), to);
            }
        }
    }
}

/// `to += from`
pub(crate) struct Add<'a> {
    pub(crate) from: &'a [f32],
    pub(crate) to: &'a mut [f32],
}

impl Op for Add<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        debug_assert_eq!(self.from.len(), self.to.len(), "numbers of another count");
        for (from, to) in self.from.as_chunks::<8>().0.iter().zip(self.to.as_chunks_mut::<8>().0) {
            S::store(S::add(S::load(to), S::load(from)), to);
        }
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
        debug_assert_eq!(self.gate.len(), self.up.len(), "numbers of another count");
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

/// Half-precision numbers as f32.
pub(crate) struct Widen<'a> {
    pub(crate) from: &'a [u16],
    pub(crate) to: &'a mut [f32],
}

impl Op for Widen<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        debug_assert_eq!(self.from.len(), self.to.len(), "numbers of another count");
        for (from, to) in self.from.as_chunks::<8>().0.iter().zip(self.to.as_chunks_mut::<8>().0) {
            S::store(S::from_f16(from), to);
        }
    }
}

/// Rotates each pair of neighbours of each head by its angle: (heads, head), in place. `rope`: cosine
/// and sine of each pair's angle, (head / 2).
///
/// Su et al., "`RoFormer`: Enhanced Transformer with Rotary Position Embedding" (2021); GGUF's llama
/// files pair neighbours. The compiler vectorizes it.
pub(crate) fn rotate(heads: &mut [f32], rope: &[(f32, f32)]) {
    debug_assert_eq!(heads.len() % (2 * rope.len()), 0, "heads of another width");
    for head in heads.chunks_exact_mut(2 * rope.len()) {
        for ([x, y], (cos, sin)) in head.as_chunks_mut::<2>().0.iter_mut().zip(rope) {
            (*x, *y) = (*x * cos - *y * sin, *x * sin + *y * cos);
        }
    }
}
