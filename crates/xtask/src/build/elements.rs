//! The custom elements: crates/embed as wasm, wasm-bindgen's glue, and the hand-written modules, at an
//! address that never changes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::build::strip::strip;
use crate::command::run;
use crate::files::files;
use crate::project::Project;
use crate::tools::Tools;
use crate::tools::node::{node, npm_packages};
use crate::tools::wasm_opt::WasmOpt;

const CRATE: &str = "entropix-embed";

/// Where hosts find the elements; what would break them goes to v2.
pub(crate) const PLACE: &str = "embed/v1";

/// Builds the elements and puts them into a page.
pub(crate) fn build_into(project: &Project, page: &Path) -> Result<()> {
    let tools = Tools::ensure(project)?;
    npm_packages(project, &project.npm(), &[])?;
    let target = project.target().join("engine");
    run(project
        .command("cargo")
        .args(["build", "--profile", "embed", "--target", "wasm32-unknown-unknown"])
        .args(["--package", CRATE, "--target-dir"])
        .arg(&target))?;
    let wasm = target.join("wasm32-unknown-unknown/embed").join(CRATE.replace('-', "_") + ".wasm");
    let stage = target.join("stage-embed");
    if stage.exists() {
        fs::remove_dir_all(&stage).with_context(|| format!("cannot empty {}", stage.display()))?;
    }
    run(project
        .command(&tools.wasm_bindgen)
        .args(["--target", "web", "--no-typescript", "--out-name", "embed"])
        .arg("--remove-producers-section")
        .args(["--encode-into", "always", "--out-dir"])
        .arg(&stage)
        .arg(&wasm))?;
    let glue = stage.join("embed.js");
    let text = fs::read_to_string(&glue).context("wasm-bindgen wrote no embed.js")?;
    fs::write(stage.join("embed.bindings.js"), without_comments(&text))?;
    fs::remove_file(&glue)?;
    copy(&project.root.join("crates/embed/js"), &stage)?;

    let wasm = stage.join("embed_bg.wasm");
    if let Some(optimizer) = WasmOpt::any(project) {
        optimizer.shrink(project, &wasm)?;
    }
    strip(&wasm)?;

    // People who find the folder find what it is.
    fs::copy(project.root.join("crates/embed/README.md"), stage.join("README.md"))?;

    let folder = page.join(PLACE);
    run(project.command(node()?).arg(project.npm().join("bundle.mjs")).args([&stage, &folder]))
        .context("the bundle")?;
    for file in ["embed_bg.wasm", "elements.css", "README.md"] {
        fs::copy(stage.join(file), folder.join(file))
            .with_context(|| format!("cannot copy {file}"))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    for file in files(from)? {
        fs::copy(from.join(&file), to.join(&file))
            .with_context(|| format!("cannot copy {}", file.display()))?;
    }
    Ok(())
}

/// The glue without the comments that stand on lines of their own, which are half of it.
fn without_comments(script: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for line in script.lines() {
        let text = line.trim();
        inside |= text.starts_with("/*");
        if !inside && !text.starts_with("//") && !text.is_empty() {
            out.push_str(line.trim_start());
            out.push('\n');
        }
        if inside && text.ends_with("*/") {
            inside = false;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_code_stays() {
        let script = "/* a */\nlet x = 1; // kept\n/**\n * gone\n */\n  x * 2;\n\n// gone\nend();";
        assert_eq!(without_comments(script), "let x = 1; // kept\nx * 2;\nend();\n");
    }
}
