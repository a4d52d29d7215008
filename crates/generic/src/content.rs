//! The engine's reading of a header as candle has it.

use std::collections::HashMap;

use candle_core::quantized::GgmlDType;
use candle_core::quantized::gguf_file::{
    Content, TensorInfo, Value as CandleValue, VersionedMagic,
};
use entropix_engine::EngineError;
use entropix_engine::gguf::{Array, Dtype, Header, TensorHeader, Value};

/// Entries and tensors of a file.
///
/// # Errors
/// A tensor has a type that candle lacks.
pub(crate) fn content(header: &Header) -> Result<Content, EngineError> {
    Ok(Content {
        magic: if header.version == 2 { VersionedMagic::GgufV2 } else { VersionedMagic::GgufV3 },
        metadata: header
            .metadata
            .iter()
            .map(|(key, v)| (key.to_owned(), value(v)))
            .chain([single_precision()])
            .collect(),
        tensor_infos: header.tensors.iter().map(tensor).collect::<Result<HashMap<_, _>, _>>()?,
        tensor_data_offset: header.data_offset,
    })
}

/// Without this entry, which files don't have, candle computes the angles of qwen3 in half precision:
/// at 2,500 tokens 1 nat off.
fn single_precision() -> (String, CandleValue) {
    ("general.dtype".to_owned(), CandleValue::U32(0))
}

fn tensor(tensor: &TensorHeader) -> Result<(String, TensorInfo), EngineError> {
    // candle has the slowest dimension first.
    let shape = tensor.dims.iter().rev().map(|&dim| dim as usize).collect::<Vec<_>>().into();
    let info = TensorInfo { ggml_dtype: ggml_dtype(tensor)?, shape, offset: tensor.offset };
    Ok((tensor.name.clone(), info))
}

fn ggml_dtype(tensor: &TensorHeader) -> Result<GgmlDType, EngineError> {
    Ok(match tensor.dtype {
        Dtype::F32 => GgmlDType::F32,
        Dtype::F16 => GgmlDType::F16,
        Dtype::BF16 => GgmlDType::BF16,
        Dtype::Q4_0 => GgmlDType::Q4_0,
        Dtype::Q4_1 => GgmlDType::Q4_1,
        Dtype::Q5_0 => GgmlDType::Q5_0,
        Dtype::Q5_1 => GgmlDType::Q5_1,
        Dtype::Q8_0 => GgmlDType::Q8_0,
        Dtype::Q2_K => GgmlDType::Q2K,
        Dtype::Q3_K => GgmlDType::Q3K,
        Dtype::Q4_K => GgmlDType::Q4K,
        Dtype::Q5_K => GgmlDType::Q5K,
        Dtype::Q6_K => GgmlDType::Q6K,
        Dtype::IQ4_NL | Dtype::IQ4_XS | Dtype::TQ1_0 | Dtype::TQ2_0 | Dtype::MXFP4 => {
            return Err(EngineError::unsupported(
                format!("tensor {} of type {} on candle", tensor.name, tensor.dtype),
                "F32, F16, BF16, Q4_0 to Q8_0, Q2_K to Q6_K",
            ));
        }
    })
}

fn value(value: &Value) -> CandleValue {
    use CandleValue as To;
    match value {
        Value::U8(x) => To::U8(*x),
        Value::I8(x) => To::I8(*x),
        Value::U16(x) => To::U16(*x),
        Value::I16(x) => To::I16(*x),
        Value::U32(x) => To::U32(*x),
        Value::I32(x) => To::I32(*x),
        Value::U64(x) => To::U64(*x),
        Value::I64(x) => To::I64(*x),
        Value::F32(x) => To::F32(*x),
        Value::F64(x) => To::F64(*x),
        Value::Bool(x) => To::Bool(*x),
        Value::String(x) => To::String(x.clone()),
        Value::Array(array) => To::Array(match array {
            Array::U8(list) => list.iter().copied().map(To::U8).collect(),
            Array::I8(list) => list.iter().copied().map(To::I8).collect(),
            Array::U16(list) => list.iter().copied().map(To::U16).collect(),
            Array::I16(list) => list.iter().copied().map(To::I16).collect(),
            Array::U32(list) => list.iter().copied().map(To::U32).collect(),
            Array::I32(list) => list.iter().copied().map(To::I32).collect(),
            Array::U64(list) => list.iter().copied().map(To::U64).collect(),
            Array::I64(list) => list.iter().copied().map(To::I64).collect(),
            Array::F32(list) => list.iter().copied().map(To::F32).collect(),
            Array::F64(list) => list.iter().copied().map(To::F64).collect(),
            Array::Bool(list) => list.iter().copied().map(To::Bool).collect(),
            Array::String(list) => list.iter().map(str::to_owned).map(To::String).collect(),
        }),
    }
}
