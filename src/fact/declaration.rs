//! What a fact of some name is.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// What a fact of some name is. Every name is declared once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The name: words in lower case with `-`, parts with `.`. A last part `*` stands for any one
    /// name, as in `dependency.*`.
    pub name: Cow<'static, str>,
    /// What its values are.
    pub value_type: ValueType,
    /// The unit of its values, as `days`, `percent`, `lines`.
    pub unit: Option<Cow<'static, str>>,
    /// What it means, in a sentence without a full stop.
    pub about: Cow<'static, str>,
    /// How long an observation holds.
    pub time_to_live: TimeToLive,
    /// The sources that give it, by their names.
    pub sources: Cow<'static, [Cow<'static, str>]>,
    /// The dimensions that it may have: `environment`, `region`.
    pub dimensions: &'static [&'static str],
    /// The name of the fact, a time, whose age in whole days this one is.
    pub age_of: Option<&'static str>,
    /// Whether the ledger keeps it. Who is on call is shown and forgotten.
    pub is_kept: bool,
}

/// How long an observation holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeToLive {
    /// As long as the state of the repository that it was read from.
    State,
    /// So long after it was observed.
    Lasting(SignedDuration),
}

/// What the values of a fact are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A version, as `2.17.1`, which has an order of its own.
    Version,
    /// A date and time (RFC 3339).
    Time,
    /// A list of texts.
    List,
}

impl ValueType {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Boolean,
        Self::Number,
        Self::Text,
        Self::Version,
        Self::Time,
        Self::List,
    ];

    /// The name, as `facts list` and a `devportal.yaml` have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::Text => "text",
            Self::Version => "version",
            Self::Time => "time",
            Self::List => "list",
        }
    }
}

impl ValueType {
    /// Whether a value is of the type; `null`, which is none, always is.
    #[must_use]
    pub fn fits(self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::Null) | (Self::Boolean, Value::Bool(_)) => true,
            (Self::Number, value) => value.is_number(),
            (Self::Text | Self::Version, value) => value.is_string(),
            (Self::Time, Value::String(text)) => text.parse::<Timestamp>().is_ok(),
            (Self::List, Value::Array(items)) => items.iter().all(Value::is_string),
            _ => false,
        }
    }
}

impl Declaration {
    /// A declaration of a fact that holds as long as the state it was read from.
    pub(super) const fn new(
        name: &'static str,
        value_type: ValueType,
        sources: &'static [Cow<'static, str>],
        about: &'static str,
    ) -> Self {
        Self::with_unit(name, value_type, None, sources, about)
    }

    /// A declaration of a number in a unit.
    pub(super) const fn number(
        name: &'static str,
        unit: &'static str,
        sources: &'static [Cow<'static, str>],
        about: &'static str,
    ) -> Self {
        let unit = Some(Cow::Borrowed(unit));
        Self::with_unit(name, ValueType::Number, unit, sources, about)
    }

    const fn with_unit(
        name: &'static str,
        value_type: ValueType,
        unit: Option<Cow<'static, str>>,
        sources: &'static [Cow<'static, str>],
        about: &'static str,
    ) -> Self {
        Self {
            name: Cow::Borrowed(name),
            value_type,
            unit,
            about: Cow::Borrowed(about),
            time_to_live: TimeToLive::State,
            sources: Cow::Borrowed(sources),
            dimensions: &[],
            age_of: None,
            is_kept: true,
        }
    }

    /// The age in days of a time.
    pub(super) const fn age(
        name: &'static str,
        of: &'static str,
        sources: &'static [Cow<'static, str>],
        about: &'static str,
    ) -> Self {
        let mut declaration = Self::number(name, "days", sources, about);
        declaration.age_of = Some(of);
        declaration
    }

    pub(super) const fn holds(mut self, time: SignedDuration) -> Self {
        self.time_to_live = TimeToLive::Lasting(time);
        self
    }

    pub(super) const fn by(mut self, dimensions: &'static [&'static str]) -> Self {
        self.dimensions = dimensions;
        self
    }

    pub(super) const fn not_kept(mut self) -> Self {
        self.is_kept = false;
        self
    }

    /// What stands before the last part of a name that ends with `.*`.
    pub(super) fn family(&self) -> Option<&str> {
        self.name.strip_suffix('*')
    }

    /// Whether a fact of that name is one of these.
    #[must_use]
    pub fn covers(&self, name: &str) -> bool {
        match self.family() {
            Some(family) => name
                .strip_prefix(family)
                .is_some_and(|rest| !rest.is_empty()),
            None => self.name == name,
        }
    }
}
