//! Opening the model.

use std::fs::File;

use anyhow::{Context, bail};
use entropix_chat::{Chat, problem_of_engine};

use crate::{Activations, Engine, ModelOptions};

/// Loads the model that the options name.
pub(crate) fn load(options: &ModelOptions) -> anyhow::Result<Chat> {
    let Engine::Candle = options.engine;
    tell_candle(options.activations);
    let path = options.model.display();
    let mut file = File::open(&options.model).with_context(|| {
        format!("{path} can't be opened (`cargo xtask models` fetches the default model)")
    })?;
    match entropix_engine::load(&mut file) {
        Ok(loaded) => Ok(Chat::new(loaded)),
        Err(error) => {
            let problem = problem_of_engine(&error);
            bail!("{path}: {problem}")
        }
    }
}

/// candle is told by environment variables only.
fn tell_candle(activations: Activations) {
    let name = match activations {
        Activations::F32 => "CANDLE_DEQUANTIZE_ALL",
        // Without AVX-512: those kernels round activations in blocks of 256 where `Q8_0` has blocks
        // of 32, which doubles the error.
        Activations::Int8 => "MISTRALRS_FORCE_AVX2",
    };
    // SAFETY: no other thread exists yet that could read the environment; commands load the model
    // before they start anything.
    unsafe { std::env::set_var(name, "1") };
}

/// The file's name, for people.
pub(crate) fn file_name(options: &ModelOptions) -> String {
    options.model.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
