//! The commits that led to a state: who wrote them when, and which folders they changed.
//!
//! A log says what Git says, and nothing of what that means: it depends on the ids of commits
//! and on the folders that are asked about, and on nothing else, so that it can be kept.

mod encoding;
mod part;
mod tag;
mod walk;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use git2::{Oid, Repository as Git};

use super::Repository;
use super::layout::GitFolders;
use super::memory::RememberedHistory;
use super::revision::{self, State};
use crate::model::Moment;

pub(super) use part::IndexedLog;
pub use tag::Tag;
pub(super) use tag::tags;

/// Commits that are looked at; a longer history is not known.
const MOST_COMMITS: usize = 200_000;
/// Folders that all commits together may change: a few trees can differ in millions.
const MOST_CHANGES: usize = 20_000_000;
/// Parts of the path of a folder.
const DEEPEST_FOLDER: usize = 128;

/// Where the history of a state begins. Nothing of it was walked yet.
pub struct History {
    folders: GitFolders,
    /// What it was read from, where that is open.
    git: Option<Git>,
    tip: Option<Oid>,
    tags: Result<Vec<Tag>, String>,
    /// Whether Git was told of other parents than commits have.
    has_grafts: bool,
    memory: Option<Arc<RememberedHistory>>,
}

/// The commits that led to a state, and those that led to a tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommitLog {
    /// The folders that were asked about, without the root.
    folders: Vec<String>,
    authors: Vec<CommitAuthor>,
    commits: Vec<LoggedCommit>,
    /// How many of the commits, from the first, led to the state. The first one is its own.
    of_state: usize,
}

/// Who wrote commits, as they say it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitAuthor {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub address: String,
}

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedCommit {
    /// Its id.
    pub id: CommitId,
    /// Its author, by the place in [`CommitLog::authors`].
    pub author: usize,
    /// When it was written: seconds since 1970.
    pub written: i64,
    /// When it became part of a branch: seconds since 1970.
    pub committed: i64,
    /// Its parents, by their places in [`CommitLog::commits`].
    pub parents: Box<[u32]>,
    /// The folders that it changed, by their places, in order.
    changed: Box<[u32]>,
}

/// The id of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitId([u8; 20]);

impl Repository {
    /// Where the history of the state that a moment means begins; `None` where there is no Git
    /// that could be asked, which a snapshot reports.
    ///
    /// # Errors
    /// Why the history is not known, although there is one.
    pub fn history(&self, moment: &Moment) -> Result<Option<History>, String> {
        let Some(folders) = self.layout.git() else {
            return Ok(None);
        };
        let state = self.state(moment);
        if matches!(state, State::Unknown(_)) && *moment != Moment::Present {
            return Ok(None);
        }
        let git = revision::open(folders)?;
        let tip = match state {
            State::Commit(commit) => Some(commit),
            State::Empty => None,
            State::Unknown(reason) => return Err(reason),
            State::WorkTree => head(&git)?,
        };
        if git.is_shallow() {
            return Err("the clone is shallow".to_owned());
        }
        let has_grafts = folders
            .common
            .join("info/grafts")
            .symlink_metadata()
            .is_ok();
        let tags = tags(&git, folders);
        Ok(Some(History {
            folders: folders.clone(),
            git: Some(git),
            tip,
            tags,
            has_grafts,
            memory: self.memory.clone(),
        }))
    }
}

impl Repository {
    /// The history that [`History::to_bytes`] wrote down while the references of the repository
    /// were the same.
    #[must_use]
    pub fn recorded_history(&self, bytes: &[u8]) -> Option<History> {
        let (tip, tags) = encoding::read_start(bytes)?;
        Some(History {
            folders: self.layout.git()?.clone(),
            git: None,
            tip: tip.map(|id| Oid::from_bytes(&id.0)).transpose().ok()?,
            tags: Ok(tags),
            has_grafts: false,
            memory: self.memory.clone(),
        })
    }
}

/// The commit that is checked out; `None` before the first one.
fn head(git: &Git) -> Result<Option<Oid>, String> {
    let head = match git.head() {
        Ok(head) => head.peel_to_commit(),
        Err(error) if error.code() == git2::ErrorCode::UnbornBranch => return Ok(None),
        Err(error) => Err(error),
    };
    let head = head.map_err(|error| revision::explain(&error))?;
    Ok(Some(head.id()))
}

impl History {
    /// The tags, in the order of their names.
    ///
    /// # Errors
    /// Why they are not known.
    pub fn tags(&self) -> Result<&[Tag], &str> {
        self.tags.as_deref().map_err(String::as_str)
    }

    /// Everything that the log of some folders depends on; `None` when it depends on more.
    #[must_use]
    pub fn key(&self, folders: &[&str]) -> Option<String> {
        if self.has_grafts {
            return None;
        }
        let tip = self.tip.map(|tip| tip.to_string()).unwrap_or_default();
        let mut key = format!("{}\n{tip}\n", encoding::VERSION);
        let mut tagged: Vec<CommitId> = self.tagged().collect();
        tagged.sort_unstable();
        tagged.dedup();
        for commit in tagged {
            key.push_str(&commit.to_string());
            key.push('\n');
        }
        for folder in asked(folders) {
            key.push('\n');
            key.push_str(folder);
        }
        Some(key)
    }

    /// Walks through the history.
    ///
    /// # Errors
    /// Why it is not known, or not all of it.
    pub fn log(&self, folders: &[&str]) -> Result<CommitLog, String> {
        let walk = |git: &Git| walk::log(git, self.tip, self.tagged(), asked(folders).collect());
        match &self.git {
            Some(git) => walk(git),
            None => walk(&revision::open(&self.folders)?),
        }
    }

    /// Where it begins, as bytes; `None` when that is not known or depends on more than
    /// references.
    #[must_use]
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        let tags = self.tags.as_ref().ok().filter(|_| !self.has_grafts)?;
        let tip = match self.tip {
            Some(tip) => Some(CommitId::of(tip)?),
            None => None,
        };
        Some(encoding::write_start(tip, tags))
    }

    /// The log of some folders as part of one that is remembered, where there is one.
    #[must_use]
    pub fn remembered(&self, folders: &[&str]) -> Option<CommitLog> {
        let memory = self.memory.as_ref().filter(|_| !self.has_grafts)?;
        let tagged: Vec<CommitId> = self.tagged().collect();
        let asked: Vec<&str> = asked(folders).collect();
        memory.log_of(self.tip.and_then(CommitId::of), &tagged, &asked)
    }

    /// Remembers the log of some folders, where there is a memory.
    pub fn remember(&self, log: &CommitLog) {
        if let Some(memory) = self.memory.as_ref().filter(|_| !self.has_grafts) {
            memory.keep_log(log);
        }
    }

    fn tagged(&self) -> impl Iterator<Item = CommitId> {
        let tags = self.tags.as_deref().unwrap_or_default();
        tags.iter().map(|tag| tag.commit)
    }
}

/// The folders whose changes have to be found out: not the root, which every commit changes, and
/// none that is deeper than anybody's, which a descriptor can name without having it.
fn asked<'a>(folders: &'a [&str]) -> impl Iterator<Item = &'a str> {
    let folders = folders.iter().copied();
    folders.filter(|folder| !folder.is_empty() && folder.split('/').count() <= DEEPEST_FOLDER)
}

impl CommitLog {
    /// The authors, as commits name them.
    #[must_use]
    pub fn authors(&self) -> &[CommitAuthor] {
        &self.authors
    }

    /// All commits: first those that led to the state, then those that only led to a tag.
    #[must_use]
    pub fn commits(&self) -> &[LoggedCommit] {
        &self.commits
    }

    /// The commits that led to the state; its own is the first.
    #[must_use]
    pub fn of_state(&self) -> &[LoggedCommit] {
        self.commits.get(..self.of_state).unwrap_or_default()
    }

    /// The places of the commits that changed each folder, in order; the root is the folder
    /// without a name. Merges change nothing themselves, and everything else changes the root.
    #[must_use]
    pub fn changes(&self) -> HashMap<&str, Vec<u32>> {
        let mut changes = vec![Vec::new(); self.folders.len()];
        let mut of_root = Vec::new();
        for (place, commit) in (0..).zip(&self.commits) {
            if commit.is_merge() {
                continue;
            }
            of_root.push(place);
            for folder in &commit.changed {
                if let Some(changes) = changes.get_mut(*folder as usize) {
                    changes.push(place);
                }
            }
        }
        let folders = self.folders.iter().map(String::as_str);
        let mut changes: HashMap<&str, Vec<u32>> = folders.zip(changes).collect();
        changes.insert("", of_root);
        changes
    }
}

impl LoggedCommit {
    /// Whether it only brings others together.
    #[must_use]
    pub const fn is_merge(&self) -> bool {
        self.parents.len() > 1
    }
}

impl CommitId {
    pub(super) fn of(id: Oid) -> Option<Self> {
        id.as_bytes().try_into().ok().map(Self)
    }

    pub(super) fn oid(self) -> Option<Oid> {
        Oid::from_bytes(&self.0).ok()
    }

    /// Reads all 40 hexadecimal digits of an id.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 40 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        Oid::from_str(text).ok().and_then(Self::of)
    }

    /// The smallest id that begins with these hexadecimal digits.
    #[must_use]
    pub fn first_of(digits: &str) -> Option<Self> {
        Self::parse(&format!("{digits:0<40}"))
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
