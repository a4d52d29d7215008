//! Chromium, chromedriver, Firefox and Node for the tests.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;

use crate::command::{is_program, output, run, which};
use crate::project::Project;

/// Chrome on a Mac is not on the PATH.
const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) driver: PathBuf,
    /// Chromium without windows, where there is one: a page takes it a fifth of the time.
    shell: Option<PathBuf>,
}

impl Browser {
    /// Finds the browser and its driver; on Debian, root gets what is missing.
    pub(crate) fn ensure(project: &Project) -> Result<Self> {
        if let Some(found) = Self::find()
            && found.shell.is_some()
        {
            return Ok(found);
        }
        if !project.offline && may_install() {
            println!(
                "Installing Chromium (whole, and without windows) and chromedriver with apt-get."
            );
            let packages = ["chromium", "chromium-driver", "chromium-headless-shell"];
            let installed = install(project, &packages);
            // Where there is no shell, tests take longer, and that is all.
            if Self::find().is_none() {
                installed?;
            }
        }
        Self::find().context(
            "Chromium (or Chrome) and the chromedriver of the same version must be on the PATH, or \
             named by CHROMIUM and CHROMEDRIVER. Debian: apt-get install chromium chromium-driver. \
             Ubuntu: snap install chromium. macOS: brew install --cask google-chrome chromedriver",
        )
    }

    fn find() -> Option<Self> {
        let named = |name| env::var_os(name).map(PathBuf::from).filter(|path| is_program(path));
        let chromium = named("CHROMIUM").or_else(|| {
            ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
                .into_iter()
                .find_map(which)
                .or_else(|| Some(PathBuf::from(MAC)).filter(|path| is_program(path)))
        })?;
        let driver = named("CHROMEDRIVER").or_else(|| which("chromedriver"))?;
        let shell = named("CHROMIUM_SHELL").or_else(|| which("chromium-headless-shell"));
        Some(Self { chromium, driver, shell })
    }

    /// Tells a test where the browser is.
    pub(crate) fn name_to(&self, command: &mut Command) {
        command
            .env("CHROMIUM", &self.chromium)
            .env("CHROMIUM_SHELL", self.shell.as_ref().unwrap_or(&self.chromium))
            .env("CHROMEDRIVER", &self.driver);
    }

    /// Writes the file by which wasm-bindgen's test runner starts the browser. The runner itself adds
    /// --headless and --no-sandbox; the flags here keep the browser from calling home.
    pub(crate) fn write_capabilities(&self, path: &Path) -> Result<()> {
        let args = [
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ];
        let json = json!({ "goog:chromeOptions": { "binary": self.chromium, "args": args } });
        let folder = path.parent().context("a file needs a folder")?;
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        fs::write(path, json.to_string())
            .with_context(|| format!("cannot write {}", path.display()))
    }
}

/// Firefox, the second browser: the page must not work in one alone.
pub(crate) fn firefox(project: &Project) -> Result<PathBuf> {
    let find = || {
        let named = env::var_os("FIREFOX").map(PathBuf::from).filter(|path| is_program(path));
        named.or_else(|| ["firefox-esr", "firefox"].into_iter().find_map(which))
    };
    if find().is_none() && !project.offline && may_install() {
        println!("Installing Firefox with apt-get.");
        install(project, &["firefox-esr"])?;
    }
    find().context(
        "Firefox must be on the PATH, or named by FIREFOX. Debian: apt-get install firefox-esr. \
         Ubuntu: snap install firefox. macOS: brew install --cask firefox",
    )
}

fn install(project: &Project, packages: &[&str]) -> Result<()> {
    let apt = |args: &[&str]| {
        let mut command = project.command("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq").args(args);
        run(&mut command)
    };
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], packages].concat())
}

/// Debian, and root.
fn may_install() -> bool {
    let debian = fs::read_to_string("/etc/os-release")
        .is_ok_and(|text| text.lines().any(|line| line == "ID=debian"));
    let root = || output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    debian && which("apt-get").is_some() && root()
}
