//! Opening the model.

use std::fs::File;

use anyhow::{Context, bail};
use entropix_chat::{Chat, problem_of_engine};

use crate::{Engine, ModelOptions};

/// Loads the model that the options name.
pub(crate) fn load(options: &ModelOptions) -> anyhow::Result<Chat> {
    let Engine::Candle = options.engine;
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
