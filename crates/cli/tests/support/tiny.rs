//! Models of 40 KB with templates of one's own.
#![allow(dead_code, clippy::unwrap_used, missing_docs, unreachable_pub)]

#[path = "../../../engine/tests/support/mod.rs"]
mod engine;

use std::path::{Path, PathBuf};

use candle_core::quantized::gguf_file::Value;

/// A template that refuses every conversation, and says what came last: its length, then its text with `|`
/// for the ends of lines.
pub const ECHO: &str = "{{ raise_exception('got ' ~ messages[-1]['content']|length ~ ' <' \
    ~ messages[-1]['content']|replace('\\n', '|') ~ '>') }}";

/// A folder of its own for a test.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Writes a tiny model, with this template if there is one.
pub fn write(path: &Path, template: Option<&str>) {
    let entry = |text: &str| ("tokenizer.chat_template".to_owned(), Value::String(text.to_owned()));
    let entries = template.map(entry).into_iter().collect();
    let model = engine::tiny_model_with(engine::byte_alphabet(), entries, Vec::new());
    std::fs::write(path, model).unwrap();
}
