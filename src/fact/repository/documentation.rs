//! What there is to read: pages, links that lead nowhere, and when it was changed last.
//!
//! It is what `docs` lists for an entity. Pages in other repositories count, but nobody looks
//! at their links and history here.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use jiff::Timestamp;

use super::{CodeHome, Look, RepositorySource, Seen};
use crate::catalog::EntityId;
use crate::documentation::{Survey, SurveyedPage, Surveyor};
use crate::fact::Observation;
use crate::model::{Entity, EntityRef};
use crate::repo::{Change, ReadError};

pub(super) const SOURCE: RepositorySource = RepositorySource {
    name: "documentation",
    gives: &[
        "documentation.present",
        "documentation.pages",
        "documentation.broken-links",
        "documentation.changed",
    ],
    look: Look::ForEntity { look, says_itself },
};

/// Whether anything may be documentation of an entity that is not that of its home.
fn says_itself(entity: &Entity) -> bool {
    entity.annotations().next().is_some() || entity.links().next().is_some()
}

/// What was found out about the documentation of a repository.
pub(super) struct Surveyed<'a> {
    surveyor: Surveyor<'a>,
    wants_links: bool,
    wants_change: bool,
    /// What was found out about entities.
    surveys: RefCell<HashMap<&'a EntityRef, Rc<WatchedSurvey>>>,
    /// The last change by the paths that were looked at.
    changes: RefCell<HashMap<Vec<String>, Option<Change>>>,
}

/// What documents an entity, and the paths whose history is that of its documentation.
struct WatchedSurvey {
    survey: Survey,
    paths: Vec<String>,
}

fn look<'a>(home: &CodeHome<'a>, entity: &'a Entity, seen: &mut Seen) {
    let surveyed = Surveyed::of_code(home);
    let watched = surveyed.survey(entity, home.folder);
    let survey = &watched.survey;
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
    if surveyed.wants_links {
        let broken = surveyed.surveyor.broken_links(&survey.pages);
        let observation = Observation::new("documentation.broken-links", broken.len());
        seen.add(match broken.first() {
            Some(first) => observation.evidence(home.evidence(&first.page, Some(first.line))),
            None => observation,
        });
    }
    if surveyed.wants_change
        && let Some(change) = surveyed.changed(home, &watched.paths)
        && let Ok(time) = Timestamp::from_second(change.seconds)
    {
        seen.add(Observation::new("documentation.changed", time.to_string()));
    }
}

impl<'a> Surveyed<'a> {
    /// What was found out about the repository of a home.
    fn of_code<'h>(home: &'h CodeHome<'a>) -> &'h Self {
        home.code.documentation.get_or_init(|| Self::of(home))
    }

    /// The text of a page of the repository of a home.
    pub(super) fn text(home: &CodeHome<'a>, path: &[u8]) -> Result<Rc<str>, ReadError> {
        Self::of_code(home).surveyor.text(path)
    }

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
            wants_links: home.wants("documentation.broken-links"),
            wants_change: home.wants("documentation.changed"),
            surveys: RefCell::default(),
            changes: RefCell::default(),
        }
    }

    /// What documents an entity that has its home in a folder.
    fn survey(&self, entity: &'a Entity, folder: &str) -> Rc<WatchedSurvey> {
        if let Some(known) = self.surveys.borrow().get(entity.reference()) {
            return Rc::clone(known);
        }
        let survey = self.surveyor.survey(entity);
        let paths = if self.wants_change {
            survey.watched_paths(folder)
        } else {
            Vec::new()
        };
        let watched = Rc::new(WatchedSurvey { survey, paths });
        let mut surveys = self.surveys.borrow_mut();
        surveys.insert(entity.reference(), Rc::clone(&watched));
        watched
    }

    /// The last change of paths. The first who asks finds out those of all homes that are asked
    /// about, because the history is the same.
    fn changed(&self, home: &CodeHome<'a>, paths: &[String]) -> Option<Change> {
        if paths.is_empty() {
            return None;
        }
        let mut changes = self.changes.borrow_mut();
        if !changes.contains_key(paths) {
            let mut sets: BTreeSet<Vec<String>> = BTreeSet::from([paths.to_vec()]);
            for (folder, inhabitants) in home.code.homes {
                let entity = |id: &EntityId| home.code.request.catalog.entity(*id);
                let beside = inhabitants.beside.iter().map(entity);
                let asked = inhabitants.asked.iter().map(entity);
                for entity in asked.chain(beside.filter(|entity| says_itself(entity))) {
                    sets.insert(self.survey(entity, folder).paths.clone());
                }
            }
            sets.retain(|paths| !paths.is_empty());
            let sets: Vec<Vec<String>> = sets.into_iter().collect();
            let found = home.code.last_changes(&sets);
            changes.extend(sets.into_iter().zip(found));
        }
        changes.get(paths).cloned().flatten()
    }
}
