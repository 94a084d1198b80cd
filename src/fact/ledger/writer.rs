//! Who writes: no two clones, work trees and branches have the same name, so that no two of them
//! write the same file.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use super::LedgerLocation;
use crate::repo::checked_out_branch;

/// The file in Git's folder of a work tree that tells it from others. It is never committed.
const IDENTITY_FILE: &str = "devportal-writer";
/// The name of a writer where there is no Git, and so nothing is merged.
const WITHOUT_GIT: &str = "local";
/// So much of the name of a branch is shown.
const LONGEST_BRANCH: usize = 32;

/// Whether a text can name a writer, which is part of the name of a file: lower case, digits, `-`,
/// `_` and `.`, at most 64, with a letter or digit at both ends.
#[must_use]
pub fn is_writer_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_inner = |byte: u8| is_plain(byte) || matches!(byte, b'-' | b'_' | b'.');
    let bytes = name.as_bytes();
    name.len() <= 64
        && bytes.first().copied().is_some_and(is_plain)
        && bytes.last().copied().is_some_and(is_plain)
        && bytes.iter().copied().all(is_inner)
}

/// The name of who writes: what was given, else one of this work tree and its branch.
pub(super) fn name(location: &LedgerLocation, given: Option<&str>) -> Result<String> {
    if let Some(given) = given {
        if !is_writer_name(given) {
            bail!(
                "\"{given}\" cannot name a writer: use lower case, digits, \"-\", \"_\" and \".\", at most 64"
            );
        }
        return Ok(given.to_owned());
    }
    let Some(git) = location.git() else {
        return Ok(WITHOUT_GIT.to_owned());
    };
    let identity = identity(&git.own).with_context(|| {
        format!(
            "cannot keep the name of this writer in \"{}\"",
            git.own.display()
        )
    })?;
    let branch = checked_out_branch(git).unwrap_or_else(|| "detached".to_owned());
    let root = location.root().canonicalize();
    let root = root.unwrap_or_else(|_| location.root().to_path_buf());
    let parts = [identity.as_str(), &root.to_string_lossy(), &branch];
    let digest = Sha256::digest(parts.join("\0"));
    let mut name = shown_branch(&branch);
    for byte in digest.iter().take(4) {
        // Writing to a String cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    Ok(name)
}

/// The name of a branch as the beginning of a file's name.
fn shown_branch(branch: &str) -> String {
    let lower = branch.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let mut name: String = words.join("-").chars().take(LONGEST_BRANCH).collect();
    if !name.is_empty() {
        name.push('-');
    }
    name
}

/// What tells a work tree from others: made at random when it is first asked for.
fn identity(git: &Path) -> Result<String> {
    let path = git.join(IDENTITY_FILE);
    if let Some(known) = known_identity(&path) {
        return Ok(known);
    }
    // The keys of a RandomState are random, and so is what it makes of nothing.
    let random = [
        RandomState::new().hash_one(1),
        RandomState::new().hash_one(2),
    ];
    let made = format!("{:016x}{:016x}", random[0], random[1]);
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)
        .and_then(|mut file| file.write_all(format!("{made}\n").as_bytes()));
    match written {
        Ok(()) => Ok(made),
        // Another process was faster, or one that ended left half of it.
        Err(error) => match known_identity(&path) {
            Some(known) => Ok(known),
            None if error.kind() == std::io::ErrorKind::AlreadyExists => {
                fs::remove_file(&path)?;
                identity(git)
            }
            None => Err(error.into()),
        },
    }
}

fn known_identity(path: &Path) -> Option<String> {
    let bytes = crate::repo::read_plain(path, 1024).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let text = text.trim();
    let is_identity = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_identity.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{is_writer_name, shown_branch};

    #[test]
    fn names_of_writers_are_names_of_files_everywhere() {
        for good in ["ci", "main-3f9a2c1b", "a_b.c", "7"] {
            assert!(is_writer_name(good), "{good}");
        }
        for bad in [
            "",
            "-a",
            "a-",
            "A",
            "../a",
            "a/b",
            "a b",
            "é",
            ".a",
            &"a".repeat(65),
        ] {
            assert!(!is_writer_name(bad), "{bad}");
        }
        for branch in ["main", "feature/Über-facts", "--", "日本"] {
            let name = format!("{}00000000", shown_branch(branch));
            assert!(is_writer_name(&name), "{name}");
        }
    }
}
