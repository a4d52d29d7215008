//! Which instructions a wasm file holds.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasmparser::{Parser, Payload};

/// Every vector instruction begins with this byte.
const SIMD: u8 = 0xfd;

/// How many vector instructions are in a file.
pub(crate) fn simd(path: &Path) -> Result<usize> {
    let wasm = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    count(&wasm).with_context(|| path.display().to_string())
}

fn count(wasm: &[u8]) -> Result<usize> {
    let mut found = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CodeSectionEntry(body) = payload? {
            for instruction in body.get_operators_reader()?.into_iter_with_offsets() {
                let (_, place) = instruction?;
                found += usize::from(wasm.get(usize::try_from(place)?) == Some(&SIMD));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A module of one function without parameters or results.
    pub(crate) fn module(code: &[u8]) -> Vec<u8> {
        let (body, section) = (code.len() as u8 + 2, code.len() as u8 + 4);
        let mut wasm = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0".to_vec();
        wasm.extend([10, section, 1, body, 0]);
        wasm.extend(code);
        wasm.push(0x0b);
        wasm
    }

    #[test]
    fn instructions_are_counted_and_constants_are_not() {
        // i32.const 0; i8x16.splat; i8x16.popcnt; drop.
        assert_eq!(count(&module(&[0x41, 0, 0xfd, 0x0f, 0xfd, 0x62, 0x1a])).unwrap(), 2);
        // i32.const 253, which is written fd 01; drop.
        assert_eq!(count(&module(&[0x41, 0xfd, 0x01, 0x1a])).unwrap(), 0);
        assert!(count(&module(&[0xff])).is_err());
        assert!(count(b"not wasm").is_err());
    }
}
