//! Where a ledger lies, and which of its files there are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use super::FOLDER;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, register};
use crate::model::{Moment, Place, SourceFile};
use crate::repo::{FolderListing, GitFolders, Layout, ListingRequest, Repository};

/// The most files of a ledger that are read.
const MOST_FILES: usize = 100_000;
/// The most bytes of a file that are read.
pub(super) const LARGEST_FILE: u64 = 256 << 20;
/// The names that Windows does not take for folders.
const NO_FOLDERS: [&str; 4] = ["aux", "con", "nul", "prn"];

/// Where a ledger lies: in the catalog repository, or in the folder of the workspace.
#[derive(Clone, Debug)]
pub struct LedgerLocation {
    root: PathBuf,
    repository: Option<Repository>,
}

/// A file of a ledger, as its path says it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LedgerFile {
    /// Below `facts/`.
    pub(super) path: String,
    pub(super) source: Arc<str>,
    pub(super) day: Date,
    pub(super) writer: Arc<str>,
}

impl LedgerLocation {
    /// Where the ledger of a workspace lies: in the catalog repository or, without one, in the
    /// folder of the workspace. Nowhere in a workspace without any repository or folder.
    #[must_use]
    pub fn of(repositories: &[Repository], config: &Config) -> Option<Self> {
        if let Some(identity) = config.catalog_repository() {
            let repository = repositories.iter().find(|it| &*it.identity == identity)?;
            return Some(Self {
                root: repository.root.clone(),
                repository: Some(repository.clone()),
            });
        }
        let root = repositories.iter().find_map(workspace_folder)?;
        let repository = repositories.iter().find(|it| it.root == root).cloned();
        Some(Self { root, repository })
    }

    /// A ledger in a folder, which nobody knows more about.
    #[must_use]
    pub const fn in_folder(root: PathBuf) -> Self {
        Self {
            root,
            repository: None,
        }
    }

    /// Whether what is written there can be committed.
    #[must_use]
    pub fn is_in_git(&self) -> bool {
        self.git().is_some()
    }

    /// The folder of the ledger.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.root.join(FOLDER)
    }

    /// The folder that the ledger's own one is in.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Whether there are files that can be written, and not only commits.
    pub(super) fn has_files(&self) -> bool {
        let layout = self.repository.as_ref().map(|it| &it.layout);
        !matches!(layout, Some(Layout::Bare(_)))
    }

    pub(super) fn git(&self) -> Option<&GitFolders> {
        self.repository.as_ref()?.layout.git()
    }

    /// A file of the ledger, as people are told about it.
    pub(super) fn file(&self, path: &str) -> Arc<SourceFile> {
        let path = format!("{FOLDER}/{path}");
        match &self.repository {
            Some(repository) => repository.file(path.as_bytes()),
            None => Arc::new(SourceFile::new(Arc::from("."), "", path.as_bytes())),
        }
    }

    /// The files at a moment, of one source or of all. A time means the present ledger, whose
    /// lines say when they were true.
    pub(super) fn list(&self, moment: &Moment, source: Option<&str>) -> FolderListing {
        let present = Moment::Present;
        let moment = match moment {
            Moment::Time(_) => &present,
            moment => moment,
        };
        let has_git = self.git().is_some();
        let repository = self.repository.as_ref().filter(|_| has_git);
        let commit = repository.and_then(|it| it.commit_of(moment));
        let has_state = commit.is_some() || !has_git || *moment == present && self.has_files();
        FolderListing::of(&ListingRequest {
            root: &self.root,
            folder: FOLDER,
            commit: commit.as_deref(),
            wanted: &|path| has_state && is_wanted(path, source),
            most_files: MOST_FILES,
        })
    }

    /// The files as they are on the disk.
    pub(super) fn list_written(&self, source: Option<&str>) -> FolderListing {
        FolderListing::of(&ListingRequest {
            root: &self.root,
            folder: FOLDER,
            commit: None,
            wanted: &|path| is_wanted(path, source),
            most_files: MOST_FILES,
        })
    }

    /// What a listing could not list.
    pub(super) fn problems(&self, listing: &FolderListing) -> Vec<Diagnostic> {
        let problems = listing.problems().iter();
        problems
            .map(|problem| self.unreadable(problem.path.trim_end_matches('/'), &problem.reason))
            .collect()
    }

    pub(super) fn unreadable(&self, path: &str, reason: &str) -> Diagnostic {
        let file = self.file(path);
        let shown = file.path().trim_end_matches('/').to_owned();
        Diagnostic::new(&register::UNREADABLE, format!("\"{shown}\" {reason}"))
            .subject(file.path_in_repository())
            .at(Place::file(file))
            .hiding()
    }
}

/// The folder of the workspace, which each repository knows its way from.
fn workspace_folder(repository: &Repository) -> Option<PathBuf> {
    let folder = Path::new(&repository.folder);
    let is_inside = !folder.starts_with("..") && !folder.is_absolute();
    let levels = folder.components().count();
    let root = repository.root.ancestors().nth(levels)?;
    is_inside.then(|| root.to_path_buf())
}

/// Whether a path may be one of a ledger: `SOURCE/`, `SOURCE/2026-11/`, or a file in there.
fn is_wanted(path: &str, source: Option<&str>) -> bool {
    let mut parts = path.split('/');
    let is_source = |name: &str| source.is_none_or(|wanted| wanted == name) && is_source_name(name);
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(name), Some(""), None, None) => is_source(name),
        (Some(name), Some(month), Some(""), None) => is_source(name) && month.len() == 7,
        _ => LedgerFile::of(path).is_some_and(|file| is_source(&file.source)),
    }
}

/// Whether a text can be the name of a source, which is that of a folder: lower case, digits and
/// `-`, at most 64.
#[must_use]
pub fn is_source_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut bytes = name.bytes();
    name.len() <= 64
        && bytes.next().is_some_and(is_plain)
        && bytes.all(|byte| is_plain(byte) || byte == b'-')
        && !NO_FOLDERS.contains(&name)
}

impl LedgerFile {
    /// The file of that path below `facts/`: `snyk/2026-11/01-main-3f9a2c1b.jsonl`.
    pub(super) fn of(path: &str) -> Option<Self> {
        let (source, rest) = path.split_once('/')?;
        let (month, name) = rest.split_once('/')?;
        let (day, writer) = name.strip_suffix(".jsonl")?.split_once('-')?;
        let is_file = day.len() == 2 && super::writer::is_writer_name(writer);
        let day: Date = format!("{month}-{day}").parse().ok()?;
        (is_file && month.len() == 7 && is_source_name(source)).then(|| Self {
            path: path.to_owned(),
            source: Arc::from(source),
            day,
            writer: Arc::from(writer),
        })
    }

    /// The file of a source, a day and a writer.
    pub(super) fn new(source: &str, day: Date, writer: &str) -> Self {
        let (year, month, number) = (day.year(), day.month(), day.day());
        Self {
            path: format!("{source}/{year:04}-{month:02}/{number:02}-{writer}.jsonl"),
            source: Arc::from(source),
            day,
            writer: Arc::from(writer),
        }
    }
}
