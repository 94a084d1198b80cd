//! What a word of the command line, or a path of a list, means.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Result;
use devportal::catalog::EntityId;
use devportal::repo::Workspace;
use devportal::scan::Scan;

use super::PathList;
use crate::session::{Session, without_dots};

/// What somebody asks the owner of.
#[derive(Debug)]
pub(super) enum Subject {
    /// A file or folder, there or not.
    Path {
        /// Relative to the workspace.
        path: String,
        is_folder: bool,
    },
    /// An entity.
    Entity(EntityId),
}

/// How words are understood.
pub(super) struct Subjects<'a> {
    scan: &'a Scan,
    workspace: Workspace,
    /// The folder that paths are relative to.
    base: PathBuf,
    /// The root of the repository around it, to which the paths of `git diff` are relative.
    root: Option<PathBuf>,
}

impl<'a> Subjects<'a> {
    pub(super) fn new(scan: &'a Scan, session: &Session) -> Result<Self> {
        let workspace = session.workspace()?.clone();
        let base = session.base()?;
        let standing = workspace.relative(&base);
        let repository = scan.folders().of(&standing);
        let root = repository.map(|(repository, _)| repository.root.clone());
        Ok(Self {
            scan,
            workspace,
            root: root.filter(|root| *root != base),
            base,
        })
    }

    /// A whole reference, else what is there, else the name of an entity, else the path of
    /// something that is not there any more. `None` when it is nothing of that, which is said.
    pub(super) fn of_word(&self, word: &OsStr, session: &Session) -> Result<Option<Subject>> {
        let catalog = &self.scan.catalog;
        let resolves = |text: &str| matches!(catalog.resolve(text, &[]), Ok(Some(_)));
        let text = word.to_string_lossy();
        let is_reference = text.contains(':') && resolves(&text);
        if !is_reference && let Some(path) = self.existing(Path::new(word)) {
            return Ok(Some(path));
        }
        let looks_like_path = text.contains(['/', '.']) && !text.contains(':');
        if is_reference || !looks_like_path || resolves(&text) {
            let entity = session.entity(self.scan, &text, &[])?;
            return Ok(entity.map(Subject::Entity));
        }
        session.hint(&format!(
            "there is no \"{text}\"; the answer is for a file of that name"
        ));
        Ok(Some(self.path(&self.base, Path::new(word))))
    }

    /// The paths of a list. All are relative to the current folder, unless one is there only
    /// when the root of the repository is meant, or none is there at all.
    pub(super) fn of_list(&self, list: &PathList) -> Vec<Subject> {
        let base = match &self.root {
            Some(root) if self.is_from(root, &list.paths) => root,
            _ => &self.base,
        };
        let paths = list.paths.iter();
        paths.map(|path| self.path(base, path)).collect()
    }

    fn is_from(&self, root: &Path, paths: &[PathBuf]) -> bool {
        let is_there = |base: &Path, path: &PathBuf| base.join(path).symlink_metadata().is_ok();
        let missing = || paths.iter().filter(|path| !is_there(&self.base, path));
        missing().any(|path| is_there(root, path)) || missing().count() == paths.len()
    }

    fn existing(&self, path: &Path) -> Option<Subject> {
        let mut bases = [Some(&self.base), self.root.as_ref()].into_iter().flatten();
        let base = bases.find(|base| base.join(path).symlink_metadata().is_ok())?;
        Some(self.path(base, path))
    }

    fn path(&self, base: &Path, path: &Path) -> Subject {
        let on_disk = base.join(path);
        Subject::Path {
            path: self.workspace.relative(&without_dots(&on_disk)),
            is_folder: on_disk.symlink_metadata().is_ok_and(|it| it.is_dir()),
        }
    }
}
