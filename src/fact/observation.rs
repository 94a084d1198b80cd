//! Facts, and what sources observe.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::selector::written;
use crate::model::EntityRef;

/// What tells two facts of one name and entity apart: `environment`, `region`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Dimensions(BTreeMap<String, String>);

/// What a source observed about something, before it is known which entity that is.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The name of the fact. Most are known when a source is written.
    pub name: Cow<'static, str>,
    /// Its dimensions.
    pub dimensions: Dimensions,
    /// The value; `null` when it was there and is not any more.
    pub value: Value,
    /// When it was observed, where what was read says so; else it is the time of the run.
    pub observed_at: Option<Timestamp>,
    /// Where to look: a path with a line (`services/api/Cargo.toml:12`), a URL, `commit ID` or
    /// `tag NAME`.
    pub evidence: Option<String>,
}

/// Something observed about an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The entity.
    pub entity: EntityRef,
    /// The name.
    pub name: Arc<str>,
    /// What tells it from others of that name.
    pub dimensions: Dimensions,
    /// The value; `null` when it was there and is not any more.
    pub value: Value,
    /// When it was observed.
    pub observed_at: Timestamp,
    /// Until when it holds; `None` for what holds as long as the state that is looked at.
    pub valid_until: Option<Timestamp>,
    /// Who observed it: `repository`, `pagerduty`, …
    pub source: Arc<str>,
    /// Where to look, as an observation says it.
    pub evidence: Option<Arc<str>>,
    /// Whether other entities with the same home have it, too.
    pub is_shared: bool,
}

impl Dimensions {
    /// The value of a dimension.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All of them, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.0.iter();
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These with one more.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Dimensions {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(pairs: T) -> Self {
        let pairs = pairs.into_iter();
        Self(
            pairs
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }
}

impl fmt::Display for Dimensions {
    /// As a selector has them: `{environment=production}`, or nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        let pairs = self
            .0
            .iter()
            .map(|(name, value)| format!("{}={}", written(name), written(value)));
        write!(f, "{{{}}}", pairs.collect::<Vec<String>>().join(","))
    }
}

impl Observation {
    /// An observation without dimensions, of the time of the run.
    pub fn new(name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        Self {
            name: name.into(),
            dimensions: Dimensions::default(),
            value: value.into(),
            observed_at: None,
            evidence: None,
        }
    }

    /// The same in an environment.
    #[must_use]
    pub fn in_environment(self, environment: impl Into<String>) -> Self {
        Self {
            dimensions: self.dimensions.with("environment", environment),
            ..self
        }
    }

    /// The same, observed then.
    #[must_use]
    pub fn at(self, time: Timestamp) -> Self {
        Self {
            observed_at: Some(time),
            ..self
        }
    }

    /// The same, with where to look.
    #[must_use]
    pub fn evidence(self, evidence: impl Into<String>) -> Self {
        Self {
            evidence: Some(evidence.into()),
            ..self
        }
    }
}
