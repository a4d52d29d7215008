//! Every type against ggml's own package (tests/golden/weights), and against candle.

use std::collections::BTreeMap;

use candle_core::Device;
use candle_core::quantized::GgmlDType;
use candle_core::quantized::ggml_file::qtensor_from_ggml;

use super::*;

fn hex(text: &serde_json::Value) -> Vec<u8> {
    let text = text.as_str().unwrap();
    (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..][..2], 16).unwrap()).collect()
}

#[test]
fn golden_weights() {
    let golden = include_str!("../../../../tests/golden/weights/weights.json");
    let golden: BTreeMap<String, serde_json::Value> = serde_json::from_str(golden).unwrap();
    assert_eq!(golden.len(), Dtype::ALL.len());
    for dtype in Dtype::ALL {
        let golden = &golden[&dtype.to_string()];
        assert_eq!(golden["number"], dtype.number());
        let ours = dequantize(*dtype, &hex(&golden["bytes"]));
        let theirs = hex(&golden["weights"]);
        let theirs: Vec<f32> =
            theirs.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        assert!(theirs.len() >= 128 && theirs.iter().any(|weight| *weight != 0.0));
        assert_eq!(ours, theirs, "{dtype}");
    }
}

#[test]
fn candle_agrees() {
    let types = [
        (Dtype::Q4_0, GgmlDType::Q4_0),
        (Dtype::Q4_1, GgmlDType::Q4_1),
        (Dtype::Q5_0, GgmlDType::Q5_0),
        (Dtype::Q5_1, GgmlDType::Q5_1),
        (Dtype::Q8_0, GgmlDType::Q8_0),
        (Dtype::Q2_K, GgmlDType::Q2K),
        (Dtype::Q3_K, GgmlDType::Q3K),
        (Dtype::Q4_K, GgmlDType::Q4K),
        (Dtype::Q5_K, GgmlDType::Q5K),
        (Dtype::Q6_K, GgmlDType::Q6K),
    ];
    let mut state = 1_u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    };
    for (dtype, theirs) in types {
        let (weights, size) = dtype.block();
        for _ in 0..500 {
            let bytes: Vec<u8> = (0..size).map(|_| random()).collect();
            let ours = dequantize(dtype, &bytes);
            let dims = vec![weights as usize];
            let tensor = qtensor_from_ggml(theirs, &bytes, dims, &Device::Cpu).unwrap();
            let theirs: Vec<f32> = tensor.dequantize(&Device::Cpu).unwrap().to_vec1().unwrap();
            // A scale that is no number is nobody's.
            if theirs.iter().all(|weight| weight.is_finite()) {
                assert_eq!(ours, theirs, "{dtype}");
            }
        }
    }
}
