//! `cargo xtask test`: every check and test of the project.

mod opcodes;
mod sizes;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};

use crate::build::variants;
use crate::check;
use crate::command::{follow, run as run_command};
use crate::evaluate;
use crate::models;
use crate::models::manifest::Manifest;
use crate::package;
use crate::project::Project;
use crate::steps::counts::Counts;
use crate::steps::{self, Scene, Step, each};
use crate::tools::Tools;
use crate::tools::browser::{Browser, firefox};
use crate::tools::node::node;
use crate::workspace::{self, WASM, WASM_ONLY};

const STEPS: [Step; 7] = [
    Step { name: "native tests", run: native },
    Step { name: "evaluation", run: evaluation },
    Step { name: "wasm tests", run: wasm },
    Step { name: "build", run: build },
    Step { name: "packages", run: packages },
    Step { name: "browser test", run: browser },
    Step { name: "size budgets", run: size },
];

/// With `--models`.
const REAL: Step = Step { name: "real models", run: real };

/// Their unit tests run in a browser too: what only a browser has is tested there.
const UNIT_TESTED: [&str; 1] = ["entropix-engine"];

pub(crate) fn run(project: &Project, only: &[String], models: bool) -> Result<ExitCode> {
    let real: &[Step] = if models { &[REAL] } else { &[] };
    steps::run(project, &[&check::STEPS[..], &STEPS, real].concat(), only)
}

fn native_tests(scene: &Scene<'_>) -> Command {
    let mut cargo = scene.cargo("test");
    cargo.arg("--workspace").args(each("--exclude", WASM_ONLY));
    cargo
}

fn native(scene: &mut Scene<'_>, counts: &mut Counts) -> Result<()> {
    models::ensure_needed(scene.project, &Manifest::read(scene.project)?)?;
    follow(
        native_tests(scene).arg("--no-fail-fast").env("ENTROPIX_MODELS", scene.project.models()),
        |line| counts.read(line),
    )?;
    some_ran(*counts)
}

/// Every sampler answers a few questions, and what came of it is computed.
fn evaluation(scene: &mut Scene<'_>, _: &mut Counts) -> Result<()> {
    evaluate::quick(scene.project, &tested_program(scene)?)
}

/// The command-line program as the native tests build it: any other build of it would compile the engine once more.
fn tested_program(scene: &Scene<'_>) -> Result<PathBuf> {
    run_command(native_tests(scene).args(["--quiet", "--no-run"]))?;
    Ok(scene.project.target().join("debug/entropix"))
}

fn real(scene: &mut Scene<'_>, counts: &mut Counts) -> Result<()> {
    models::ensure_optional(scene.project, &Manifest::read(scene.project)?)?;
    let mut cargo = scene.cargo("test");
    cargo.args([
        "--package",
        "entropix-engine",
        "--test",
        "real",
        "--",
        "--ignored",
        "--nocapture",
    ]);
    follow(cargo.env("ENTROPIX_MODELS", scene.project.models()), |line| counts.read(line))?;
    some_ran(*counts)
}

fn wasm(scene: &mut Scene<'_>, counts: &mut Counts) -> Result<()> {
    let project = scene.project;
    let crates = workspace::web_tested(project)?;
    let tools = Tools::ensure(project)?;
    let browser = Browser::ensure(project)?;
    let capabilities = project.target().join("webdriver.json");
    browser.write_capabilities(&capabilities)?;
    for (tests, packages) in
        [(&["--test", "web"][..], crates), (&["--lib"], UNIT_TESTED.map(str::to_owned).to_vec())]
    {
        let mut command = scene.cargo("test");
        command.arg("--no-fail-fast").args(tests).args(WASM).args(each("--package", packages));
        variants::first(project)?.flags(&mut command);
        in_browser(&mut command, &tools, &browser, &capabilities);
        follow(&mut command, |line| counts.read(line))?;
    }
    some_ran(*counts)
}

/// Makes `cargo test` for wasm run in the browser.
fn in_browser(command: &mut Command, tools: &Tools, browser: &Browser, capabilities: &Path) {
    command
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &tools.test_runner)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities)
        // The defaults are for tests that take no time on a machine that has nothing else to do.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "600")
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
    browser.name_to(command);
}

fn build(scene: &mut Scene<'_>, _: &mut Counts) -> Result<()> {
    scene.built()
}

fn packages(scene: &mut Scene<'_>, _: &mut Counts) -> Result<()> {
    package::run(scene.project)
}

fn browser(scene: &mut Scene<'_>, counts: &mut Counts) -> Result<()> {
    let project = scene.project;
    let tests = browser_tests(project)?;
    let node = node()?;
    let browser = Browser::ensure(project)?;
    models::ensure_needed(project, &Manifest::read(project)?)?;
    scene.built()?;
    let program = tested_program(scene)?;
    let package = package::elements(project)?;
    let mut command = project.command(node);
    command
        .env("ENTROPIX_PACKAGE", package)
        .env("ENTROPIX_CLI", program)
        .arg(runner(&project.tests()))
        .args(tests)
        .env("NO_COLOR", "1")
        .env("FIREFOX", firefox(project)?)
        .env("ENTROPIX_DIST", project.dist())
        .env("ENTROPIX_MODELS", project.models())
        // Tests start the server with it: `$ENTROPIX_XTASK serve --no-build --port 0`.
        .env("ENTROPIX_XTASK", env::current_exe()?);
    browser.name_to(&mut command);
    follow(&mut command, |line| counts.read(line))?;
    some_ran(*counts)
}

/// The script by which Node runs tests, for people to read and with the line that is counted.
pub(crate) fn runner(tests: &Path) -> PathBuf {
    tests.join("run.mjs")
}

fn size(scene: &mut Scene<'_>, counts: &mut Counts) -> Result<()> {
    scene.built()?;
    sizes::check(&scene.project.dist(), &variants::read(scene.project)?, counts)
}

/// Every *.test.mjs in tests/browser and its folders.
fn browser_tests(project: &Project) -> Result<Vec<PathBuf>> {
    let root = project.tests().join("browser");
    let mut tests = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(".test.mjs") {
                tests.push(path);
            }
        }
    }
    // What computes for longest lies at the top: begun first, it does not run alone at the end.
    tests.sort_by_key(|path| (path.components().count(), path.clone()));
    ensure!(!tests.is_empty(), "there is no *.test.mjs in {}", root.display());
    Ok(tests)
}

/// A runner that finds nothing is content; this project is not.
fn some_ran(counts: Counts) -> Result<()> {
    if counts.passed + counts.failed == 0 {
        bail!("no test ran");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_run_is_a_failure() {
        assert!(some_ran(Counts::default()).is_err());
        assert!(some_ran(Counts { passed: 1, failed: 0 }).is_ok());
    }
}
