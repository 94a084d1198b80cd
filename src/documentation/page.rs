//! A page: a file that somebody wrote to be read.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::diagnostic::Diagnostic;
use crate::model::SourceFile;
use crate::repo::{ReadError, Repository, Snapshot};
use crate::yaml;

use super::decision::Standing;
use super::folder::{Found, has_page_name};
use super::mkdocs::unreadable;
use super::text;

/// A page of documentation.
#[derive(Clone, Debug)]
pub struct Page {
    /// The file.
    pub file: Arc<SourceFile>,
    /// Its path in the repository, which need not be UTF-8.
    pub path: Box<[u8]>,
    /// What it is.
    pub kind: PageKind,
    /// What it is called: in the navigation, else by itself, else as its file.
    pub title: String,
    /// The headings of the navigation above it.
    pub section: Vec<String>,
    /// What a decision says of itself: `accepted`, `superseded by …`.
    pub status: Option<String>,
    /// The day of a decision, as it is written.
    pub date: Option<String>,
    /// Whether it is Markdown; else it is shown as it is.
    pub is_markdown: bool,
}

/// What a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PageKind {
    /// What one reads first.
    Readme,
    /// A page of the documentation.
    Page,
    /// A decision and its reasons (ADR).
    Decision,
    /// What to do when something is wrong.
    Runbook,
    /// How to take part.
    Contributing,
    /// What changed.
    Changelog,
}

/// A page, and why it could not be read.
pub(super) struct Described {
    pub(super) page: Page,
    pub(super) problem: Option<Diagnostic>,
}

impl PageKind {
    /// The name, as people and machines are told.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Readme => "readme",
            Self::Page => "page",
            Self::Decision => "decision",
            Self::Runbook => "runbook",
            Self::Contributing => "contributing",
            Self::Changelog => "changelog",
        }
    }
}

impl fmt::Display for PageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for PageKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Reads the text of a page.
pub(super) fn read(snapshot: &Snapshot, path: &[u8]) -> Result<String, ReadError> {
    let bytes = snapshot.read(path)?;
    Ok(yaml::decode(&bytes).0.into_owned())
}

/// A page with what its text says of it.
pub(super) fn describe(repository: &Repository, snapshot: &Snapshot, found: Found) -> Described {
    match read(snapshot, &found.path) {
        Ok(text) => Described {
            page: Page::new(repository, found, &text),
            problem: None,
        },
        Err(error) => {
            let file = repository.file(&found.path);
            Described {
                page: Page::new(repository, found, ""),
                problem: Some(unreadable(&error, file)),
            }
        }
    }
}

impl Page {
    /// The page of a file with that text.
    pub(super) fn new(repository: &Repository, found: Found, text: &str) -> Self {
        let file = repository.file(&found.path);
        let is_markdown = has_page_name(&found.path);
        let summary = if is_markdown {
            text::Summary::of(text)
        } else {
            text::Summary::default()
        };
        let standing = if found.kind == PageKind::Decision {
            Standing::of(text, &summary)
        } else {
            Standing::default()
        };
        let title = found.title.or(summary.title).unwrap_or_else(|| {
            let name = file.path_in_repository();
            name.rsplit('/').next().unwrap_or(name).to_owned()
        });
        Self {
            path: found.path,
            kind: found.kind,
            title,
            section: found.section,
            status: standing.status,
            date: standing.date,
            is_markdown,
            file,
        }
    }
}
