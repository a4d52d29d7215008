//! `cargo xtask package`: the elements for npm, and whether the crates could be published. Nothing is sent anywhere.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::build::elements;
use crate::command::{run as run_command, which};
use crate::files::files;
use crate::project::Project;
use crate::steps::each;
use crate::tools::node::node;

/// What other people can use without a page.
const CRATES: [&str; 2] = ["entropix", "entropix-simplex"];

/// Name of the package on npm.
const NAME: &str = "entropix-elements";

pub(crate) fn run(project: &Project) -> Result<()> {
    println!("{}", elements(project)?.display());
    crates(project)
}

#[derive(Deserialize)]
struct Root {
    workspace: Workspace,
}
#[derive(Deserialize)]
struct Workspace {
    package: Package,
}
#[derive(Deserialize)]
struct Package {
    version: String,
    license: String,
}

/// Makes the npm package of the elements; returns the tarball.
pub(crate) fn elements(project: &Project) -> Result<PathBuf> {
    let node = node()?;
    let npm = which("npm").context("npm is not here: it comes with Node, https://nodejs.org")?;
    let target = project.target().join("npm");
    if target.exists() {
        fs::remove_dir_all(&target)
            .with_context(|| format!("cannot empty {}", target.display()))?;
    }
    let folder = target.join(NAME);
    let built = target.join("built");
    elements::build_into(project, &built)?;
    let built = built.join(elements::PLACE);
    for file in files(&built)? {
        // The iframe's page is no part of it, and the README comes from its source.
        if !file.starts_with("frame.js") && !file.starts_with("README.md") {
            copy(&built.join(&file), &folder.join(&file))?;
        }
    }
    let source = project.root.join("crates/embed");
    for file in ["server.js", "members.d.ts", "react.d.ts", "vue.d.ts", "svelte.d.ts"] {
        copy(&source.join("npm").join(file), &folder.join(file))?;
    }
    copy(&source.join("js/types.d.ts"), &folder.join("types.d.ts"))?;
    copy(&source.join("README.md"), &folder.join("README.md"))?;
    for file in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&project.root.join(file), &folder.join(file))?;
    }
    let Package { version, license } = package(project)?;
    run_command(
        project
            .command(node)
            .arg(source.join("npm/describe.mjs"))
            .arg(&folder)
            .args([&version, &license]),
    )?;
    run_command(
        project
            .command(npm)
            .args(["pack", "--silent", "--pack-destination"])
            .arg(&target)
            .current_dir(&folder),
    )?;
    Ok(target.join(format!("{NAME}-{version}.tgz")))
}

/// Packs the crates, and builds what is in the packages.
pub(crate) fn crates(project: &Project) -> Result<()> {
    if project.offline {
        println!("The crates are left out: what they depend on is looked up in the registry.");
        return Ok(());
    }
    run_command(
        project
            .command("cargo")
            .args(["publish", "--quiet", "--dry-run", "--allow-dirty"])
            .args(each("--package", CRATES)),
    )
}

fn package(project: &Project) -> Result<Package> {
    let path = project.root.join("Cargo.toml");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(toml::from_str::<Root>(&text)?.workspace.package)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().context("a file has a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(())
}
