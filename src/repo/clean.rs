//! Whether a work tree has changes that could be lost.

use std::path::Path;
use std::time::SystemTime;

use anyhow::Result;
use git2::{Index, IndexEntry, Repository as Git};

use super::folder_of_commit::{explain, open};
use super::history::is_content_of;
use super::read::Sandbox;
use super::walk::{to_bytes, to_path};

/// A larger file counts as changed when its time or size is not the one that the index knows.
const LARGEST_FILE: u64 = 256 << 20;
const SKIP_WORK_TREE: u16 = 1 << 14;
const TYPE: u32 = 0o170_000;
const FILE: u32 = 0o100_000;
const LINK: u32 = 0o120_000;

/// Whether no tracked file differs from the last commit, neither in the index nor in the work
/// tree. Untracked files and submodules do not count. No filter runs: a file is as committed when
/// its time and size are those of the index, or its bytes are, perhaps with other line ends.
///
/// # Errors
/// When there is no repository, or Git's data cannot be read.
pub fn is_clean(root: &Path) -> Result<bool> {
    let git = open(root)?;
    let index = git.index().map_err(|error| explain(&error))?;
    if index.has_conflicts() || has_staged(&git, &index).map_err(|error| explain(&error))? {
        return Ok(false);
    }
    let sandbox = Sandbox::open(root)?;
    let config = git.config().map_err(|error| explain(&error))?;
    let has_modes = cfg!(unix) && config.get_bool("core.filemode").unwrap_or(true);
    let written = git.path().join("index").symlink_metadata();
    let written = written.and_then(|metadata| metadata.modified()).ok();
    Ok(index
        .iter()
        .all(|entry| is_as_committed(&sandbox, &entry, written, has_modes)))
}

/// Those of some paths that the index does not know.
///
/// # Errors
/// When there is no repository, or Git's data cannot be read.
pub fn untracked(root: &Path, paths: &[&str]) -> Result<Vec<String>> {
    let git = open(root)?;
    let index = git.index().map_err(|error| explain(&error))?;
    let is_unknown = |path: &&str| index.get_path(Path::new(path), 0).is_none();
    let unknown = paths.iter().copied().filter(|path| is_unknown(path));
    Ok(unknown.map(str::to_owned).collect())
}

fn has_staged(git: &Git, index: &Index) -> Result<bool, git2::Error> {
    let head = match git.head() {
        Ok(head) => Some(head.peel_to_tree()?),
        Err(error) if error.code() == git2::ErrorCode::UnbornBranch => None,
        Err(error) => return Err(error),
    };
    let diff = git.diff_tree_to_index(head.as_ref(), Some(index), None)?;
    Ok(diff.deltas().next().is_some())
}

fn is_as_committed(
    sandbox: &Sandbox,
    entry: &IndexEntry,
    written: Option<SystemTime>,
    has_modes: bool,
) -> bool {
    if entry.flags_extended & SKIP_WORK_TREE != 0 || !matches!(entry.mode & TYPE, FILE | LINK) {
        return true;
    }
    let path = to_path(&entry.path);
    let Some(metadata) = sandbox.metadata(&path) else {
        return false;
    };
    if entry.mode & TYPE == LINK {
        let target = sandbox.link_target(&path);
        return target.is_some_and(|target| is_content_of(&to_bytes(&target), entry.id));
    }
    if !metadata.is_file() || (has_modes && !has_mode_of(&metadata, entry.mode)) {
        return false;
    }
    is_untouched(&metadata, entry, written)
        || sandbox
            .read_up_to(&path, LARGEST_FILE)
            .is_ok_and(|bytes| is_content_of(&bytes, entry.id))
}

/// Whether a file has the time and size that the index knows, and was not written in the second
/// in which the index was, or later: then its time says nothing.
fn is_untouched(
    metadata: &cap_std::fs::Metadata,
    entry: &IndexEntry,
    written: Option<SystemTime>,
) -> bool {
    let second = |time: SystemTime| {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        Some((since.as_secs(), since.subsec_nanos()))
    };
    let modified = metadata.modified().ok();
    let modified = modified.and_then(|time| second(time.into_std()));
    let (Some(modified), Some(written)) = (modified, written.and_then(second)) else {
        return false;
    };
    modified.0 < written.0
        && u64::from(entry.mtime.seconds().unsigned_abs()) == modified.0
        && entry.mtime.nanoseconds() == modified.1
        && u64::from(entry.file_size) == metadata.len()
}

#[cfg(unix)]
fn has_mode_of(metadata: &cap_std::fs::Metadata, mode: u32) -> bool {
    use cap_std::fs::PermissionsExt;
    (metadata.permissions().mode() & 0o100 != 0) == (mode & 0o100 != 0)
}

#[cfg(not(unix))]
fn has_mode_of(_: &cap_std::fs::Metadata, _: u32) -> bool {
    true
}
