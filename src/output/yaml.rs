//! YAML, for people and programs.

use std::io::{self, Write};

use serde::Serialize;

use super::json;

/// Writes a value as one document of YAML 1.2.
///
/// # Errors
/// When the value has no such form, or `out` cannot be written to.
pub fn write<T: Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    let text = serde_saphyr::to_string(value).map_err(io::Error::other)?;
    if super::safe_lines(&text) == text {
        return out.write_all(text.as_bytes());
    }
    // Where a text holds what YAML would show raw, the document is written as JSON, which YAML
    // contains, and which escapes it.
    json::write(value, out)
}
