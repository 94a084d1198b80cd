//! Where Git keeps the data of a folder, found without asking Git.
//!
//! What is read here may have been prepared by somebody hostile: a `.git` file that names
//! another repository of the machine must not make that repository's content visible.

use std::fs;
use std::path::{Path, PathBuf};

use super::read::{FILE_LIMIT, read_plain};

/// How a repository lies on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Files with a Git repository behind them.
    WorkTree(GitFolders),
    /// A Git repository without files.
    Bare(GitFolders),
    /// Files, with Git data that cannot be used; the reason, for people.
    Unusable(String),
    /// A folder without Git.
    Folder,
}

/// The folders of Git's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitFolders {
    /// What belongs to this work tree: `HEAD`, `index`.
    pub own: PathBuf,
    /// What all work trees share: `config`, `objects`, `refs`.
    pub common: PathBuf,
    /// The folder below which links in Git's data may lead.
    pub within: PathBuf,
}

impl Layout {
    /// The folders of Git's data, where there are usable ones.
    #[must_use]
    pub const fn git(&self) -> Option<&GitFolders> {
        match self {
            Self::WorkTree(git) | Self::Bare(git) => Some(git),
            Self::Unusable(_) | Self::Folder => None,
        }
    }

    /// How the folder lies on the disk, and `None` when it is not a repository. Git data outside
    /// of the folder is only believed when it lies below `root` or names this folder itself.
    #[must_use]
    pub fn of(folder: &Path, root: &Path) -> Option<Self> {
        let dot_git = folder.join(".git");
        let Ok(metadata) = fs::symlink_metadata(&dot_git) else {
            return is_git_folder(folder).then(|| Self::Bare(shared(folder.to_path_buf(), root)));
        };
        if metadata.is_dir() {
            return is_git_folder(&dot_git).then(|| Self::WorkTree(shared(dot_git, root)));
        }
        if metadata.is_symlink() {
            return Some(through_link(&dot_git, root));
        }
        metadata
            .is_file()
            .then(|| through_git_file(&dot_git, folder, root))
    }
}

fn shared(folder: PathBuf, root: &Path) -> GitFolders {
    GitFolders {
        within: root.to_path_buf(),
        own: folder.clone(),
        common: folder,
    }
}

/// Git's own test for a repository, without `refs`: a folder with `HEAD` and `objects`.
fn is_git_folder(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join("HEAD")).is_ok_and(|head| !head.is_dir())
        && folder.join("objects").is_dir()
}

fn through_link(dot_git: &Path, root: &Path) -> Layout {
    match dot_git.canonicalize() {
        Ok(target) if lies_below(&target, root) && is_git_folder(&target) => {
            Layout::WorkTree(shared(target, root))
        }
        Ok(_) => Layout::Unusable("\".git\" is a link that leads out of the workspace".to_owned()),
        Err(_) => Layout::Unusable("\".git\" is a link that leads nowhere".to_owned()),
    }
}

/// A `.git` file: a work tree of another repository, or a submodule.
fn through_git_file(dot_git: &Path, folder: &Path, root: &Path) -> Layout {
    let Some(target) = read_path_line(dot_git, "gitdir:") else {
        return Layout::Unusable("\".git\" is a file without a line \"gitdir: FOLDER\"".to_owned());
    };
    let Ok(own) = folder.join(target).canonicalize() else {
        return Layout::Unusable("\".git\" names a folder that is not there".to_owned());
    };
    if !lies_below(&own, root) && !names_back(&own, dot_git) {
        return Layout::Unusable(
            "\".git\" names a folder outside of the workspace that does not know this one"
                .to_owned(),
        );
    }
    let common = match read_path_line(&own.join("commondir"), "") {
        None => own.clone(),
        Some(common) => match own.join(common).canonicalize() {
            Ok(common) if own.starts_with(common.join("worktrees")) => common,
            _ => {
                return Layout::Unusable(
                    "the work tree's \"commondir\" is not its repository".to_owned(),
                );
            }
        },
    };
    let has_head = fs::symlink_metadata(own.join("HEAD")).is_ok_and(|head| head.is_file());
    if has_head && common.join("objects").is_dir() {
        Layout::WorkTree(GitFolders {
            own,
            common,
            within: root.to_path_buf(),
        })
    } else {
        Layout::Unusable("\".git\" names a folder that is no Git repository".to_owned())
    }
}

pub(super) fn lies_below(path: &Path, root: &Path) -> bool {
    root.canonicalize().is_ok_and(|root| path.starts_with(root))
}

/// `git worktree add` writes the path of the work tree's `.git` into the repository.
fn names_back(own: &Path, dot_git: &Path) -> bool {
    let Some(back) = read_path_line(&own.join("gitdir"), "") else {
        return false;
    };
    match (own.join(back).canonicalize(), dot_git.canonicalize()) {
        (Ok(back), Ok(dot_git)) => back == dot_git,
        _ => false,
    }
}

/// The first line of a small file, without a prefix that it must have.
pub(super) fn read_path_line(file: &Path, prefix: &str) -> Option<PathBuf> {
    let text = read_small(file)?;
    let line = text.lines().next()?.strip_prefix(prefix)?.trim();
    (!line.is_empty()).then(|| PathBuf::from(line))
}

/// A file of Git's own data that is never large; `None` when it is missing, large or no file.
pub(super) fn read_small(file: &Path) -> Option<String> {
    let bytes = read_plain(file, FILE_LIMIT).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
