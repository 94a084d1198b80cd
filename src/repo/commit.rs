//! Writing commits: the one place that makes them. Nothing is signed, no hook runs, and no filter
//! has a part in what a file's object is.

use git2::{Commit, Index, IndexEntry, IndexTime, Oid, Repository as Git, Signature, Time};

use super::Identity;

/// The mode of a regular file.
pub(super) const FILE_MODE: u32 = 0o100_644;
/// The mode of a file that may be executed.
pub(super) const EXECUTABLE_MODE: u32 = 0o100_755;
/// The mode of a link.
pub(super) const LINK_MODE: u32 = 0o120_000;

/// A file that is committed.
#[derive(Clone, Debug)]
pub struct CommittedFile<'a> {
    /// Its path in the repository, with `/`.
    pub path: &'a str,
    /// What it is.
    pub content: CommittedContent<'a>,
}

/// What a file that is committed is.
#[derive(Clone, Debug)]
pub enum CommittedContent<'a> {
    /// A regular file.
    File {
        /// Its bytes.
        bytes: &'a [u8],
        /// Whether it may be executed.
        executable: bool,
    },
    /// A symbolic link.
    Link {
        /// Where it points.
        target: &'a str,
    },
}

impl CommittedContent<'_> {
    pub(super) const fn mode(&self) -> u32 {
        match self {
            Self::File {
                executable: false, ..
            } => FILE_MODE,
            Self::File { .. } => EXECUTABLE_MODE,
            Self::Link { .. } => LINK_MODE,
        }
    }

    pub(super) const fn bytes(&self) -> &[u8] {
        match self {
            Self::File { bytes, .. } => bytes,
            Self::Link { target } => target.as_bytes(),
        }
    }
}

/// Who commits, when, and what the commit says.
#[derive(Clone, Copy)]
pub(super) struct CommitWords<'a> {
    pub(super) author: &'a Identity,
    pub(super) time: i64,
    pub(super) offset_minutes: i32,
    pub(super) message: &'a str,
}

/// Writes a commit, and moves a reference to it.
pub(super) fn write_commit(
    git: &Git,
    reference: &str,
    words: CommitWords<'_>,
    tree: Oid,
    parent: Option<Oid>,
) -> Result<Oid, git2::Error> {
    let time = Time::new(words.time, words.offset_minutes);
    let author = Signature::new(&words.author.name, &words.author.email, &time)?;
    let tree = git.find_tree(tree)?;
    let parent = parent.map(|id| git.find_commit(id)).transpose()?;
    let parents: Vec<&Commit<'_>> = parent.iter().collect();
    git.commit(
        Some(reference),
        &author,
        &author,
        words.message,
        &tree,
        &parents,
    )
}

/// Writes the tree of some files: path, object and mode of each.
pub(super) fn write_tree<'a>(
    git: &Git,
    files: impl Iterator<Item = (&'a str, Oid, u32)>,
) -> Result<Oid, git2::Error> {
    let mut index = Index::new()?;
    for (path, blob, mode) in files {
        index.add(&entry(path, blob, mode))?;
    }
    index.write_tree_to(git)
}

/// An entry of an index that says nothing about a file on the disk.
pub(super) fn entry(path: &str, blob: Oid, mode: u32) -> IndexEntry {
    IndexEntry {
        ctime: IndexTime::new(0, 0),
        mtime: IndexTime::new(0, 0),
        dev: 0,
        ino: 0,
        mode,
        uid: 0,
        gid: 0,
        file_size: 0,
        id: blob,
        flags: 0,
        flags_extended: 0,
        path: path.as_bytes().to_vec(),
    }
}
