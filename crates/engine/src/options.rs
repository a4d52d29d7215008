//! How a model is run.

use crate::{Kernel, KvType};

/// How matrix products take their input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// Rounded to 16 bits in blocks of 32.
    #[default]
    Int16,
    /// As it is: the reference, several times slower.
    F32,
}

/// How a model is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EngineOptions {
    /// Which instructions do the arithmetic.
    pub kernel: Kernel,
    /// How matrix products take their input.
    pub precision: Precision,
    /// How the cache keeps keys and values.
    pub kv: KvType,
}
