//! `cargo xtask samplers`: writes crates/entropix/SAMPLERS.md, counts on the default model included.

use anyhow::Result;

use crate::command::run;
use crate::models;
use crate::models::manifest::Manifest;
use crate::project::Project;

pub(crate) fn write(project: &Project) -> Result<()> {
    let manifest = Manifest::read(project)?;
    let model = models::ensure(project, &manifest, manifest.default_model())?;
    println!("Asking every sampler twenty questions; this takes some minutes.");
    run(project
        .command("cargo")
        .args(["run", "--quiet", "--release", "--package", "entropix-cli", "--", "samplers"])
        .arg("--model")
        .arg(&model)
        .arg("--output")
        .arg(project.root.join("crates/entropix/SAMPLERS.md")))
}
