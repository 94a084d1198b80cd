//! What was found out about the past of repositories, kept for a run that looks at many moments.
//!
//! Which commit a time means, and what the history that led to it is, takes a walk each. With a
//! memory there is one walk for all times. What Git has is taken to stay the same meanwhile.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use git2::Oid;

use super::commit_log::{CommitId, CommitLog, IndexedLog, tags};
use super::revision::{self, State};
use super::{Layout, Repository};
use crate::model::Moment;

/// The memory of a run. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct HistoryMemory(Option<Arc<Mutex<HashMap<PathBuf, Arc<RememberedHistory>>>>>);

/// What is remembered of a repository.
#[derive(Debug, Default)]
pub struct RememberedHistory {
    commits: Mutex<BTreeMap<i64, CommitUntil>>,
    logs: Mutex<Vec<Arc<IndexedLog>>>,
}

/// The last commit up to some time, `None` where there was none yet; or why it is not known.
type CommitUntil = Result<Option<Oid>, String>;

impl HistoryMemory {
    /// A memory that keeps something; the default one does not.
    #[must_use]
    pub fn new() -> Self {
        Self(Some(Arc::default()))
    }

    /// Whether it keeps something.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// A repository of which this remembers something.
    #[must_use]
    pub fn with(&self, repository: &Repository) -> Repository {
        Repository {
            memory: self.of(&repository.layout),
            ..repository.clone()
        }
    }

    /// What is remembered of the repository that lies so.
    pub(super) fn of(&self, layout: &Layout) -> Option<Arc<RememberedHistory>> {
        let all = self.0.as_ref()?;
        let folders = layout.git()?;
        let mut all = locked(all);
        Some(Arc::clone(all.entry(folders.own.clone()).or_default()))
    }
}

impl RememberedHistory {
    /// What is known of the history that led to a commit and to tags, for some folders.
    pub(super) fn log_of(
        &self,
        tip: Option<CommitId>,
        tagged: &[CommitId],
        folders: &[&str],
    ) -> Option<CommitLog> {
        // Others may look meanwhile.
        let logs: Vec<Arc<IndexedLog>> = locked(&self.logs).clone();
        logs.iter().find_map(|log| log.part(tip?, tagged, folders))
    }

    /// Remembers a log.
    pub(super) fn keep_log(&self, log: &CommitLog) {
        locked(&self.logs).push(Arc::new(IndexedLog::new(log.clone())));
    }
}

impl Repository {
    /// The state that a moment means.
    pub(super) fn state(&self, moment: &Moment) -> State {
        let known = match (&self.memory, moment) {
            (Some(memory), Moment::Time(time)) => {
                locked(&memory.commits).get(&time.as_second()).cloned()
            }
            _ => None,
        };
        match known {
            Some(Ok(Some(commit))) => State::Commit(commit),
            Some(Ok(None)) => State::Empty,
            Some(Err(reason)) => State::Unknown(reason),
            None => revision::state(&self.layout, self.standing_in, moment),
        }
    }

    /// Finds out in one walk which commits some times (seconds since 1970) mean, where there is a memory that keeps it.
    pub fn remember_commits(&self, seconds: &[i64]) {
        let (Some(memory), Some(git)) = (&self.memory, self.layout.git()) else {
            return;
        };
        // What cannot be opened is told by whoever looks at a single moment.
        if let Ok(found) = revision::commits_until(git, seconds) {
            locked(&memory.commits).extend(seconds.iter().copied().zip(found));
        }
    }

    /// Everything that its files and its history at some times depend on, which are remembered;
    /// `None` for a time at which that is not certain, as in a shallow clone.
    #[must_use]
    pub fn past_keys(&self, seconds: &[i64]) -> Vec<Option<String>> {
        if self.layout == Layout::Folder {
            // Nothing is read of it at any time.
            return vec![Some("folder".to_owned()); seconds.len()];
        }
        let (Some(memory), Some(of_tags)) = (&self.memory, self.key_of_tags()) else {
            return vec![None; seconds.len()];
        };
        let commits = locked(&memory.commits);
        let key = |second: &i64| match commits.get(second)? {
            Ok(Some(commit)) => Some(format!("{commit}\n{of_tags}")),
            Ok(None) => Some("empty".to_owned()),
            Err(_) => None,
        };
        seconds.iter().map(key).collect()
    }

    /// The tags, which are those of today at any time; `None` where commits may not have the
    /// parents that they name, or something is not known.
    fn key_of_tags(&self) -> Option<String> {
        let folders = self.layout.git()?;
        let git = revision::open(folders).ok()?;
        let grafts = folders.common.join("info/grafts");
        if git.is_shallow() || grafts.symlink_metadata().is_ok() {
            return None;
        }
        let mut key = String::new();
        for tag in tags(&git, folders).ok()? {
            // Writing to a String cannot fail.
            let _ = writeln!(key, "{:?} {} {}", tag.name, tag.commit, tag.seconds);
        }
        Some(key)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
