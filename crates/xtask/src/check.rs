//! `cargo xtask check`: what can be said about the code without running it, in seconds to few minutes.
//! `cargo xtask test` begins with the same steps.

mod architecture;
mod circles;
mod crates;
mod links;
mod source;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::build::variants;
use crate::command::{run as run_command, which};
use crate::project::Project;
use crate::steps::counts::Counts;
use crate::steps::{self, Scene, Step, each};
use crate::tools::node::npm_packages;
use crate::tools::{CARGO_DENY, CARGO_SHEAR, TYPOS, ensure_target};
use crate::workspace::{self, NATIVE_ONLY, WASM, WASM_ONLY};

pub(crate) const STEPS: [Step; 9] = [
    Step { name: "format", run: format },
    Step { name: "spelling", run: spelling },
    Step { name: "links", run: links },
    Step { name: "crates", run: crates },
    Step { name: "dependencies", run: dependencies },
    Step { name: "licences", run: licences },
    Step { name: "scripts", run: scripts },
    Step { name: "clippy", run: clippy },
    Step { name: "documentation", run: documentation },
];

/// Asks a database that may be out of reach, and changes without a change here: for workflows.
const ADVISORIES: Step = Step { name: "advisories", run: advisories };

pub(crate) fn run(project: &Project, only: &[String], with_advisories: bool) -> Result<ExitCode> {
    let mut steps = STEPS.to_vec();
    if with_advisories {
        steps.push(ADVISORIES);
    }
    steps::run(project, &steps, only)
}

fn format(scene: &mut Scene<'_>, _: &mut Counts) -> Result<()> {
    run_command(scene.cargo("fmt").args(["--all", "--check"]))
}

/// As typos.toml says.
fn spelling(scene: &mut Scene<'_>, _: &mut Counts) -> Result<()> {
    run_command(scene.project.command(TYPOS.ensure_one(scene.project)?).args(["--format", "brief"]))
}

fn links(scene: &mut Scene<'_>, _: &mut Counts) -> Result<()> {
    none(&links::broken(scene.project)?)
}

fn crates(scene: &mut Scene<'_>, _: &mut Counts) -> Result<()> {
    let crates = workspace::crates(scene.project)?;
    let mut wrong = crates::wrong(scene.project, &crates)?;
    wrong.extend(architecture::wrong(scene.project, &crates)?);
    none(&wrong)
}

fn dependencies(scene: &mut Scene<'_>, _: &mut Counts) -> Result<()> {
    let shear = CARGO_SHEAR.ensure_one(scene.project)?;
    run_command(scene.project.command(shear).args(["--color", "never"]))
}

/// As deny.toml says.
fn licences(scene: &mut Scene<'_>, _: &mut Counts) -> Result<()> {
    deny(scene, &["licenses", "bans", "sources"])
}

fn advisories(scene: &mut Scene<'_>, _: &mut Counts) -> Result<()> {
    deny(scene, &["advisories"])
}

fn deny(scene: &Scene<'_>, what: &[&str]) -> Result<()> {
    let deny = CARGO_DENY.ensure_one(scene.project)?;
    let options = ["--log-level", "error", "check", "--hide-inclusion-graph"];
    run_command(scene.project.command(deny).args(options).args(what))
}

/// Format, lint and types of the JavaScript, as tests/package.json says.
fn scripts(scene: &mut Scene<'_>, _: &mut Counts) -> Result<()> {
    let tests = scene.project.tests();
    npm_packages(scene.project, &tests, &[])?;
    // What the elements are bundled with has types.
    npm_packages(scene.project, &scene.project.npm(), &[])?;
    let npm = which("npm").context("npm is not here: it comes with Node, https://nodejs.org")?;
    let script = |name| {
        let mut npm = scene.project.command(&npm);
        run_command(npm.current_dir(&tests).args(["run", "--silent", name]))
    };
    let lint = script("lint");
    lint.and(script("types"))
}

/// For the browser with the flags of a worker: without them the vector kernels are not seen.
fn for_wasm(scene: &Scene<'_>, command: &str) -> Result<Command> {
    ensure_target(scene.project)?;
    let mut cargo = scene.cargo(command);
    variants::first(scene.project)?.flags(&mut cargo);
    cargo.arg("--quiet").args(WASM);
    Ok(cargo)
}

fn clippy(scene: &mut Scene<'_>, _: &mut Counts) -> Result<()> {
    const STRICT: [&str; 3] = ["--", "-D", "warnings"];
    let native = run_command(
        scene
            .cargo("clippy")
            .args(["--quiet", "--workspace", "--all-targets"])
            .args(each("--exclude", WASM_ONLY))
            .args(STRICT),
    );
    // Code behind `cfg(target_arch = "wasm32")` is not seen natively.
    let wasm = run_command(
        for_wasm(scene, "clippy")?
            .env("CLIPPY_CONF_DIR", wasm_lints(scene.project)?)
            .args(["--workspace", "--lib", "--bins", "--test", "web"])
            .args(each("--exclude", NATIVE_ONLY))
            .args(STRICT),
    );
    native.and(wasm)
}

/// The folder of clippy's configuration for wasm: the native one and what comes on top.
fn wasm_lints(project: &Project) -> Result<PathBuf> {
    let read = |name: &str| {
        let path = project.root.join(name);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let lints = read("clippy.toml")? + &read("crates/xtask/clippy-wasm.toml")?;
    let folder = project.target().join("clippy-wasm");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    fs::write(folder.join("clippy.toml"), lints)?;
    Ok(folder)
}

fn documentation(scene: &mut Scene<'_>, _: &mut Counts) -> Result<()> {
    let native = run_command(
        scene
            .cargo("doc")
            .args(["--quiet", "--workspace", "--no-deps"])
            .args(each("--exclude", WASM_ONLY))
            .env("RUSTDOCFLAGS", "-D warnings"),
    );
    let wasm = run_command(
        for_wasm(scene, "doc")?
            .arg("--no-deps")
            .args(each("--package", WASM_ONLY))
            .env("RUSTDOCFLAGS", "-D warnings"),
    );
    native.and(wasm)
}

/// Prints what is wrong, a line each.
fn none(wrong: &[String]) -> Result<()> {
    for line in wrong {
        println!("{line}");
    }
    if !wrong.is_empty() {
        bail!("{} to mend", wrong.len());
    }
    Ok(())
}
