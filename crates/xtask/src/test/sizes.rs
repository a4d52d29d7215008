//! How much a visitor downloads, apart from the model.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::counts::Counts;
use crate::engine::files;

/// What may be how big, in KiB after `gzip -9`.
struct Budget {
    name: &'static str,
    kib: u64,
    is: fn(&str) -> bool,
}

const BUDGETS: [Budget; 2] = [
    Budget { name: "page wasm", kib: 600, is: |path| !path.contains('/') && is_wasm(path) },
    Budget {
        name: "engine wasm",
        kib: 1500,
        is: |path| path.starts_with("engine/") && is_wasm(path),
    },
];

fn is_wasm(path: &str) -> bool {
    path.ends_with("_bg.wasm")
}

/// Prints the measured sizes; each budget counts as a test.
pub(crate) fn check(dist: &Path, counts: &mut Counts) -> Result<()> {
    let files = files(dist)?;
    for budget in &BUDGETS {
        let result = measure(dist, &files, budget);
        match &result {
            Ok(size) => println!(
                "{}: {:.0} KiB gzipped, budget {} KiB",
                budget.name,
                *size as f64 / 1024.0,
                budget.kib
            ),
            Err(error) => println!("{}: {error:#}", budget.name),
        }
        counts.record(result.is_ok_and(|size| size <= budget.kib * 1024));
    }
    if counts.failed > 0 {
        bail!("{} of {} budgets not kept", counts.failed, BUDGETS.len());
    }
    Ok(())
}

fn measure(dist: &Path, files: &[PathBuf], budget: &Budget) -> Result<u64> {
    let mut found = files.iter().filter(|path| path.to_str().is_some_and(budget.is));
    let path = found.next().context("there is no such file in dist/")?;
    if let Some(other) = found.next() {
        bail!("two files: {} and {}", path.display(), other.display());
    }
    gzipped(&dist.join(path))
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
            // nothing that gzip could shrink
            let noise: Vec<u8> = (0..bytes as u64)
                .map(|i| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (i << 7)).to_le_bytes()[7])
                .collect();
            fs::write(path, noise).unwrap();
        };
        let counts = || {
            let mut counts = Counts::default();
            let ok = check(dist.path(), &mut counts).is_ok();
            (counts.passed, counts.failed, ok)
        };
        assert_eq!(counts(), (0, 2, false));
        write("app-0123456789abcdef_bg.wasm", 1000);
        write("app.js", 1000);
        assert_eq!(counts(), (1, 1, false));
        write("engine/0123456789abcdef/engine_bg.wasm", 1000);
        assert_eq!(counts(), (2, 0, true));
        write("other_bg.wasm", 10);
        assert_eq!(counts(), (1, 1, false));
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
