//! What of Git's data may be opened.
//!
//! Whoever prepared a repository may have put a named pipe, a link or a terabyte where Git has a
//! small file of its own. libgit2 opens such a thing without a look, so the look is taken here,
//! right before: a scan of the present opens the index alone, and most repositories no further.

use std::fs;
use std::path::Path;

use super::git_config::includes_no_file;
use super::layout::{GitFolders, lies_below};
use super::read::FILE_LIMIT;

/// The files that libgit2 opens with a repository, each with the most bytes that it may have.
const FILES: [(&str, u64); 7] = [
    ("HEAD", FILE_LIMIT),
    ("config", FILE_LIMIT),
    ("config.worktree", FILE_LIMIT),
    ("info/exclude", FILE_LIMIT),
    ("shallow", LARGEST),
    ("index", LARGEST),
    ("packed-refs", LARGEST),
];
const LARGEST: u64 = 1 << 30;
const FOLDERS: [&str; 5] = [
    "objects",
    "objects/pack",
    "refs",
    "refs/heads",
    "refs/remotes",
];

/// Refuses Git's data as a whole, where there is a reason.
pub(super) fn repository(git: &GitFolders) -> Result<(), String> {
    if git.own == git.common && git.own.join("commondir").symlink_metadata().is_ok() {
        return Err("\"commondir\" names the data of another repository".to_owned());
    }
    let both = [&git.own, &git.common];
    for folder in both
        .into_iter()
        .take(if git.own == git.common { 1 } else { 2 })
    {
        for name in FOLDERS {
            refuse_foreign_link(git, &folder.join(name), name)?;
        }
        for (name, most) in FILES {
            file(git, &folder.join(name), name, most)?;
        }
        let configurations = ["config", "config.worktree"];
        if configurations
            .into_iter()
            .any(|name| includes_no_file(&folder.join(name)))
        {
            return Err("its configuration includes what is not a regular file".to_owned());
        }
    }
    Ok(())
}

/// Whether there is an index; refuses it, where there is a reason.
pub(super) fn has_index(git: &GitFolders) -> Result<bool, String> {
    let path = git.own.join("index");
    match fs::symlink_metadata(&path) {
        Err(_) => Ok(false),
        Ok(metadata) if metadata.is_file() && metadata.len() <= LARGEST => Ok(true),
        Ok(_) => file(git, &path, "index", LARGEST).map(|()| true),
    }
}

/// Whether the configuration of a repository is a file of its own.
pub(super) fn configuration(git: &GitFolders) -> bool {
    refuse_foreign_link(git, &git.common.join("config"), "config").is_ok()
}

fn file(git: &GitFolders, path: &Path, name: &str, most: u64) -> Result<(), String> {
    refuse_foreign_link(git, path, name)?;
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => Err(format!("\"{name}\" is not a regular file")),
        Ok(metadata) if metadata.len() > most => {
            Err(format!("\"{name}\" has {} bytes", metadata.len()))
        }
        _ => Ok(()),
    }
}

fn refuse_foreign_link(git: &GitFolders, path: &Path, name: &str) -> Result<(), String> {
    let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    if is_link
        && !path
            .canonicalize()
            .is_ok_and(|target| lies_below(&target, &git.within))
    {
        return Err(format!(
            "\"{name}\" is a link that leads out of the workspace"
        ));
    }
    Ok(())
}
