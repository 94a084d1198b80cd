//! What a rule is about.

use regex::Regex;

use super::glob::{Glob, Key};

/// The paths that a rule is about.
#[derive(Clone, Debug)]
pub(super) enum Pattern {
    /// Those that fit a path with wildcards.
    Glob(Glob),
    /// Those that a regular expression matches as a whole.
    Expression(Regex),
    /// Those that it does not.
    NotExpression(Regex),
}

impl Pattern {
    /// Whether a path relative to the repository is meant.
    pub(super) fn matches(&self, path: &str) -> bool {
        match self {
            Self::Glob(glob) => glob.matches(path),
            Self::Expression(expression) => expression.is_match(path),
            Self::NotExpression(expression) => !expression.is_match(path),
        }
    }

    /// What every path has that is meant.
    pub(super) fn key(&self) -> Key<'_> {
        match self {
            Self::Glob(glob) => glob.key(),
            Self::Expression(_) | Self::NotExpression(_) => Key::None,
        }
    }
}
