//! JSON that is safe to look at.
//!
//! Strings keep their value, but what is invisible or could act on a terminal is written as
//! `\u001b`, also where JSON would allow the character itself.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use super::safe_text::{begins_log_command, is_hidden};

/// Writes a value over several lines, for people and programs.
///
/// # Errors
/// When the value has no JSON form, or `out` cannot be written to.
pub fn write<T: Serialize + ?Sized>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    finish(&serde_json::to_string_pretty(value)?, out)
}

/// Writes a value on one line, as JSON Lines wants it.
///
/// # Errors
/// When the value has no JSON form, or `out` cannot be written to.
pub fn write_line<T: Serialize + ?Sized>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    finish(&serde_json::to_string(value)?, out)
}

fn finish(json: &str, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(escape(json).as_bytes())?;
    out.write_all(b"\n")
}

/// Escapes what is hidden. Outside of strings JSON has no such character but the line feed, so
/// the text need not be taken apart.
fn escape(json: &str) -> std::borrow::Cow<'_, str> {
    let mut escaped = String::new();
    let mut copied = 0;
    for (at, c) in json.char_indices() {
        let act = (is_hidden(c) && c != '\n') || (c == '#' && begins_log_command(&json[at..]));
        if act {
            escaped.push_str(&json[copied..at]);
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
            copied = at + c.len_utf8();
        }
    }
    if copied == 0 {
        return json.into();
    }
    escaped.push_str(&json[copied..]);
    escaped.into()
}
