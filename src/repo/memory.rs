//! What was found out about the past of repositories, kept for a run that looks at many moments.
//!
//! Which commit a time means, and what the history that led to it is, takes a walk each. With a
//! memory there is one walk for all times. What Git has is taken to stay the same meanwhile.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use git2::Oid;
use rayon::prelude::*;

use super::Change;
use super::commit_log::{CommitId, CommitLog, IndexedLog, tags};
use super::revision::{self, State};
use super::snapshot::FileEntry;
use super::{Layout, Repository};
use crate::model::Moment;

/// Longer lists of files are not remembered: they would take more memory than they save time.
const MOST_FILES: usize = 10_000;

/// The memory of a run. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct HistoryMemory(Option<Arc<Mutex<Histories>>>);

/// What is remembered of each repository, by the folder of its Git data.
type Histories = HashMap<PathBuf, Arc<RememberedHistory>>;

/// What is remembered of a repository.
#[derive(Debug, Default)]
pub struct RememberedHistory {
    commits: Mutex<BTreeMap<i64, CommitUntil>>,
    logs: Mutex<Vec<Arc<IndexedLog>>>,
    /// The places of the commits along the first parents of the default branch, as far as somebody
    /// looked; the tip has the first.
    places: Mutex<HashMap<Oid, usize>>,
    /// The last changes of files and folders, and up to which commit somebody looked.
    changes: Mutex<HashMap<Vec<String>, ChangesUntil>>,
    /// The files of the tree that was listed last: most repositories rest from month to month.
    files: Mutex<Option<(Oid, Vec<FileEntry>)>>,
}

/// The last changes of some files up to some commits.
type ChangesUntil = Vec<(Oid, Change)>;

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

    /// Repositories of which this remembers which commits some times mean (seconds since 1970),
    /// found out in one walk through each.
    #[must_use]
    pub fn with_commits(&self, repositories: &[Repository], seconds: &[i64]) -> Vec<Repository> {
        let remembering = repositories.par_iter().map(|repository| {
            let repository = Repository {
                memory: self.of(&repository.layout),
                ..repository.clone()
            };
            repository.remember_commits(seconds);
            repository
        });
        remembering.collect()
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

    /// The commits that some times mean, where a log has the history of a branch.
    fn first_until(&self, tip: Oid, seconds: &[i64]) -> Option<Vec<CommitUntil>> {
        let tip = CommitId::of(tip)?;
        let logs: Vec<Arc<IndexedLog>> = locked(&self.logs).clone();
        let found = logs.iter().find_map(|log| {
            let commits = log.first_parents(tip)?;
            let commits = commits.filter_map(|(id, time)| Some((id.oid()?, time)));
            Some(self.placed_until(commits, seconds))
        })?;
        Some(found.into_iter().map(Ok).collect())
    }

    /// The first of some commits, from the tip on, for each of some times; and remembers the
    /// places of all that were looked at.
    fn placed_until(
        &self,
        commits: impl Iterator<Item = (Oid, i64)>,
        seconds: &[i64],
    ) -> Vec<Option<Oid>> {
        let mut places = locked(&self.places);
        places.clear();
        let commits = commits.inspect(|(id, _)| {
            let next = places.len();
            places.insert(*id, next);
        });
        revision::first_until(commits, seconds)
    }

    /// The last change of files up to a commit of the default branch: that up to a later commit,
    /// where it was made before or with this one.
    pub(super) fn change_of(&self, paths: &[String], commit: Oid) -> Option<Change> {
        let places = locked(&self.places);
        let own = *places.get(&commit)?;
        let changes = locked(&self.changes);
        let mut known = changes.get(paths)?.iter();
        let fitting = known.find(|(until, change)| {
            let is_later = places.get(until).is_some_and(|until| *until <= own);
            // What has no place is older than all that have one.
            let is_older = Oid::from_str(&change.commit)
                .is_ok_and(|it| places.get(&it).is_none_or(|place| *place >= own));
            is_later && is_older
        });
        fitting.map(|(_, change)| change.clone())
    }

    /// Remembers the last change of files up to a commit.
    pub(super) fn keep_change(&self, paths: &[String], commit: Oid, change: &Change) {
        let mut changes = locked(&self.changes);
        let known = changes.entry(paths.to_vec()).or_default();
        known.push((commit, change.clone()));
    }

    /// The files of a tree, where it was listed last.
    pub(super) fn files_of(&self, tree: Oid) -> Option<Vec<FileEntry>> {
        let files = locked(&self.files);
        let (_, files) = files.as_ref().filter(|(listed, _)| *listed == tree)?;
        Some(files.clone())
    }

    /// Remembers the files of a tree.
    pub(super) fn keep_files(&self, tree: Oid, files: &[FileEntry]) {
        if files.len() <= MOST_FILES {
            *locked(&self.files) = Some((tree, files.to_vec()));
        }
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
            None if *moment == Moment::Present => {
                self.work_tree.present(|| revision::state(self, moment))
            }
            None => revision::state(self, moment),
        }
    }

    fn remember_commits(&self, seconds: &[i64]) {
        let (Some(memory), Some(git)) = (&self.memory, self.layout.git()) else {
            return;
        };
        let found = match revision::tip_of_default(git) {
            Ok(Some((git, tip))) => match memory.first_until(tip, seconds) {
                Some(found) => found,
                None => revision::last_commits_until(&git, tip, |commits| {
                    memory.placed_until(commits, seconds)
                }),
            },
            Ok(None) => vec![Ok(None); seconds.len()],
            // What cannot be opened is told by whoever looks at a single moment.
            Err(_) => return,
        };
        locked(&memory.commits).extend(seconds.iter().copied().zip(found));
    }

    fn past_keys(&self, seconds: &[i64]) -> Vec<Option<String>> {
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

/// Everything that the files and the history of repositories at some times depend on, whose
/// commits are remembered; `None` for a time at which that is not certain, as in a shallow clone.
#[must_use]
pub fn past_keys(repositories: &[Repository], seconds: &[i64]) -> Vec<Vec<Option<String>>> {
    let keys = repositories.par_iter();
    keys.map(|repository| repository.past_keys(seconds))
        .collect()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
