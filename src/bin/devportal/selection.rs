//! The entities that a query on the command line means.

use std::ffi::OsString;

use anyhow::{Result, anyhow};
use devportal::catalog::{Catalog, EntityId};
use devportal::diagnostic::did_you_mean;
use devportal::documentation::{Documentation, Documented};
use devportal::fact::{AskedEntities, FactSelection, Gathered};
use devportal::model::{Moment, RelationType};
use devportal::query::{DocumentedEntities, QUALIFIERS, Query, QueryContext};
use devportal::scan::Scan;

use crate::session::Session;

/// Entities that were selected, and what was gathered to select them.
pub(crate) struct Selected {
    /// The entities, in the order of the catalog.
    pub(crate) entities: Vec<EntityId>,
    /// The facts that the query names, and those that were asked for beside them, of all entities
    /// that could fit; nothing when none are needed.
    pub(crate) gathered: Option<Gathered>,
}

impl Session {
    /// The entities that fit a query, in the order of the catalog.
    ///
    /// # Errors
    /// When the query asks for what cannot be.
    pub(crate) fn select(&self, scan: &Scan, query: &Query) -> Result<Vec<EntityId>> {
        let selected = self.select_with(scan, query, FactSelection::none())?;
        Ok(selected.entities)
    }

    /// The entities that fit a query, with facts that are needed of them whatever the query asks
    /// for. Facts are gathered once, and only of entities that can fit.
    ///
    /// # Errors
    /// When the query asks for what cannot be.
    pub(crate) fn select_with(
        &self,
        scan: &Scan,
        query: &Query,
        also: FactSelection,
    ) -> Result<Selected> {
        let user = self.user_name();
        let moment = self.moment();
        let context = QueryContext {
            catalog: &scan.catalog,
            user: user.as_deref(),
            documented: &|| documented(scan, &moment),
            facts: None,
        };
        let named = query.facts();
        let candidates = query.candidates(&context);
        let candidates = candidates.map_err(|error| anyhow!("{error}"))?;
        let selection = named.clone().and(also);
        if selection.is_none() {
            return Ok(Selected {
                entities: candidates,
                gathered: None,
            });
        }
        let gathered = self.facts(scan, selection, AskedEntities::Only(&candidates));
        self.keep_unread(&gathered.problems);
        let entities = if named.is_none() {
            candidates
        } else {
            let known = QueryContext {
                facts: Some(&gathered.facts),
                ..context
            };
            let selected = query.evaluate(&known);
            selected.map_err(|error| anyhow!("{error}"))?
        };
        Ok(Selected {
            entities,
            gathered: Some(gathered),
        })
    }
}

impl Session {
    /// Who asks: what the user's configuration says, else Git's.
    pub(crate) fn user_name(&self) -> Option<String> {
        let own = self.user_settings().user.as_ref();
        own.map(|setting| setting.value.clone())
            .or_else(devportal::repo::user_email)
    }
}

/// Which entities have documentation, and which have none.
pub(crate) fn documented(scan: &Scan, moment: &Moment) -> DocumentedEntities {
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
