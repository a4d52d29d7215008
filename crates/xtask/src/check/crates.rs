//! Habits that every crate keeps, and small files those of the page, too: a README, small files without circles, and no unsafe code unless it needs some.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::circles::circles;
use super::source::without_tests;
use crate::files::files;
use crate::project::Project;
use crate::workspace::Crate;

/// Lines of a file, its tests apart.
const MOST_LINES: usize = 400;

const FORBID: &str = "#![forbid(unsafe_code)]";

pub(crate) fn wrong(project: &Project, crates: &[Crate]) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for one in crates {
        let readme = fs::read_to_string(one.folder.join("README.md")).unwrap_or_default();
        if !readme.starts_with("# ") {
            wrong.push(format!("crates/{}: a README.md with a title is missing", one.name));
        }
        let named = |why| format!("crates/{}: {why}", one.name);
        wrong.extend(circles(&one.folder)?.into_iter().map(named));
        wrong.extend(long(&one.folder)?.into_iter().map(named));
        wrong.extend(unsafe_code(&one.folder)?.map(named));
    }
    let of_page = long(&project.root.join("www"))?;
    wrong.extend(of_page.into_iter().map(|why| format!("www: {why}")));
    wrong.extend(toolchain(project)?);
    Ok(wrong)
}

/// A file with one job is short.
fn long(folder: &Path) -> Result<Vec<String>> {
    let mut long = Vec::new();
    for file in files(folder)? {
        let kind = file.extension().and_then(|ext| ext.to_str()).unwrap_or_default();
        // Packages are other people's.
        let foreign = file.iter().any(|part| part == "node_modules");
        if !["rs", "js", "css"].contains(&kind) || file.starts_with("tests") || foreign {
            continue;
        }
        let text = fs::read_to_string(folder.join(&file))?;
        let lines = without_tests(&text).len();
        if lines > MOST_LINES {
            long.push(format!("{} has {lines} lines, {MOST_LINES} at most", file.display()));
        }
    }
    Ok(long)
}

/// A crate without unsafe code says so, and then stays so.
fn unsafe_code(folder: &Path) -> Result<Option<String>> {
    let source = folder.join("src");
    let mut has_some = false;
    let mut unsaid = None;
    for file in files(&source)? {
        if file.extension().is_none_or(|ext| ext != "rs") {
            continue;
        }
        let text = fs::read_to_string(source.join(&file))?;
        has_some |= text.lines().map(str::trim_start).any(is_unsafe);
        let is_root = ["lib.rs", "main.rs"].into_iter().any(|root| file == Path::new(root));
        if is_root && !text.contains(FORBID) {
            unsaid = Some(format!("src/{} has no {FORBID}, and no unsafe code", file.display()));
        }
    }
    Ok(unsaid.filter(|_| !has_some))
}

/// In code, that is: neither in a comment nor in a string.
fn is_unsafe(line: &str) -> bool {
    let opens = ["unsafe {", "unsafe fn ", "unsafe impl ", "unsafe trait ", "unsafe extern "];
    !line.starts_with("//")
        && line.split('"').step_by(2).any(|code| opens.iter().any(|open| code.contains(open)))
}

/// The compiler of this checkout is the oldest that is promised: no other one is tested.
fn toolchain(project: &Project) -> Result<Option<String>> {
    #[derive(Deserialize)]
    struct Pinned {
        toolchain: Channel,
    }
    #[derive(Deserialize)]
    struct Channel {
        channel: String,
    }
    #[derive(Deserialize)]
    struct Root {
        workspace: Workspace,
    }
    #[derive(Deserialize)]
    struct Workspace {
        package: Package,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Package {
        rust_version: String,
    }
    let read = |name: &str| {
        fs::read_to_string(project.root.join(name)).with_context(|| format!("cannot read {name}"))
    };
    let pinned = toml::from_str::<Pinned>(&read("rust-toolchain.toml")?)?.toolchain.channel;
    let said = toml::from_str::<Root>(&read("Cargo.toml")?)?.workspace.package.rust_version;
    let same =
        pinned == said || pinned.strip_prefix(&said).is_some_and(|rest| rest.starts_with('.'));
    Ok((!same).then(|| {
        format!("rust-toolchain.toml says {pinned}, but Cargo.toml promises rust-version {said}")
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_code_is_there_or_forbidden() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join("src").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
            unsafe_code(folder.path()).unwrap()
        };
        let why = write("lib.rs", "//! Nothing unsafe { here }\nfn f() {}\n").unwrap();
        assert!(why.contains("src/lib.rs"), "{why}");
        assert_eq!(write("a/b.rs", "fn g() {\n    unsafe { h() }\n}\n"), None);
        assert!(write("a/b.rs", "").is_some());
        assert_eq!(write("lib.rs", &format!("//! Safe.\n{FORBID}\n")), None);
    }

    #[test]
    fn files_are_short_but_for_their_tests() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
            fs::write(folder.path().join(name), text).unwrap();
            long(folder.path()).unwrap()
        };
        let many = "x\n".repeat(MOST_LINES);
        assert!(write("src/a.rs", &format!("{many}#[cfg(test)]\n{many}")).is_empty());
        assert!(write("tests/b.rs", &many.repeat(2)).is_empty());
        assert!(write("table.toml", &many.repeat(2)).is_empty());
        assert!(write("npm/node_modules/d.js", &many.repeat(2)).is_empty());
        let more = format!("{many}x\n");
        let says = |name| format!("{name} has 401 lines, 400 at most");
        assert_eq!(write("d.css", &more), [says("d.css")]);
        assert_eq!(write("js/c.js", &more), [says("d.css"), says("js/c.js")]);
    }

    #[test]
    fn the_pinned_compiler_is_the_promised_one() {
        assert_eq!(toolchain(&Project::find(true).unwrap()).unwrap(), None);
    }
}
