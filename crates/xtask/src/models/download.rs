//! Fetching a file from the web, with a progress bar in bytes.
//!
//! curl or Python does the transfer: one of them is everywhere, and xtask compiles faster without an
//! HTTP and TLS stack of its own.

use std::fs;
use std::io::{IsTerminal, Write, stderr};
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::command::which;
use crate::files::remove;
use crate::project::Project;
use crate::tools::python::python;

/// Goes on where a broken-off download ended, when the server can do that: address, destination.
const FETCH: &str = "import os, sys, urllib.request
request = urllib.request.Request(sys.argv[1], headers={'User-Agent': 'entropix-xtask'})
have = os.path.getsize(sys.argv[2]) if os.path.exists(sys.argv[2]) else 0
if have:
    request.add_header('Range', 'bytes=%d-' % have)
with urllib.request.urlopen(request, timeout=60) as answer:
    with open(sys.argv[2], 'ab' if answer.status == 206 else 'wb') as destination:
        while block := answer.read(1 << 16):
            destination.write(block)
";

/// Fetches `url` into `part`, going on after what `part` already holds.
pub(crate) fn fetch(project: &Project, url: &str, part: &Path, bytes: u64) -> Result<()> {
    let resumed = length(part) > 0;
    match transfer(project, url, part, bytes) {
        // Not every server can go on in the middle.
        Err(_) if resumed => {
            remove(part)?;
            transfer(project, url, part, bytes)
        }
        result => result,
    }
}

fn transfer(project: &Project, url: &str, part: &Path, bytes: u64) -> Result<()> {
    let mut command = if let Some(curl) = which("curl") {
        with_curl(project, &curl, url, part)
    } else {
        let python = python().context("a download needs curl or Python 3")?;
        with_python(project, &python, url, part)
    };
    watch(&mut command, part, bytes)
}

fn with_curl(project: &Project, curl: &Path, url: &str, part: &Path) -> Command {
    let mut command = project.command(curl);
    command
        .args(["--fail", "--location", "--silent", "--show-error", "--retry", "3"])
        .args(["--connect-timeout", "30", "--continue-at", "-", "--output"])
        .arg(part)
        .arg(url);
    command
}

fn with_python(project: &Project, python: &Path, url: &str, part: &Path) -> Command {
    let mut command = project.command(python);
    command.args(["-c", FETCH, url]).arg(part);
    command
}

/// Runs the transfer and shows how the file grows.
fn watch(command: &mut Command, part: &Path, bytes: u64) -> Result<()> {
    let terminal = stderr().is_terminal();
    let mut child = command.spawn().context("cannot start the download")?;
    let mut shown = 0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        sleep(Duration::from_millis(200));
        let done = length(part);
        if terminal {
            eprint!("\r{}", bar(done, bytes));
            stderr().flush()?;
        } else if done * 10 / bytes.max(1) > shown {
            // A log gets one line for every tenth.
            shown = done * 10 / bytes.max(1);
            eprintln!("{}", bar(done, bytes));
        }
    };
    if terminal {
        eprintln!();
    }
    if !status.success() {
        bail!("the download broke off ({status})");
    }
    Ok(())
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |meta| meta.len())
}

fn bar(done: u64, all: u64) -> String {
    const WIDTH: u64 = 30;
    let full = (done.min(all) * WIDTH / all.max(1)) as usize;
    let mb = |bytes: u64| bytes as f64 / 1e6;
    format!(
        "  [{}{}] {:.1} of {:.1} MB",
        "#".repeat(full),
        " ".repeat(WIDTH as usize - full),
        mb(done),
        mb(all)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::server::{Site, bind, serve};

    #[test]
    fn goes_on_where_it_ended() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_owned();
        let whole: Vec<u8> = (0..200_000_u32).map(|i| (i % 251) as u8).collect();
        fs::write(root.join("m.gguf"), &whole).unwrap();
        let listener = bind(0).unwrap();
        let url = format!("http://{}/m.gguf", listener.local_addr().unwrap());
        let site = Site {
            dist: root.clone(),
            models: root.clone(),
            manifest: String::new(),
            isolated: true,
            policy: axum::http::HeaderValue::from_static("default-src \'none\'"),
        };
        std::thread::spawn(|| serve(listener, site));

        let project = Project { root: root.clone(), offline: false, cache: None };
        let part = root.join("m.gguf.part");
        let programs: [(Option<_>, fn(&_, &_, &_, &_) -> _); 2] =
            [(which("curl"), with_curl), (python().ok(), with_python)];
        for (program, command) in programs {
            let Some(program) = program else { continue };
            for start in [None, Some(0), Some(70_000)] {
                remove(&part).unwrap();
                if let Some(start) = start {
                    fs::write(&part, &whole[..start]).unwrap();
                }
                watch(&mut command(&project, &program, &url, &part), &part, 200_000).unwrap();
                assert!(fs::read(&part).unwrap() == whole, "{} {start:?}", program.display());
            }
        }
        fetch(&project, &url.replace("m.gguf", "n.gguf"), &part, 200_000).unwrap_err();
    }

    #[test]
    fn the_bar_has_one_width() {
        assert_eq!(bar(0, 0), format!("  [{}] 0.0 of 0.0 MB", " ".repeat(30)));
        assert_eq!(
            bar(49_000_000, 98_000_000),
            format!("  [{}{}] 49.0 of 98.0 MB", "#".repeat(15), " ".repeat(15))
        );
        assert_eq!(bar(200, 100), format!("  [{}] 0.0 of 0.0 MB", "#".repeat(30)));
    }
}
