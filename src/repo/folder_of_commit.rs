//! The files of a folder as a commit has them, and whether the work tree still has the same.

use std::path::Path;

use anyhow::{Result, anyhow, bail};
use git2::{ObjectType, Odb, Oid, Repository as Git, Tree};

use super::folder::{FolderContent, FolderFile, FolderLimits, Gathered, MOST_LEVELS, read_folder};
use super::{Layout, is_git_name, revision};

/// The mode of a link in a tree.
pub(super) const LINK_MODE: i32 = 0o120_000;
/// The mode of a file that may be executed.
pub(super) const EXECUTABLE_MODE: i32 = 0o100_755;

/// The commit that a work tree is at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadState {
    /// The id of the commit.
    pub commit: String,
    /// Whether the files of the folder differ from those that the commit has there.
    pub is_modified: bool,
}

/// Everything below a folder of a commit, like [`read_folder`]; submodules are empty folders.
///
/// # Errors
/// When the repository cannot be opened, has no such commit or folder, or there is more than the
/// limits allow.
pub fn read_folder_at(
    root: &Path,
    commit: &str,
    folder: &str,
    limits: &FolderLimits,
) -> Result<Vec<FolderFile>> {
    let git = open(root)?;
    let tree = tree_of(&git, commit)?;
    let tree = match normalize(folder)? {
        path if path.is_empty() => tree,
        path => tree
            .get_path(Path::new(&path))
            .ok()
            .filter(|entry| entry.kind() == Some(ObjectType::Tree))
            .and_then(|entry| git.find_tree(entry.id()).ok())
            .ok_or_else(|| anyhow!("\"{folder}\" is not a folder of commit {commit}"))?,
    };
    let database = git.odb().map_err(|error| explain(&error))?;
    let mut reading = TreeReading {
        git: &git,
        database: &database,
        gathered: Gathered::new(*limits),
    };
    reading.add(&tree, &mut String::new(), 0)?;
    Ok(reading.gathered.into_files())
}

/// One file of a commit, like [`read_file_below`](super::read_file_below).
///
/// # Errors
/// When the repository cannot be opened, or has no such commit or file.
pub fn read_file_at(root: &Path, commit: &str, path: &str) -> Result<FolderFile> {
    const LIMITS: FolderLimits = FolderLimits {
        most_files: 1,
        most_bytes: 256 << 20,
    };
    let git = open(root)?;
    let tree = tree_of(&git, commit)?;
    let normal = normalize(path)?;
    let entry = tree
        .get_path(Path::new(&normal))
        .ok()
        .filter(|entry| entry.kind() == Some(ObjectType::Blob))
        .ok_or_else(|| anyhow!("\"{path}\" is not a file of commit {commit}"))?;
    let database = git.odb().map_err(|error| explain(&error))?;
    let reading = TreeReading {
        git: &git,
        database: &database,
        gathered: Gathered::new(LIMITS),
    };
    Ok(FolderFile {
        content: reading.content(entry.id(), entry.filemode(), path)?,
        path: normal.rsplit('/').next().unwrap_or(&normal).to_owned(),
    })
}

/// The commit that the work tree at `root` is at, and whether the files of a folder are those of
/// the commit, byte by byte. No filter is run: what is compared is what a template would read.
#[must_use]
pub fn head_of(root: &Path, folder: &str) -> Option<HeadState> {
    const LIMITS: FolderLimits = FolderLimits {
        most_files: 100_000,
        most_bytes: 1 << 30,
    };
    let files = read_folder(root, folder, &LIMITS);
    head_of_files(root, folder, files.as_deref().unwrap_or_default())
}

/// Like [`head_of`], with the files that [`read_folder`] found there.
#[must_use]
pub fn head_of_files(root: &Path, folder: &str, files: &[FolderFile]) -> Option<HeadState> {
    let git = open(root).ok()?;
    let commit = git.head().ok()?.peel_to_commit().ok()?;
    let tree = commit.tree().ok();
    let is_same = tree.is_some_and(|tree| has_files(&git, &tree, folder, files));
    Some(HeadState {
        commit: commit.id().to_string(),
        is_modified: !is_same,
    })
}

/// Whether a folder of a tree has exactly these files; empty folders do not count.
fn has_files(git: &Git, tree: &Tree<'_>, folder: &str, files: &[FolderFile]) -> bool {
    let Ok(folder) = normalize(folder) else {
        return false;
    };
    let subtree;
    let tree = if folder.is_empty() {
        tree
    } else {
        let entry = tree.get_path(Path::new(&folder)).ok();
        let Some(found) = entry.and_then(|entry| git.find_tree(entry.id()).ok()) else {
            return false;
        };
        subtree = found;
        &subtree
    };
    let Ok(Some(committed)) = super::tree::files(git, tree) else {
        return false;
    };
    let mut present = files
        .iter()
        .filter(|file| file.content != FolderContent::EmptyFolder);
    let all = committed.iter().all(|committed| {
        present
            .next()
            .is_some_and(|file| is_same_file(tree, file, committed))
    });
    all && present.next().is_none()
}

fn is_same_file(tree: &Tree<'_>, file: &FolderFile, committed: &super::FileEntry) -> bool {
    if file.path.as_bytes() != &*committed.path {
        return false;
    }
    let (bytes, mode) = match &file.content {
        FolderContent::File {
            bytes,
            executable: false,
        } => (bytes.as_slice(), 0o100_644),
        FolderContent::File { bytes, .. } => (bytes.as_slice(), EXECUTABLE_MODE),
        FolderContent::Link { target } => (target.as_bytes(), LINK_MODE),
        FolderContent::EmptyFolder => return false,
    };
    let id = Oid::hash_object(ObjectType::Blob, bytes).ok();
    // Where a file system has no modes, every file looks the same.
    let has_mode = !cfg!(unix)
        || tree
            .get_path(Path::new(&file.path))
            .is_ok_and(|entry| entry.filemode() == mode);
    id == committed.blob && has_mode
}

/// Opens the repository of a folder, after a look at what libgit2 would open.
pub(super) fn open(root: &Path) -> Result<Git> {
    let shown = root.display();
    let layout = Layout::of(root, root);
    if let Some(Layout::Unusable(reason)) = &layout {
        bail!("Git's data of \"{shown}\" cannot be used: {reason}");
    }
    let folders = layout.as_ref().and_then(Layout::git);
    let folders = folders.ok_or_else(|| anyhow!("\"{shown}\" is not a Git repository"))?;
    revision::open(folders)
        .map_err(|reason| anyhow!("Git's data of \"{shown}\" cannot be used: {reason}"))
}

/// An error of Git in words of our own.
pub(super) fn explain(error: &git2::Error) -> anyhow::Error {
    anyhow!("Git's data cannot be used: {}", revision::explain(error))
}

pub(super) fn tree_of<'git>(git: &'git Git, commit: &str) -> Result<Tree<'git>> {
    let id = Oid::from_str(commit).map_err(|_| anyhow!("\"{commit}\" is not a commit's id"))?;
    let found = git
        .find_commit(id)
        .map_err(|_| anyhow!("there is no commit {commit}"))?;
    found.tree().map_err(|error| explain(&error))
}

/// A path in a tree, without `.` and `..`.
fn normalize(path: &str) -> Result<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            ".." if parts.pop().is_none() => bail!("\"{path}\" leads out of the repository"),
            "" | "." | ".." => {}
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}

/// A folder of a commit while it is read.
struct TreeReading<'git> {
    git: &'git Git,
    database: &'git Odb<'git>,
    gathered: Gathered,
}

impl TreeReading<'_> {
    fn add(&mut self, tree: &Tree<'_>, path: &mut String, level: usize) -> Result<()> {
        if level > MOST_LEVELS {
            bail!("\"{path}\" is more than {MOST_LEVELS} folders deep");
        }
        let length = path.len();
        let mut is_empty = true;
        for entry in tree {
            let bytes = entry.name_bytes();
            let name = std::str::from_utf8(bytes).map_err(|_| {
                let name = String::from_utf8_lossy(bytes);
                anyhow!("\"{path}{name}\" has a name that is not UTF-8")
            })?;
            if is_git_name(name.as_ref()) {
                continue;
            }
            is_empty = false;
            path.push_str(name);
            // Git writes no such names, but whoever wrote this tree may have.
            if matches!(name, "" | "." | "..") || name.contains('/') {
                bail!("\"{path}\" is no name that a file can have");
            }
            match entry.kind() {
                Some(ObjectType::Tree) => {
                    let below = self.git.find_tree(entry.id());
                    let below = below.map_err(|error| explain(&error))?;
                    path.push('/');
                    self.add(&below, path, level + 1)?;
                }
                Some(ObjectType::Commit) => self.gathered.add(path, FolderContent::EmptyFolder)?,
                _ => {
                    let content = self.content(entry.id(), entry.filemode(), path)?;
                    self.gathered.add(path, content)?;
                }
            }
            path.truncate(length);
        }
        if is_empty && level > 0 {
            let folder = path.trim_end_matches('/').to_owned();
            self.gathered.add(&folder, FolderContent::EmptyFolder)?;
        }
        Ok(())
    }

    fn content(&self, blob: Oid, mode: i32, path: &str) -> Result<FolderContent> {
        let missing = || anyhow!("\"{path}\" is not on this machine: the clone is partial");
        let (size, _) = self.database.read_header(blob).map_err(|_| missing())?;
        if size as u64 > self.gathered.room() {
            return Err(self.gathered.too_many_bytes(path));
        }
        let object = self.database.read(blob).map_err(|error| explain(&error))?;
        let bytes = object.data().to_vec();
        if mode == LINK_MODE {
            let target = String::from_utf8(bytes)
                .map_err(|_| anyhow!("link \"{path}\" has a target that is not UTF-8"))?;
            return Ok(FolderContent::Link { target });
        }
        Ok(FolderContent::File {
            bytes,
            executable: mode == EXECUTABLE_MODE,
        })
    }
}
