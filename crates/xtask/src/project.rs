//! Where things are, and how child processes are started.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The checkout, and what holds for this run.
pub(crate) struct Project {
    /// The checkout's folder.
    pub(crate) root: PathBuf,
    /// Nothing may be downloaded.
    pub(crate) offline: bool,
    /// The user's cache, shared by all checkouts; `None` when it is switched off.
    pub(crate) cache: Option<PathBuf>,
}

impl Project {
    pub(crate) fn find(offline: bool) -> Result<Self> {
        // `cargo run` sets the variable; the fallback serves a binary that is started directly.
        let here = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = here
            .ancestors()
            .find(|folder| folder.join("models/manifest.toml").is_file())
            .with_context(|| format!("no checkout of the project above {}", here.display()))?
            .to_owned();
        // Trunk's hook runs xtask inside xtask: the variable hands `--offline` on.
        let offline = offline || env::var_os("CARGO_NET_OFFLINE").is_some_and(|v| v == "true");
        Ok(Self { root, offline, cache: user_cache() })
    }

    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    pub(crate) fn models(&self) -> PathBuf {
        self.root.join("models")
    }

    /// What xtask installs; git ignores it.
    pub(crate) fn tools(&self) -> PathBuf {
        self.root.join(".tools")
    }

    pub(crate) fn target(&self) -> PathBuf {
        self.root.join("target")
    }

    /// The npm packages and scripts that finish the page.
    pub(crate) fn npm(&self) -> PathBuf {
        self.root.join("crates/xtask/npm")
    }

    pub(crate) fn tests(&self) -> PathBuf {
        self.root.join("tests")
    }

    /// A command that runs in the checkout.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        if self.offline {
            command.env("CARGO_NET_OFFLINE", "true");
        }
        command
    }

    /// Held while files are fetched or tools installed, so that two xtasks don't do it at once.
    pub(crate) fn lock(&self) -> Result<File> {
        let path = self.tools().join("lock");
        fs::create_dir_all(self.tools())
            .with_context(|| format!("cannot create {}", self.tools().display()))?;
        let file =
            File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            println!("Waiting for another xtask to finish its downloads.");
            file.lock().context("cannot lock .tools/lock")?;
        }
        Ok(file)
    }
}

fn user_cache() -> Option<PathBuf> {
    if env::var_os("ENTROPIX_CACHE").is_some_and(|value| value == "off") {
        return None;
    }
    env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| {
            env::var_os("HOME").filter(|h| !h.is_empty()).map(|h| Path::new(&h).join(".cache"))
        })
        .map(|path| path.join("entropix"))
}
