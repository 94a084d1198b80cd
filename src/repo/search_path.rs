//! Finding programs of the machine, and never of the folder one is in.
//!
//! Only absolute folders of a search path (`PATH`) count. What is relative or empty there means
//! the current folder, which may be a repository that somebody else wrote.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// The file of a program, where the absolute folders of a search path have it.
#[must_use]
pub fn find_program(search_path: &OsStr, name: &str) -> Option<PathBuf> {
    if name.is_empty() || name.contains(['/', '\\']) {
        return None;
    }
    let mut files = folders(search_path).map(|folder| folder.join(name));
    files.find(|file| is_program(file))
}

/// A search path with its absolute folders alone.
#[must_use]
pub fn absolute_folders(search_path: &OsStr) -> OsString {
    let folders: Vec<&Path> = folders(search_path).collect();
    join_paths(&folders)
}

fn folders(search_path: &OsStr) -> impl Iterator<Item = &Path> {
    split_paths(search_path).filter(|folder| folder.is_absolute())
}

#[cfg(unix)]
fn split_paths(search_path: &OsStr) -> impl Iterator<Item = &Path> {
    use std::os::unix::ffi::OsStrExt;
    let folders = search_path.as_bytes().split(|byte| *byte == b':');
    folders.map(|folder| Path::new(OsStr::from_bytes(folder)))
}

#[cfg(not(unix))]
fn split_paths(search_path: &OsStr) -> impl Iterator<Item = &Path> {
    let folders = search_path.to_str().unwrap_or_default().split(';');
    folders.map(|folder| Path::new(folder.trim_matches('"')))
}

fn join_paths(folders: &[&Path]) -> OsString {
    let separator = if cfg!(windows) { ";" } else { ":" };
    let mut joined = OsString::new();
    for folder in folders {
        if !joined.is_empty() {
            joined.push(separator);
        }
        joined.push(folder);
    }
    joined
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}
