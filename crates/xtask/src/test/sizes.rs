//! How much a visitor downloads, apart from the model.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::counts::Counts;
use crate::engine::files;

/// What may be how big, after `gzip -9`.
struct Budget {
    name: &'static str,
    /// Of all files together, each compressed by itself.
    bytes: u64,
    /// Whether there must be one file only: two would mean that an old build was left in dist/.
    single: bool,
    is: fn(&str) -> bool,
}

const BUDGETS: [Budget; 4] = [
    Budget {
        name: "page wasm",
        bytes: 600 * 1024,
        single: true,
        is: |path| !path.contains('/') && path.ends_with("_bg.wasm"),
    },
    Budget {
        name: "engine wasm",
        bytes: 1300 * 1024,
        single: true,
        is: |path| path.starts_with("engine/") && path.ends_with("_bg.wasm"),
    },
    Budget {
        name: "engine for other architectures, wasm",
        bytes: 1700 * 1024,
        single: true,
        is: |path| path.starts_with("engine-generic/") && path.ends_with("_bg.wasm"),
    },
    Budget {
        name: "elements, wasm and script",
        bytes: 45_000,
        single: false,
        is: |path| ["embed/v1/embed.js", "embed/v1/embed_bg.wasm"].contains(&path),
    },
];

/// Prints the measured sizes; each budget counts as a test.
pub(crate) fn check(dist: &Path, counts: &mut Counts) -> Result<()> {
    let files = files(dist)?;
    for budget in &BUDGETS {
        let result = measure(dist, &files, budget);
        match &result {
            Ok(size) => println!(
                "{}: {:.1} kB gzipped, budget {:.1} kB",
                budget.name,
                *size as f64 / 1000.0,
                budget.bytes as f64 / 1000.0
            ),
            Err(error) => println!("{}: {error:#}", budget.name),
        }
        counts.record(result.is_ok_and(|size| size <= budget.bytes));
    }
    if counts.failed > 0 {
        bail!("{} of {} budgets not kept", counts.failed, BUDGETS.len());
    }
    Ok(())
}

fn measure(dist: &Path, files: &[PathBuf], budget: &Budget) -> Result<u64> {
    let found: Vec<_> = files.iter().filter(|path| path.to_str().is_some_and(budget.is)).collect();
    match found.as_slice() {
        [] => bail!("there is no such file in dist/"),
        [first, second, ..] if budget.single => {
            bail!("two files: {} and {}", first.display(), second.display())
        }
        found => found.iter().map(|path| gzipped(&dist.join(path))).sum(),
    }
}

/// gzip is on every Linux and Mac.
fn gzipped(path: &Path) -> Result<u64> {
    let mut gzip = Command::new("gzip")
        .args(["-9", "--stdout"])
        .arg(path)
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start gzip")?;
    let mut stdout = gzip.stdout.take().context("gzip has no output")?;
    let size = std::io::copy(&mut stdout, &mut std::io::sink())?;
    if !gzip.wait()?.success() {
        bail!("gzip failed");
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn every_file_must_be_there_once_and_small() {
        let dist = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: usize| {
            let path = dist.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            // Nothing that gzip could shrink: SplitMix64.
            let noise: Vec<u8> = (1..=bytes as u64)
                .map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15))
                .map(|z| (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9))
                .map(|z| (z ^ (z >> 27)).to_be_bytes()[0])
                .collect();
            fs::write(path, noise).unwrap();
        };
        let counts = || {
            let mut counts = Counts::default();
            let ok = check(dist.path(), &mut counts).is_ok();
            (counts.passed, counts.failed, ok)
        };
        assert_eq!(counts(), (0, 4, false));
        write("app-0123456789abcdef_bg.wasm", 1000);
        write("app.js", 1000);
        assert_eq!(counts(), (1, 3, false));
        write("engine/0123456789abcdef/engine_bg.wasm", 1000);
        assert_eq!(counts(), (2, 2, false));
        write("engine-generic/0123456789abcdef/engine_bg.wasm", 1000);
        assert_eq!(counts(), (3, 1, false));
        write("embed/v1/embed.js", 15_000);
        write("embed/v1/embed_bg.wasm", 20_000);
        assert_eq!(counts(), (4, 0, true));
        write("embed/v1/embed.js", 26_000);
        assert_eq!(counts(), (3, 1, false));
        write("other_bg.wasm", 10);
        assert_eq!(counts(), (2, 2, false));
    }

    #[test]
    fn gzip_measures() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("zeros");
        fs::write(&path, vec![0; 100_000]).unwrap();
        let size = gzipped(&path).unwrap();
        assert!((50..500).contains(&size), "{size}");
        assert!(gzipped(&folder.path().join("missing")).is_err());
    }
}
