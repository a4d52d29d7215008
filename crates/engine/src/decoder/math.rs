//! The operations of a layer, on the kernel and in the precision that a model runs with.

use super::linear::Linear;
use super::plan::Activation;
use crate::Precision;
use crate::kernel::{
    ActivationBlock, Add, AddScaled, BLOCK, GeGlu, Input, KernelImpl, Quantize, Rms, RmsInPlace,
    Scale, SoftCap, SwiGlu,
};
use crate::matrix::Matrix;

/// How this model's arithmetic is done.
#[derive(Clone, Copy)]
pub(super) struct Math {
    pub(super) kernel: KernelImpl,
    pub(super) precision: Precision,
    /// Added to the mean square before its root is taken.
    pub(super) epsilon: f32,
}

impl Math {
    /// `to = from / √(mean(from²) + epsilon) · weight`, for each row of `weight.len()`.
    pub(super) fn rms_norm(self, from: &[f32], weight: &[f32], to: &mut [f32]) {
        self.kernel.run(Rms { from, weight, epsilon: self.epsilon, to });
    }

    /// The same where the numbers are, if there is a norm.
    pub(super) fn rms_norm_in_place(self, weight: Option<&Vec<f32>>, rows: &mut [f32]) {
        if let Some(weight) = weight {
            self.kernel.run(RmsInPlace { weight, epsilon: self.epsilon, rows });
        }
    }

    /// The input of matrix products; `rounded` holds it where it is rounded.
    pub(super) fn input<'a>(
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
    pub(super) fn product(self, weights: &Matrix, input: Input<'_>, to: &mut [f32]) {
        weights.multiply(self.kernel, input, to);
    }

    /// `to (tokens, rows) = input (tokens, columns) · weightsᵀ + bias`
    pub(super) fn linear(self, linear: &Linear, input: Input<'_>, to: &mut [f32]) {
        self.product(&linear.weights, input, to);
        if let Some(bias) = &linear.bias {
            for to in to.chunks_exact_mut(bias.len()) {
                self.add(bias, to);
            }
        }
    }

    /// `gate = activation(gate) · up`
    pub(super) fn gated(self, activation: Activation, gate: &mut [f32], up: &[f32]) {
        match activation {
            Activation::Silu => self.kernel.run(SwiGlu { gate, up }),
            Activation::GeluTanh => self.kernel.run(GeGlu { gate, up }),
        }
    }

    /// `to += from`
    pub(super) fn add(self, from: &[f32], to: &mut [f32]) {
        self.kernel.run(Add { from, to });
    }

    /// `to += scale · from`
    pub(super) fn add_scaled(self, from: &[f32], scale: Option<f32>, to: &mut [f32]) {
        match scale {
            None => self.add(from, to),
            Some(scale) => self.kernel.run(AddScaled { from, scale, to }),
        }
    }

    /// `numbers *= scale`, if there is one.
    pub(super) fn scale(self, numbers: &mut [f32], scale: Option<f32>) {
        if let Some(scale) = scale {
            self.kernel.run(Scale { numbers, scale });
        }
    }

    /// `numbers = cap · tanh(numbers / cap)`, if there is a cap.
    pub(super) fn soft_cap(self, numbers: &mut [f32], cap: Option<f32>) {
        if let Some(cap) = cap {
            self.kernel.run(SoftCap { numbers, cap });
        }
    }
}
