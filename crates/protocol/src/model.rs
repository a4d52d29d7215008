//! Facts about a loaded model.

use serde::{Deserialize, Serialize};

/// Facts about a loaded model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// Name in the manifest, or the file's name.
    pub name: String,
    /// GGUF architecture, such as `llama`.
    pub architecture: String,
    /// File length in bytes.
    pub bytes: f64,
    /// Elements of all tensors.
    pub parameters: f64,
    /// Its weights by type: what takes most of the file first.
    pub weights: Vec<WeightsInfo>,
    /// What is known about results of this architecture.
    pub known: String,
    /// What its file lacks or has wrong, and what was done instead.
    pub notes: Vec<String>,
    /// Licence, as the file says.
    pub licence: Option<String>,
    /// Format of its chat template, such as `ChatML`; `None` if there is no template.
    pub template: Option<String>,
    /// Bytes that keys and values of one position take, if the header says enough.
    pub cache_bytes: Option<f64>,
    /// Positions the engine can hold.
    pub context_length: u32,
    /// Number of tokens in the vocabulary.
    pub vocabulary: u32,
    /// Number of layers.
    pub layers: u32,
    /// Commonest tensor type by bytes, such as `Q4_1`.
    pub quantization: String,
    /// What does the arithmetic: `scalar`, `avx2`, `simd128` or `candle`.
    pub kernel: String,
    /// The pause token of this model's vocabulary (`" ..."`), if it has one.
    pub pause_token: Option<u32>,
}

/// The weights of one type. Each keeps the value that it has in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightsInfo {
    /// The type, such as `Q4_1`.
    #[serde(rename = "type")]
    pub dtype: String,
    /// Tensors of this type.
    pub tensors: u32,
    /// Bytes in the file.
    pub bytes: f64,
    /// Bytes in memory, packed for the engine's kernels.
    pub memory: f64,
}
