//! Habits that every crate keeps: a README, and no unsafe code unless it needs some.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::files::files;
use crate::project::Project;
use crate::workspace::Crate;

const FORBID: &str = "#![forbid(unsafe_code)]";

pub(crate) fn wrong(project: &Project, crates: &[Crate]) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for one in crates {
        let readme = fs::read_to_string(one.folder.join("README.md")).unwrap_or_default();
        if !readme.starts_with("# ") {
            wrong.push(format!("crates/{}: a README.md with a title is missing", one.name));
        }
        wrong.extend(unsafe_code(&one.folder)?.map(|why| format!("crates/{}: {why}", one.name)));
    }
    wrong.extend(toolchain(project)?);
    Ok(wrong)
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
    fn the_pinned_compiler_is_the_promised_one() {
        assert_eq!(toolchain(&Project::find(true).unwrap()).unwrap(), None);
    }
}
