//! The log as a file: what is in it stays, whatever happens.

use std::fs::{File, TryLockError};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use entropix_eval::shard::{Block, Header, Line, Log, LogError};

/// A log that is written to by nobody else.
pub(super) struct LogFile {
    path: PathBuf,
    file: File,
    done: Vec<Block>,
}

impl LogFile {
    /// Opens a log of this run, or begins it.
    pub(super) fn open(path: &Path, header: &Header) -> anyhow::Result<Self> {
        let name = || path.display().to_string();
        let file = File::options().read(true).append(true).create(true).open(path);
        let mut file = file.with_context(|| format!("{} can't be written", name()))?;
        // A file system without locks is no reason not to run.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            bail!(
                "{}: another run writes to this log. Wait for it, or choose another file",
                name()
            );
        }
        let bytes = std::fs::read(path).with_context(|| format!("{} can't be read", name()))?;
        let log = Log::read(&bytes).with_context(name)?;
        // What is there without a whole line must be the beginning of this run's own.
        let ours = || header.line().is_ok_and(|line| line.as_bytes().starts_with(&bytes));
        if log.is_none() && !ours() {
            return Err(LogError::Foreign("no whole line".to_owned())).with_context(name);
        }
        let (whole, done) = match &log {
            Some(log) => {
                log.header.must_be(header).with_context(name)?;
                (log.whole as u64, log.lines.iter().map(|line| line.block).collect())
            }
            None => (0, Vec::new()),
        };
        // A line that was not finished makes way for the next one.
        file.set_len(whole).with_context(|| format!("{} can't be written", name()))?;
        file.seek(SeekFrom::End(0)).with_context(name)?;
        let mut log_file = Self { path: path.to_owned(), file, done };
        if log.is_none() {
            log_file.write(&header.line()?)?;
        }
        Ok(log_file)
    }

    /// Whether a block is in it.
    pub(super) fn has(&self, block: &Block) -> bool {
        self.done.contains(block)
    }

    /// Adds a block. When this returns, it is on the disk.
    pub(super) fn append(&mut self, line: &Line) -> anyhow::Result<()> {
        self.write(&(serde_json::to_string(line)? + "\n"))
    }

    fn write(&mut self, line: &str) -> anyhow::Result<()> {
        let written = self.file.write_all(line.as_bytes()).and_then(|()| self.file.sync_data());
        written.with_context(|| {
            let path = self.path.display();
            format!(
                "{path} can't be written. What is in it stays: make room, and run the command again"
            )
        })
    }
}
