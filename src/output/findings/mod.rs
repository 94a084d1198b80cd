//! Findings in every format; one file a format.

pub(super) mod human;
pub(super) mod concise;
pub(super) mod json;
pub(super) mod sarif;
pub(super) mod github;
pub(super) mod junit;
pub(super) mod markdown;

use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Place, SourceFile};
use crate::view::Role;

pub use concise::diagnostic_line;

/// What was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// The entities of a catalog.
    Catalog,
    /// Templates.
    Templates,
    /// Scorecards, over the entities that they are about.
    Scorecards,
}

impl Checked {
    /// The name of the form of the findings in JSON.
    const fn schema(self) -> &'static str {
        match self {
            Self::Catalog => "devportal.check/v1",
            Self::Templates => "devportal.template-lint/v1",
            Self::Scorecards => "devportal.score-findings/v1",
        }
    }

    /// The command that looked.
    const fn command(self) -> &'static str {
        match self {
            Self::Catalog | Self::Templates => "check",
            Self::Scorecards => "score",
        }
    }

    fn counted(self, count: usize) -> String {
        match self {
            Self::Catalog | Self::Scorecards => counted(count, "entity", "entities"),
            Self::Templates => counted(count, "template", "templates"),
        }
    }
}

/// What a run of the checks found.
#[derive(Clone, Copy)]
pub struct Findings<'a> {
    /// What was looked at.
    pub checked: Checked,
    /// The findings in [`Diagnostic::order`], with their final severities; none is off.
    pub diagnostics: &'a [Diagnostic],
    /// Whether everything was in sight that could change this.
    pub complete: bool,
    /// Repositories that were read.
    pub repositories: usize,
    /// Documents that were read.
    pub documents: usize,
    /// Entities in the catalog, or templates.
    pub entities: usize,
    /// Findings that a baseline accepts; they are not among the diagnostics.
    pub accepted: usize,
    /// Whether people want every place, not a few of each kind.
    pub all: bool,
    /// The text of a file, for the line that a finding is about.
    pub source: &'a dyn Fn(&SourceFile) -> Option<String>,
}

impl std::fmt::Debug for Findings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Findings")
            .field("diagnostics", &self.diagnostics)
            .finish_non_exhaustive()
    }
}

impl<'a> Findings<'a> {
    fn count(&self, severity: Severity) -> usize {
        self.diagnostics
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }

    /// The findings, worst first, those of one severity in their order.
    fn worst_first(&self) -> Vec<&'a Diagnostic> {
        let mut findings: Vec<_> = self.diagnostics.iter().collect();
        findings.sort_by_key(|finding| finding.severity);
        findings
    }

    /// What was checked, in half a sentence.
    fn checked(&self) -> String {
        let repositories = counted(self.repositories, "repository", "repositories");
        format!(
            "checked {} in {repositories}",
            self.checked.counted(self.entities)
        )
    }

    /// What was found, in the other half: each severity that occurs with its number.
    fn found(&self) -> Vec<(Severity, String)> {
        let severities = Severity::ALL
            .into_iter()
            .map(|severity| (severity, self.count(severity)));
        let found = severities.filter(|(_, count)| *count > 0);
        found
            .map(|(severity, count)| (severity, counted_severity(count, severity)))
            .collect()
    }

    /// What is said of findings that a baseline accepts.
    fn accepted_note(&self) -> Option<String> {
        (self.accepted > 0).then(|| format!("({} accepted by the baseline)", self.accepted))
    }

    /// What is said in the place of numbers when there are none. Only who saw everything may
    /// say that it is in order.
    fn nothing_found(&self) -> (&'static str, Role) {
        match (self.entities, self.complete) {
            (0, _) => ("there is nothing to check", Role::Bad(Severity::Warning)),
            (_, true) => ("everything is in order", Role::Good),
            (_, false) => ("nothing was found", Role::Plain),
        }
    }

    /// The whole sentence, without colours.
    fn sentence(&self) -> String {
        let found: Vec<String> = self.found().into_iter().map(|(_, found)| found).collect();
        let found = if found.is_empty() {
            self.nothing_found().0.to_owned()
        } else {
            found.join(", ")
        };
        let accepted = self
            .accepted_note()
            .map(|note| format!(" {note}"))
            .unwrap_or_default();
        format!("{}: {found}{accepted}", self.checked())
    }
}

/// What is said when the findings may lack some.
const INCOMPLETE: &str = "not everything was in sight: what is missing could change this";

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn counted_severity(count: usize, severity: Severity) -> String {
    format!("{count} {severity}{}", if count == 1 { "" } else { "s" })
}

/// A place as `path:line:column`, as it is.
fn location(place: &Place) -> String {
    match place.span {
        Some(span) => format!("{}:{}:{}", place.file.path(), span.line, span.column),
        None => place.file.path().to_owned(),
    }
}
