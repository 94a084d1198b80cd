//! The files of a commit.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

use git2::{ObjectType, Oid, Repository as Git};

use super::read::ReadError;
use super::revision;
use super::snapshot::{FileEntry, FileKind};
use super::walk::{to_bytes, to_path};

/// How many links lead from one to the next before they count as a loop.
pub(super) const MOST_LINKS: usize = 8;

/// How many files and folders of a commit are listed, and how long all their paths may be: ten
/// trees of ten entries each, every one of them the tree below, are a few hundred bytes and
/// 10,000,000,000 files.
const MOST_ENTRIES: usize = 4_000_000;
const MOST_BYTES: usize = 1 << 29;

/// The files of a tree, in byte order; `None` when there are too many.
pub(super) fn files(
    git: &Git,
    tree: &git2::Tree<'_>,
) -> Result<Option<Vec<FileEntry>>, git2::Error> {
    let mut listing = Listing {
        git,
        files: Vec::new(),
        folder: Vec::new(),
        entries: 0,
        bytes: 0,
    };
    let is_complete = listing.add(tree)?;
    let mut files = listing.files;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(is_complete.then_some(files))
}

struct Listing<'git> {
    git: &'git Git,
    files: Vec<FileEntry>,
    /// The path of the tree that is listed, with a `/` at its end.
    folder: Vec<u8>,
    entries: usize,
    bytes: usize,
}

impl Listing<'_> {
    /// Adds what a tree has, without recursing more deeply than any file system could; false
    /// when there is too much.
    fn add(&mut self, tree: &git2::Tree<'_>) -> Result<bool, git2::Error> {
        const LONGEST_PATH: usize = 4096;
        for entry in tree {
            let length = self.folder.len();
            self.folder.extend_from_slice(entry.name_bytes());
            self.entries += 1;
            self.bytes += self.folder.len();
            if self.entries > MOST_ENTRIES || self.bytes > MOST_BYTES {
                return Ok(false);
            }
            match entry.kind() {
                Some(ObjectType::Tree) if self.folder.len() < LONGEST_PATH => {
                    self.folder.push(b'/');
                    let below = self.git.find_tree(entry.id())?;
                    if !self.add(&below)? {
                        return Ok(false);
                    }
                }
                Some(ObjectType::Blob) => {
                    let kind = if entry.filemode() == 0o120_000 {
                        FileKind::Link
                    } else {
                        FileKind::File
                    };
                    self.files.push(FileEntry {
                        path: self.folder.as_slice().into(),
                        kind,
                        blob: Some(entry.id()),
                        in_work_tree: false,
                    });
                }
                _ => {}
            }
            self.folder.truncate(length);
        }
        Ok(true)
    }
}

/// Reads a file of a tree, through links.
pub(super) fn read_from_tree(
    git: &Git,
    tree: Oid,
    path: &[u8],
    limit: u64,
) -> Result<Vec<u8>, ReadError> {
    let tree = git
        .find_tree(tree)
        .map_err(|error| ReadError::Failed(revision::explain(&error)))?;
    let mut path = to_path(path).into_owned();
    let mut seen = HashSet::new();
    for _ in 0..MOST_LINKS {
        let entry = tree.get_path(&path).map_err(|_| ReadError::Missing)?;
        if entry.kind() != Some(ObjectType::Blob) {
            return Err(ReadError::NotAFile);
        }
        let content = read_blob(git, entry.id(), limit)?;
        if entry.filemode() != 0o120_000 {
            return Ok(content);
        }
        path = resolve(&to_bytes(&path), &to_path(&content)).ok_or(ReadError::Outside)?;
        if !seen.insert(path.clone()) {
            break;
        }
    }
    Err(ReadError::Failed("the links form a loop".to_owned()))
}

/// Reads the content of a file of no more than so many bytes.
pub(super) fn read_blob(git: &Git, blob: Oid, limit: u64) -> Result<Vec<u8>, ReadError> {
    let database = git
        .odb()
        .map_err(|error| ReadError::Failed(revision::explain(&error)))?;
    let (size, _) = database
        .read_header(blob)
        .map_err(|_| ReadError::NotInSight)?;
    if size as u64 > limit {
        return Err(ReadError::TooLarge {
            bytes: size as u64,
            limit,
        });
    }
    let object = database
        .read(blob)
        .map_err(|error| ReadError::Failed(revision::explain(&error)))?;
    Ok(object.data().to_vec())
}

/// The path that a link leads to; `None` when that is outside of the repository.
pub(super) fn resolve(link: &[u8], target: &Path) -> Option<PathBuf> {
    let mut path = to_path(link).into_owned();
    path.pop();
    for component in target.components() {
        match component {
            Component::Normal(part) => path.push(part),
            Component::CurDir => {}
            Component::ParentDir => {
                if !path.pop() {
                    return None;
                }
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(path)
}
