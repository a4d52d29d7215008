//! GGUF file in; tokenizer, chat template and forward pass out.
//!
//! ```no_run
//! use entropix_engine::{EngineOptions, load};
//!
//! let mut file = std::fs::File::open("model.gguf")?;
//! let loaded = load(&mut file, EngineOptions::default())?;
//! let ids = loaded.tokenizer.encode("The capital of France is", false)?;
//! let mut sequence = loaded.model.sequence();
//! let mut logits = Vec::new();
//! sequence.append(&ids, &mut logits)?; // of the last position
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// Before those that have invariants.
#[macro_use]
mod invariant;

mod alloc;
mod arch;
mod attention;
mod decoder;
mod dequantize;
mod error;
mod facts;
mod file;
pub mod gguf;
mod inventory;
mod kernel;
mod kv_cache;
mod load;
mod matrix;
pub mod metadata;
mod model;
mod options;
mod parts;
mod purpose;
mod strips;
pub mod template;
mod throughput;
pub mod tokenizer;

pub use arch::architectures;
pub use attention::AttentionSignals;
pub use error::EngineError;
pub use facts::{Facts, TemplateFacts, compared};
pub use file::{Loaded, ModelFile};
pub use inventory::Weights;
pub use kernel::Kernel;
pub use kv_cache::KvType;
pub use load::{Opened, load, open};
pub use model::{Backend, LanguageModel, ModelShape, Sequence};
pub use options::{EngineOptions, Precision};
pub use parts::{Joined, PartName};
pub use template::{ChatTemplate, LocalTime, Message, Prompt, TemplateError};
pub use throughput::throughput;
pub use tokenizer::{TextStream, Tokenizer};
