//! The entity that a word of the command line means.

use anyhow::{Result, bail};
use devportal::catalog::{Catalog, EntityId};
use devportal::diagnostic::did_you_mean;
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
