//! Where the references of a repository lead, as its files say it, without asking libgit2: opening
//! a thousand repositories costs more than everything else that is asked of most of them.

use std::fs;

use walkdir::WalkDir;

use super::layout::GitFolders;
use super::{ReadError, Repository, read_plain};

/// The most references in files of their own.
const MOST_FILES: usize = 1_000;
/// The most bytes of such a file.
const LARGEST_REFERENCE: u64 = 4 << 10;
/// The most bytes of the file with all others.
const LARGEST_PACK: u64 = 1 << 20;

impl Repository {
    /// Everything that decides where `HEAD`, branches and tags lead: what has the same has the
    /// same history. `None` where that depends on more than a few small files.
    #[must_use]
    pub fn references(&self) -> Option<Vec<u8>> {
        let git = self.layout.git()?;
        if cuts_history(git) {
            return None;
        }
        let mut text = read_plain(&git.own.join("HEAD"), LARGEST_REFERENCE).ok()?;
        text.push(b'\n');
        match read_plain(&git.common.join("packed-refs"), LARGEST_PACK) {
            Ok(packed) => text.extend(packed),
            Err(ReadError::Missing) => {}
            Err(_) => return None,
        }
        let walk = WalkDir::new(git.common.join("refs")).follow_root_links(false);
        for (count, entry) in walk.sort_by_file_name().into_iter().enumerate() {
            let entry = entry.ok().filter(|_| count < MOST_FILES)?;
            if entry.file_type().is_dir() {
                continue;
            }
            if !entry.file_type().is_file() {
                return None;
            }
            let name = entry.path().strip_prefix(&git.common).ok()?;
            text.extend_from_slice(name.as_os_str().as_encoded_bytes());
            text.push(0);
            text.extend(read_plain(entry.path(), LARGEST_REFERENCE).ok()?);
        }
        Some(text)
    }
}

/// Whether a repository has other references, or less history, than its files of references say.
fn cuts_history(git: &GitFolders) -> bool {
    ["shallow", "info/grafts", "reftable"]
        .into_iter()
        .any(|name| fs::symlink_metadata(git.common.join(name)).is_ok())
}
