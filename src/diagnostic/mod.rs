//! Problems as values.
//!
//! Whatever somebody wrote wrongly becomes a [`Diagnostic`] with a code, a place and a remedy,
//! and never stops the reading of the rest. Failures of the world are errors, not diagnostics.

mod code;
pub mod register;
mod fingerprint;
mod severity;
mod suggestion;
mod suppression;

use crate::model::{EntityRef, Place};

pub(crate) use code::parse_version;
pub use code::{Code, Explanation};
pub use fingerprint::fingerprint;
pub use severity::Severity;
pub use suggestion::did_you_mean;
pub use suppression::Suppressions;

/// A problem in what somebody wrote.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// What kind of problem it is.
    pub code: &'static Code,
    /// How bad it is: the code's default until the configuration says otherwise.
    pub severity: Severity,
    /// What is wrong, in one line: lower case, no full stop, the thing in quotes.
    pub message: String,
    /// What to do about it, in one line.
    pub help: Option<String>,
    /// Where it is.
    pub place: Option<Place>,
    /// The entity it is about.
    pub entity: Option<EntityRef>,
    /// The field, target or name it is about: what tells two problems of one code, file and
    /// entity apart for as long as they are not cured, wherever in the file they move.
    pub subject: String,
    /// Other places that belong to it, each with what it has to do with it.
    pub related: Vec<(Place, String)>,
    /// The worst that it may be, whatever the configuration says of its code.
    pub limit: Severity,
    /// Whether it means that something could not be read, so that answers may lack it.
    pub hides_something: bool,
}

impl Diagnostic {
    /// A problem of that code.
    #[must_use]
    pub fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            help: None,
            place: None,
            entity: None,
            subject: String::new(),
            related: Vec::new(),
            limit: Severity::Error,
            hides_something: false,
        }
    }

    /// Says where it is.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says which entity it is about.
    #[must_use]
    pub fn entity(mut self, entity: &EntityRef) -> Self {
        self.entity = Some(entity.clone());
        self
    }

    /// Says which field, target or name it is about.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = subject.into();
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn related(mut self, place: Place, what: impl Into<String>) -> Self {
        self.related.push((place, what.into()));
        self
    }

    /// Says how bad it can be at most, here.
    #[must_use]
    pub fn at_most(mut self, limit: Severity) -> Self {
        self.limit = limit;
        self.severity = self.severity.max(limit);
        self
    }

    /// Says that something could not be read.
    #[must_use]
    pub fn hiding(mut self) -> Self {
        self.hides_something = true;
        self
    }

    /// The order in which problems are listed: by place, then code and message.
    #[must_use]
    pub fn order(&self) -> impl Ord + '_ {
        let place = self.place.as_ref();
        let (path, span) = (
            place.map(|place| place.file.path()),
            place.and_then(|place| place.span),
        );
        (path, span, self.code.name, &self.message)
    }
}
