//! Finding programs of the machine, and never of the folder one is in.

use std::ffi::OsStr;
use std::path::PathBuf;

/// The file of a program. Only absolute folders of a search path count: an empty or relative one
/// would lead into whatever folder is looked at.
#[must_use]
pub fn find_program(search_path: &OsStr, name: &str) -> Option<PathBuf> {
    if name.is_empty() || name.contains(['/', '\\']) {
        return None;
    }
    let folders = std::env::split_paths(search_path).filter(|folder| folder.is_absolute());
    folders
        .map(|folder| folder.join(name))
        .find(|file| is_program(file))
}

#[cfg(unix)]
fn is_program(file: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let metadata = file.metadata();
    metadata.is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &std::path::Path) -> bool {
    file.is_file()
}
