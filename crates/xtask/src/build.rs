//! The page: Trunk builds it, and calls `cargo xtask stage` (build/stage.rs) before it hands over dist/.

pub(crate) mod elements;
mod inline;
mod offline;
pub(crate) mod policy;
mod small_std;
pub(crate) mod stage;
mod strip;
pub(crate) mod variants;
mod worker;

use std::process::Command;

use anyhow::{Context, Result};

use crate::build::stage::WITH_MODEL;
use crate::command::run;
use crate::models;
use crate::models::manifest::Manifest;
use crate::project::Project;
use crate::tools::Tools;

/// Builds dist/.
pub(crate) fn page(project: &Project, with_model: bool) -> Result<()> {
    if with_model {
        let manifest = Manifest::read(project)?;
        models::ensure(project, &manifest, manifest.default_model())?;
    }
    let mut command = trunk(project, &Tools::ensure(project)?)?;
    command.args(["build", "--release"]);
    if with_model {
        command.env(WITH_MODEL, "1");
    }
    if project.target().join("engine").exists() {
        println!("Building dist/.");
    } else {
        println!("Building dist/: some minutes, the first time.");
    }
    let built = run(&mut command);
    if project.offline {
        return built.context(
            "nothing may be downloaded: if packages are missing, build once without --offline",
        );
    }
    built
}

/// Trunk, kept from downloading tools and from looking for news about itself.
pub(crate) fn trunk(project: &Project, tools: &Tools) -> Result<Command> {
    let mut command = project.command(&tools.trunk);
    command
        .args(["--quiet", "--skip-version-check", "--color", "never"])
        .arg("--config")
        .arg(project.root.join("Trunk.toml"))
        .env("PATH", tools.path()?)
        .env_remove(WITH_MODEL)
        // Trunk stops at NO_COLOR=1, and RUST_LOG contradicts --quiet.
        .env_remove("NO_COLOR")
        .env_remove("RUST_LOG");
    small_std::tell(&mut command);
    if project.offline {
        // With its value: else Trunk takes the next word for it.
        command.arg("--offline=true");
    }
    Ok(command)
}
