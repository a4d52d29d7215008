//! Models in several files.

use std::io::{Error, Read, Result, Seek, SeekFrom};

/// The name of one of the files of a model, as llama.cpp's `gguf-split` gives it:
/// `NAME-00001-of-00003.gguf`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartName<'a> {
    /// The model's name.
    pub model: &'a str,
    /// Which part it is, from 1.
    pub number: u32,
    /// How many there are.
    pub count: u32,
}

impl<'a> PartName<'a> {
    /// By a file's name.
    pub fn of(file: &'a str) -> Option<Self> {
        let (rest, count) = file.strip_suffix(".gguf")?.rsplit_once("-of-")?;
        let (model, number) = rest.rsplit_once('-')?;
        let digits = |text: &str| {
            let plain = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| text.parse().ok()).flatten()
        };
        let (number, count) = (digits(number)?, digits(count)?);
        (1..=count).contains(&number).then_some(Self { model, number, count })
    }

    /// The name of the file that has another part.
    pub fn file(&self, number: u32) -> String {
        format!("{}-{number:05}-of-{:05}.gguf", self.model, self.count)
    }
}

/// Files one after the other, read as one.
pub struct Joined<R> {
    files: Vec<R>,
    /// Where each one ends.
    ends: Vec<u64>,
    at: u64,
}

impl<R: Read + Seek> Joined<R> {
    /// From files that stay as long as they are.
    ///
    /// # Errors
    /// The length of a file can't be found out.
    pub fn new(mut files: Vec<R>) -> Result<Self> {
        let mut length = 0;
        let mut ends = Vec::with_capacity(files.len());
        for file in &mut files {
            length += file.seek(SeekFrom::End(0))?;
            ends.push(length);
        }
        Ok(Self { files, ends, at: 0 })
    }
}

impl<R: Read + Seek> Read for Joined<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let number = self.ends.partition_point(|&end| end <= self.at);
        let (Some(file), Some(&end)) = (self.files.get_mut(number), self.ends.get(number)) else {
            return Ok(0);
        };
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before));
        file.seek(SeekFrom::Start(self.at - start.copied().unwrap_or(0)))?;
        let most = (end - self.at).min(buffer.len() as u64) as usize;
        let count = file.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.at += count as u64;
        Ok(count)
    }
}

impl<R> Seek for Joined<R> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let length = self.ends.last().copied().unwrap_or(0);
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| Error::other("a position before the files' start"))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::Cursor;

    #[test]
    fn files_are_read_as_one() {
        let files = [&b"ab"[..], b"", b"cde", b"f"].map(Cursor::new).to_vec();
        let mut joined = Joined::new(files).unwrap();
        let mut all = String::new();
        joined.read_to_string(&mut all).unwrap();
        assert_eq!(all, "abcdef");
        for at in 0..=6 {
            joined.seek(SeekFrom::End(-(at as i64))).unwrap();
            let mut rest = String::new();
            joined.read_to_string(&mut rest).unwrap();
            assert_eq!(rest, all[6 - at..]);
        }
        joined.seek(SeekFrom::Start(100)).unwrap();
        assert_eq!(joined.read(&mut [0; 4]).unwrap(), 0);
        assert!(joined.seek(SeekFrom::Current(-101)).is_err());
    }

    #[test]
    fn names_of_parts() {
        let part = PartName::of("Qwen2.5-0.5B-Q8_0-00002-of-00003.gguf").unwrap();
        assert_eq!(part, PartName { model: "Qwen2.5-0.5B-Q8_0", number: 2, count: 3 });
        assert_eq!(part.file(1), "Qwen2.5-0.5B-Q8_0-00001-of-00003.gguf");
        for other in [
            "model.gguf",
            "a-1-of-3.gguf",
            "a-00004-of-00003.gguf",
            "a-00000-of-00003.gguf",
            "00001-of-00003.gguf",
            "a-00001-of-00003.bin",
        ] {
            assert_eq!(PartName::of(other), None, "{other}");
        }
    }
}
