//! Which tool versions this checkout needs.

use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::project::Project;

/// Trunk 0.22 needs a newer Rust than this workspace.
pub(crate) const TRUNK: &str = "0.21.14";

/// The npm package `binaryen` has a later one; older ones don't know today's wasm features, or not all passes.
pub(crate) const OLDEST_WASM_OPT: u32 = 120;

#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
}

/// The version of wasm-bindgen in Cargo.lock: its command line tool must be of exactly the same.
pub(crate) fn wasm_bindgen(project: &Project) -> Result<String> {
    let path = project.root.join("Cargo.lock");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    locked(&text, "wasm-bindgen").context("Cargo.lock")
}

fn locked(lock: &str, name: &str) -> Result<String> {
    let lock: Lock = toml::from_str(lock)?;
    lock.package
        .into_iter()
        .find(|package| package.name == name)
        .map(|package| package.version)
        .with_context(|| format!("there is no package {name}"))
}

/// Whether what `tool --version` printed names this version: `trunk 0.21.14` or `wasm-bindgen 0.2.130
/// (abc)`.
pub(crate) fn says(output: &str, version: &str) -> bool {
    output.split_whitespace().any(|word| word == version)
}

/// The number in `wasm-opt version 132 (version_132)`.
pub(crate) fn wasm_opt_number(output: &str) -> Option<u32> {
    output.split_whitespace().find_map(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "registry"
dependencies = ["cfg-if"]

[[package]]
name = "wasm-bindgen-test"
version = "0.3.80"
"#;

    #[test]
    fn reads_cargo_lock() {
        assert_eq!(locked(LOCK, "wasm-bindgen").unwrap(), "0.2.130");
        assert_eq!(locked(LOCK, "wasm-bindgen-test").unwrap(), "0.3.80");
        assert!(locked(LOCK, "trunk").unwrap_err().to_string().contains("trunk"));
        assert!(locked("package = 1", "trunk").is_err());
    }

    #[test]
    fn compares_whole_versions() {
        assert!(says("trunk 0.21.14\n", "0.21.14"));
        assert!(says("wasm-bindgen 0.2.130 (0123abc)", "0.2.130"));
        assert!(!says("wasm-bindgen 0.2.13", "0.2.130"));
        assert!(!says("wasm-bindgen 0.2.130", "0.2.13"));
        assert!(!says("", "0.2.13"));
    }

    #[test]
    fn reads_wasm_opts_number() {
        assert_eq!(wasm_opt_number("wasm-opt version 132 (version_132)"), Some(132));
        assert_eq!(wasm_opt_number("wasm-opt version 108"), Some(108));
        assert_eq!(wasm_opt_number("no number"), None);
    }
}
