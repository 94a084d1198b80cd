//! The log of an earlier state, out of that of a later one: without another walk.

use std::collections::{HashMap, VecDeque};
use std::sync::OnceLock;

use super::{CommitId, CommitLog, LoggedCommit};

/// A log whose commits can be found.
#[derive(Debug)]
pub(in crate::repo) struct IndexedLog {
    log: CommitLog,
    /// Where each commit is; found out when it is first asked for.
    places: OnceLock<HashMap<CommitId, u32>>,
}

impl IndexedLog {
    pub(in crate::repo) const fn new(log: CommitLog) -> Self {
        Self {
            log,
            places: OnceLock::new(),
        }
    }

    /// The commits from one along the first parents, each with its time (seconds since 1970);
    /// `None` where this log does not have them.
    pub(in crate::repo) fn first_parents(
        &self,
        tip: CommitId,
    ) -> Option<impl Iterator<Item = (CommitId, i64)>> {
        let mut next = Some(self.place(tip)?);
        Some(std::iter::from_fn(move || {
            let commit = self.log.commits.get(next? as usize)?;
            next = commit.parents.first().copied();
            Some((commit.id, commit.committed))
        }))
    }

    fn place(&self, id: CommitId) -> Option<u32> {
        // Most of the time the state of the log itself is asked for.
        if self.log.commits.first().is_some_and(|first| first.id == id) {
            return Some(0);
        }
        let places = self.places.get_or_init(|| {
            let ids = self.log.commits.iter().map(|commit| commit.id);
            ids.zip(0..).collect()
        });
        places.get(&id).copied()
    }

    /// What a walk from a commit and from tags would find, for some folders; `None` where this log
    /// does not have all of it. A tag whose history is not known is in no log.
    pub(in crate::repo) fn part(
        &self,
        tip: CommitId,
        tagged: &[CommitId],
        folders: &[&str],
    ) -> Option<CommitLog> {
        let own = |folder: &&str| self.log.folders.iter().position(|own| own == folder);
        let own: Vec<usize> = folders.iter().map(own).collect::<Option<_>>()?;
        let mut asked: HashMap<u32, u32> = HashMap::new();
        for (place, own) in (0..).zip(own) {
            asked.insert(u32::try_from(own).ok()?, place);
        }
        let mut part = Part {
            of: &self.log,
            asked,
            log: CommitLog {
                folders: folders.iter().map(|it| (*it).to_owned()).collect(),
                ..CommitLog::default()
            },
            places: HashMap::new(),
            authors: HashMap::new(),
        };
        part.add(self.place(tip)?)?;
        part.log.of_state = part.log.commits.len();
        for tag in tagged {
            if let Some(place) = self.place(*tag) {
                part.add(place)?;
            }
        }
        Some(part.log)
    }
}

/// A log while it is put together, in the order in which a walk would find it.
struct Part<'a> {
    of: &'a CommitLog,
    /// The folders that are asked about: their places there and here.
    asked: HashMap<u32, u32>,
    log: CommitLog,
    /// The places of commits: there and here.
    places: HashMap<u32, u32>,
    authors: HashMap<usize, usize>,
}

impl Part<'_> {
    /// Adds a commit and everything that led to it.
    fn add(&mut self, tip: u32) -> Option<()> {
        if self.places.contains_key(&tip) {
            return Some(());
        }
        let mut open = VecDeque::new();
        self.place(tip, &mut open)?;
        while let Some(place) = open.pop_front() {
            let commit = self.of.commits.get(place as usize)?;
            let parents = commit.parents.iter();
            let parents: Option<Box<[u32]>> = parents
                .map(|parent| self.place(*parent, &mut open))
                .collect();
            let changed = commit.changed.iter();
            let changed = changed.filter_map(|folder| self.asked.get(folder).copied());
            let mut changed: Vec<u32> = changed.collect();
            changed.sort_unstable();
            let author = self.author(commit.author)?;
            self.log.commits.push(LoggedCommit {
                author,
                parents: parents?,
                changed: changed.into_boxed_slice(),
                ..*commit
            });
        }
        Some(())
    }

    fn place(&mut self, there: u32, open: &mut VecDeque<u32>) -> Option<u32> {
        if let Some(here) = self.places.get(&there) {
            return Some(*here);
        }
        let here = u32::try_from(self.places.len()).ok()?;
        self.places.insert(there, here);
        open.push_back(there);
        Some(here)
    }

    fn author(&mut self, there: usize) -> Option<usize> {
        if let Some(here) = self.authors.get(&there) {
            return Some(*here);
        }
        let here = self.log.authors.len();
        self.log.authors.push(self.of.authors.get(there)?.clone());
        self.authors.insert(there, here);
        Some(here)
    }
}
