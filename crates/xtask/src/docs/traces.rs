//! `cargo xtask traces`: records the page's recorded chats again, as their index says.

use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::command::run;
use crate::models;
use crate::models::manifest::Manifest;
use crate::project::Project;

/// One entry of www/traces/index.json; the page needs only file and title.
#[derive(Deserialize)]
struct Recording {
    file: String,
    /// Its continuations from other words, if they are recorded.
    what_if: Option<String>,
    prompt: String,
    /// As in a request to `entropix generate`.
    sampler: Value,
    seed: u64,
    max_tokens: u32,
}

pub(crate) fn record(project: &Project) -> Result<()> {
    let manifest = Manifest::read(project)?;
    let model = models::ensure(project, &manifest, manifest.default_model())?;
    let folder = project.root.join("www/traces");
    let index = folder.join("index.json");
    let text =
        fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    let recordings: Vec<Recording> =
        serde_json::from_str(&text).with_context(|| format!("{} is damaged", index.display()))?;
    for recording in recordings {
        println!("Recording {}.", recording.file);
        let sampler = match &recording.sampler {
            Value::String(name) => name.clone(),
            object => object.to_string(),
        };
        run(project
            .command("cargo")
            .args(["run", "--quiet", "--package", "entropix-cli", "--", "record", "--model"])
            .arg(&model)
            .args(["--prompt", &recording.prompt, "--sampler", &sampler])
            .args(["--seed", &recording.seed.to_string()])
            .args(["--max-tokens", &recording.max_tokens.to_string()])
            .arg("--output")
            .arg(folder.join(&recording.file)))?;
        if let Some(what_if) = &recording.what_if {
            run(project
                .command("cargo")
                .args(["run", "--quiet", "--package", "entropix-cli", "--", "what-if", "--model"])
                .arg(&model)
                .arg(folder.join(&recording.file))
                .arg("--output")
                .arg(folder.join(what_if)))?;
        }
    }
    Ok(())
}
