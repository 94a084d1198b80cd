//! Which commit a moment means in a repository.

use git2::{ErrorClass, ErrorCode, Repository as Git};

use super::branch::{self, Branches, Head};
use super::layout::GitFolders;
use super::trust;
use super::{Layout, Repository};
use crate::model::Moment;

/// Opens Git's data, or says for people why that cannot be done.
pub(super) fn open(git: &GitFolders) -> Result<Git, String> {
    trust::repository(git)?;
    Git::open(&git.own).map_err(|error| explain(&error))
}

/// A reason in words of our own: libgit2's may quote files that are none of the reader's business.
pub(super) fn explain(error: &git2::Error) -> String {
    let reason = match (error.code(), error.class()) {
        (ErrorCode::Owner, _) => {
            "the repository belongs to another user (git config --global --add safe.directory FOLDER)"
        }
        (_, ErrorClass::Config) => "its configuration cannot be read",
        (ErrorCode::NotFound, _) => "an object or reference is missing",
        (_, ErrorClass::Repository) => {
            "its format cannot be read (SHA-256, reftable or an unknown extension)"
        }
        (_, ErrorClass::Index) => "its index cannot be read",
        (
            _,
            ErrorClass::Odb
            | ErrorClass::Object
            | ErrorClass::Zlib
            | ErrorClass::Sha1
            | ErrorClass::Tree,
        ) => "an object is damaged",
        (_, ErrorClass::Reference) => "a reference is damaged",
        _ => "its data is damaged",
    };
    reason.to_owned()
}

/// What is read of a repository.
#[derive(Clone, Debug)]
pub(super) enum State {
    /// The files on the disk that the index names.
    WorkTree,
    /// A commit; the name of what led to it.
    Commit(git2::Oid),
    /// Nothing: there was no commit yet.
    Empty,
    /// Not known, and why.
    Unknown(String),
}

/// The state that a moment means.
pub(super) fn state(repository: &Repository, moment: &Moment) -> State {
    let layout = &repository.layout;
    let Some(git) = layout.git() else {
        return match (layout, moment) {
            (_, Moment::Present) => State::WorkTree,
            (Layout::Unusable(reason), _) => State::Unknown(reason.clone()),
            _ => State::Unknown("it is a folder without Git, so its past is not known".to_owned()),
        };
    };
    if *moment == Moment::Present && matches!(layout, Layout::WorkTree(_)) {
        return present(repository, git);
    }
    match open(git).and_then(|repository| find_commit(&repository, git, moment)) {
        Ok(Some(commit)) => State::Commit(commit),
        Ok(None) => State::Empty,
        Err(reason) => State::Unknown(reason),
    }
}

fn present(repository: &Repository, git: &GitFolders) -> State {
    if repository.standing_in {
        return State::WorkTree;
    }
    let Branches { head, default } = repository.work_tree.branches(|| Branches::of(git));
    if head == Head::Unknown
        && let Err(reason) = open(git)
    {
        return State::Unknown(reason);
    }
    let on_default = match (&head, &default) {
        (_, None) | (Head::Unknown, Some(_)) => true,
        (Head::Branch(head), Some(default)) => head == default,
        (Head::Detached, Some(_)) => false,
    };
    if on_default {
        return State::WorkTree;
    }
    match open(git).and_then(|repository| default_tip(&repository, git)) {
        Ok(Some(tip)) => State::Commit(tip),
        Ok(None) => State::WorkTree,
        Err(reason) => State::Unknown(reason),
    }
}

fn find_commit(
    repository: &Git,
    git: &GitFolders,
    moment: &Moment,
) -> Result<Option<git2::Oid>, String> {
    match moment {
        Moment::Present | Moment::DefaultBranch => default_tip(repository, git),
        Moment::Revision(name) if names_strange(git, name) => {
            Err(format!("the file of \"{name}\" is not a regular file"))
        }
        Moment::Revision(name) => match repository
            .revparse_single(name)
            .and_then(|object| object.peel_to_commit())
        {
            Ok(commit) => Ok(Some(commit.id())),
            Err(error) if error.code() == ErrorCode::NotFound => {
                Err(format!("it has no revision \"{name}\""))
            }
            Err(error) if error.code() == ErrorCode::InvalidSpec => {
                Err(format!("\"{name}\" is no revision"))
            }
            Err(error) => Err(explain(&error)),
        },
        Moment::Time(time) => match default_tip(repository, git)? {
            Some(tip) => last_commit_until(repository, tip, time.as_second()),
            None => Ok(None),
        },
    }
}

/// The tip of the default branch: the remote's, which is newer than a local branch that one is
/// not on; else the local one; else what `HEAD` is.
fn default_tip(repository: &Git, git: &GitFolders) -> Result<Option<git2::Oid>, String> {
    let head = branch::head(git);
    let mut names = Vec::new();
    if let Some(default) = branch::default_branch(git, &head) {
        names.extend([
            format!("refs/remotes/origin/{default}"),
            format!("refs/heads/{default}"),
        ]);
        if head == Head::Branch(default) {
            names.reverse();
        }
    }
    for name in &names {
        if let Some(commit) = tip(repository, git, name)? {
            return Ok(Some(commit));
        }
    }
    match (head, repository.find_reference("HEAD")) {
        (Head::Branch(branch), Ok(_)) => tip(repository, git, &format!("refs/heads/{branch}")),
        (_, Ok(head)) => peel(&head).map(Some),
        (_, Err(error)) if error.code() == ErrorCode::NotFound => Ok(None),
        (_, Err(error)) => Err(explain(&error)),
    }
}

/// The commit of a reference; `None` when there is no such reference.
fn tip(repository: &Git, git: &GitFolders, name: &str) -> Result<Option<git2::Oid>, String> {
    if is_strange(git, name) {
        return Err(format!("\"{name}\" is not a regular file"));
    }
    match repository.find_reference(name) {
        Ok(reference) => peel(&reference).map(Some),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(explain(&error)),
    }
}

/// The commit that a reference leads to; that this is missing is damage, not absence.
fn peel(reference: &git2::Reference<'_>) -> Result<git2::Oid, String> {
    match reference.peel_to_commit() {
        Ok(commit) => Ok(commit.id()),
        Err(error) => Err(explain(&error)),
    }
}

/// Whether a revision begins with the name of such a reference, in any of the places where Git
/// looks for it.
fn names_strange(git: &GitFolders, revision: &str) -> bool {
    let end = revision.find(['^', '~', '@', ':']);
    let name = &revision[..end.unwrap_or(revision.len())];
    let is_head = name.is_empty() || name == "HEAD";
    if let Head::Branch(branch) = branch::head(git)
        && is_head
    {
        return is_strange(git, &format!("refs/heads/{branch}"));
    }
    let places = ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"];
    let mut names = places.into_iter().map(|place| format!("{place}{name}"));
    names.any(|name| is_strange(git, &name))
}

/// Whether the file of a reference is a pipe or a device, at which libgit2 would wait.
fn is_strange(git: &GitFolders, name: &str) -> bool {
    let metadata = git.common.join(name).metadata();
    metadata.is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

/// The tip of the default branch; `None` before the first commit.
pub(super) fn tip_of_default(git: &GitFolders) -> Result<Option<(Git, git2::Oid)>, String> {
    let repository = open(git)?;
    let tip = default_tip(&repository, git)?;
    Ok(tip.map(|tip| (repository, tip)))
}

fn last_commit_until(
    repository: &Git,
    tip: git2::Oid,
    second: i64,
) -> Result<Option<git2::Oid>, String> {
    let found = last_commits_until(repository, tip, |commits| first_until(commits, &[second]));
    found.into_iter().next().unwrap_or(Ok(None))
}

/// What is found along the first parents of a branch, from its tip on, for some times; where
/// nothing is, why it is not known.
pub(super) fn last_commits_until(
    repository: &Git,
    tip: git2::Oid,
    find: impl FnOnce(&mut dyn Iterator<Item = (git2::Oid, i64)>) -> Vec<Option<git2::Oid>>,
) -> Vec<Result<Option<git2::Oid>, String>> {
    let mut next = Some(tip);
    let mut problem = None;
    let mut first_parents = std::iter::from_fn(|| {
        let id = next?;
        match repository.find_commit(id) {
            Ok(commit) => {
                next = commit.parent_ids().next();
                Some((id, commit.time().seconds()))
            }
            Err(error) => {
                problem = Some(explain(&error));
                None
            }
        }
    });
    let found = find(&mut first_parents);
    let reason = match problem {
        _ if repository.is_shallow() => {
            Some("its history is shallow and ends after that time".to_owned())
        }
        problem => problem,
    };
    let of = |found: Option<git2::Oid>| match (found, &reason) {
        (None, Some(reason)) => Err(reason.clone()),
        (found, _) => Ok(found),
    };
    found.into_iter().map(of).collect()
}

/// For each of some seconds the first of some commits that is from then or before.
pub(super) fn first_until<Id: Copy>(
    mut commits: impl Iterator<Item = (Id, i64)>,
    seconds: &[i64],
) -> Vec<Option<Id>> {
    let mut open: Vec<usize> = (0..seconds.len()).collect();
    // The latest is found first, and stands last.
    open.sort_by_key(|place| seconds.get(*place));
    let mut found = vec![None; seconds.len()];
    while !open.is_empty()
        && let Some((id, time)) = commits.next()
    {
        while let Some(place) = open.pop_if(|place| time <= seconds[*place]) {
            found[place] = Some(id);
        }
    }
    found
}
