//! What is wrong with lines of a ledger: said once for each kind of mistake and file, with the
//! number of lines and the place of the first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::LedgerLocation;
use super::reading::LinePlace;
use crate::diagnostic::{Code, Diagnostic, register};
use crate::model::{Place, Span};

/// The most names that a message has.
const MOST_NAMES: usize = 5;
/// The most names that are kept to be counted.
const MOST_KEPT: usize = 10_000;
/// The most files with a kind of mistake that are told one by one.
const MOST_FILES: usize = 20;
/// The most characters of a name that are shown.
const LONGEST_NAME: usize = 80;

/// What is wrong with a line.
#[derive(Clone, Copy, Debug)]
pub(super) enum Complaint<'a> {
    Line(&'a str),
    Torn,
    TooManyLines,
    FromTheFuture,
    WrongType(&'a str, &'static str),
    UnknownFact(&'a str),
    UnknownEntity(&'a str),
}

/// What is said of a file or of all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Line,
    Torn,
    TooManyLines,
    FromTheFuture,
    WrongType,
}

#[derive(Clone, Debug)]
struct Counted {
    lines: u64,
    first: LinePlace,
    detail: String,
}

#[derive(Clone, Debug)]
struct Named {
    names: BTreeSet<String>,
    first: LinePlace,
}

/// All that is wrong.
#[derive(Clone, Debug, Default)]
pub(super) struct Complaints {
    by_file: BTreeMap<(Kind, Arc<str>), Counted>,
    facts: Option<Named>,
    entities: Option<Named>,
}

impl Complaints {
    pub(super) fn add(&mut self, complaint: Complaint<'_>, place: LinePlace) {
        let (kind, detail) = match complaint {
            Complaint::Line(reason) => (Kind::Line, reason.to_owned()),
            Complaint::Torn => (Kind::Torn, String::new()),
            Complaint::TooManyLines => (Kind::TooManyLines, String::new()),
            Complaint::FromTheFuture => (Kind::FromTheFuture, String::new()),
            Complaint::WrongType(fact, wanted) => {
                let detail = format!("\"{}\" is no {wanted}", cut(fact));
                (Kind::WrongType, detail)
            }
            Complaint::UnknownFact(name) => return add_name(&mut self.facts, name, place),
            Complaint::UnknownEntity(name) => return add_name(&mut self.entities, name, place),
        };
        let key = (kind, Arc::from(place.file.path.as_str()));
        self.add_counted(
            key,
            Counted {
                lines: 1,
                first: place,
                detail,
            },
        );
    }

    fn add_counted(&mut self, key: (Kind, Arc<str>), counted: Counted) {
        match self.by_file.entry(key) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(counted);
            }
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                known.lines += counted.lines;
                if counted.first < known.first {
                    known.first = counted.first;
                    known.detail = counted.detail;
                }
            }
        }
    }

    pub(super) fn extend(&mut self, other: Self) {
        for (key, counted) in other.by_file {
            self.add_counted(key, counted);
        }
        for (own, other) in [
            (&mut self.facts, other.facts),
            (&mut self.entities, other.entities),
        ] {
            for name in other.iter().flat_map(|other| &other.names) {
                if let Some(other) = &other {
                    add_name(own, name, other.first.clone());
                }
            }
        }
    }

    /// All of it as diagnostics, in the order of their kinds and files.
    pub(super) fn diagnostics(&self, location: &LedgerLocation) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        let mut told: BTreeMap<Kind, usize> = BTreeMap::new();
        for ((kind, _), counted) in &self.by_file {
            let number = told.entry(*kind).or_default();
            *number += 1;
            if *number <= MOST_FILES {
                diagnostics.push(kind.diagnostic(counted, location));
            }
        }
        for (kind, files) in told {
            if let Some(more) = files.checked_sub(MOST_FILES).filter(|more| *more > 0) {
                let message = format!("{more} more files of the ledger: {}", kind.short());
                diagnostics.push(Diagnostic::new(kind.code(), message).subject(kind.short()));
            }
        }
        let unknown = [(&self.facts, "facts"), (&self.entities, "entities")];
        for (named, what) in unknown {
            diagnostics.extend(named.as_ref().map(|named| named.diagnostic(what, location)));
        }
        diagnostics
    }
}

fn add_name(named: &mut Option<Named>, name: &str, place: LinePlace) {
    let named = named.get_or_insert_with(|| Named {
        names: BTreeSet::new(),
        first: place.clone(),
    });
    if named.names.len() < MOST_KEPT && !named.names.contains(name) {
        named.names.insert(cut(name));
    }
    if place < named.first {
        named.first = place;
    }
}

fn cut(name: &str) -> String {
    name.chars().take(LONGEST_NAME).collect()
}

impl Kind {
    const fn code(self) -> &'static Code {
        match self {
            Self::Line | Self::Torn | Self::TooManyLines => &register::LEDGER_LINE,
            Self::FromTheFuture => &register::FACT_FROM_THE_FUTURE,
            Self::WrongType => &register::LEDGER_VALUE,
        }
    }

    const fn short(self) -> &'static str {
        match self {
            Self::Line => "lines that cannot be read",
            Self::Torn => "a last line that was not written to its end",
            Self::TooManyLines => "more lines than are read",
            Self::FromTheFuture => "lines from the future",
            Self::WrongType => "values of the wrong type",
        }
    }

    fn diagnostic(self, counted: &Counted, location: &LedgerLocation) -> Diagnostic {
        let Counted {
            lines,
            first,
            detail,
        } = counted;
        let path = location.file(&first.file.path).path().to_owned();
        let all = match lines {
            1 => String::new(),
            lines => format!(", the first of {lines} such lines"),
        };
        let (message, help) = match self {
            Self::Line => (
                format!("line {} of \"{path}\" {detail}{all}", first.line),
                "the line is skipped; restore it from Git's history, or delete it",
            ),
            Self::Torn => (
                format!("the last line of \"{path}\" was not written to its end"),
                "a run ended in the middle; the next run writes what is missing",
            ),
            Self::TooManyLines => (
                format!("\"{path}\" has more lines than are read"),
                "\"devportal facts compact\" makes old files smaller",
            ),
            Self::FromTheFuture => (
                format!("line {} of \"{path}\" is from the future{all}", first.line),
                "the clock of the machine that wrote it was wrong; it counts when its time has come",
            ),
            Self::WrongType => (
                format!(
                    "line {} of \"{path}\": the value of {detail}{all}",
                    first.line
                ),
                "\"devportal facts list\" says what the values of a fact are",
            ),
        };
        let diagnostic = Diagnostic::new(self.code(), message)
            .help(help)
            .subject(self.short())
            .at(place(first, location));
        if self == Self::TooManyLines {
            return diagnostic.hiding();
        }
        diagnostic
    }
}

impl Named {
    fn diagnostic(&self, what: &str, location: &LedgerLocation) -> Diagnostic {
        let shown = self.names.iter().take(MOST_NAMES);
        let mut names = shown.map(String::as_str).collect::<Vec<_>>().join(", ");
        if self.names.len() > MOST_NAMES {
            names.push_str(", …");
        }
        let help = if what == "facts" {
            "a newer devportal may know them; declare your own under \"facts\" of devportal.yaml"
        } else {
            "name the old reference in the annotation \"devportal.dev/renamed-from\" of an entity that was renamed"
        };
        let count = self.names.len();
        let what = match (count, what) {
            (1, "facts") => "fact",
            (1, _) => "entity",
            (_, what) => what,
        };
        Diagnostic::new(
            &register::LEDGER_UNKNOWN,
            format!("the ledger has {count} {what} that nobody here knows: {names}"),
        )
        .help(help)
        .subject(what)
        .at(place(&self.first, location))
    }
}

fn place(first: &LinePlace, location: &LedgerLocation) -> Place {
    let file = location.file(&first.file.path);
    Place::span(file, Span::on_line(first.line, 1, 1))
}
