//! The Locations that led to a file, one from the other.

use std::sync::Arc;

/// The files, as `repository:path`, whose Locations led somewhere. Files that one Location names
/// share it, however long it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Chain(Option<Arc<Step>>);

#[derive(Debug)]
struct Step {
    file: String,
    before: Chain,
    length: usize,
}

/// Longer ones are not followed.
const LONGEST: usize = 1_000;

impl Chain {
    /// The chain with one more file.
    pub(super) fn then(&self, file: String) -> Self {
        let length = self.0.as_ref().map_or(0, |step| step.length) + 1;
        Self(Some(Arc::new(Step {
            file,
            before: self.clone(),
            length,
        })))
    }

    /// Whether a file is part of it.
    pub(super) fn contains(&self, file: &str) -> bool {
        let first = self.0.as_deref();
        std::iter::successors(first, |step| step.before.0.as_deref()).any(|step| step.file == file)
    }

    /// Whether it is not to be followed any further.
    pub(super) fn is_too_long(&self) -> bool {
        self.0.as_ref().is_some_and(|step| step.length > LONGEST)
    }
}
