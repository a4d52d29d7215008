//! Node, and packages from npm.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{output, run, which};
use crate::project::Project;

/// Node, new enough for the options that are used here.
pub(crate) fn node() -> Result<PathBuf> {
    let node = which("node").context("Node is not here (node on the PATH): https://nodejs.org")?;
    let version = output(Command::new(&node).arg("--version"))?;
    if !is_new_enough(version.trim()) {
        bail!("Node is too old: {}, but the tests need v20.10 or later", version.trim());
    }
    Ok(node)
}

fn is_new_enough(version: &str) -> bool {
    let mut parts = version.trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
    let found: (u32, u32) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    found >= (20, 10)
}

/// What package-lock.json in `folder` names.
pub(crate) fn npm_packages(project: &Project, folder: &Path, options: &[&str]) -> Result<()> {
    let lock = folder.join("package-lock.json");
    if !lock.exists() {
        return Ok(());
    }
    node()?;
    // npm leaves this file behind when it is done.
    let changed = |path| fs::metadata(path).and_then(|meta| meta.modified()).ok();
    if changed(folder.join("node_modules/.package-lock.json")) >= changed(lock) {
        return Ok(());
    }
    println!("Getting the npm packages of {}.", folder.join("package-lock.json").display());
    let mut npm = project.command("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    npm.args(options);
    if project.offline {
        npm.arg("--offline");
    }
    run(npm.current_dir(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions() {
        assert!(is_new_enough("v20.20.2"));
        assert!(is_new_enough("v24.0.0"));
        assert!(!is_new_enough("v20.9.0"));
        assert!(!is_new_enough("v18.19.1"));
        assert!(!is_new_enough(""));
    }
}
