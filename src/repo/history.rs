//! Who changed a file last, and when.

use std::path::Path;

use git2::{Commit, Oid, Repository as Git, Tree};

use super::read::Sandbox;
use super::revision::{self, State};
use super::walk::to_path;
use super::{Layout, Repository};
use crate::model::Moment;

/// Commits that are looked at; a longer history is not known.
const MOST_COMMITS: usize = 200_000;

/// The last change of a file, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LastChange {
    /// The commit that gave the file its content.
    Committed(Change),
    /// The work tree differs from the last commit.
    Uncommitted,
    /// Not known, and why.
    Unknown(String),
}

/// A commit, and who wrote it when.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Change {
    /// The id of the commit, in hexadecimal.
    pub commit: String,
    /// The name of the author.
    pub author: String,
    /// When it was written: seconds since 1970, UTC.
    pub seconds: i64,
    /// The offset of the author's clock, in minutes.
    pub offset: i32,
}

/// The last changes of sets of paths: those that are known, and those that are found out for all
/// others at once, which are kept. What is not found is not kept: it may lie in what a partial
/// clone lacks, and come later.
pub fn known_changes(
    sets: &[Vec<String>],
    known: impl Fn(&[String]) -> Option<Change>,
    find: impl FnOnce(&[Vec<String>]) -> Vec<Option<Change>>,
    keep: impl Fn(&[String], &Change),
) -> Vec<Option<Change>> {
    let mut changes: Vec<Option<Change>> = sets.iter().map(|set| known(set)).collect();
    let unknown = sets.iter().zip(&changes).filter(|(_, it)| it.is_none());
    let unknown: Vec<Vec<String>> = unknown.map(|(set, _)| set.clone()).collect();
    if unknown.is_empty() {
        return changes;
    }
    let found = find(&unknown);
    for (set, change) in unknown.iter().zip(&found) {
        if let Some(change) = change {
            keep(set, change);
        }
    }
    let mut found = found.into_iter();
    for change in changes.iter_mut().filter(|it| it.is_none()) {
        *change = found.next().flatten();
    }
    changes
}

impl Repository {
    /// The last change of a file of it, in the state that a moment means: the commit that `git
    /// log -1 -- PATH` names (gitrevisions, "History Simplification").
    #[must_use]
    pub fn last_change(&self, path: &str, moment: &Moment) -> LastChange {
        let Some(folders) = self.layout.git() else {
            return LastChange::Unknown("there is no Git repository".to_owned());
        };
        let state = self.state(moment);
        let found = revision::open(folders).and_then(|git| match state {
            State::WorkTree => self.of_work_tree(&git, path),
            State::Commit(commit) => of_commit(&git, commit, path),
            State::Empty => Err("there was no commit yet".to_owned()),
            State::Unknown(reason) => Err(reason),
        });
        found.unwrap_or_else(LastChange::Unknown)
    }

    /// When the default branch, or the commit that a moment means, changed any of the files and
    /// folders of a set last; nothing where that is not known. All sets are found in one walk
    /// along the first parents, and edits that are not committed do not count.
    #[must_use]
    pub fn last_changes(&self, sets: &[Vec<String>], moment: &Moment) -> Vec<Option<Change>> {
        let unknown = || vec![None; sets.len()];
        let Some(git) = self.layout.git().and_then(|git| revision::open(git).ok()) else {
            return unknown();
        };
        let commit = match self.state(moment) {
            State::WorkTree => git.head().and_then(|head| head.peel_to_commit()).ok(),
            State::Commit(commit) => git.find_commit(commit).ok(),
            State::Empty | State::Unknown(_) => None,
        };
        commit.map_or_else(unknown, |commit| {
            self.remembered_changes(&git, &commit, sets)
        })
    }

    /// The last changes up to a commit. What this run knows from a look at a later commit is not
    /// looked for again.
    fn remembered_changes(
        &self,
        git: &Git,
        tip: &Commit<'_>,
        sets: &[Vec<String>],
    ) -> Vec<Option<Change>> {
        let Some(memory) = &self.memory else {
            return last_changes(git, tip.clone(), sets);
        };
        known_changes(
            sets,
            |set| memory.change_of(set, tip.id()),
            |unknown| last_changes(git, tip.clone(), unknown),
            |set, change| memory.keep_change(set, tip.id(), change),
        )
    }

    /// When the commit that a moment means here was made: seconds since 1970, UTC; `None` where it
    /// means none.
    #[must_use]
    pub fn time_of(&self, moment: &Moment) -> Option<i64> {
        let git = revision::open(self.layout.git()?).ok()?;
        let State::Commit(commit) = self.state(moment) else {
            return None;
        };
        Some(git.find_commit(commit).ok()?.time().seconds())
    }

    fn of_work_tree(&self, git: &Git, path: &str) -> Result<LastChange, String> {
        let head = git.head().and_then(|head| head.peel_to_commit());
        let Ok(head) = head else {
            return Ok(LastChange::Uncommitted);
        };
        let committed = blob(&head, path);
        if matches!(self.layout, Layout::WorkTree(_)) && !self.is_as_committed(path, committed) {
            return Ok(LastChange::Uncommitted);
        }
        of_commit(git, head.id(), path)
    }

    /// Whether the file on the disk has the content of a blob, perhaps with other line ends.
    fn is_as_committed(&self, path: &str, committed: Option<Oid>) -> bool {
        let Some(committed) = committed else {
            return false;
        };
        let bytes = Sandbox::open(&self.root)
            .ok()
            .and_then(|sandbox| sandbox.read(&to_path(path.as_bytes())).ok());
        // A sparse checkout leaves files out, which are then as they were committed.
        let Some(bytes) = bytes else { return true };
        is_content_of(&bytes, committed)
    }
}

/// Whether a file on the disk has the content of a blob, perhaps with other line ends.
pub(super) fn is_content_of(bytes: &[u8], blob: Oid) -> bool {
    let is =
        |bytes: &[u8]| Oid::hash_object(git2::ObjectType::Blob, bytes).is_ok_and(|id| id == blob);
    is(bytes) || is(&without_carriage_returns(bytes))
}

/// How many commits since another changed a folder, along the first parents of the current
/// branch; `None` where the other is not among them.
#[must_use]
pub fn commits_since(root: &Path, commit: &str, folder: &str) -> Option<usize> {
    let git = super::folder_of_commit::open(root).ok()?;
    let then = Oid::from_str(commit).ok()?;
    let content = |commit: &Commit<'_>| {
        if folder.is_empty() {
            return Some(commit.tree_id());
        }
        blob(commit, folder)
    };
    let mut commit = git.head().ok()?.peel_to_commit().ok()?;
    let mut changes = 0;
    for _ in 0..MOST_COMMITS {
        if commit.id() == then {
            return Some(changes);
        }
        let parent = commit.parent(0).ok()?;
        if content(&parent) != content(&commit) {
            changes += 1;
        }
        commit = parent;
    }
    None
}

fn without_carriage_returns(bytes: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(bytes.len());
    for (at, byte) in bytes.iter().enumerate() {
        if *byte != b'\r' || bytes.get(at + 1) != Some(&b'\n') {
            lines.push(*byte);
        }
    }
    lines
}

/// Follows the first parent that has the same content, until none has.
fn of_commit(git: &Git, commit: Oid, path: &str) -> Result<LastChange, String> {
    let explain = |error: git2::Error| revision::explain(&error);
    let mut commit = git.find_commit(commit).map_err(explain)?;
    let Some(content) = blob(&commit, path) else {
        return Ok(LastChange::Uncommitted);
    };
    for _ in 0..MOST_COMMITS {
        let mut same = None;
        for parent in 0..commit.parent_count() {
            let parent = commit.parent(parent).map_err(explain)?;
            if blob(&parent, path) == Some(content) {
                same = Some(parent);
                break;
            }
        }
        match same {
            Some(parent) => commit = parent,
            None if commit.parent_count() == 0 && git.is_shallow() => {
                return Err("the clone is shallow".to_owned());
            }
            None => return Ok(LastChange::Committed(change(&commit))),
        }
    }
    Err(format!("it is older than {MOST_COMMITS} commits"))
}

/// Goes back along the first parents until every set was changed.
fn last_changes(git: &Git, tip: Commit<'_>, sets: &[Vec<String>]) -> Vec<Option<Change>> {
    let mut changes = vec![None; sets.len()];
    let Ok(mut tree) = tip.tree() else {
        return changes;
    };
    // What no commit has yet cannot be found in any.
    let has_any = |set: &&usize| sets[**set].iter().any(|path| entry(&tree, path).is_some());
    let mut open: Vec<usize> = (0..sets.len()).collect();
    open = open.iter().filter(has_any).copied().collect();
    let mut commit = tip;
    for _ in 0..MOST_COMMITS {
        if open.is_empty() {
            break;
        }
        if commit.parent_count() == 0 {
            if !git.is_shallow() {
                for set in open.drain(..) {
                    changes[set] = Some(change(&commit));
                }
            }
            break;
        }
        let Ok(parent) = commit.parent(0) else { break };
        let Ok(before) = parent.tree() else { break };
        if before.id() != tree.id() {
            open.retain(|set| {
                let paths = &sets[*set];
                let is_changed = paths.iter().any(|path| differs(&before, &tree, path));
                if is_changed {
                    changes[*set] = Some(change(&commit));
                }
                !is_changed
            });
        }
        (commit, tree) = (parent, before);
    }
    changes
}

/// Whether two trees have something else at a path. Most of the time what they have at its first
/// part is the same.
fn differs(before: &Tree<'_>, after: &Tree<'_>, path: &str) -> bool {
    let first = path.split('/').next().unwrap_or(path);
    let first = |tree: &Tree<'_>| tree.get_name(first).map(|entry| entry.id());
    first(before) != first(after) && entry(before, path) != entry(after, path)
}

fn entry(tree: &Tree<'_>, path: &str) -> Option<Oid> {
    let entry = tree.get_path(&to_path(path.as_bytes())).ok()?;
    Some(entry.id())
}

fn blob(commit: &Commit<'_>, path: &str) -> Option<Oid> {
    let tree = commit.tree().ok()?;
    Some(tree.get_path(&to_path(path.as_bytes())).ok()?.id())
}

fn change(commit: &Commit<'_>) -> Change {
    let author = commit.author();
    Change {
        commit: commit.id().to_string(),
        author: String::from_utf8_lossy(author.name_bytes()).into_owned(),
        seconds: author.when().seconds(),
        offset: author.when().offset_minutes(),
    }
}
