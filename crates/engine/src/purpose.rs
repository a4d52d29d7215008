//! What a GGUF file is for, if not for writing text.

use crate::EngineError;
use crate::gguf::{Header, Value};

const PROJECTOR: &str = "the part of a model that sees or hears (mmproj)";
const ADAPTER: &str = "an adapter (LoRA), which changes a model";
const EMBEDDING: &str = "an embedding model, which measures how alike texts are";
const IMPORTANCE: &str = "an importance matrix, a help for quantizing";
const CONTROL: &str = "a control vector, which steers a model";
const SOUND: &str = "a decoder of sound";
const PICTURES: &str = "a model that makes pictures or films";

/// By the entry `general.type` (GGUF's specification).
const TYPES: [(&str, &str); 3] =
    [("adapter", ADAPTER), ("mmproj", PROJECTOR), ("imatrix", IMPORTANCE)];

/// By the entry `general.architecture` (llama.cpp's `src/llama-arch.cpp`; for pictures, the names
/// that `ComfyUI`'s and stable-diffusion.cpp's converters write).
const ARCHITECTURES: [(&str, &[&str]); 6] = [
    (PROJECTOR, &["clip"]),
    (IMPORTANCE, &["imatrix"]),
    (CONTROL, &["controlvector"]),
    (SOUND, &["wavtokenizer-dec"]),
    (
        EMBEDDING,
        &[
            "bert",
            "eurobert",
            "gemma-embedding",
            "jina-bert-v2",
            "jina-bert-v3",
            "modern-bert",
            "neo-bert",
            "nomic-bert",
            "nomic-bert-moe",
            "t5encoder",
        ],
    ),
    (
        PICTURES,
        &[
            "aura",
            "cosmos",
            "flux",
            "hidream",
            "hyvid",
            "ltxv",
            "lumina2",
            "pixart",
            "qwen_image",
            "sd1",
            "sd2",
            "sd3",
            "sdxl",
            "wan",
        ],
    ),
];

/// Refuses what is no language model.
pub(crate) fn check(header: &Header) -> Result<(), EngineError> {
    let text = |key: &str| match header.metadata.get(key) {
        Some(Value::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let kind = text("general.type")
        .and_then(|kind| TYPES.iter().find(|(name, _)| *name == kind))
        .map(|(_, what)| *what);
    let architecture = text("general.architecture").and_then(|architecture| {
        let known = ARCHITECTURES.iter().find(|(_, names)| names.contains(&architecture));
        known.map(|(what, _)| *what)
    });
    kind.or(architecture).map_or(Ok(()), |what| Err(EngineError::Purpose(what)))
}
