//! What the bytes of a tensor say: each quantized type only decodes to groups of 32 weights.
//!
//! Layouts and formulas: <https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h> and
//! `dequantize_row_*` in ggml-quants.c beside it. Scales are products of a half and a whole number of at
//! most 8 bits, which are exact in f32.

mod fields;
mod k_quants;
mod levels;
mod simple;
mod ternary;

use fields::Fields;

use crate::gguf::Dtype;
use crate::kernel::{BLOCK, Bf16, F16, F32, Float, GROUPS, Group};

/// Decodes a block of a file to its groups.
pub(crate) type Decode = fn(Fields<'_>, &mut [Group]);

/// How a quantized type is decoded; none for floats.
fn decoder(dtype: Dtype) -> Option<Decode> {
    Some(match dtype {
        Dtype::F32 | Dtype::F16 | Dtype::BF16 => return None,
        Dtype::Q4_0 => simple::q4_0,
        Dtype::Q4_1 => simple::q4_1,
        Dtype::Q5_0 => simple::q5_0,
        Dtype::Q5_1 => simple::q5_1,
        Dtype::Q8_0 => simple::q8_0,
        Dtype::Q2_K => k_quants::q2_k,
        Dtype::Q3_K => k_quants::q3_k,
        Dtype::Q4_K => k_quants::q4_k,
        Dtype::Q5_K => k_quants::q5_k,
        Dtype::Q6_K => k_quants::q6_k,
        Dtype::IQ4_NL => levels::iq4_nl,
        Dtype::IQ4_XS => levels::iq4_xs,
        Dtype::MXFP4 => levels::mxfp4,
        Dtype::TQ1_0 => ternary::tq1_0,
        Dtype::TQ2_0 => ternary::tq2_0,
    })
}

/// Groups of whole blocks of a quantized type, in order; returns whether all their scales are finite.
pub(crate) fn groups(dtype: Dtype, bytes: &[u8], act: &mut dyn FnMut(usize, &Group)) -> bool {
    let Some(decode) = decoder(dtype) else {
        invariant!(false, "{dtype} has no groups");
        return false;
    };
    let (weights, size) = dtype.block();
    let mut decoded = [Group::ZERO; GROUPS];
    let decoded = &mut decoded[..weights as usize / BLOCK];
    let mut finite = true;
    for (block, bytes) in bytes.chunks_exact(size as usize).enumerate() {
        decode(Fields(bytes), decoded);
        for (index, group) in decoded.iter().enumerate() {
            finite &= group.scale.is_finite() && group.min.is_finite();
            act(block * decoded.len() + index, group);
        }
    }
    finite
}

/// The weights of whole blocks as f32.
pub(crate) fn dequantize(dtype: Dtype, bytes: &[u8]) -> Vec<f32> {
    match dtype {
        Dtype::F32 => floats::<F32>(bytes),
        Dtype::F16 => floats::<F16>(bytes),
        Dtype::BF16 => floats::<Bf16>(bytes),
        _ => {
            let mut weights = Vec::new();
            groups(dtype, bytes, &mut |_, group| weights.extend(group.weights()));
            weights
        }
    }
}

fn floats<F: Float>(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(F::BYTES).map(|bytes| F::value(F::read(bytes))).collect()
}

#[cfg(test)]
mod tests;
