//! Where names and files lead in reports: to the forge, at the commit that was looked at.

use std::collections::HashMap;
use std::sync::OnceLock;

use devportal::model::{EntityRef, FileAddress, Moment, Place};
use devportal::repo::Repository;
use devportal::report::Links;
use devportal::scan::Scan;

/// The repositories of a workspace, by what they are called, each with its commit.
pub(super) struct Forge<'a> {
    scan: &'a Scan,
    moment: &'a Moment,
    repositories: HashMap<&'a str, (&'a Repository, OnceLock<Option<String>>)>,
}

impl<'a> Forge<'a> {
    pub(super) fn new(scan: &'a Scan, moment: &'a Moment) -> Self {
        let repositories = scan.repositories.iter();
        Self {
            scan,
            moment,
            repositories: repositories
                .map(|repository| (&*repository.identity, (repository, OnceLock::new())))
                .collect(),
        }
    }

    /// Leads names to their descriptors, and places to their files.
    pub(super) fn links(&self) -> Links<'_> {
        Links {
            entity: Box::new(|reference: &EntityRef| {
                self.page(&self.scan.catalog.get(reference)?.place())
            }),
            place: Box::new(|place: &Place| self.page(place)),
        }
    }

    /// The page of a forge that shows a place; nothing for a repository without a known remote.
    fn page(&self, place: &Place) -> Option<String> {
        let file = &place.file;
        let (repository, commit) = self.repositories.get(file.repository())?;
        if file.bytes().is_some() {
            return None;
        }
        // What is on the disk need not be any commit.
        let commit = commit.get_or_init(|| repository.commit_of(self.moment));
        self.scan.catalog.forges().page_of(&FileAddress {
            remote: repository.remote.as_deref()?,
            commit: commit.as_deref(),
            path: file.path_in_repository(),
            line: place.span.map(|span| span.line),
        })
    }
}
