//! The entities that a query on the command line means.

use std::ffi::OsString;

use anyhow::{Result, anyhow};
use devportal::catalog::{Catalog, EntityId};
use devportal::diagnostic::did_you_mean;
use devportal::documentation::{Documentation, Documented};
use devportal::model::{Moment, RelationType};
use devportal::query::{DocumentedEntities, QUALIFIERS, Query, QueryContext};
use devportal::scan::Scan;

use crate::session::Session;

impl Session {
    /// The entities that fit a query, in the order of the catalog.
    ///
    /// # Errors
    /// When the query asks for what cannot be.
    pub(crate) fn select(&self, scan: &Scan, query: &Query) -> Result<Vec<EntityId>> {
        let user = self
            .user_settings()
            .user
            .as_ref()
            .map(|setting| setting.value.clone())
            .or_else(devportal::repo::user_email);
        let moment = self.moment();
        let context = QueryContext {
            catalog: &scan.catalog,
            user: user.as_deref(),
            documented: &|| documented(scan, &moment),
        };
        let selected = query.evaluate(&context);
        selected.map_err(|error| anyhow!("{error}"))
    }
}

/// Which entities have documentation, and which have none.
fn documented(scan: &Scan, moment: &Moment) -> DocumentedEntities {
    let library = Documentation::new(&scan.catalog, &scan.repositories, moment);
    let mut documented = DocumentedEntities::default();
    for (id, state) in scan.catalog.ids().zip(library.documented()) {
        match state {
            Documented::Yes => documented.with.insert(id),
            Documented::No => documented.without.insert(id),
            Documented::Unknown => continue,
        };
    }
    documented
}

/// A query from the words of a command line.
///
/// # Errors
/// When they are no query; the message points into it.
pub(crate) fn parse_query(words: &[String]) -> Result<Query> {
    Query::parse(&words.join(" ")).map_err(|error| anyhow!("{error}"))
}

/// Spells `-tag:rust` as `not tag:rust`, which is the same to a query and no option to a
/// command line. No option of one letter has a value that begins like a qualifier.
pub(crate) fn with_negation_spelled_out(argument: OsString) -> OsString {
    let negated = argument.to_str().and_then(|text| {
        let term = text.strip_prefix('-')?;
        let (name, _) = term.split_once(':')?;
        let base = name.split('.').next().unwrap_or(name);
        let is_known = QUALIFIERS.iter().any(|it| it.name == base)
            || RelationType::ALL.iter().any(|it| it.name() == name);
        is_known.then(|| format!("not {term}"))
    });
    negated.map_or(argument, OsString::from)
}

/// What is said when no entity fits.
pub(crate) fn nothing_found(query: &Query, catalog: &Catalog) -> String {
    if catalog.entities().is_empty() {
        return "there are no entities here; \"devportal demo\" writes a sample organisation to try".to_owned();
    }
    let names = || {
        catalog
            .entities()
            .iter()
            .map(|entity| entity.reference().name())
    };
    let words = query.words().into_iter();
    let nearest: Vec<&str> = words
        .filter_map(|word| did_you_mean(word, names()))
        .collect();
    if nearest.is_empty() {
        "nothing fits".to_owned()
    } else {
        format!("nothing fits; did you mean \"{}\"?", nearest.join(" "))
    }
}
