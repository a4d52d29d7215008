//! The steps of `cargo xtask test`.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde::Deserialize;

use super::counts::Counts;
use super::sizes;
use crate::build;
use crate::build::variants::{self, Variant};
use crate::command::{follow, run};
use crate::models;
use crate::models::manifest::Manifest;
use crate::project::Project;
use crate::tools::Tools;
use crate::tools::browser::{Browser, firefox};
use crate::tools::node::{node, npm_packages};

pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&mut Scene<'_>, &mut Counts) -> Result<()>,
}

pub(crate) const STEPS: [Step; 7] = [
    Step { name: "format", run: format },
    Step { name: "clippy", run: clippy },
    Step { name: "native tests", run: native },
    Step { name: "wasm tests", run: wasm },
    Step { name: "build", run: build },
    Step { name: "browser test", run: browser },
    Step { name: "size budgets", run: size },
];

/// They exist in a browser only.
const WASM_ONLY: [&str; 2] = ["entropix-worker", "entropix-app"];

/// These are linted for wasm as well: code behind `cfg(target_arch = "wasm32")` is not seen natively.
const BOTH: [&str; 8] = [
    "entropix",
    "entropix-simplex",
    "entropix-protocol",
    "entropix-engine",
    "entropix-generic",
    "entropix-generate",
    "entropix-client",
    "entropix-embed",
];

/// Their unit tests run in a browser too: what only a browser has is tested there.
const UNIT_TESTED: [&str; 1] = ["entropix-engine"];

const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];

/// What several steps need, done once.
pub(crate) struct Scene<'a> {
    project: &'a Project,
    manifest: Manifest,
    /// Whether dist/ is up to date, or why not.
    built: Option<Result<(), String>>,
}

impl<'a> Scene<'a> {
    pub(crate) fn new(project: &'a Project, manifest: Manifest) -> Self {
        Self { project, manifest, built: None }
    }

    fn cargo(&self, command: &str) -> Command {
        let mut cargo = self.project.command("cargo");
        cargo.arg(command);
        cargo
    }

    fn native_tests(&self) -> Command {
        let mut cargo = self.cargo("test");
        cargo.arg("--workspace").args(each("--exclude", WASM_ONLY));
        cargo
    }

    /// An old dist/ must not pass for the new one: the steps on it fail with the build.
    fn built(&mut self) -> Result<()> {
        let project = self.project;
        self.built
            .get_or_insert_with(|| {
                npm_packages(project, &project.tests(), &[])
                    .and_then(|()| build::page(project, false))
                    .map_err(|error| format!("{error:#}"))
            })
            .clone()
            .map_err(|error| anyhow!("the page could not be built: {error}"))
    }
}

fn format(scene: &mut Scene<'_>, _: &mut Counts) -> Result<()> {
    run(scene.cargo("fmt").args(["--all", "--check"]))
}

fn clippy(scene: &mut Scene<'_>, _: &mut Counts) -> Result<()> {
    const STRICT: [&str; 3] = ["--", "-D", "warnings"];
    Tools::ensure(scene.project)?;
    let native = run(scene
        .cargo("clippy")
        .args(["--quiet", "--workspace", "--all-targets"])
        .args(each("--exclude", WASM_ONLY))
        .args(STRICT));
    let worker = worker(scene.project)?;
    let mut wasm = scene.cargo("clippy");
    worker.flags(&mut wasm);
    let wasm = run(wasm
        .env("CLIPPY_CONF_DIR", scene.project.root.join("crates/xtask/clippy-wasm"))
        .arg("--quiet")
        .args(WASM)
        .args(each("--package", WASM_ONLY.into_iter().chain(BOTH)))
        .args(STRICT));
    let mut web_tests = scene.cargo("clippy");
    worker.flags(&mut web_tests);
    let web_tests = run(web_tests
        .args(["--quiet", "--test", "web"])
        .args(WASM)
        .args(each("--package", web_tested(scene.project)?))
        .args(STRICT));
    native.and(wasm).and(web_tests)
}

fn native(scene: &mut Scene<'_>, counts: &mut Counts) -> Result<()> {
    models::ensure_all(scene.project, &scene.manifest)?;
    follow(
        scene.native_tests().arg("--no-fail-fast").env("ENTROPIX_MODELS", scene.project.models()),
        |line| counts.read(line),
    )?;
    some_ran(*counts)
}

fn wasm(scene: &mut Scene<'_>, counts: &mut Counts) -> Result<()> {
    let project = scene.project;
    let crates = web_tested(project)?;
    let tools = Tools::ensure(project)?;
    let browser = Browser::ensure(project)?;
    let capabilities = project.target().join("webdriver.json");
    browser.write_capabilities(&capabilities)?;
    for (tests, packages) in
        [(&["--test", "web"][..], crates), (&["--lib"], UNIT_TESTED.map(str::to_owned).to_vec())]
    {
        let mut command = scene.cargo("test");
        command.arg("--no-fail-fast").args(tests).args(WASM).args(each("--package", packages));
        worker(project)?.flags(&mut command);
        in_browser(&mut command, &tools, &browser, &capabilities);
        follow(&mut command, |line| counts.read(line))?;
    }
    some_ran(*counts)
}

/// The worker that most browsers run: without its flags the engine's vector kernels are not even compiled.
fn worker(project: &Project) -> Result<Variant> {
    variants::read(project)?.into_iter().next().context("there is no worker")
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

fn browser(scene: &mut Scene<'_>, counts: &mut Counts) -> Result<()> {
    let project = scene.project;
    let tests = browser_tests(project)?;
    let node = node()?;
    let browser = Browser::ensure(project)?;
    models::ensure_all(project, &scene.manifest)?;
    scene.built()?;
    // The native tests' command line: any other build of it would compile the engine once more.
    run(scene.native_tests().args(["--quiet", "--no-run"]))?;
    let mut command = project.command(node);
    command
        .env("ENTROPIX_CLI", project.target().join("debug/entropix"))
        // One after the other: each runs a model in a browser.
        .args(reporters(&project.tests()))
        .arg("--test-concurrency=1")
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

/// Node's options: what people read, and the line that is counted.
pub(super) fn reporters(tests: &Path) -> Vec<OsString> {
    let mut counting = OsString::from("--test-reporter=");
    counting.push(tests.join("reporter.mjs"));
    let stdout = || OsString::from("--test-reporter-destination=stdout");
    vec!["--test".into(), "--test-reporter=spec".into(), stdout(), counting, stdout()]
}

fn size(scene: &mut Scene<'_>, counts: &mut Counts) -> Result<()> {
    scene.built()?;
    sizes::check(&scene.project.dist(), &variants::read(scene.project)?, counts)
}

/// The packages with a tests/web.rs.
fn web_tested(project: &Project) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(project.root.join("crates")).context("cannot list crates/")? {
        let folder = entry?.path();
        if folder.join("tests/web.rs").exists() {
            let manifest = folder.join("Cargo.toml");
            let text = fs::read_to_string(&manifest)
                .with_context(|| format!("cannot read {}", manifest.display()))?;
            names.push(package_name(&text).with_context(|| manifest.display().to_string())?);
        }
    }
    names.sort();
    ensure!(!names.is_empty(), "no crate has a tests/web.rs");
    Ok(names)
}

fn package_name(manifest: &str) -> Result<String> {
    #[derive(Deserialize)]
    struct Cargo {
        package: Package,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
    }
    Ok(toml::from_str::<Cargo>(manifest)?.package.name)
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
    tests.sort();
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

/// `--package a --package b`
fn each<T: Into<OsString>>(option: &str, names: impl IntoIterator<Item = T>) -> Vec<OsString> {
    names.into_iter().flat_map(|name| [option.into(), name.into()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_repeated() {
        assert_eq!(each("-p", ["a", "b"]), ["-p", "a", "-p", "b"]);
    }

    #[test]
    fn reads_package_names() {
        let text = "[package]\nname = \"a-b\"\nversion.workspace = true\n[lib]\nname = \"c\"\n";
        assert_eq!(package_name(text).unwrap(), "a-b");
        assert!(package_name("[workspace]").is_err());
    }

    #[test]
    fn nothing_run_is_a_failure() {
        assert!(some_ran(Counts::default()).is_err());
        assert!(some_ran(Counts { passed: 1, failed: 0 }).is_ok());
    }
}
