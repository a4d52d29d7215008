//! Arithmetic on vectors, written once and compiled for each instruction set.
//!
//! Every operation is generic over [`Simd`], and every implementation of it rounds in the same order:
//! scalar, AVX2 and simd128 give the same bits, natively and in a browser.

#![expect(
    clippy::inline_always,
    reason = "intrinsics must end up in a function that was compiled for their instruction set"
)]

mod activations;
mod attention;
#[cfg(target_arch = "x86_64")]
mod avx2;
mod block;
mod codes;
mod elementwise;
mod float;
mod group;
mod input;
mod matmul;
mod quantized;
mod scalar;
mod simd;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;
mod stepped;
#[cfg(test)]
mod tests;

pub(crate) use activations::{ActivationBlock, BLOCK, Quantize};
pub(crate) use attention::{Mix, Scores, Softmax};
pub(crate) use block::{Block, ROWS};
pub(crate) use codes::{Codes, LEVELS};
pub(crate) use elementwise::{
    Add, AddScaled, GeGlu, Pairs, Rms, RmsInPlace, Scale, SoftCap, SwiGlu, Widen, rotate,
};
pub(crate) use float::{Bf16, F16, F32, Float, Floats};
pub(crate) use group::Group;
pub(crate) use input::Input;
pub(crate) use matmul::{MatMul, MatMulF32};
pub(crate) use quantized::{
    EightBits, EightBitsMin, FourBitLevels, FourBits, FourBitsMin, Quantized,
};
use scalar::Scalar;
pub(crate) use simd::Simd;
pub(crate) use stepped::{
    EightBitSteps, EightBitStepsOf16, FourBitSteps, FourBitStepsOf16, GROUPS, Stepped,
};

use crate::EngineError;

/// Which instructions do the arithmetic. The results are the same to the last bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kernel {
    /// The fastest that this machine has.
    #[default]
    Auto,
    /// Plain Rust, one lane at a time: the reference.
    Scalar,
    /// AVX2 or simd128; refused where there is neither.
    Simd,
}

/// An operation over vectors.
pub(crate) trait Op {
    /// Runs it. Implementations are `#[inline(always)]`, so that the instruction set's intrinsics
    /// end up in a function that was compiled for them.
    fn run<S: Simd>(self);
}

/// A [`Kernel`] whose instructions were found on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KernelImpl {
    Scalar,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    Simd128,
}

impl Kernel {
    pub(crate) fn find(self) -> Result<KernelImpl, EngineError> {
        match (self, fastest()) {
            (Self::Scalar, _) => Ok(KernelImpl::Scalar),
            (Self::Simd, KernelImpl::Scalar) => Err(EngineError::Unsupported {
                what: "this machine's CPU".to_owned(),
                supported: "AVX2, or the scalar kernel".to_owned(),
            }),
            (_, fastest) => Ok(fastest),
        }
    }
}

fn fastest() -> KernelImpl {
    #[cfg(target_arch = "x86_64")]
    if avx2::available() {
        return KernelImpl::Avx2;
    }
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    return KernelImpl::Simd128;
    #[allow(unreachable_code, reason = "not on wasm32")]
    KernelImpl::Scalar
}

impl KernelImpl {
    /// For people: `scalar`, `avx2` or `simd128`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => "avx2",
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Self::Simd128 => "simd128",
        }
    }

    /// Runs an operation.
    #[inline]
    pub(crate) fn run(self, op: impl Op) {
        match self {
            Self::Scalar => op.run::<Scalar>(),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `Kernel::find` is the only place that makes this value, and it asked the CPU.
            Self::Avx2 => unsafe { avx2::run(op) },
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Self::Simd128 => op.run::<simd128::Simd128>(),
        }
    }
}
