//! The table of the service worker: each file that a visit without a network needs, with its hash, and a version over
//! all of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::files::{files, hex};

const WORKER: &str = "service-worker.js";
/// Stands in the source for the table.
const EMPTY: &str = "const BUILD = { version: '', files: {}, engines: {} };";

/// Of pages and engines, `integrity` by name: `sha256-…` in base64.
#[derive(Serialize)]
struct Build {
    version: String,
    files: BTreeMap<String, String>,
    engines: BTreeMap<String, BTreeMap<String, String>>,
}

/// Writes the table into the service worker of a finished page.
pub(crate) fn list_files(page: &Path) -> Result<()> {
    let path = page.join(WORKER);
    let source =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    ensure!(source.contains(EMPTY), "{WORKER} has no line {EMPTY}");
    let build = read(page, &source)?;
    let table = format!("const BUILD = {};", serde_json::to_string(&build)?);
    fs::write(&path, source.replace(EMPTY, &table))
        .with_context(|| format!("cannot write {}", path.display()))
}

fn read(page: &Path, source: &str) -> Result<Build> {
    let (mut kept, mut engines) = (BTreeMap::new(), BTreeMap::<_, BTreeMap<_, _>>::new());
    for file in files(page)? {
        let name = file.to_string_lossy().replace('\\', "/");
        if !is_kept(&name) {
            continue;
        }
        let contents = fs::read(page.join(&file)).with_context(|| format!("cannot read {name}"))?;
        let integrity = format!("sha256-{}", BASE64.encode(Sha256::digest(contents)));
        match engine(&name) {
            Some(folder) => {
                engines.entry(folder.to_owned()).or_default().insert(name, integrity);
            }
            None => {
                kept.insert(name, integrity);
            }
        }
    }
    let all = serde_json::to_string(&(&kept, &engines, source))?;
    let mut version = hex(&Sha256::digest(all));
    version.truncate(16);
    Ok(Build { version, files: kept, engines })
}

/// The folder of an engine's file: `engine/0123456789abcdef`.
fn engine(name: &str) -> Option<&str> {
    let (variant, rest) = name.split_once('/').filter(|_| name.starts_with("engine"))?;
    let (hash, _) = rest.split_once('/')?;
    name.get(..variant.len() + 1 + hash.len())
}

/// What is shown to people of this site. The frame for other people's pages is not, models have their own storage,
/// and their list changes by itself; outcomes and answers of the evaluation are for those who ask for them.
fn is_kept(name: &str) -> bool {
    const OTHERS: [&str; 7] = [
        WORKER,
        "embed.html",
        "embed.css",
        "embed/v1/frame.js",
        "results/read.json",
        "results/results.json",
        "results/results.schema.json",
    ];
    // What runs the model on the page of results.
    if name == "mini/engine.js" {
        return true;
    }
    let last = [".br", ".gz", ".md", ".gguf"].iter().any(|end| name.ends_with(end));
    let folder =
        ["models/", "mini/", "results/traces/"].iter().any(|start| name.starts_with(start));
    !last && !folder && !OTHERS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn the_table_has_every_file_and_its_hash() {
        let source = format!("// Keeps.\n{EMPTY}\n");
        let files = [
            ("index.html", "hello"),
            ("index.html.br", "h"),
            ("traces/a.json", "{}"),
            ("engine/0123456789abcdef/worker.js", "w"),
            ("engine-generic/0123456789abcdef/worker.js", "w"),
            ("embed.html", "e"),
            ("embed/v1/embed.js", "j"),
            ("models/manifest.json", "[]"),
            ("mini/chat.js", "m"),
            (WORKER, &source),
            ("mini/engine.js", "g"),
            ("results/results.json", "{}"),
            ("results/traces/a.json", "{}"),
        ];
        let version = |files: &[_]| {
            let folder = page(files);
            let build = read(folder.path(), &source).unwrap();
            list_files(folder.path()).unwrap();
            let text = fs::read_to_string(folder.path().join(WORKER)).unwrap();
            assert!(text.contains(&build.version) && !text.contains(EMPTY), "{text}");
            assert!(list_files(folder.path()).unwrap_err().to_string().contains(EMPTY));
            build
        };
        let build = version(&files);
        assert_eq!(
            build.files.keys().collect::<Vec<_>>(),
            ["embed/v1/embed.js", "index.html", "mini/engine.js", "traces/a.json"]
        );
        // printf hello | openssl dgst -sha256 -binary | base64
        assert_eq!(
            build.files["index.html"],
            "sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
        );
        assert_eq!(
            build.engines.keys().collect::<Vec<_>>(),
            ["engine-generic/0123456789abcdef", "engine/0123456789abcdef"]
        );
        assert_eq!(version(&files).version, build.version);
        for (at, changes) in [(0, true), (1, false), (3, true), (7, false)] {
            let mut others = files;
            others[at].1 = "other";
            assert_eq!(version(&others).version != build.version, changes, "{}", files[at].0);
        }
    }
}
