//! What is found out once for all homes of a repository.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::activity::People;
use super::delivery::DeploymentFiles;
use super::home::CodeRepository;
use super::records::RecordKey;
use crate::diagnostic::{Diagnostic, register};
use crate::model::{Moment, Place};
use crate::repo::{Change, CommitId, CommitLog, History, Tag, known_changes};

/// The kind of what is kept of histories.
const CACHE_KIND: &str = "activity";

/// What is found out once, when the first home needs it.
#[derive(Default)]
pub(super) struct FoundOnce {
    start: OnceLock<Option<HistoryStart>>,
    history: OnceLock<Option<CodeHistory>>,
    people: OnceLock<People>,
    deployments: OnceLock<DeploymentFiles>,
    problems: Mutex<Vec<Diagnostic>>,
    /// The repository and where its references lead, where that says everything about the history.
    state: OnceLock<Option<RecordKey>>,
}

/// Where the history of a repository begins, before anybody walks through it.
struct HistoryStart {
    /// In the order of their names; `None` where they are not known.
    tags: Option<Vec<Tag>>,
    history: Mutex<History>,
}

/// The commits of a repository.
#[derive(Debug)]
pub(super) struct CodeHistory {
    pub(super) log: CommitLog,
    /// The places of all commits, in the order of their ids.
    by_id: OnceLock<Vec<usize>>,
    /// The places of the commits that changed a folder.
    changes: OnceLock<HashMap<String, Vec<u32>>>,
}

impl CodeHistory {
    const fn new(log: CommitLog) -> Self {
        Self {
            log,
            by_id: OnceLock::new(),
            changes: OnceLock::new(),
        }
    }

    /// The places of the commits that changed a folder, in order; `None` where that is not known.
    pub(super) fn changes_of(&self, folder: &str) -> Option<&[u32]> {
        let changes = self.changes.get_or_init(|| {
            let changes = self.log.changes().into_iter();
            changes
                .map(|(folder, places)| (folder.to_owned(), places))
                .collect()
        });
        changes.get(folder).map(Vec::as_slice)
    }

    /// The place of a commit in the log.
    pub(super) fn place(&self, commit: CommitId) -> Option<usize> {
        let (place, found) = self.from(commit).next()?;
        (found == commit).then_some(place)
    }

    /// The place of the only commit whose id begins like that.
    pub(super) fn place_of_abbreviated(&self, digits: &str) -> Option<usize> {
        let mut found = self.from(CommitId::first_of(digits)?);
        let begins = |id: CommitId| id.to_string().starts_with(digits);
        let (place, _) = found.next().filter(|(_, id)| begins(*id))?;
        let is_only = found.next().is_none_or(|(_, id)| !begins(id));
        is_only.then_some(place)
    }

    /// Whether a commit led to the state.
    pub(super) fn is_of_state(&self, commit: CommitId) -> bool {
        let of_state = self.log.of_state().len();
        self.place(commit).is_some_and(|place| place < of_state)
    }

    /// The commits with that id and larger ones, with their places.
    fn from(&self, id: CommitId) -> impl Iterator<Item = (usize, CommitId)> {
        let commits = self.log.commits();
        let by_id = self.by_id.get_or_init(|| {
            let mut places: Vec<usize> = (0..commits.len()).collect();
            places.sort_by_key(|place| commits.get(*place).map(|commit| commit.id));
            places
        });
        let id_of = |place: usize| commits.get(place).map(|commit| commit.id);
        let first = by_id.partition_point(|place| id_of(*place) < Some(id));
        let places = by_id.iter().skip(first);
        places.filter_map(move |place| Some((*place, id_of(*place)?)))
    }
}

impl CodeRepository<'_> {
    /// The tags, in the order of their names; `None` where they are not known, which is said once.
    pub(super) fn tags(&self) -> Option<&[Tag]> {
        self.history_start()?.tags.as_deref()
    }

    /// The commits; `None` where they are not known, which is said once.
    pub(super) fn history(&self) -> Option<&CodeHistory> {
        let history = self.found.history.get_or_init(|| {
            let history = self.history_start()?.history.lock();
            let log = self.log(&history.unwrap_or_else(PoisonError::into_inner));
            let log = log.map_err(|reason| self.say_unknown("history", &reason));
            log.ok().map(CodeHistory::new)
        });
        history.as_ref()
    }

    /// Who the authors of its commits are.
    pub(super) fn people(&self, log: &CommitLog) -> &People {
        self.found.people.get_or_init(|| People::of(self, log))
    }

    /// What its files say about deployments.
    pub(super) fn deployment_files(&self) -> &DeploymentFiles {
        self.found.deployments.get_or_init(|| {
            let (files, problems) = DeploymentFiles::read(self);
            for problem in problems {
                self.say(problem);
            }
            files
        })
    }

    /// Adds a problem that belongs to the repository, not to one of its homes.
    pub(super) fn say(&self, problem: Diagnostic) {
        let problems = self.found.problems.lock();
        problems
            .unwrap_or_else(PoisonError::into_inner)
            .push(problem);
    }

    /// Takes the problems that came up so far.
    pub(super) fn take_problems(&self) -> Vec<Diagnostic> {
        let problems = self.found.problems.lock();
        std::mem::take(&mut *problems.unwrap_or_else(PoisonError::into_inner))
    }

    fn history_start(&self) -> Option<&HistoryStart> {
        let start = self.found.start.get_or_init(|| {
            let history =
                self.recorded("start", "", |bytes| self.repository.recorded_history(bytes));
            let history = if let Some(history) = history {
                history
            } else {
                let history = self.repository.history(self.moment);
                let history = history.map_err(|reason| self.say_unknown("history", &reason));
                let history = history.ok().flatten()?;
                self.record("start", "", || history.to_bytes());
                history
            };
            let tags = history.tags().map(<[Tag]>::to_vec);
            let tags = tags.map_err(|reason| self.say_unknown("list of tags", reason));
            Some(HistoryStart {
                tags: tags.ok(),
                history: Mutex::new(history),
            })
        });
        start.as_ref()
    }

    /// The log: what this run knows already, what is kept, else what a walk through the history
    /// finds, which is kept then.
    fn log(&self, history: &History) -> Result<CommitLog, String> {
        if let Some(log) = history.remembered(&self.folders) {
            return Ok(log);
        }
        let folders = self.folders.join("\n");
        let recorded = self.recorded("log", &folders, CommitLog::from_bytes);
        if let Some(log) = recorded {
            history.remember(&log);
            return Ok(log);
        }
        // Somebody may give a repository the name of another one, but not its commits.
        let key = history.key(&self.folders);
        let key = key.map(|key| format!("{}\n{key}", self.repository.identity));
        let record = |log: &CommitLog| self.record("log", &folders, || Some(log.to_bytes()));
        let kept = key
            .as_ref()
            .and_then(|key| self.cache.get(CACHE_KIND, key))
            .and_then(|bytes| CommitLog::from_bytes(&bytes));
        if let Some(log) = kept {
            history.remember(&log);
            record(&log);
            return Ok(log);
        }
        let log = history.log(&self.folders)?;
        history.remember(&log);
        record(&log);
        if let Some(key) = key {
            self.cache.put(CACHE_KIND, &key, &log.to_bytes());
        }
        Ok(log)
    }

    /// When the state changed any of some paths last, as [`Repository::last_changes`] says it.
    ///
    /// [`Repository::last_changes`]: crate::repo::Repository::last_changes
    pub(super) fn last_changes(&self, sets: &[Vec<String>]) -> Vec<Option<Change>> {
        let read = |bytes: &[u8]| serde_json::from_slice(bytes).ok();
        known_changes(
            sets,
            |set| self.recorded("change", &set.join("\0"), read),
            |unknown| self.repository.last_changes(unknown, self.moment),
            |set, change| {
                let bytes = || serde_json::to_vec(change).ok();
                self.record("change", &set.join("\0"), bytes);
            },
        )
    }

    /// What was found out before about the history, while the references of the repository were
    /// the same.
    fn recorded<T>(&self, what: &str, of: &str, read: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
        let key = self.record_key(what, of)?;
        read(self.records.get(&key)?)
    }

    /// Keeps what was found out, unless somebody moved a reference meanwhile.
    fn record(&self, what: &str, of: &str, bytes: impl FnOnce() -> Option<Vec<u8>>) {
        let is_as_before = |before: &RecordKey| {
            let now = self.repository.references_now();
            now.is_some_and(|references| self.state_key(&references) == *before)
        };
        if let Some(key) = self.record_key(what, of)
            && self
                .found
                .state
                .get()
                .and_then(Option::as_ref)
                .is_some_and(is_as_before)
            && let Some(bytes) = bytes()
        {
            self.records.put(key, bytes);
        }
    }

    fn record_key(&self, what: &str, of: &str) -> Option<RecordKey> {
        let state = self.found.state.get_or_init(|| {
            // What a name of a revision means may depend on more.
            let is_name = matches!(self.moment, Moment::Revision(_));
            if !self.records.is_kept() || is_name {
                return None;
            }
            let references = self.repository.references()?;
            Some(self.state_key(&references))
        });
        let state = state.as_ref()?;
        Some(RecordKey::of(&[
            what.as_bytes(),
            of.as_bytes(),
            state.as_bytes(),
        ]))
    }

    fn state_key(&self, references: &[u8]) -> RecordKey {
        let identity = self.repository.identity.as_bytes();
        let standing_in = [u8::from(self.repository.standing_in)];
        RecordKey::of(&[identity, &standing_in, references])
    }

    fn say_unknown(&self, what: &str, reason: &str) {
        let identity = &*self.repository.identity;
        let message = format!("the {what} of repository \"{identity}\" is not known: {reason}");
        let problem = Diagnostic::new(&register::GIT_UNAVAILABLE, message)
            .subject(identity)
            .at(Place::file(self.repository.file(b".git")));
        self.say(problem.hiding());
    }
}
