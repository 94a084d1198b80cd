//! What a file says, before it is known of which entities.

use std::borrow::Cow;
use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::{Amount, ImportFile};
use crate::fact::Dimensions;

/// How far a clock may be ahead of ours.
const SKEW: SignedDuration = SignedDuration::from_hours(24);

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// When it was written, where it says so.
    pub observed_at: Option<Timestamp>,
    /// What it says of what.
    pub results: Vec<ImportedResult>,
    /// What in it was left out, and why.
    pub problems: Vec<ImportProblem>,
}

/// What a file says of one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedResult {
    /// What it is about.
    pub subject: Subject,
    /// The name of the fact.
    pub name: Cow<'static, str>,
    /// Its dimensions.
    pub dimensions: Dimensions,
    /// Its value, or what this result adds to it.
    pub amount: Amount,
    /// When it was observed, where the result says so; else it is the time of the file.
    pub observed_at: Option<Timestamp>,
    /// Where to look, where the file says so: a URL.
    pub evidence: Option<String>,
}

/// What a result of a file is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// What the file is about: the entity that the command names, else the one in whose home it is.
    File,
    /// An entity, by a reference as people write it.
    Entity(String),
    /// The entities with a value of an annotation, as `pagerduty.com/service-id`; where none has
    /// it, the entity of a name.
    Annotation {
        /// The annotation.
        annotation: &'static str,
        /// Its value, or one of several with commas between them.
        value: String,
        /// What it is called where it comes from.
        or_name: Option<String>,
    },
    /// The entities whose home is that repository (`github.com/larkspur/payments`), and in it the
    /// deepest folder that holds a path.
    Repository(String, String),
    /// The entities whose home holds a path: relative to the repository of the file or to the home
    /// of the file, or as the machine had it where the tool ran.
    Path(String),
}

/// Something in a file that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportProblem {
    /// What and why.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The line, where it is known.
    pub line: Option<u32>,
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// What is wrong.
    pub message: String,
    /// The line, where it is known.
    pub line: Option<u32>,
}

impl Imported {
    /// Nothing yet, observed when the file says, unless that is still to come.
    pub(super) fn observed(file: &ImportFile<'_>, at: Option<Timestamp>) -> Self {
        Self {
            observed_at: at.filter(|at| is_past(*at, file.now)),
            ..Self::default()
        }
    }

    /// Adds what is said of a subject.
    pub(super) fn add(&mut self, subject: &Subject, name: &'static str, amount: Amount) {
        self.results
            .push(ImportedResult::new(subject.clone(), name, amount));
    }

    /// Adds what was left out.
    pub(super) fn problem(&mut self, message: impl Into<String>) {
        self.problems.push(ImportProblem::new(message));
    }

    /// Says that these facts of a subject are not known, whatever other results add to them.
    pub(super) fn unknown(&mut self, subject: &Subject, names: &[&'static str]) {
        for name in names {
            self.add(subject, name, Amount::Unknown);
        }
    }
}

impl ImportedResult {
    /// A result without dimensions.
    pub(super) fn new(
        subject: Subject,
        name: impl Into<Cow<'static, str>>,
        amount: Amount,
    ) -> Self {
        Self {
            subject,
            name: name.into(),
            dimensions: Dimensions::default(),
            amount,
            observed_at: None,
            evidence: None,
        }
    }
}

impl ImportProblem {
    /// A problem that has no place of its own.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
            line: None,
        }
    }

    /// The same, with what to do.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }

    /// The same, with a line.
    pub(super) fn on_line(self, line: usize) -> Self {
        Self {
            line: u32::try_from(line).ok(),
            ..self
        }
    }
}

impl ImportError {
    /// An error of a whole file.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            line: None,
        }
    }

    /// An error on a line, from 1.
    pub(super) fn on_line(line: usize, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            line: u32::try_from(line).ok().filter(|line| *line > 0),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => f.write_str("the file as a whole"),
            Self::Entity(reference) => write!(f, "\"{reference}\""),
            Self::Annotation {
                annotation,
                value,
                or_name: None,
            } => write!(f, "\"{annotation}: {value}\""),
            Self::Annotation {
                annotation,
                value,
                or_name: Some(name),
            } => write!(f, "\"{name}\" (\"{annotation}: {value}\")"),
            Self::Repository(repository, path) if path.is_empty() => {
                write!(f, "repository \"{repository}\"")
            }
            Self::Repository(repository, path) => {
                write!(f, "\"{path}\" in repository \"{repository}\"")
            }
            Self::Path(path) => write!(f, "path \"{path}\""),
        }
    }
}

impl fmt::Display for ImportProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ImportError {}

/// Whether something can have been observed then: not in the future, but for clocks that differ.
pub(super) fn is_past(at: Timestamp, now: Timestamp) -> bool {
    now.checked_add(SKEW).is_ok_and(|latest| at <= latest)
}
