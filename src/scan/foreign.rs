//! Descriptors of other portals, which are counted until they are read.

use std::collections::BTreeMap;

use crate::descriptor::Format;
use crate::diagnostic::{Diagnostic, register};
use crate::model::Place;

/// How many files of each format there are, with the first of each.
#[derive(Debug, Default)]
pub(super) struct ForeignFiles(BTreeMap<&'static str, (usize, Option<Place>)>);

impl ForeignFiles {
    pub(super) fn add(&mut self, format: &'static Format, place: impl FnOnce() -> Place) {
        let entry = self.0.entry(format.name).or_default();
        entry.0 += 1;
        entry.1.get_or_insert_with(place);
    }

    pub(super) fn extend(&mut self, others: Self) {
        for (name, (count, place)) in others.0 {
            let entry = self.0.entry(name).or_default();
            entry.0 += count;
            entry.1 = entry.1.take().or(place);
        }
    }

    pub(super) fn diagnostics(self) -> impl Iterator<Item = Diagnostic> {
        self.0.into_iter().map(|(name, (count, place))| {
            let files = if count == 1 { "file" } else { "files" };
            let message = format!("{count} {files} of {name} seen, not read");
            let problem = Diagnostic::new(&register::FOREIGN_FORMAT, message).subject(name);
            match place {
                Some(place) => problem.at(place),
                None => problem,
            }
        })
    }
}
