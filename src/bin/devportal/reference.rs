//! The entity that a word of the command line means.

use std::path::PathBuf;

use anyhow::{Result, bail};
use devportal::catalog::{Catalog, EntityId, Homes};
use devportal::diagnostic::did_you_mean;
use devportal::model::RefParts;
use devportal::scan::Scan;

use crate::Outcome;
use crate::session::Session;

/// Other entities of the same name that are told.
const MOST_OTHERS: usize = 8;

impl Session {
    /// The entity that a text means: a whole reference or a short name, which takes the kinds
    /// that the place accepts first. Says which others have the name, or that there is none.
    ///
    /// # Errors
    /// When the text is no reference, or several have the name and `--exact` is given.
    pub(crate) fn entity(
        &self,
        scan: &Scan,
        text: &str,
        kinds: &[&str],
    ) -> Result<Option<EntityId>> {
        let catalog = &scan.catalog;
        let Some(found) = catalog.resolve(text, kinds)? else {
            self.hint(&not_found(text, catalog));
            return Ok(None);
        };
        if !found.others.is_empty() {
            let others = found.others.iter().take(MOST_OTHERS);
            let mut names = others
                .map(|other| other.short())
                .collect::<Vec<_>>()
                .join(", ");
            if let Some(more) = found.others.len().checked_sub(MOST_OTHERS + 1) {
                names = format!("{names} and {} more", more + 1);
            }
            if self.globals().exact {
                let taken = found.entity.reference().short();
                bail!("\"{text}\" means {taken} and also {names}");
            }
            self.hint(&format!("also of that name: {names}"));
        }
        Ok(catalog.id(found.entity.reference()))
    }

    /// Whether a word of the command line means a file or folder: it is no name of an entity,
    /// and is there or looks like a path. `./NAME` is always one.
    pub(crate) fn is_path(&self, scan: &Scan, text: &str) -> Result<bool> {
        if text.starts_with("./") || text.starts_with("../") || text.starts_with('/') {
            return Ok(true);
        }
        let has_kind = RefParts::parse(text).is_ok_and(|parts| parts.kind.is_some());
        if has_kind
            || scan
                .catalog
                .resolve(text, &[])
                .is_ok_and(|found| found.is_some())
        {
            return Ok(false);
        }
        let is_there = self.base()?.join(text).symlink_metadata().is_ok();
        Ok(is_there || text.contains('/'))
    }

    /// The entities whose home holds a file or folder of the workspace.
    pub(crate) fn entities_at<'a>(
        &self,
        scan: &Scan,
        homes: &'a Homes,
        path: &str,
    ) -> Result<&'a [EntityId]> {
        let selection = self.selection(&[PathBuf::from(path)], false)?;
        let path = selection.paths.first().map_or("", String::as_str);
        let found = scan.folders().of(path);
        Ok(found.map_or(&[], |(repository, inside)| {
            homes.holding(&repository.identity, inside)
        }))
    }

    /// The outcome when what was asked for is not there.
    pub(crate) fn outcome_of_nothing(&self, scan: &Scan) -> Outcome {
        match self.outcome_of_answer(scan) {
            Outcome::Fine => Outcome::Findings,
            other => other,
        }
    }
}

fn not_found(text: &str, catalog: &Catalog) -> String {
    let name = text.rsplit([':', '/']).next().unwrap_or(text);
    let names = catalog
        .entities()
        .iter()
        .map(|entity| entity.reference().name());
    match did_you_mean(name, names) {
        Some(meant) => format!("there is no \"{text}\"; did you mean \"{meant}\"?"),
        None => format!("there is no \"{text}\"; \"devportal find\" lists what there is"),
    }
}
