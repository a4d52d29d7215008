//! The engine's reading of a header as candle has it.

use std::collections::HashMap;

use candle_core::quantized::gguf_file::{
    Content, TensorInfo, Value as CandleValue, VersionedMagic,
};
use entropix_engine::gguf::{Array, Header, TensorHeader, Value};

/// Entries and tensors of a file.
pub(crate) fn content(header: &Header) -> Content {
    Content {
        magic: if header.version == 2 { VersionedMagic::GgufV2 } else { VersionedMagic::GgufV3 },
        metadata: header.metadata.iter().map(|(key, v)| (key.to_owned(), value(v))).collect(),
        tensor_infos: header.tensors.iter().map(tensor).collect::<HashMap<_, _>>(),
        tensor_data_offset: header.data_offset,
    }
}

fn tensor(tensor: &TensorHeader) -> (String, TensorInfo) {
    // candle has the slowest dimension first.
    let shape = tensor.dims.iter().rev().map(|&dim| dim as usize).collect::<Vec<_>>().into();
    let info = TensorInfo { ggml_dtype: tensor.dtype.into(), shape, offset: tensor.offset };
    (tensor.name.clone(), info)
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
