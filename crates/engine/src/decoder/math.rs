//! The operations of a layer, on the kernel and in the precision that a model runs with.

use crate::Precision;
use crate::kernel::{ActivationBlock, Add, BLOCK, Input, KernelImpl, Quantize, Rms, SwiGlu};
use crate::matrix::Matrix;

/// How this model's arithmetic is done.
#[derive(Clone, Copy)]
pub(crate) struct Math {
    pub(super) kernel: KernelImpl,
    pub(super) precision: Precision,
    /// Added to the mean square before its root is taken.
    pub(super) epsilon: f32,
}

impl Math {
    /// `to = from / √(mean(from²) + epsilon) · weight`, for each row of `weight.len()`.
    pub(crate) fn rms_norm(self, from: &[f32], weight: &[f32], to: &mut [f32]) {
        self.kernel.run(Rms { from, weight, epsilon: self.epsilon, to });
    }

    /// The input of matrix products; `rounded` holds it where it is rounded.
    pub(crate) fn input<'a>(
        self,
        from: &'a [f32],
        rounded: &'a mut [ActivationBlock],
    ) -> Input<'a> {
        let rounded = match self.precision {
            Precision::F32 => None,
            Precision::Int16 => {
                let to = &mut rounded[..from.len() / BLOCK];
                self.kernel.run(Quantize { from, to });
                Some(&*to)
            }
        };
        Input { exact: from, rounded }
    }

    /// `to (tokens, rows) = input (tokens, columns) · weightsᵀ`
    pub(crate) fn product(self, weights: &Matrix, input: Input<'_>, to: &mut [f32]) {
        weights.multiply(self.kernel, input, to);
    }

    /// `gate = gate · sigmoid(gate) · up`
    pub(crate) fn swiglu(self, gate: &mut [f32], up: &[f32]) {
        self.kernel.run(SwiGlu { gate, up });
    }

    /// `to += from`
    pub(crate) fn add(self, from: &[f32], to: &mut [f32]) {
        self.kernel.run(Add { from, to });
    }
}
