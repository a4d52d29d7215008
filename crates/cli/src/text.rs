//! Files of text.

use std::path::Path;

use anyhow::Context;

/// What some editors put before a text to say that it is UTF-8.
pub(crate) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Reads a file without its byte order mark.
pub(crate) fn read(path: &Path) -> anyhow::Result<String> {
    let name = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("{name} can't be read"))?;
    let text = String::from_utf8(bytes).with_context(|| format!("{name} is no UTF-8 text"))?;
    Ok(text.strip_prefix(BYTE_ORDER_MARK).map(str::to_owned).unwrap_or(text))
}
