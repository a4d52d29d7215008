//! Is this the right file? Length first, because it is free, then sha256.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};

use crate::files::digest;

/// What a check found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum State {
    Right,
    Missing,
    /// There is a file, but not this one; the text says why.
    Wrong(String),
}

pub(crate) fn check(path: &Path, bytes: u64, sha256: &str) -> Result<State> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(State::Missing),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot open {}", path.display()));
        }
    };
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Ok(State::Wrong("it is not a file".to_owned()));
    }
    if meta.len() != bytes {
        return Ok(State::Wrong(format!("it has {} bytes instead of {bytes}", meta.len())));
    }
    let found = digest(&mut file).with_context(|| format!("cannot read {}", path.display()))?;
    if found != sha256 {
        return Ok(State::Wrong(format!("its sha256 is {found} instead of {sha256}")));
    }
    Ok(State::Right)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn right_short_wrong_missing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        assert_eq!(check(&path, 3, ABC).unwrap(), State::Missing);
        std::fs::write(&path, "abc").unwrap();
        assert_eq!(check(&path, 3, ABC).unwrap(), State::Right);
        std::fs::write(&path, "ab").unwrap();
        let State::Wrong(why) = check(&path, 3, ABC).unwrap() else { panic!() };
        assert_eq!(why, "it has 2 bytes instead of 3");
        std::fs::write(&path, "abd").unwrap();
        let State::Wrong(why) = check(&path, 3, ABC).unwrap() else { panic!() };
        assert!(why.starts_with("its sha256 is"), "{why}");
        let State::Wrong(why) = check(folder.path(), 3, ABC).unwrap() else { panic!() };
        assert_eq!(why, "it is not a file");
    }
}
