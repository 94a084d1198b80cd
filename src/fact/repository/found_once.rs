//! What is found out once for all homes of a repository.

use std::sync::{Mutex, OnceLock, PoisonError};

use super::activity::People;
use super::delivery::DeploymentFiles;
use super::home::CodeRepository;
use crate::diagnostic::{Diagnostic, register};
use crate::model::Place;
use crate::repo::{CommitId, CommitLog, Tag};

/// The kind of what is kept of histories.
const CACHE_KIND: &str = "activity";

/// What is found out once, when the first home needs it.
#[derive(Debug, Default)]
pub(super) struct FoundOnce {
    history: OnceLock<Option<CodeHistory>>,
    people: OnceLock<People>,
    deployments: OnceLock<DeploymentFiles>,
    problems: Mutex<Vec<Diagnostic>>,
}

/// The commits and tags of a repository.
#[derive(Debug)]
pub(super) struct CodeHistory {
    pub(super) log: CommitLog,
    /// In the order of their names; `None` where they are not known.
    pub(super) tags: Option<Vec<Tag>>,
    /// The places of all commits, in the order of their ids.
    by_id: OnceLock<Vec<usize>>,
}

impl CodeHistory {
    const fn new(log: CommitLog, tags: Option<Vec<Tag>>) -> Self {
        Self {
            log,
            tags,
            by_id: OnceLock::new(),
        }
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
    /// The commits and tags; `None` where they are not known, which is said once.
    pub(super) fn history(&self) -> Option<&CodeHistory> {
        let history = self.found.history.get_or_init(|| self.find_history());
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
            problems.into_iter().for_each(|problem| self.say(problem));
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

    fn find_history(&self) -> Option<CodeHistory> {
        let found = self.repository.history(self.moment).and_then(|history| {
            let Some(history) = history else {
                return Ok(None);
            };
            let key = history.key(&self.folders);
            // Somebody may give a repository the name of another one, but not its commits.
            let key = key.map(|key| format!("{}\n{key}", self.repository.identity));
            let tags = history.tags().map(<[Tag]>::to_vec);
            if let Err(reason) = &tags {
                self.say(self.unknown("tags", reason));
            }
            let tags = tags.ok();
            let kept = key
                .as_ref()
                .and_then(|key| self.cache.get(CACHE_KIND, key))
                .and_then(|bytes| CommitLog::from_bytes(&bytes));
            if let Some(log) = kept {
                return Ok(Some(CodeHistory::new(log, tags)));
            }
            let log = history.log(&self.folders)?;
            if let Some(key) = key {
                self.cache.put(CACHE_KIND, &key, &log.to_bytes());
            }
            Ok(Some(CodeHistory::new(log, tags)))
        });
        found.unwrap_or_else(|reason| {
            self.say(self.unknown("history", &reason));
            None
        })
    }

    fn unknown(&self, what: &str, reason: &str) -> Diagnostic {
        let identity = &*self.repository.identity;
        let message = format!("the {what} of repository \"{identity}\" is not known: {reason}");
        Diagnostic::new(&register::GIT_UNAVAILABLE, message)
            .subject(identity)
            .at(Place::file(self.repository.file(b".git")))
            .hiding()
    }
}
