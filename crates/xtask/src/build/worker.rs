//! The engines for the browser: crates/worker as wasm, its glue, and its bootstrap worker.js, each in a
//! folder named by the contents. Trunk can't build them: each has flags of its own, and the page has none.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::build::variants::{Architectures, Variant};
use crate::command::run;
use crate::files::{digest, files, hex};
use crate::project::Project;
use crate::tools::Tools;
use crate::tools::versions;
use crate::tools::wasm_opt::WasmOpt;

const CRATE: &str = "entropix-worker";
/// What starts the engine: the page's worker, and, of our own engine, the one that measures.
const SCRIPTS: [&str; 2] = ["worker.js", "throughput.js"];

/// A built engine.
pub(crate) struct Engine {
    /// Name of its folder in the page.
    place: String,
    folder: PathBuf,
    /// The first 16 hex digits of the sha256 over the contents.
    hash: String,
}

impl Engine {
    /// Builds what has changed.
    pub(crate) fn build(project: &Project, variant: &Variant) -> Result<Self> {
        let tools = Tools::ensure(project)?;
        let target = project.target().join("engine");
        let mut cargo = project.command("cargo");
        cargo
            .args(["build", "--profile", "engine", "--target", "wasm32-unknown-unknown"])
            .args(["--package", CRATE, "--features"])
            .arg(variant.features.join(","))
            .arg("--target-dir")
            .arg(&target);
        variant.flags(&mut cargo);
        run(&mut cargo)?;
        let wasm =
            target.join("wasm32-unknown-unknown/engine").join(CRATE.replace('-', "_") + ".wasm");
        let folder = target.join(format!("stage-{}", variant.folder));
        glue(project, &tools, &wasm, &folder)?;
        let scripts = match variant.architectures {
            Architectures::Own => SCRIPTS.as_slice(),
            Architectures::Any => &SCRIPTS[..1],
        };
        for script in scripts {
            let from = project.root.join("crates/worker").join(script);
            fs::copy(&from, folder.join(script))
                .with_context(|| format!("cannot copy {}", from.display()))?;
        }
        let hash = hash(&folder)?;
        Ok(Self { place: variant.folder.clone(), folder, hash })
    }

    /// Copies the engine into a page; returns the address of worker.js, relative to the page.
    pub(crate) fn copy_into(&self, page: &Path) -> Result<String> {
        let place = format!("{}/{}", self.place, self.hash);
        for file in files(&self.folder)? {
            let to = page.join(&place).join(&file);
            let parent = to.parent().context("a file needs a folder")?;
            fs::create_dir_all(parent)
                .with_context(|| format!("cannot create {}", parent.display()))?;
            fs::copy(self.folder.join(&file), &to)
                .with_context(|| format!("cannot create {}", to.display()))?;
        }
        Ok(format!("{place}/worker.js"))
    }
}

/// wasm-bindgen and wasm-opt take their time: they run only when the wasm or they have changed.
fn glue(project: &Project, tools: &Tools, wasm: &Path, folder: &Path) -> Result<()> {
    let optimizer = WasmOpt::native();
    let mut file = File::open(wasm).with_context(|| format!("no engine at {}", wasm.display()))?;
    let made_from = format!(
        "{} wasm-bindgen {} {}\n",
        digest(&mut file)?,
        versions::wasm_bindgen(project)?,
        optimizer.as_ref().map_or_else(|| "not optimised".to_owned(), WasmOpt::name),
    );
    let stamp = folder.with_extension("stamp");
    if fs::read_to_string(&stamp).is_ok_and(|old| old == made_from) && folder.exists() {
        return Ok(());
    }
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    run(project
        .command(&tools.wasm_bindgen)
        .args(["--target", "web", "--no-typescript", "--out-name", "engine"])
        .args(["--remove-name-section", "--remove-producers-section", "--out-dir"])
        .arg(folder)
        .arg(wasm))?;
    if let Some(optimizer) = optimizer {
        println!("Optimising the engine with {}.", optimizer.name());
        let wasm = folder.join("engine_bg.wasm");
        let better = folder.with_extension("wasm");
        optimizer.hasten(project, &wasm, &better)?;
        fs::rename(&better, &wasm)?;
    }
    fs::write(&stamp, made_from).with_context(|| format!("cannot write {}", stamp.display()))
}

/// One hash over the names and contents of all files.
fn hash(folder: &Path) -> Result<String> {
    let mut sha = Sha256::new();
    let files = files(folder)?;
    ensure!(!files.is_empty(), "{} is empty", folder.display());
    for file in files {
        let mut contents = Vec::new();
        File::open(folder.join(&file))?.read_to_end(&mut contents)?;
        // Lengths, so that bytes can't wander from one file into the next.
        for part in [file.to_string_lossy().as_bytes(), &contents] {
            sha.update((part.len() as u64).to_le_bytes());
            sha.update(part);
        }
    }
    let mut hash = hex(&sha.finalize());
    hash.truncate(16);
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_names_the_contents() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
            hash(folder.path()).unwrap()
        };
        let one = write("worker.js", "a");
        assert_eq!(one.len(), 16);
        assert_eq!(write("worker.js", "a"), one);
        let two = write("snippets/x/y.js", "b");
        assert_ne!(two, one);
        assert_ne!(write("worker.js", "c"), two);
        assert_eq!(write("worker.js", "a"), two);
    }

    #[test]
    fn is_copied_with_its_folders() {
        let from = tempfile::tempdir().unwrap();
        let page = tempfile::tempdir().unwrap();
        fs::create_dir(from.path().join("snippets")).unwrap();
        fs::write(from.path().join("snippets/a.js"), "a").unwrap();
        fs::write(from.path().join("worker.js"), "w").unwrap();
        let engine = Engine {
            place: "engine".to_owned(),
            folder: from.path().to_owned(),
            hash: "0123456789abcdef".to_owned(),
        };
        let url = engine.copy_into(page.path()).unwrap();
        assert_eq!(url, "engine/0123456789abcdef/worker.js");
        assert_eq!(fs::read_to_string(page.path().join(&url)).unwrap(), "w");
        assert!(page.path().join("engine/0123456789abcdef/snippets/a.js").exists());
    }
}
