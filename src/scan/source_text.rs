//! The texts of files that findings point into, read when somebody wants to see them.

use std::cell::RefCell;
use std::collections::HashMap;

use super::Scan;
use super::repository::snapshot;
use crate::model::{Moment, SourceFile};
use crate::repo::Snapshot;
use crate::yaml;

/// Reads files of a scan again, as they were at its moment.
pub struct SourceTexts<'a> {
    scan: &'a Scan,
    moment: &'a Moment,
    snapshots: RefCell<HashMap<String, Option<Snapshot>>>,
    last: RefCell<Option<(String, String)>>,
}

impl<'a> SourceTexts<'a> {
    /// The texts of the files of a scan.
    #[must_use]
    pub fn new(scan: &'a Scan, moment: &'a Moment) -> Self {
        Self {
            scan,
            moment,
            snapshots: RefCell::default(),
            last: RefCell::default(),
        }
    }

    /// The text of a file; `None` when it cannot be read any more.
    #[must_use]
    pub fn text(&self, file: &SourceFile) -> Option<String> {
        if let Some((path, text)) = &*self.last.borrow()
            && path == file.path()
        {
            return Some(text.clone());
        }
        let mut snapshots = self.snapshots.borrow_mut();
        let snapshot = snapshots
            .entry(file.repository().to_owned())
            .or_insert_with(|| {
                let repository = self
                    .scan
                    .repositories
                    .iter()
                    .find(|it| *it.identity == *file.repository())?;
                Some(snapshot(repository, self.moment))
            });
        let path = file.bytes().unwrap_or(file.path_in_repository().as_bytes());
        let bytes = snapshot.as_ref()?.read(path).ok()?;
        let text = yaml::decode(&bytes).0.into_owned();
        *self.last.borrow_mut() = Some((file.path().to_owned(), text.clone()));
        Some(text)
    }
}
