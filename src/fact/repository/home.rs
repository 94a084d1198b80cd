//! The code of an entity, as sources look at it.

use std::borrow::Cow;

use jiff::Timestamp;

use super::found_once::FoundOnce;
use crate::cache::Cache;
use crate::config::Config;
use crate::fact::{FactRequest, FactSelection};
use crate::model::{Moment, Place};
use crate::repo::{FileEntry, ReadError, Repository, Snapshot};
use crate::yaml;

/// A repository while facts are read from it. What is found out once for all homes is kept here.
pub struct CodeRepository<'a> {
    /// The repository.
    pub repository: &'a Repository,
    /// Its files at the moment that is looked at.
    pub snapshot: &'a Snapshot,
    /// That moment.
    pub moment: &'a Moment,
    /// That moment as a time.
    pub now: Timestamp,
    /// The configuration.
    pub config: &'a Config,
    /// Which facts are needed.
    pub selection: &'a FactSelection,
    /// The folders of all homes in it.
    pub folders: Vec<&'a str>,
    /// Where results that take long are kept.
    pub cache: &'a Cache,
    /// What is found out once, when the first home needs it.
    pub(super) found: FoundOnce,
}

/// A folder of a repository that is the home of entities.
pub struct CodeHome<'a> {
    /// The repository.
    pub code: &'a CodeRepository<'a>,
    /// The folder; empty for the root.
    pub folder: &'a str,
}

impl<'a> CodeRepository<'a> {
    pub(super) fn new(
        request: &'a FactRequest<'_>,
        repository: &'a Repository,
        snapshot: &'a Snapshot,
        folders: impl Iterator<Item = &'a String>,
    ) -> Self {
        Self {
            repository,
            snapshot,
            moment: request.moment,
            now: request.now,
            config: request.config,
            selection: &request.selection,
            folders: folders.map(String::as_str).collect(),
            cache: request.cache,
            found: FoundOnce::default(),
        }
    }
}

impl<'a> CodeHome<'a> {
    pub(super) const fn new(code: &'a CodeRepository<'a>, folder: &'a str) -> Self {
        Self { code, folder }
    }

    /// Everything below the home, in byte order of the paths (relative to the repository).
    #[must_use]
    pub fn files(&self) -> &'a [FileEntry] {
        let files = self.code.snapshot.files();
        if self.folder.is_empty() {
            return files;
        }
        let below = |file: &FileEntry| {
            let rest = file.path.strip_prefix(self.folder.as_bytes());
            rest.is_some_and(|rest| rest.first() == Some(&b'/'))
        };
        let start = format!("{}/", self.folder);
        let first = files.partition_point(|file| &*file.path < start.as_bytes());
        let rest = files.get(first..).unwrap_or_default();
        let length = rest.partition_point(below);
        rest.get(..length).unwrap_or_default()
    }

    /// The files directly in a folder of the repository; empty for its root.
    pub fn files_in(&self, folder: &str) -> impl Iterator<Item = &'a FileEntry> {
        let prefix = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        let files = self.code.snapshot.files();
        let first = files.partition_point(|file| &*file.path < prefix.as_bytes());
        let below = prefix.clone();
        let rest = files.iter().skip(first);
        rest.take_while(move |file| file.path.starts_with(below.as_bytes()))
            .filter(move |file| !file.path[prefix.len()..].contains(&b'/'))
    }

    /// The folders in which a file that lives once a repository is looked for: the home, then
    /// the root.
    pub fn home_then_root(&self) -> impl Iterator<Item = &'a str> {
        let root = (!self.folder.is_empty()).then_some("");
        std::iter::once(self.folder).chain(root)
    }

    /// The path of a file in the home.
    #[must_use]
    pub fn path(&self, name: &str) -> String {
        if self.folder.is_empty() {
            name.to_owned()
        } else {
            format!("{}/{name}", self.folder)
        }
    }

    /// The text of a file of the repository.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn text(&self, path: &[u8]) -> Result<String, ReadError> {
        let bytes = self.code.snapshot.read(path)?;
        Ok(yaml::decode(&bytes).0.into_owned())
    }

    /// Where a line of a file is, as evidence has it: relative to the workspace.
    #[must_use]
    pub fn evidence(&self, path: &[u8], line: Option<u32>) -> String {
        let file = self.code.repository.file(path);
        match line {
            Some(line) => format!("{}:{line}", file.path()),
            None => file.path().to_owned(),
        }
    }

    /// The place of a whole file, for a diagnostic.
    #[must_use]
    pub fn place(&self, path: &[u8]) -> Place {
        Place::file(self.code.repository.file(path))
    }

    /// A path as text.
    #[must_use]
    pub fn shown(path: &[u8]) -> Cow<'_, str> {
        String::from_utf8_lossy(path)
    }
}
