//! What there is to read: pages, links that lead nowhere, and when it was changed last.
//!
//! It is what `docs` lists for an entity. Pages in other repositories count, but nobody looks
//! at their links and history here.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::{CodeHome, Look, RepositorySource, Seen};
use crate::documentation::{SurveyedPage, Surveyor};
use crate::fact::Observation;
use crate::model::Entity;
use crate::repo::Change;

pub(super) const SOURCE: RepositorySource = RepositorySource {
    name: "documentation",
    gives: &[
        "documentation.present",
        "documentation.pages",
        "documentation.broken-links",
        "documentation.changed",
    ],
    look: Look::ForEntity(look),
};

/// What was found out about the documentation of a repository.
pub(super) struct Surveyed<'a> {
    surveyor: Surveyor<'a>,
    /// The last change by the paths that were looked at.
    changes: RefCell<HashMap<Vec<String>, Option<Change>>>,
}

fn look(home: &CodeHome<'_>, entity: &Entity, seen: &mut Seen) {
    let surveyed = home.code.documentation.get_or_init(|| Surveyed::of(home));
    let survey = surveyed.surveyor.survey(entity);
    let evidence = |page: Option<&SurveyedPage>, observation: Observation| match page {
        Some(page) => observation.evidence(home.evidence(&page.path, None)),
        None => observation,
    };
    let is_in_sight = home.is_in_sight();
    if survey.has_documentation || is_in_sight {
        let mut pages = survey.pages.iter();
        let page = pages.find(|page| page.is_documentation());
        let present = Observation::new("documentation.present", survey.has_documentation);
        seen.add(evidence(page, present));
    }
    if !is_in_sight {
        return;
    }
    let count = survey.pages.len() + survey.pages_elsewhere;
    let pages = Observation::new("documentation.pages", count);
    seen.add(evidence(survey.pages.first(), pages));
    if home.wants("documentation.broken-links") {
        let broken = surveyed.surveyor.broken_links(&survey.pages);
        let observation = Observation::new("documentation.broken-links", broken.len());
        seen.add(match broken.first() {
            Some(first) => observation.evidence(home.evidence(&first.page, Some(first.line))),
            None => observation,
        });
    }
    if home.wants("documentation.changed")
        && let Some(change) = surveyed.changed(home, &survey.watched_paths(home.folder))
        && let Ok(time) = Timestamp::from_second(change.seconds)
    {
        seen.add(Observation::new("documentation.changed", time.to_string()));
    }
}

impl<'a> Surveyed<'a> {
    fn of(home: &CodeHome<'a>) -> Self {
        let code = home.code;
        let request = code.request;
        let (catalog, repositories) = (request.catalog, request.repositories);
        let surveyor = Surveyor::new(
            catalog,
            repositories,
            code.moment,
            code.repository,
            code.snapshot,
        );
        Self {
            surveyor,
            changes: RefCell::default(),
        }
    }

    /// The last change of paths. The first who asks finds out those of all homes that are asked
    /// about, because the history is the same.
    fn changed(&self, home: &CodeHome<'_>, paths: &[String]) -> Option<Change> {
        if paths.is_empty() {
            return None;
        }
        let mut changes = self.changes.borrow_mut();
        if !changes.contains_key(paths) {
            let mut sets: BTreeSet<Vec<String>> = BTreeSet::from([paths.to_vec()]);
            for (folder, inhabitants) in home.code.homes {
                for id in &inhabitants.asked {
                    let entity = home.code.request.catalog.entity(*id);
                    sets.insert(self.surveyor.survey(entity).watched_paths(folder));
                }
            }
            let sets: Vec<Vec<String>> = sets.into_iter().collect();
            let found = home.code.last_changes(&sets);
            changes.extend(sets.into_iter().zip(found));
        }
        changes.get(paths).cloned().flatten()
    }
}
