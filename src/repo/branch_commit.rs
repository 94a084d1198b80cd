//! A commit on a new branch of a clone, beside whatever its user is doing there.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use git2::build::TreeUpdateBuilder;
use git2::{ErrorCode, FileMode, ObjectType, Oid, Reference, Repository as Git, Tree};

use super::branch;
use super::commit::{self, CommitWords, CommittedFile};
use super::folder_of_commit::{explain, open};
use super::{Identity, Layout, is_git_name};

/// A commit on a branch of its own.
pub struct BranchCommit<'a> {
    /// The branch, which is made.
    pub branch: &'a str,
    /// The branch that it starts from; the default branch where nothing is said.
    pub base: Option<&'a str>,
    /// The files that it writes.
    pub writes: &'a mut dyn Iterator<Item = CommittedFile<'a>>,
    /// The files that it removes; what is not there is passed over.
    pub removes: &'a [String],
    /// What it says.
    pub message: &'a str,
    /// Who makes it.
    pub author: &'a Identity,
    /// When: seconds since 1970.
    pub time: i64,
    /// The offset of that time from UTC.
    pub offset_minutes: i32,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchCommitted {
    /// The id of the commit.
    pub commit: String,
    /// The branch that it is on.
    pub branch: String,
    /// The commit that it starts from.
    pub base: String,
    /// Whether it was made now; else the branch had the same files already.
    pub is_new: bool,
}

/// Makes a commit on a new branch, without touching the work tree, the index or `HEAD`. A branch
/// that is there already and has the same files is left as it is.
///
/// # Errors
/// When the branch is there with other files, the commit would change nothing, there is no base,
/// or a path cannot be written.
pub fn commit_on_branch(root: &Path, change: &mut BranchCommit<'_>) -> Result<BranchCommitted> {
    let name = change.branch;
    let reference = format!("refs/heads/{name}");
    if name.starts_with('-') || !Reference::is_valid_name(&reference) {
        bail!("\"{name}\" cannot be the name of a branch");
    }
    let git = open(root)?;
    let base = base(&git, root, change.base)?;
    let base_tree = git
        .find_commit(base)
        .and_then(|commit| commit.tree())
        .map_err(|error| explain(&error))?;
    let tree = changed_tree(&git, &base_tree, &mut *change.writes, change.removes)?;
    let committed = |commit: Oid, is_new| BranchCommitted {
        commit: commit.to_string(),
        branch: name.to_owned(),
        base: base.to_string(),
        is_new,
    };
    if let Some(existing) = find(&git, &reference)? {
        let existing_tree = git.find_commit(existing).map(|commit| commit.tree_id());
        if existing_tree.is_ok_and(|existing| existing == tree) {
            return Ok(committed(existing, false));
        }
        bail!("branch \"{name}\" is there already, with other files");
    }
    if tree == base_tree.id() {
        bail!("branch \"{name}\" would have no changes: all files are as they would be written");
    }
    let words = CommitWords {
        author: change.author,
        time: change.time,
        offset_minutes: change.offset_minutes,
        message: change.message,
    };
    commit::write_commit(&git, &reference, words, tree, Some(base))
        .map(|commit| committed(commit, true))
        .with_context(|| format!("cannot write to the repository \"{}\"", root.display()))
}

/// The commit to start from: what `origin` has goes before what is here.
fn base(git: &Git, root: &Path, named: Option<&str>) -> Result<Oid> {
    let layout = Layout::of(root, root);
    let folders = layout.as_ref().and_then(Layout::git);
    let default = || folders.and_then(|git| branch::default_branch(git, &branch::head(git)));
    if let Some(branch) = named.map(str::to_owned).or_else(default) {
        for folder in ["refs/remotes/origin", "refs/heads"] {
            if let Some(commit) = find(git, &format!("{folder}/{branch}"))? {
                return Ok(commit);
            }
        }
        if named.is_some() {
            bail!("there is no branch \"{branch}\" to start from");
        }
    }
    find(git, "HEAD")?.ok_or_else(|| anyhow!("the repository has no commit to start from"))
}

/// The commit of a reference, where there is one.
fn find(git: &Git, reference: &str) -> Result<Option<Oid>> {
    match git.find_reference(reference) {
        Ok(found) => match found.peel_to_commit() {
            Ok(commit) => Ok(Some(commit.id())),
            Err(error) if error.code() == ErrorCode::UnbornBranch => Ok(None),
            Err(error) if reference == "HEAD" && error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(explain(&error)),
        },
        Err(error) if matches!(error.code(), ErrorCode::NotFound | ErrorCode::InvalidSpec) => {
            Ok(None)
        }
        Err(error) => Err(explain(&error)),
    }
}

fn changed_tree(
    git: &Git,
    base: &Tree<'_>,
    writes: &mut dyn Iterator<Item = CommittedFile<'_>>,
    removes: &[String],
) -> Result<Oid> {
    let mut update = TreeUpdateBuilder::new();
    for path in removes {
        let found = checked(path).map(|path| base.get_path(path))?;
        if found.is_ok_and(|entry| entry.kind() == Some(ObjectType::Blob)) {
            update.remove(path.as_str());
        }
    }
    for file in writes {
        checked(file.path)?;
        let blob = git
            .blob(file.content.bytes())
            .context("cannot write an object")?;
        let mode = match file.content.mode() {
            commit::LINK_MODE => FileMode::Link,
            commit::EXECUTABLE_MODE => FileMode::BlobExecutable,
            _ => FileMode::Blob,
        };
        update.upsert(file.path, blob, mode);
    }
    update
        .create_updated(git, base)
        .context("the files cannot be written together: one is where another needs a folder")
}

/// A path that can be in a commit.
fn checked(path: &str) -> Result<&Path> {
    let is_name = |name: &str| {
        !matches!(name, "" | "." | "..") && !name.contains('\0') && !is_git_name(name.as_ref())
    };
    if path.split('/').all(is_name) {
        Ok(Path::new(path))
    } else {
        Err(anyhow!("\"{path}\" cannot be the path of a file"))
    }
}
