//! Which branch a repository is on, and which one is its default, read from Git's files.
//!
//! Opening a thousand repositories with libgit2 costs more than everything else a scan does;
//! these are three small files.

use std::path::Path;

use super::layout::{GitFolders, read_small};

/// The branch that a repository is on, and its default branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Branches {
    pub(super) head: Head,
    pub(super) default: Option<String>,
}

impl Branches {
    pub(super) fn of(git: &GitFolders) -> Self {
        let head = head(git);
        let default = default_branch(git, &head);
        Self { head, default }
    }
}

/// What `HEAD` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// On a branch, which may have no commit yet.
    Branch(String),
    /// On a commit.
    Detached,
    /// Something that these files do not tell (reftable, damage).
    Unknown,
}

pub(super) fn head(git: &GitFolders) -> Head {
    let Some(text) = read_small(&git.own.join("HEAD")) else {
        return Head::Unknown;
    };
    let text = text.trim();
    match text.strip_prefix("ref:").map(str::trim) {
        Some("refs/heads/.invalid") => Head::Unknown,
        Some(reference) => match reference.strip_prefix("refs/heads/") {
            Some(branch) if !branch.is_empty() => Head::Branch(branch.to_owned()),
            _ => Head::Unknown,
        },
        None if text.len() >= 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            Head::Detached
        }
        None => Head::Unknown,
    }
}

/// The branch that is checked out; `None` on a commit, and where that cannot be told.
#[must_use]
pub fn checked_out_branch(git: &GitFolders) -> Option<String> {
    match head(git) {
        Head::Branch(branch) => Some(branch),
        Head::Detached | Head::Unknown => None,
    }
}

/// The default branch: what `origin/HEAD` names, else `main`, else `master`.
pub(super) fn default_branch(git: &GitFolders, head: &Head) -> Option<String> {
    let origin = read_small(&git.common.join("refs/remotes/origin/HEAD"));
    let named = origin
        .as_deref()
        .and_then(|text| text.trim().strip_prefix("ref: refs/remotes/origin/"));
    if let Some(branch) = named {
        return Some(branch.to_owned());
    }
    // Without a remote, somebody on "main" is on the default branch whatever else there is.
    if *head == Head::Branch("main".to_owned()) {
        return Some("main".to_owned());
    }
    let packed = read_small(&git.common.join("packed-refs")).unwrap_or_default();
    ["main", "master"]
        .into_iter()
        .find(|branch| has_branch(&git.common, &packed, branch))
        .map(str::to_owned)
}

fn has_branch(common: &Path, packed: &str, branch: &str) -> bool {
    ["refs/heads", "refs/remotes/origin"]
        .into_iter()
        .any(|folder| {
            let name = format!("{folder}/{branch}");
            common.join(&name).is_file()
                || packed
                    .lines()
                    .any(|line| line.split(' ').nth(1) == Some(&name))
        })
}
