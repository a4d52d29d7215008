//! How much a visitor downloads, apart from the model, and what its wasm asks of a browser.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::opcodes;
use crate::build::variants::{Need, Variant};
use crate::files::files;
use crate::steps::counts::Counts;

/// What may be how big as it is sent, and which instructions it may hold.
struct Part {
    name: String,
    is: Box<dyn Fn(&str) -> bool>,
    /// Of all files together, each compressed by itself.
    budget: u64,
    how: Compression,
    /// Whether there must be one file only: two would mean that an old build was left in dist/.
    single: bool,
    /// Whether its wasm has vector instructions. Page and elements must start in any browser; a worker
    /// that has none was built with the wrong flags.
    simd: bool,
}

/// How files are compressed whose size is counted.
#[derive(Clone, Copy)]
enum Compression {
    /// By `gzip -9`, as every server can.
    Gzip,
    /// As the build did, in `NAME.br` beside them.
    Brotli,
}

fn parts(variants: &[Variant]) -> Result<Vec<Part>> {
    let mut parts = vec![
        Part {
            name: "page wasm".to_owned(),
            is: Box::new(|path| !path.contains('/') && path.ends_with("_bg.wasm")),
            budget: 400_000,
            how: Compression::Gzip,
            single: true,
            simd: false,
        },
        Part {
            name: "first chart, wasm and script".to_owned(),
            is: Box::new(|path| ["embed/v1/embed.js", "embed/v1/embed_bg.wasm"].contains(&path)),
            budget: 45_000,
            how: Compression::Brotli,
            single: false,
            simd: false,
        },
    ];
    for variant in variants {
        let folder = format!("{}/", variant.folder);
        parts.push(Part {
            name: format!("worker {}, wasm", variant.name),
            is: Box::new(move |path| path.starts_with(&folder) && path.ends_with("_bg.wasm")),
            budget: variant.budget_kib * 1024,
            how: Compression::Gzip,
            single: true,
            simd: variant.needs()?.contains(&Need::Simd),
        });
    }
    Ok(parts)
}

/// Prints what was found; every part's size and its instructions count as a test each.
pub(crate) fn check(dist: &Path, variants: &[Variant], counts: &mut Counts) -> Result<()> {
    let files = files(dist)?;
    for part in parts(variants)? {
        let found = find(dist, &files, &part);
        for result in [
            found.as_deref().map_err(|error| format!("{error:#}")).and_then(|f| small(f, &part)),
            found.as_deref().map_err(|error| format!("{error:#}")).and_then(|f| plain(f, &part)),
        ] {
            counts.record(result.is_ok());
            let (Ok(text) | Err(text)) = result;
            println!("{}: {text}", part.name);
        }
    }
    if counts.failed > 0 {
        bail!("{} of {} promises not kept", counts.failed, counts.failed + counts.passed);
    }
    Ok(())
}

fn find(dist: &Path, files: &[PathBuf], part: &Part) -> Result<Vec<PathBuf>> {
    let found: Vec<_> = files.iter().filter(|path| path.to_str().is_some_and(&part.is)).collect();
    match found.as_slice() {
        [] => bail!("there is no such file in dist/"),
        [first, second, ..] if part.single => {
            bail!("two files: {} and {}", first.display(), second.display())
        }
        found => Ok(found.iter().map(|path| dist.join(path)).collect()),
    }
}

/// The size in words; an error when it is over the budget.
fn small(files: &[PathBuf], part: &Part) -> Result<String, String> {
    let size: u64 = files
        .iter()
        .map(|path| part.how.size(path))
        .sum::<Result<_>>()
        .map_err(|error| format!("{error:#}"))?;
    let kilobytes = |bytes| bytes as f64 / 1000.0;
    let text = format!(
        "{:.1} kB {}, budget {:.1} kB",
        kilobytes(size),
        part.how.name(),
        kilobytes(part.budget)
    );
    if size <= part.budget { Ok(text) } else { Err(format!("{text}: TOO BIG")) }
}

/// The vector instructions in words; an error when there are some, or none, against what must be.
fn plain(files: &[PathBuf], part: &Part) -> Result<String, String> {
    let number: usize = files
        .iter()
        .filter(|path| path.extension().is_some_and(|ext| ext == "wasm"))
        .map(|path| opcodes::simd(path))
        .sum::<Result<_>>()
        .map_err(|error| format!("{error:#}"))?;
    let text = format!("{number} SIMD instructions");
    match (part.simd, number) {
        (false, 1..) => Err(format!("{text}: it must start in browsers without SIMD")),
        (true, 0) => Err(format!("{text}: it was built without its flags")),
        _ => Ok(text),
    }
}

impl Compression {
    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzipped",
            Self::Brotli => "by brotli",
        }
    }

    fn size(self, path: &Path) -> Result<u64> {
        match self {
            Self::Gzip => gzipped(path),
            Self::Brotli => {
                let compressed = path.with_added_extension("br");
                let found = fs::metadata(&compressed);
                Ok(found.with_context(|| format!("no {}", compressed.display()))?.len())
            }
        }
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
    use super::*;
    use crate::build::variants::tests::variants;
    use crate::test::opcodes::tests::module;

    /// Bytes that gzip can't shrink, by `SplitMix64`.
    fn noise(bytes: usize) -> Vec<u8> {
        (1..=bytes as u64)
            .map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15))
            .map(|z| (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9))
            .map(|z| (z ^ (z >> 27)).to_be_bytes()[0])
            .collect()
    }

    const PLAIN: &[u8] = &[0x41, 0xfd, 0x01, 0x1a];
    const VECTOR: &[u8] = &[0x41, 0, 0xfd, 0x0f, 0x1a];

    #[test]
    fn every_file_must_be_there_once_and_small_and_as_plain_as_promised() {
        let dist = tempfile::tempdir().unwrap();
        let write = |name: &str, contents: &[u8]| {
            let path = dist.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, contents).unwrap();
        };
        let variants = variants();
        let parts = 2 + variants.len() as u32;
        let counts = || {
            let mut counts = Counts::default();
            let ok = check(dist.path(), &variants, &mut counts).is_ok();
            assert_eq!(counts.passed + counts.failed, 2 * parts);
            (counts.failed, ok)
        };
        assert_eq!(counts(), (2 * parts, false));
        write("app-0123456789abcdef_bg.wasm", &module(PLAIN));
        write("embed/v1/embed.js", b"");
        write("embed/v1/embed.js.br", &noise(15_000));
        write("embed/v1/embed_bg.wasm", &module(PLAIN));
        write("embed/v1/embed_bg.wasm.br", &noise(20_000));
        assert_eq!(counts(), (2 * parts - 4, false));
        for variant in &variants {
            write(&format!("{}/0123456789abcdef/engine_bg.wasm", variant.folder), &module(VECTOR));
        }
        assert_eq!(counts(), (0, true));
        write("engine/0123456789abcdef/engine_bg.wasm", &module(PLAIN));
        assert_eq!(counts(), (1, false));
        write("app-0123456789abcdef_bg.wasm", &module(VECTOR));
        write("embed/v1/embed_bg.wasm", &module(VECTOR));
        assert_eq!(counts(), (3, false));
        write("embed/v1/embed.js.br", &noise(26_000));
        assert_eq!(counts(), (4, false));
        write("other_bg.wasm", &module(PLAIN));
        assert_eq!(counts(), (5, false));
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
