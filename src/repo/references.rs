//! Where the references of a repository lead, as its files say it, without asking libgit2: opening
//! a thousand repositories costs more than everything else that is asked of most of them.

use std::fs;
use std::path::Path;

use walkdir::WalkDir;

use super::branch::{Branches, Head};
use super::layout::GitFolders;
use super::{ReadError, Repository, read_plain};

/// The most references in files of their own.
const MOST_FILES: usize = 1_000;
/// The most bytes of such a file.
const LARGEST_REFERENCE: u64 = 4 << 10;
/// The most bytes of the file with all others.
const LARGEST_PACK: u64 = 1 << 20;

impl Repository {
    /// Everything that decides where `HEAD`, the default branch and the tags lead: what has the
    /// same has the same history. `None` where that depends on more than a few small files.
    #[must_use]
    pub fn references(&self) -> Option<Vec<u8>> {
        let git = self.layout.git()?;
        references_of(git, self.work_tree.branches(|| Branches::of(git)))
    }

    /// The same, with nothing that the run remembers: whoever keeps something makes sure that
    /// nobody moved a reference since.
    #[must_use]
    pub fn references_now(&self) -> Option<Vec<u8>> {
        let git = self.layout.git()?;
        references_of(git, Branches::of(git))
    }
}

/// What is said of `HEAD`, these branches and the tags.
fn references_of(git: &GitFolders, branches: Branches) -> Option<Vec<u8>> {
    if cuts_history(git) {
        return None;
    }
    let mut references = References::default();
    let packed = git.common.join("packed-refs");
    references.add_file(&packed, "packed-refs", LARGEST_PACK)?;
    let mut names = Vec::new();
    match branches.head {
        Head::Branch(checked_out) => names.push(format!("refs/heads/{checked_out}")),
        Head::Detached => {
            references.add_file(&git.own.join("HEAD"), "HEAD", LARGEST_REFERENCE)?;
        }
        Head::Unknown => return None,
    }
    if let Some(default) = branches.default {
        names.push(format!("refs/heads/{default}"));
        names.push(format!("refs/remotes/origin/{default}"));
    }
    names.dedup();
    for name in names {
        references.add_branch(git, &name)?;
    }
    references.add_tags(git)?;
    Some(references.text)
}

/// What files of references say, with their names.
#[derive(Default)]
struct References {
    text: Vec<u8>,
}

impl References {
    /// Adds a file; nothing but its name where it is not there.
    fn add_file(&mut self, path: &Path, name: &str, limit: u64) -> Option<()> {
        self.add(name.as_bytes(), read_reference(path, limit).ok()?);
        Some(())
    }

    fn add(&mut self, name: &[u8], content: Option<Vec<u8>>) {
        self.text.extend_from_slice(name);
        self.text.push(0);
        self.text.extend(content.unwrap_or_default());
        self.text.push(0);
    }

    fn add_branch(&mut self, git: &GitFolders, name: &str) -> Option<()> {
        if name.split('/').any(|part| part == "..") {
            return None;
        }
        let content = read_reference(&git.common.join(name), LARGEST_REFERENCE).ok()?;
        // One that only names another one leads where that does.
        if content.as_ref().is_some_and(|it| it.starts_with(b"ref:")) {
            return None;
        }
        self.add(name.as_bytes(), content);
        Some(())
    }

    fn add_tags(&mut self, git: &GitFolders) -> Option<()> {
        let folder = git.common.join("refs/tags");
        let walk = WalkDir::new(&folder).follow_root_links(false);
        for (count, entry) in walk.sort_by_file_name().into_iter().enumerate() {
            let entry = match entry {
                Ok(entry) => entry,
                // Git makes the folder when there is a tag.
                Err(error) if is_missing(&error) && error.depth() == 0 => return Some(()),
                Err(_) => return None,
            };
            if count == MOST_FILES {
                return None;
            }
            if entry.file_type().is_dir() {
                continue;
            }
            if !entry.file_type().is_file() {
                return None;
            }
            let name = entry.path().strip_prefix(&folder).ok()?;
            let content = read_reference(entry.path(), LARGEST_REFERENCE).ok()?;
            if content.as_ref().is_none_or(|it| it.starts_with(b"ref:")) {
                return None;
            }
            self.add(name.as_os_str().as_encoded_bytes(), content);
        }
        Some(())
    }
}

/// The content of a file; `None` where it is not there.
fn read_reference(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, ReadError> {
    match read_plain(path, limit) {
        Err(ReadError::Missing) => Ok(None),
        read => read.map(Some),
    }
}

fn is_missing(error: &walkdir::Error) -> bool {
    let error = error.io_error();
    error.is_some_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}

/// Whether a repository has other references, or less history, than its files of references say.
fn cuts_history(git: &GitFolders) -> bool {
    ["shallow", "info/grafts", "reftable"]
        .into_iter()
        .any(|name| fs::symlink_metadata(git.common.join(name)).is_ok())
}
