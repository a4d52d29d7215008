//! GGUF file in; tokenizer, chat template and forward pass out.
//!
//! ```no_run
//! use entropix_engine::load;
//!
//! let mut file = std::fs::File::open("model.gguf")?;
//! let loaded = load(&mut file)?;
//! let ids = loaded.tokenizer.encode("The capital of France is", false)?;
//! let mut sequence = loaded.model.sequence();
//! let logits = sequence.append(&ids)?; // of the last position
//! # let _ = logits;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod candle_llama;
mod error;
pub mod gguf;
mod load;
mod model;
pub mod template;
pub mod tokenizer;

pub use error::EngineError;
pub use load::{Loaded, Opened, load, open};
pub use model::{LanguageModel, ModelShape, Sequence};
pub use template::{ChatTemplate, Message, Prompt};
pub use tokenizer::{TextStream, Tokenizer};
