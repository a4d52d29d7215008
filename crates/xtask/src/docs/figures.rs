//! `cargo xtask figures`: draws the still pictures of the explore page again. They stand in for the live
//! charts where there is no JavaScript.

use std::fs;

use anyhow::{Context, Result};

use crate::command::run;
use crate::project::Project;

/// File and options of `entropix figure`.
const FIGURES: [(&str, &str); 17] = [
    ("curve", "curve --p 0.8"),
    ("curve-fork", "curve --p 0.5 --labels left right"),
    ("curve-peak", "curve --p 0.9168"),
    ("triangle", "triangle --p 0.6 0.3 0.1"),
    ("triangle-definition", "triangle --p 0.5 0.25 0.25"),
    ("triangle-ties", "triangle --mode v --p 0.5 0.5 0"),
    ("triangle-bumps", "triangle --p 0.8767 0.06165 0.06165"),
    ("triangle-path", "triangle --p 0.7 0.2 0.1 --path"),
    ("triangle-rules", "triangle --mode rules --p 0.5 0.5 0 --thresholds 0.75 0.5 0.75 0.75 0.5"),
    ("plane-definition", "plane --n 3 --fit --p 0.5 0.25 0.25"),
    ("plane-path", "plane --n 3 --fit --p 0.7 0.2 0.1 --path"),
    ("plane-2", "plane --n 2 --fit --p 0.89 0.11"),
    ("plane-3", "plane --n 3 --fit --p 0.8 0.1 0.1"),
    ("plane-12", "plane --n 12 --preset B"),
    ("plane", "plane --fit --point 2 0 --point 2 31.3229"),
    ("plane-rules", "plane --preset B --p 0.5 0.5"),
    ("plane-chat", "plane --preset B --trace www/traces/larger-b.json"),
];

pub(crate) fn draw(project: &Project) -> Result<()> {
    let folder = project.root.join("www/explore");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for (name, options) in FIGURES {
        println!("Drawing {name}.svg.");
        run(project
            .command("cargo")
            .args(["run", "--quiet", "--package", "entropix-cli", "--", "figure"])
            .args(options.split(' '))
            .arg("--output")
            .arg(folder.join(name).with_extension("svg")))?;
    }
    Ok(())
}
