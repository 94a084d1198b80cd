//! Writing a repository from its history: the same commits, with the same ids, every time.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use git2::build::CheckoutBuilder;
use git2::{Oid, Repository as Git, RepositoryInitOptions};

use super::Identity;
use super::commit::{self, CommitWords, FILE_MODE};

/// A commit of a history.
#[derive(Clone, Debug, Default)]
pub struct ReplayedCommit {
    /// Who made it: name and e-mail.
    pub author: (String, String),
    /// When: seconds since 1970, and the offset from UTC in minutes.
    pub time: (i64, i32),
    /// What it says.
    pub message: String,
    /// The files that it writes: path → content.
    pub writes: BTreeMap<String, Vec<u8>>,
    /// The files that it removes.
    pub removes: Vec<String>,
    /// The tags that point to it.
    pub tags: Vec<String>,
}

/// Writes a repository with a work tree: its commits on `main`, oldest first, and the URL of its
/// `origin`. Nothing of the user's Git configuration has a part in it: no template, no hook, no
/// filter.
///
/// # Errors
/// When the folder exists already or cannot be written.
pub fn replay(folder: &Path, remote: &str, commits: &[ReplayedCommit]) -> Result<()> {
    let write = || -> Result<(), git2::Error> {
        let mut options = RepositoryInitOptions::new();
        options
            .external_template(false)
            .initial_head("main")
            .no_reinit(true)
            .mkpath(true);
        let git = Git::init_opts(folder, &options)?;
        git.remote("origin", remote)?;
        let mut files: BTreeMap<String, Oid> = BTreeMap::new();
        let mut parent: Option<Oid> = None;
        for commit in commits {
            let id = write_commit(&git, commit, &mut files, parent)?;
            for tag in &commit.tags {
                git.reference(&format!("refs/tags/{tag}"), id, false, "")?;
            }
            parent = Some(id);
        }
        git.checkout_head(Some(CheckoutBuilder::new().force().disable_filters(true)))
    };
    write().with_context(|| format!("cannot write the repository \"{}\"", folder.display()))
}

fn write_commit(
    git: &Git,
    replayed: &ReplayedCommit,
    files: &mut BTreeMap<String, Oid>,
    parent: Option<Oid>,
) -> Result<Oid, git2::Error> {
    for (path, content) in &replayed.writes {
        files.insert(path.clone(), git.blob(content)?);
    }
    for path in &replayed.removes {
        files.remove(path);
    }
    let entries = files
        .iter()
        .map(|(path, blob)| (path.as_str(), *blob, FILE_MODE));
    let tree = commit::write_tree(git, entries)?;
    let (name, email) = replayed.author.clone();
    let words = CommitWords {
        author: &Identity { name, email },
        time: replayed.time.0,
        offset_minutes: replayed.time.1,
        message: &replayed.message,
    };
    commit::write_commit(git, "HEAD", words, tree, parent)
}
