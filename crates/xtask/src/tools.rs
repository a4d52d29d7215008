//! The tools: Rust's wasm target, trunk, wasm-bindgen and its test runner.
//!
//! The rule: a tool of the right version on the PATH is used as it is. Otherwise it is in `.tools/bin`,
//! and gets there from the user's cache or, the first time, by `cargo install`.

pub(crate) mod browser;
pub(crate) mod node;
pub(crate) mod python;
pub(crate) mod versions;
pub(crate) mod wasm_opt;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use self::versions::says;
use crate::command::{output, path_with, run, which};
use crate::files::link_or_copy;
use crate::project::Project;

pub(crate) struct Tools {
    pub(crate) trunk: PathBuf,
    pub(crate) wasm_bindgen: PathBuf,
    /// Runs `cargo test` for wasm in a browser.
    pub(crate) test_runner: PathBuf,
}

/// A package that `cargo install` builds.
struct Package {
    name: &'static str,
    version: String,
    programs: &'static [&'static str],
    /// With the versions that the package was released with.
    locked: bool,
    /// The tools work for seconds: what counts is how long they take to compile.
    opt_level: &'static str,
    /// Seen on two cores.
    minutes: u32,
}

impl Tools {
    /// Finds the tools and installs what is missing.
    pub(crate) fn ensure(project: &Project) -> Result<Self> {
        ensure_target(project)?;
        let mut trunk = Package {
            name: "trunk",
            version: versions::TRUNK.to_owned(),
            programs: &["trunk"],
            locked: true,
            opt_level: "0",
            minutes: 3,
        }
        .ensure(project)?;
        let mut bindgen = Package {
            name: "wasm-bindgen-cli",
            version: versions::wasm_bindgen(project)?,
            programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
            locked: false,
            opt_level: "1",
            minutes: 2,
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

impl Package {
    /// The paths of the programs, in their order.
    fn ensure(&self, project: &Project) -> Result<Vec<PathBuf>> {
        if let Some(found) = self.all(which) {
            return Ok(found);
        }
        let bin = project.tools().join("bin");
        let here = || self.all(|program| Some(bin.join(program)));
        let cached = project
            .cache
            .as_ref()
            .map(|cache| cache.join("tools").join(format!("{}-{}", self.name, self.version)));
        if here().is_none() {
            let _lock = project.lock()?;
            // Another xtask may have installed it while this one waited.
            if here().is_none() {
                self.obtain(project, &bin, cached.as_deref())?;
            }
        }
        if let Some(cached) = cached.filter(|cached| !cached.exists())
            && let Err(error) = self.copy(&bin, &cached)
        {
            println!("{} is not kept for other checkouts: {error:#}.", self.name);
        }
        here().with_context(|| {
            format!("{} {} was installed but does not start", self.name, self.version)
        })
    }

    fn obtain(&self, project: &Project, bin: &Path, cached: Option<&Path>) -> Result<()> {
        // A copy from another system, or an older one, may not start here.
        if let Some(cached) = cached
            && self.all(|program| Some(cached.join(program))).is_some()
        {
            println!("{} {}: taken from {}.", self.name, self.version, cached.display());
            return self.copy(cached, bin);
        }
        self.install(project)
    }

    /// The places that `place` names, if all of them hold a program of the right version.
    fn all(&self, place: impl Fn(&'static str) -> Option<PathBuf>) -> Option<Vec<PathBuf>> {
        self.programs
            .iter()
            .map(|program| place(program).filter(|path| has_version(path, &self.version)))
            .collect()
    }

    fn copy(&self, from: &Path, to: &Path) -> Result<()> {
        self.programs.iter().try_for_each(|name| link_or_copy(&from.join(name), &to.join(name)))
    }

    fn install(&self, project: &Project) -> Result<()> {
        if project.offline {
            bail!("{} {} is not here, and --offline forbids the download", self.name, self.version);
        }
        println!(
            "Installing {} {} into .tools: about {} minutes on two cores, once.",
            self.name, self.version, self.minutes
        );
        let build = project.tools().join("build");
        let mut command = project.command("cargo");
        command.args(["install", "--force", "--no-default-features", "--version"]);
        command.arg(&self.version).arg("--root").arg(project.tools());
        if self.locked {
            command.arg("--locked");
        }
        command
            .arg(self.name)
            .env("CARGO_TARGET_DIR", &build)
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.opt_level)
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        for flags in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
            command.env_remove(flags);
        }
        let result = run(&mut command);
        if build.exists() {
            fs::remove_dir_all(&build)
                .with_context(|| format!("cannot remove {}", build.display()))?;
        }
        result
    }
}

fn has_version(path: &Path, version: &str) -> bool {
    // The variable makes Trunk stop when it is not "true" or "false".
    output(Command::new(path).arg("--version").env_remove("NO_COLOR"))
        .is_ok_and(|text| says(&text, version))
}

/// The standard library for wasm.
fn ensure_target(project: &Project) -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let sysroot = output(project.command(rustc).args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).exists() {
        return Ok(());
    }
    if project.offline {
        bail!("Rust's target {TARGET} is not here, and --offline forbids the download");
    }
    if which("rustup").is_none() {
        bail!("Rust's target {TARGET} is not here: install it beside rustc, or use rustup");
    }
    println!("Getting Rust's target {TARGET}: 20 MB, once.");
    run(project.command("rustup").args(["target", "add", TARGET]).stdout(Stdio::null()))
}
