//! The crates of the workspace, as their Cargo.toml files tell.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use toml::Table;

use crate::project::Project;

/// They exist in a browser only.
pub(crate) const WASM_ONLY: [&str; 2] = ["entropix-worker", "entropix-app"];

/// They exist natively only; every other crate is linted for wasm as well.
pub(crate) const NATIVE_ONLY: [&str; 2] = ["entropix-cli", "xtask"];

pub(crate) const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];

pub(crate) struct Crate {
    /// Its name as people say it, which is that of its folder.
    pub(crate) name: String,
    pub(crate) package: String,
    pub(crate) folder: PathBuf,
    /// Names of the crates of ours that it is built with; those of its tests are not among them.
    pub(crate) uses: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Cargo {
    package: Package,
    #[serde(default)]
    dependencies: Table,
    #[serde(default)]
    target: BTreeMap<String, Target>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
}

#[derive(Deserialize)]
struct Target {
    #[serde(default)]
    dependencies: Table,
}

/// All crates, by name.
pub(crate) fn crates(project: &Project) -> Result<Vec<Crate>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(project.root.join("crates")).context("cannot list crates/")? {
        let folder = entry?.path();
        let manifest = folder.join("Cargo.toml");
        if !manifest.exists() {
            continue;
        }
        let text = fs::read_to_string(&manifest)
            .with_context(|| format!("cannot read {}", manifest.display()))?;
        let name = folder.file_name().context("a crate has a folder")?.to_string_lossy();
        let cargo: Cargo = toml::from_str(&text).with_context(|| manifest.display().to_string())?;
        found.push((name.into_owned(), folder, cargo));
    }
    found.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    let ours: BTreeMap<_, _> =
        found.iter().map(|(name, _, cargo)| (cargo.package.name.clone(), name.clone())).collect();
    Ok(found
        .into_iter()
        .map(|(name, folder, cargo)| Crate {
            uses: uses(&cargo).filter_map(|package| ours.get(package).cloned()).collect(),
            name,
            package: cargo.package.name,
            folder,
        })
        .collect())
}

fn uses(cargo: &Cargo) -> impl Iterator<Item = &String> {
    let of_targets = cargo.target.values().flat_map(|target| target.dependencies.keys());
    cargo.dependencies.keys().chain(of_targets)
}

/// The packages with a tests/web.rs.
pub(crate) fn web_tested(project: &Project) -> Result<Vec<String>> {
    let crates = crates(project)?.into_iter();
    let names: Vec<_> = crates
        .filter(|one| one.folder.join("tests/web.rs").exists())
        .map(|one| one.package)
        .collect();
    ensure!(!names.is_empty(), "no crate has a tests/web.rs");
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_crate_is_found() {
        let project = Project::find(true).unwrap();
        let crates = crates(&project).unwrap();
        let named = |name: &str| crates.iter().find(|one| one.name == name).unwrap();
        assert_eq!(named("xtask").package, "xtask");
        assert!(named("xtask").uses.is_empty());
        assert!(named("worker").uses.contains("generate"));
        assert!(named("entropix").folder.ends_with("crates/entropix"));
        for name in WASM_ONLY.into_iter().chain(NATIVE_ONLY) {
            assert!(crates.iter().any(|one| one.package == name), "{name}");
        }
    }

    #[test]
    fn dependencies_of_a_target_count_and_those_of_tests_do_not() {
        let text = "[package]\nname = \"a\"\n[dependencies]\nb = \"1\"\n[dev-dependencies]\nc = \"1\"\n\
            [target.'cfg(unix)'.dependencies]\nd = \"1\"\n";
        let cargo = toml::from_str(text).unwrap();
        assert_eq!(uses(&cargo).collect::<Vec<_>>(), ["b", "d"]);
    }
}
