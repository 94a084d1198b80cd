//! A list of paths on standard input.

use std::io::{IsTerminal, Read};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::session::Session;

/// The longest list that is read, in bytes.
const LONGEST: u64 = 1 << 28;

/// Paths, in the order of the list.
#[derive(Debug, Default)]
pub(super) struct PathList {
    pub(super) paths: Vec<PathBuf>,
}

impl PathList {
    /// Reads paths that end with a line, or with NUL.
    pub(super) fn from_stdin(null: bool, session: &Session) -> Result<Self> {
        let mut stdin = std::io::stdin().lock();
        if stdin.is_terminal() {
            session.hint("waiting for paths, one a line; Ctrl-D ends them");
        }
        let mut bytes = Vec::new();
        let read = stdin.by_ref().take(LONGEST + 1).read_to_end(&mut bytes);
        read.context("cannot read the paths of standard input")?;
        if bytes.len() as u64 > LONGEST {
            bail!(
                "standard input has more than {} MiB of paths",
                LONGEST >> 20
            );
        }
        let list = Self::parse(&bytes, null);
        if list.paths.is_empty() {
            session.hint("standard input has no paths");
        }
        Ok(list)
    }

    fn parse(bytes: &[u8], null: bool) -> Self {
        let end = if null { b'\0' } else { b'\n' };
        let items = bytes.split(|byte| *byte == end);
        let items = items.map(|item| match item.strip_suffix(b"\r") {
            Some(line) if !null => line,
            _ => item,
        });
        let items = items.filter(|item| !item.is_empty());
        let paths = items.map(|item| {
            let unquoted = (!null).then(|| unquote(item)).flatten();
            path_of(unquoted.unwrap_or_else(|| item.to_vec()))
        });
        Self {
            paths: paths.collect(),
        }
    }
}

/// Undoes the quotes that Git puts around paths with unusual characters (`core.quotePath`).
fn unquote(item: &[u8]) -> Option<Vec<u8>> {
    let inside = item.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let mut bytes = Vec::with_capacity(inside.len());
    let mut rest = inside.iter().copied();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'\\' => match rest.next()? {
                b'a' => 7,
                b'b' => 8,
                b't' => b'\t',
                b'n' => b'\n',
                b'v' => 11,
                b'f' => 12,
                b'r' => b'\r',
                digit @ b'0'..=b'3' => {
                    let digits = [digit, rest.next()?, rest.next()?];
                    u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 8).ok()?
                }
                other => other,
            },
            // A name that only looks as if it were quoted.
            b'"' => return None,
            byte => byte,
        });
    }
    Some(bytes)
}

fn path_of(bytes: Vec<u8>) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        PathBuf::from(std::ffi::OsString::from_vec(bytes))
    }
    #[cfg(not(unix))]
    {
        PathBuf::from(String::from_utf8_lossy(&bytes).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_git_writes_them() {
        let paths = |bytes: &[u8], null| PathList::parse(bytes, null).paths;
        let found = paths(
            b"a/b.rs\r\n\n\"caf\\303\\251 \\\"x\\\".md\"\n\"odd\nlast",
            false,
        );
        let expected = ["a/b.rs", "caf\u{e9} \"x\".md", "\"odd", "last"];
        assert_eq!(found, expected.map(PathBuf::from));
        assert_eq!(
            paths(b"a\nb\0\"c\"\0", true),
            ["a\nb", "\"c\""].map(PathBuf::from)
        );
        assert!(paths(b"", false).is_empty());
    }
}
