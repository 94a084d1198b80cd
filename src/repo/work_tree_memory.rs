//! What a run remembers of work trees: a command that gathers facts looks at each of them twice,
//! and what Git has is taken to stay the same meanwhile.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use super::branch::Branches;
use super::revision::State;
use super::snapshot::FileEntry;

/// Longer lists of files are not remembered: they would take more memory than they save time.
const MOST_FILES: usize = 10_000;
/// The most files of all lists together, about a hundred megabytes.
const MOST_FILES_OF_ALL: usize = 1_000_000;

/// How many files the repositories of a run remember together.
#[derive(Clone, Debug, Default)]
pub(super) struct WorkTreeBudget(Arc<AtomicUsize>);

/// What is remembered of a work tree. Clones share it; the default one remembers nothing.
#[derive(Clone, Debug, Default)]
pub struct WorkTreeMemory(Option<Arc<Remembered>>);

#[derive(Debug, Default)]
struct Remembered {
    budget: WorkTreeBudget,
    branches: OnceLock<Branches>,
    present: OnceLock<State>,
    tracked: OnceLock<Arc<Vec<FileEntry>>>,
}

impl WorkTreeBudget {
    /// A memory for one more repository.
    pub(super) fn memory(&self) -> WorkTreeMemory {
        WorkTreeMemory(Some(Arc::new(Remembered {
            budget: self.clone(),
            ..Remembered::default()
        })))
    }

    fn takes(&self, files: usize) -> bool {
        files <= MOST_FILES && self.0.load(Ordering::Relaxed) + files <= MOST_FILES_OF_ALL
    }

    fn charge(&self, files: usize) {
        self.0.fetch_add(files, Ordering::Relaxed);
    }
}

impl WorkTreeMemory {
    /// The branch that it is on, and its default branch.
    pub(super) fn branches(&self, find: impl FnOnce() -> Branches) -> Branches {
        match &self.0 {
            Some(remembered) => remembered.branches.get_or_init(find).clone(),
            None => find(),
        }
    }

    /// The state that is read at present.
    pub(super) fn present(&self, find: impl FnOnce() -> State) -> State {
        match &self.0 {
            Some(remembered) => remembered.present.get_or_init(find).clone(),
            None => find(),
        }
    }

    /// The files that the index names.
    pub(super) fn tracked(
        &self,
        list: impl FnOnce() -> Result<Vec<FileEntry>, String>,
    ) -> Result<Arc<Vec<FileEntry>>, String> {
        let known = self.0.as_ref().and_then(|it| it.tracked.get());
        if let Some(known) = known {
            return Ok(Arc::clone(known));
        }
        let files = Arc::new(list()?);
        if let Some(remembered) = &self.0
            && remembered.budget.takes(files.len())
            // Another thread may have listed the same meanwhile.
            && remembered.tracked.set(Arc::clone(&files)).is_ok()
        {
            remembered.budget.charge(files.len());
        }
        Ok(files)
    }
}
