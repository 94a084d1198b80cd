//! Which facts a run needs.

use std::collections::BTreeSet;

use super::{Declaration, Register};

/// Which facts a run needs, so that no source works for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FactSelection {
    /// All.
    #[default]
    All,
    /// Those of these names.
    Names(BTreeSet<String>),
}

impl FactSelection {
    /// No fact at all.
    #[must_use]
    pub const fn none() -> Self {
        Self::Names(BTreeSet::new())
    }

    /// Whether it is no fact at all.
    #[must_use]
    pub fn is_none(&self) -> bool {
        matches!(self, Self::Names(names) if names.is_empty())
    }

    /// These and others.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Names(mut names), Self::Names(more)) => {
                names.extend(more);
                Self::Names(names)
            }
            _ => Self::All,
        }
    }

    /// Whether a fact of that declaration is needed.
    #[must_use]
    pub fn wants(&self, declaration: &Declaration) -> bool {
        match self {
            Self::All => true,
            Self::Names(names) => names.iter().any(|name| declaration.covers(name)),
        }
    }

    /// Whether a fact of that name is needed.
    #[must_use]
    pub fn wants_name(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Names(names) => {
                let is_of_family = |wanted: &String| {
                    let family = wanted.strip_suffix('*');
                    family.is_some_and(|family| name.starts_with(family))
                };
                names.contains(name) || names.iter().any(is_of_family)
            }
        }
    }

    /// Whether any of what a source gives is needed. Names may end with `*`, as declared.
    #[must_use]
    pub fn wants_any(&self, names: &[&str]) -> bool {
        let Self::Names(wanted) = self else {
            return true;
        };
        wanted.iter().any(|wanted| {
            names.iter().any(|name| match name.strip_suffix('*') {
                Some(family) => wanted.starts_with(family),
                None => name == wanted,
            })
        })
    }

    /// The selection with the times that ages of it are counted from.
    #[must_use]
    pub fn with_times_of_ages(self, register: &Register) -> Self {
        let Self::Names(mut names) = self else {
            return self;
        };
        let ages = names
            .iter()
            .filter_map(|name| register.declaration(name)?.age_of);
        let times: Vec<String> = ages.map(str::to_owned).collect();
        names.extend(times);
        Self::Names(names)
    }
}

impl<S: Into<String>> FromIterator<S> for FactSelection {
    fn from_iter<T: IntoIterator<Item = S>>(names: T) -> Self {
        Self::Names(names.into_iter().map(Into::into).collect())
    }
}
