//! The files of a folder that its own `.gitignore` does not leave out.

use std::path::Path;

use anyhow::{Context, Result, bail};
use ignore::WalkBuilder;

use super::{FolderFile, FolderLimits, is_git_name, read_file_below};

/// Everything below a folder but what the `.gitignore` files in it name, in byte order of the
/// paths. Nothing of the user's Git configuration has a part in it.
///
/// # Errors
/// When something cannot be read, or there is more than the limits.
pub fn read_unignored(root: &Path, limits: &FolderLimits) -> Result<Vec<FolderFile>> {
    let mut walk = WalkBuilder::new(root);
    walk.standard_filters(false)
        .git_ignore(true)
        .require_git(false)
        .follow_links(false)
        .filter_entry(|entry| !is_git_name(entry.file_name()))
        .sort_by_file_name(std::ffi::OsStr::cmp);
    let mut files = Vec::new();
    let mut bytes = 0;
    for entry in walk.build() {
        let entry = entry.context("cannot read the folder")?;
        let is_folder = entry.file_type().is_none_or(|kind| kind.is_dir());
        if is_folder {
            continue;
        }
        let path = entry.path().strip_prefix(root)?;
        let Some(path) = path.to_str() else {
            bail!("\"{}\" is no name in UTF-8", path.display());
        };
        let path = path.replace('\\', "/");
        let content = read_file_below(root, &path)?.content;
        bytes += content.bytes().map_or(0, |bytes| bytes.len() as u64);
        files.push(FolderFile { path, content });
        if files.len() > limits.most_files || bytes > limits.most_bytes {
            bail!("there are too many files, or they are too large");
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}
