//! `cargo xtask figures`: draws the still pictures of the pages again. They stand in for the live charts where there is no
//! JavaScript.

use anyhow::Result;

use crate::command::run;
use crate::project::Project;

/// File in www/ and options of `entropix figure`.
const FIGURES: [(&str, &str); 18] = [
    ("explore/curve", "curve --p 0.8"),
    ("explore/curve-fork", "curve --p 0.5 --labels left right"),
    ("explore/curve-peak", "curve --p 0.9168"),
    ("explore/triangle", "triangle --p 0.6 0.3 0.1"),
    ("explore/triangle-definition", "triangle --p 0.5 0.25 0.25"),
    ("explore/triangle-ties", "triangle --mode v --p 0.5 0.5 0"),
    ("explore/triangle-bumps", "triangle --p 0.8767 0.06165 0.06165"),
    ("explore/triangle-path", "triangle --p 0.7 0.2 0.1 --path"),
    (
        "explore/triangle-rules",
        "triangle --mode rules --p 0.5 0.5 0 --thresholds 0.75 0.5 0.75 0.75 0.5",
    ),
    ("explore/plane-definition", "plane --n 3 --fit --p 0.5 0.25 0.25"),
    ("explore/plane-path", "plane --n 3 --fit --p 0.7 0.2 0.1 --path"),
    ("explore/plane-2", "plane --n 2 --fit --p 0.89 0.11"),
    ("explore/plane-3", "plane --n 3 --fit --p 0.8 0.1 0.1"),
    ("explore/plane-12", "plane --n 12 --preset B"),
    ("explore/plane", "plane --fit --point 2 0 --point 2 31.3229"),
    ("explore/plane-rules", "plane --preset B --p 0.5 0.5"),
    ("explore/plane-chat", "plane --preset B --trace www/traces/larger-b.json"),
    ("results/effect", "results"),
];

pub(crate) fn draw(project: &Project) -> Result<()> {
    let folder = project.root.join("www");
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
