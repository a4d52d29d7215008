//! What is left to candle: the values of tensors in its many quantized types.

use candle_core::Device;
use candle_core::quantized::GgmlDType;
use candle_core::quantized::ggml_file::qtensor_from_ggml;

use crate::EngineError;
use crate::gguf::Dtype;

/// The values of a tensor's bytes, which are `dims` long: slowest first, as candle has them.
pub(crate) fn dequantize(
    dtype: Dtype,
    bytes: &[u8],
    dims: Vec<usize>,
) -> Result<Vec<f32>, EngineError> {
    let values = || {
        let tensor = qtensor_from_ggml(dtype.into(), bytes, dims, &Device::Cpu)?;
        tensor.dequantize(&Device::Cpu)?.flatten_all()?.to_vec1()
    };
    values().map_err(|error: candle_core::Error| EngineError::arithmetic(&error))
}

impl From<Dtype> for GgmlDType {
    fn from(dtype: Dtype) -> Self {
        match dtype {
            Dtype::F32 => Self::F32,
            Dtype::F16 => Self::F16,
            Dtype::BF16 => Self::BF16,
            Dtype::Q4_0 => Self::Q4_0,
            Dtype::Q4_1 => Self::Q4_1,
            Dtype::Q5_0 => Self::Q5_0,
            Dtype::Q5_1 => Self::Q5_1,
            Dtype::Q8_0 => Self::Q8_0,
            Dtype::Q8_1 => Self::Q8_1,
            Dtype::Q2K => Self::Q2K,
            Dtype::Q3K => Self::Q3K,
            Dtype::Q4K => Self::Q4K,
            Dtype::Q5K => Self::Q5K,
            Dtype::Q6K => Self::Q6K,
            Dtype::Q8K => Self::Q8K,
        }
    }
}
