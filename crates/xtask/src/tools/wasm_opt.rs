//! wasm-opt, when there is one: everything works without it, only bigger and slower.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::{is_program, output, run, which};
use crate::files::digest;
use crate::project::Project;
use crate::tools::versions::{OLDEST_WASM_OPT, wasm_opt_number};

/// What rustc and wasm-bindgen use. Without them wasm-opt refuses the file or writes a slower one.
const FEATURES: [&str; 7] = [
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Small rather than fast, for pages that people wait for.
const SMALL: [&str; 11] = [
    "-Oz",
    // A function called from one place is smaller where it stands: written into another, it needs more locals,
    // and repeats less of what compression has seen.
    "--always-inline-max-function-size",
    "0",
    "--flexible-inline-max-function-size",
    "0",
    "--one-caller-inline-max-function-size",
    "0",
    // Below the first KiB lies the end of Rust's stack, to which no pointer with an offset is ever made.
    "--low-memory-unused",
    // Memory is the module's own, and new.
    "--zero-filled-memory",
    // Copies of a generic function beside each other: compression finds the earlier one.
    "--reorder-functions-by-name",
    "--strip-producers",
];

pub(crate) struct WasmOpt {
    path: PathBuf,
    version: u32,
}

impl WasmOpt {
    /// A native one from the PATH, fast enough for the engine.
    pub(crate) fn native() -> Option<Self> {
        Self::first(which("wasm-opt"))
    }

    /// A native one, or that of the npm package `binaryen`, which takes minutes for the engine.
    pub(crate) fn any(project: &Project) -> Option<Self> {
        let npm = project.npm().join("node_modules/.bin/wasm-opt");
        Self::first(which("wasm-opt").into_iter().chain([npm]))
    }

    fn first(paths: impl IntoIterator<Item = PathBuf>) -> Option<Self> {
        paths.into_iter().filter(|path| is_program(path)).find_map(|path| {
            let version = wasm_opt_number(&output(Command::new(&path).arg("--version")).ok()?)?;
            (version >= OLDEST_WASM_OPT).then_some(Self { path, version })
        })
    }

    /// As fast as it gets.
    pub(crate) fn hasten(&self, project: &Project, from: &Path, to: &Path) -> Result<()> {
        self.run(project, &["-O3"], from, to)
    }

    fn run(&self, project: &Project, passes: &[&str], from: &Path, to: &Path) -> Result<()> {
        let mut command = project.command(&self.path);
        command.args(passes).args(FEATURES).arg(from).arg("-o").arg(to);
        run(&mut command)
    }

    /// Makes a file small that still has the names of its functions, or takes what came out the last time.
    pub(crate) fn shrink(&self, project: &Project, wasm: &Path) -> Result<()> {
        let kept = project.target().join("wasm-small");
        fs::create_dir_all(&kept)?;
        let passes = digest(&mut SMALL.join(" ").as_bytes())?;
        let name = format!("{} {} {passes}.wasm", digest(&mut File::open(wasm)?)?, self.name());
        let small = kept.join(name);
        if !small.exists() {
            let part = kept.join("part");
            self.run(project, &SMALL, wasm, &part)?;
            fs::rename(&part, &small)?;
        }
        fs::copy(&small, wasm).with_context(|| format!("cannot write {}", wasm.display()))?;
        Ok(())
    }

    /// Tells results of different versions apart.
    pub(crate) fn name(&self) -> String {
        format!("wasm-opt {}", self.version)
    }
}
