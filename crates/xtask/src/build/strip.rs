//! Wasm without what only debuggers and tools read.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasmparser::Parser;

/// Takes the custom sections out of a file. The names of functions alone are a fifth of the page after gzip, and
/// Trunk has no option against them.
pub(crate) fn strip(path: &Path) -> Result<()> {
    let small = stripped(&fs::read(path)?).with_context(|| path.display().to_string())?;
    fs::write(path, small).with_context(|| format!("cannot write {}", path.display()))
}

/// A module without its custom sections.
fn stripped(wasm: &[u8]) -> Result<Vec<u8>> {
    /// What every module begins with: magic number and version.
    const START: usize = 8;
    let mut kept = wasm.get(..START).context("this is no wasm")?.to_vec();
    let mut from = START;
    for payload in Parser::new(0).parse_all(wasm) {
        // The range is the section's contents; its number and length stand before them.
        let Some((id, range)) = payload?.as_section() else { continue };
        let to = usize::try_from(range.end)?;
        if id != 0 {
            kept.extend(wasm.get(from..to).context("a section ends after the file")?);
        }
        from = to;
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_sections_go_and_others_stay() {
        let start = b"\0asm\x01\0\0\0".as_slice();
        // A function that does nothing, between a custom section "a" and one with the name of that function.
        let custom = b"\0\x03\x01a!";
        let types = b"\x01\x04\x01\x60\0\0\x03\x02\x01\0";
        let code = b"\x0a\x04\x01\x02\0\x0b";
        let names = b"\0\x0c\x04name\x01\x05\x01\0\x02fn";
        let wasm = [start, custom, types, code, names].concat();
        assert_eq!(stripped(&wasm).unwrap(), [start, types, code].concat());
        assert_eq!(stripped(start).unwrap(), start);
        assert!(stripped(b"\0asm").is_err());
        assert!(stripped(&wasm[..wasm.len() - 1]).is_err());
    }
}
