//! The table crates/worker/variants.toml: which workers are built, and what each needs of a browser.

use std::collections::HashSet;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};

use crate::project::Project;

/// A worker: the same crate, built with features and flags of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) folder: String,
    pub(crate) features: Vec<String>,
    target_features: Vec<String>,
    pub(crate) architectures: Architectures,
    /// Of its wasm, gzipped.
    pub(crate) budget_kib: u64,
}

/// Which model files it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Architectures {
    /// Those of our own forward pass.
    Own,
    /// All that anything here can run.
    Any,
}

/// What a browser must have; the page knows how to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Need {
    Simd,
    RelaxedSimd,
    Threads,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    variant: Vec<Variant>,
}

/// In order of preference.
pub(crate) fn read(project: &Project) -> Result<Vec<Variant>> {
    let path = project.root.join("crates/worker/variants.toml");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(&text).with_context(|| path.display().to_string())
}

/// The worker that most browsers run: without its flags the engine's vector kernels are not even compiled.
pub(crate) fn first(project: &Project) -> Result<Variant> {
    read(project)?.into_iter().next().context("there is no worker")
}

fn parse(text: &str) -> Result<Vec<Variant>> {
    let Table { variant: variants } = toml::from_str(text)?;
    let mut seen = HashSet::new();
    for variant in &variants {
        for name in [&variant.name, &variant.folder] {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            ensure!(
                !name.is_empty() && name.chars().all(plain),
                "{name:?} may hold small letters, digits and dashes only"
            );
        }
        ensure!(seen.insert(("name", &variant.name)), "two variants are named {}", variant.name);
        ensure!(seen.insert(("folder", &variant.folder)), "two variants go to {}", variant.folder);
        variant.needs().with_context(|| variant.name.clone())?;
    }
    ensure!(
        variants.iter().any(|variant| variant.architectures == Architectures::Own),
        "no variant runs our own forward pass"
    );
    Ok(variants)
}

impl Variant {
    /// What its target features ask of a browser.
    pub(crate) fn needs(&self) -> Result<Vec<Need>> {
        self.target_features
            .iter()
            .map(|feature| match feature.as_str() {
                "simd128" => Ok(Need::Simd),
                "relaxed-simd" => Ok(Need::RelaxedSimd),
                "atomics" => Ok(Need::Threads),
                _ => bail!("nobody knows what a browser needs for the target feature {feature}"),
            })
            .collect()
    }

    /// Makes cargo compile for wasm as this variant is: the flags belong to one command, not to the target.
    pub(crate) fn flags(&self, cargo: &mut Command) {
        let features: Vec<_> = self.target_features.iter().map(|name| format!("+{name}")).collect();
        cargo.env_remove("RUSTFLAGS").env(
            // It goes before every other source of flags.
            "CARGO_ENCODED_RUSTFLAGS",
            format!("-Ctarget-feature={}", features.join(",")),
        );
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    const TABLE: &str = include_str!("../../../worker/variants.toml");

    pub(crate) fn variants() -> Vec<Variant> {
        parse(TABLE).unwrap()
    }

    #[test]
    fn the_table_is_read() {
        let variants = variants();
        let simd = variants.iter().find(|variant| variant.name == "simd").unwrap();
        assert_eq!(simd.needs().unwrap(), [Need::Simd]);
        assert_eq!(simd.architectures, Architectures::Own);
        assert!(variants.iter().any(|variant| variant.architectures == Architectures::Any));
    }

    #[test]
    fn flags_are_of_one_command() {
        let mut variant = variants().remove(0);
        variant.target_features = vec!["simd128".into(), "relaxed-simd".into()];
        let mut cargo = Command::new("cargo");
        variant.flags(&mut cargo);
        let flags = cargo.get_envs().find(|(name, _)| *name == "CARGO_ENCODED_RUSTFLAGS").unwrap();
        assert_eq!(flags.1.unwrap(), "-Ctarget-feature=+simd128,+relaxed-simd");
    }

    #[test]
    fn mistakes_are_named() {
        for (from, to, words) in [
            ("\"generic\"\nfolder", "\"simd\"\nfolder", "two variants are named simd"),
            ("\"engine-generic\"", "\"engine\"", "two variants go to engine"),
            ("\"engine-generic\"", "\"../x\"", "small letters"),
            ("\"simd128\"", "\"sse2\"", "the target feature sse2"),
            ("\"own\"", "\"any\"", "our own forward pass"),
            ("budget-kib", "budget", "unknown field"),
        ] {
            let broken = TABLE.replace(from, to);
            assert_ne!(broken, TABLE, "{from}");
            let message = format!("{:#}", parse(&broken).unwrap_err());
            assert!(message.contains(words), "{message}");
        }
    }
}
