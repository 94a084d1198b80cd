//! The files and folders that a command was limited to.

use std::collections::BTreeMap;

use anyhow::{Error, Result, anyhow};

use crate::model::Moment;
use crate::repo::{Repository, Snapshot, Workspace};

/// The files and folders that a command names.
#[derive(Clone, Debug, Default)]
pub struct PathSelection {
    /// Paths relative to the workspace; none when nothing is named.
    pub paths: Vec<String>,
    /// Whether nothing else is read, so that the catalog has only what they declare. Else
    /// everything is read, and what they name is looked at in the light of it.
    pub only: bool,
}

impl PathSelection {
    /// Whether a file is named, or lies below a folder that is; all are when nothing is named.
    #[must_use]
    pub fn covers(&self, path: &str) -> bool {
        self.paths.is_empty()
            || self
                .paths
                .iter()
                .any(|named| inside(&clean(named), path).is_some())
    }
}

/// The files and folders that a command names, each by its repository.
#[derive(Debug, Default)]
pub(super) struct Limit {
    /// None when nothing is named. Folder of the repository → paths in it.
    paths: Option<BTreeMap<String, Vec<String>>>,
    only: bool,
}

impl Limit {
    /// Understands paths relative to the workspace.
    ///
    /// # Errors
    /// When there is no such file or folder in a repository of the workspace.
    pub(super) fn new(
        selection: &PathSelection,
        repositories: &[Repository],
        workspace: &Workspace,
    ) -> Result<Self> {
        if selection.paths.is_empty() {
            return Ok(Self::default());
        }
        let mut limited: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for path in &selection.paths {
            let path = clean(path);
            let mut found = false;
            for repository in repositories {
                if let Some(inside) = inside(&repository.folder, &path) {
                    // The innermost repository that holds the path is meant, not those around it.
                    if !is_claimed_below(&repository.folder, &path, repositories) {
                        limited
                            .entry(repository.folder.clone())
                            .or_default()
                            .push(inside);
                        found = true;
                    }
                } else if inside(&path, &repository.folder).is_some() {
                    limited
                        .entry(repository.folder.clone())
                        .or_default()
                        .push(String::new());
                    found = true;
                }
            }
            if !found {
                return Err(not_there(&path, workspace));
            }
        }
        Ok(Self {
            paths: Some(limited),
            only: selection.only,
        })
    }

    /// Whether anything of a repository is wanted.
    pub(super) fn includes_repository(&self, repository: &Repository) -> bool {
        !self.only
            || self
                .paths
                .as_ref()
                .is_none_or(|paths| paths.contains_key(&repository.folder))
    }

    /// Whether a file is wanted.
    pub(super) fn includes(&self, repository: &Repository, path: &str) -> bool {
        !self.only
            || self
                .of(repository)
                .is_none_or(|paths| paths.iter().any(|limit| inside(limit, path).is_some()))
    }

    /// Whether a file was named itself, so that it is a descriptor whatever its name.
    pub(super) fn names(&self, repository: &Repository, path: &str) -> bool {
        self.of(repository)
            .is_some_and(|paths| paths.iter().any(|limit| limit == path))
    }

    /// The paths, relative to the workspace, that name nothing in a repository.
    pub(super) fn missing(
        &self,
        repository: &Repository,
        snapshot: &Snapshot,
        moment: &Moment,
    ) -> Vec<String> {
        let is_there = |path: &str| {
            let on_disk = || repository.root.join(path).symlink_metadata().is_ok();
            path.is_empty()
                || (*moment == Moment::Present && on_disk())
                || snapshot
                    .files()
                    .iter()
                    .any(|file| inside(path, &String::from_utf8_lossy(&file.path)).is_some())
        };
        let paths = self.of(repository).unwrap_or_default().iter();
        let missing = paths.filter(|path| !is_there(path));
        missing
            .map(|path| repository.file(path.as_bytes()).path().to_owned())
            .collect()
    }

    /// The paths of a repository that were named.
    pub(super) fn of(&self, repository: &Repository) -> Option<&[String]> {
        self.paths
            .as_ref()
            .map(|paths| paths.get(&repository.folder).map_or(&[][..], Vec::as_slice))
    }
}

/// Why a command that was limited to that path cannot answer.
pub(super) fn not_there(path: &str, workspace: &Workspace) -> Error {
    let root = workspace.root.display();
    anyhow!("there is no \"{path}\" in the workspace \"{root}\"")
}

fn is_claimed_below(folder: &str, path: &str, repositories: &[Repository]) -> bool {
    repositories.iter().any(|other| {
        other.folder.len() > folder.len()
            && inside(folder, &other.folder).is_some()
            && inside(&other.folder, path).is_some()
    })
}

/// The part of a path below a folder; the whole path below the empty one.
fn inside(folder: &str, path: &str) -> Option<String> {
    if folder.is_empty() {
        return (!path.starts_with("../")).then(|| path.to_owned());
    }
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() {
        Some(String::new())
    } else {
        rest.strip_prefix('/').map(str::to_owned)
    }
}

fn clean(path: &str) -> String {
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    parts.join("/")
}
