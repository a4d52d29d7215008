//! Finishes the page that Trunk has built and not yet handed over: puts in the engine, the custom elements,
//! the list of models and, if wanted, the model. Writes only into Trunk's staging folder and target/, which Trunk
//! does not watch: a hook that writes into a watched folder would build for ever.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Serialize;

use crate::build::elements;
use crate::build::inline;
use crate::build::offline;
use crate::build::strip::strip;
use crate::build::variants::{self, Architectures, Need};
use crate::build::worker::Engine;
use crate::command::run as command_run;
use crate::files::link_or_copy;
use crate::models;
use crate::models::manifest::Manifest;
use crate::project::Project;
use crate::tools::node::node;
use crate::tools::wasm_opt::WasmOpt;

/// Set for Trunk when the page shall hold the default model, too.
pub(crate) const WITH_MODEL: &str = "ENTROPIX_WITH_MODEL";

/// It stands in the page's source for the list of workers.
const ENGINES: &str = "ENGINES";

/// It stands there for the list of recorded answers.
const RECORDINGS: &str = "RECORDINGS";

/// A worker as the page reads it.
#[derive(Serialize)]
struct Offer {
    name: String,
    url: String,
    needs: Vec<Need>,
    architectures: Architectures,
}

pub(crate) fn run(project: &Project) -> Result<()> {
    let page = env::var_os("TRUNK_STAGING_DIR")
        .map(PathBuf::from)
        .context("`stage` is for Trunk: use `cargo xtask build` or `trunk build`")?;
    let mut offers = Vec::new();
    for variant in variants::read(project)? {
        let engine =
            Engine::build(project, &variant).with_context(|| format!("worker {}", variant.name))?;
        let url = engine.copy_into(&page)?;
        let needs = variant.needs()?;
        offers.push(Offer { name: variant.name, url, needs, architectures: variant.architectures });
    }
    replace(&page, ENGINES, &serde_json::to_string(&offers)?)?;
    replace(&page, RECORDINGS, &recordings(&page)?)?;
    inline::move_out(&page).context("scripts in pages")?;
    elements::build_into(project, &page).context("the custom elements")?;
    shrink(project, &page).context("the page's wasm")?;
    if !is_debug() {
        offline::list_files(&page).context("what is kept for a visit without a network")?;
    }
    compress(project, &page).context("compressed files")?;
    list_models(project, &page)
}

/// For servers that send such files, as `cargo xtask serve` does.
fn compress(project: &Project, page: &Path) -> Result<()> {
    if is_debug() {
        return Ok(());
    }
    let mut command = project.command(node()?);
    command.arg(project.npm().join("compress.mjs")).arg(page);
    command_run(command.arg(project.target().join("compressed")))
}

/// A page under development need not be small.
fn is_debug() -> bool {
    env::var_os("TRUNK_PROFILE").is_some_and(|profile| profile == "debug")
}

/// The list of recorded answers, in one line.
fn recordings(page: &Path) -> Result<String> {
    let path = page.join("traces/index.json");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let list: serde_json::Value =
        serde_json::from_str(&text).with_context(|| path.display().to_string())?;
    // So that no text in it ends the script that holds it.
    Ok(list.to_string().replace('<', "\\u003c"))
}

/// Puts what only the build knows into the page.
fn replace(page: &Path, placeholder: &str, value: &str) -> Result<()> {
    let mut found = false;
    for entry in fs::read_dir(page)? {
        let path = entry?.path();
        if path.extension().is_none_or(|ext| ext != "html") {
            continue;
        }
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if text.contains(placeholder) {
            fs::write(&path, text.replace(placeholder, value))
                .with_context(|| format!("cannot write {}", path.display()))?;
            found = true;
        }
    }
    if !found {
        bail!("no page asks for it: www/index.html needs {placeholder}");
    }
    Ok(())
}

/// Lets wasm-opt work if there is one (Trunk's own call of it would download it), and takes the names of functions
/// out.
fn shrink(project: &Project, page: &Path) -> Result<()> {
    if is_debug() {
        return Ok(());
    }
    let optimizer = WasmOpt::any(project);
    for entry in fs::read_dir(page)? {
        let path = entry?.path();
        if path.extension().is_none_or(|ext| ext != "wasm") {
            continue;
        }
        if let Some(optimizer) = &optimizer {
            optimizer.shrink(project, &path)?;
        }
        strip(&path)?;
    }
    Ok(())
}

fn list_models(project: &Project, page: &Path) -> Result<()> {
    let manifest = Manifest::read(project)?;
    let model = manifest.default_model();
    let with_model = env::var_os(WITH_MODEL).is_some();
    let folder = page.join("models");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    if with_model {
        let path = models::ensure(project, &manifest, model)?;
        link_or_copy(&path, &folder.join(&model.file))?;
    }
    let list = manifest.page_json(model, |other| with_model && other.name == model.name);
    fs::write(folder.join("manifest.json"), list).context("cannot write models/manifest.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_learns_of_the_workers() {
        let page = tempfile::tempdir().unwrap();
        let html = page.path().join("index.html");
        fs::write(&html, "<script id=engines>ENGINES</script>").unwrap();
        fs::write(page.path().join("app.js"), "ENGINES").unwrap();
        replace(page.path(), ENGINES, "[1]").unwrap();
        let text = fs::read_to_string(&html).unwrap();
        assert_eq!(text, "<script id=engines>[1]</script>");
        assert_eq!(fs::read_to_string(page.path().join("app.js")).unwrap(), ENGINES);
        let message = replace(page.path(), ENGINES, "x").unwrap_err().to_string();
        assert!(message.contains(ENGINES), "{message}");
    }
}
