//! wasm-opt, when there is one: everything works without it, only bigger and slower.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::command::{is_program, output, run, which};
use crate::project::Project;
use crate::versions::{OLDEST_WASM_OPT, wasm_opt_number};

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

pub(crate) struct WasmOpt {
    path: PathBuf,
    version: u32,
}

impl WasmOpt {
    /// From the PATH, or from the npm package `binaryen`.
    pub(crate) fn find(project: &Project) -> Option<Self> {
        let npm = |folder: &Path| folder.join("node_modules/.bin/wasm-opt");
        [which("wasm-opt"), Some(npm(&project.root)), Some(npm(&project.tests()))]
            .into_iter()
            .flatten()
            .filter(|path| is_program(path))
            .find_map(|path| {
                let version = wasm_opt_number(&output(Command::new(&path).arg("--version")).ok()?)?;
                (version >= OLDEST_WASM_OPT).then_some(Self { path, version })
            })
    }

    /// `level` is -O3 for speed or -Oz for size.
    pub(crate) fn run(&self, project: &Project, level: &str, from: &Path, to: &Path) -> Result<()> {
        let mut command = project.command(&self.path);
        command.arg(level).args(FEATURES).arg(from).arg("-o").arg(to);
        run(&mut command)
    }

    /// Tells results of different versions apart.
    pub(crate) fn name(&self) -> String {
        format!("wasm-opt {}", self.version)
    }
}
