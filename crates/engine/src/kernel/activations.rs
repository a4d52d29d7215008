//! The inputs of matrix products, rounded to 16 bits.
//!
//! The kernels multiply 16-bit numbers whatever the weights' width, so activations keep 16 bits where
//! most engines keep 8: the rounding is 256 times finer and costs nothing.

use super::{Op, Simd};

/// Numbers that share a scale; the block length of GGUF's quantized types.
pub(crate) const BLOCK: usize = 32;

/// 32 numbers: `scale · quants`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ActivationBlock {
    /// −32767…32767.
    pub(crate) quants: [i16; BLOCK],
    /// The largest magnitude divided by 32767.
    pub(crate) scale: f32,
    /// `scale` times the sum of the quants: what a constant added to all weights of a row gives.
    pub(crate) sum: f32,
}

impl ActivationBlock {
    pub(crate) const ZERO: Self = Self { quants: [0; BLOCK], scale: 0.0, sum: 0.0 };
}

/// Rounds `from` (n · 32) to `to` (n).
pub(crate) struct Quantize<'a> {
    pub(crate) from: &'a [f32],
    pub(crate) to: &'a mut [ActivationBlock],
}

impl Op for Quantize<'_> {
    #[inline(always)]
    fn run<S: Simd>(self) {
        const LARGEST: f32 = 32767.0;
        invariant!(self.from.len() == self.to.len() * BLOCK, "numbers of another count");
        for (from, to) in self.from.as_chunks::<BLOCK>().0.iter().zip(self.to) {
            let (lanes, _) = from.as_chunks::<8>();
            let &[a, b, c, d] =
                &[S::load(&lanes[0]), S::load(&lanes[1]), S::load(&lanes[2]), S::load(&lanes[3])];
            let most = S::max(S::max(S::abs(a), S::abs(b)), S::max(S::abs(c), S::abs(d)));
            let most = S::largest(most);
            // So little that its inverse leaves f32: nothing.
            let most = if most > 1e-30 { most } else { 0.0 };
            to.scale = most / LARGEST;
            let inverse = S::splat(if most > 0.0 { LARGEST / most } else { 0.0 });
            let [low, high] =
                [[a, b], [c, d]].map(|[a, b]| S::round_i16(S::mul(a, inverse), S::mul(b, inverse)));
            let (halves, _) = to.quants.as_chunks_mut::<16>();
            S::store_i16(low, &mut halves[0]);
            S::store_i16(high, &mut halves[1]);
            // Whole numbers below 2²⁴: exact in any order.
            let ones = S::pairs(&[1, 1]);
            let sum = S::add_i32(S::dot(low, ones), S::dot(high, ones));
            to.sum = to.scale * S::sum(S::to_f32(sum));
        }
    }
}
