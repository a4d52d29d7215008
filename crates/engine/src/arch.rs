//! The architectures that this engine runs.

mod gemma2;
mod gemma3;
mod glm4;
mod granite;
mod llama;
mod olmo2;
mod phi3;
mod qwen2;
mod qwen3;
mod smollm3;

use crate::EngineError;
use crate::decoder::Architecture;

/// One row each.
const ARCHITECTURES: [&Architecture; 10] = [
    &llama::LLAMA,
    &smollm3::SMOLLM3,
    &qwen2::QWEN2,
    &qwen3::QWEN3,
    &gemma2::GEMMA2,
    &gemma3::GEMMA3,
    &phi3::PHI3,
    &granite::GRANITE,
    &olmo2::OLMO2,
    &glm4::GLM4,
];

/// The architecture called `name`.
///
/// # Errors
/// Another engine may know it; this one does not.
pub(crate) fn named(name: &str) -> Result<&'static Architecture, EngineError> {
    let known = ARCHITECTURES.into_iter().find(|known| known.name == name);
    known.ok_or_else(|| EngineError::Architecture {
        name: name.to_owned(),
        supported: ARCHITECTURES
            .map(|known| format!("{} ({})", known.name, known.example))
            .join(", "),
    })
}

/// The names of all architectures, as `general.architecture` has them.
pub fn architectures() -> impl Iterator<Item = &'static str> {
    ARCHITECTURES.into_iter().map(|known| known.name)
}
