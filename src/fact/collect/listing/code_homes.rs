//! Which entity of a repository something is about.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::catalog::{Catalog, Home};
use crate::fact::collect::Target;
use crate::model::{Entity, EntityRef};

/// The parameter of a target that has the folders.
const PARAMETER: &str = "folders";

/// The entities of a repository by the folders of their homes, among them those that nobody asks
/// about: what is theirs is not that of the others.
#[derive(Clone, Debug, Default)]
pub(in crate::fact::collect) struct CodeHomes(BTreeMap<String, BTreeSet<String>>);

/// Something with its path in the repository, where it has one.
#[derive(Clone, Debug)]
pub(in crate::fact::collect) struct Located<T> {
    pub(in crate::fact::collect) path: Option<String>,
    pub(in crate::fact::collect) what: T,
}

impl CodeHomes {
    /// Adds an entity whose code is in that repository.
    pub(in crate::fact::collect) fn insert(&mut self, folder: String, entity: &EntityRef) {
        let entities = self.0.entry(folder).or_default();
        entities.insert(entity.as_str().to_owned());
    }

    /// The folder of an entity in a repository, by its home or by the location of its source,
    /// which may not be in sight.
    pub(in crate::fact::collect) fn folder(
        catalog: &Catalog,
        entity: &Entity,
        home: Option<&Home>,
        repository: &str,
    ) -> String {
        if let Some(home) = home.filter(|home| home.repository.eq_ignore_ascii_case(repository)) {
            return home.folder.clone();
        }
        let location = entity.annotation("backstage.io/source-location");
        let location = location.map(|url| url.strip_prefix("url:").unwrap_or(url));
        let location = location.and_then(|url| catalog.forges().parse(url));
        let inside = location.filter(|url| url.identity.eq_ignore_ascii_case(repository));
        inside.map_or_else(String::new, |url| url.path.trim_matches('/').to_owned())
    }

    /// As a parameter of a target.
    pub(in crate::fact::collect) fn parameter(&self) -> (&'static str, String) {
        (PARAMETER, serde_json::json!(self.0).to_string())
    }

    /// Those of a target.
    pub(in crate::fact::collect) fn of(target: &Target) -> Self {
        Self(serde_json::from_str(target.parameter(PARAMETER)).unwrap_or_default())
    }

    /// Tells what is whose: things of a path are of the entities in the deepest folder that holds
    /// it. What no folder holds is of all entities, so that none of them looks better than it is.
    ///
    /// Where all have one home, it is of all of them: that is the first case.
    pub(in crate::fact::collect) fn tell_apart<T: Clone>(
        &self,
        target: &Target,
        things: Vec<Located<T>>,
    ) -> Vec<(Option<EntityRef>, Vec<T>)> {
        if self.0.len() < 2 {
            return vec![(None, things.into_iter().map(|it| it.what).collect())];
        }
        let of_entity = |entity: &EntityRef| {
            let own = things.iter().filter(|it| {
                let holding = self.holding(it.path.as_deref().unwrap_or_default());
                holding.is_none_or(|entities| entities.contains(entity.as_str()))
            });
            own.map(|it| it.what.clone()).collect()
        };
        let entities = target.entities.iter();
        entities
            .map(|entity| (Some(entity.clone()), of_entity(entity)))
            .collect()
    }

    /// The name of the entity that is meant by a name or a reference, where one is.
    pub(in crate::fact::collect) fn named(&self, text: &str) -> Option<String> {
        let text = text.trim().to_lowercase();
        let entities = self.0.values().flatten();
        let names = entities.map(|entity| (entity, entity.rsplit('/').next().unwrap_or(entity)));
        let mut meant = names.filter(|(entity, name)| **entity == text || *name == text);
        meant.next().map(|(_, name)| name.to_owned())
    }

    fn holding(&self, path: &str) -> Option<&BTreeSet<String>> {
        let mut folder = path.trim_start_matches('/');
        loop {
            if let Some(entities) = self.0.get(folder) {
                return Some(entities);
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
}

impl<T> Located<T> {
    /// Something at a path that an API gives.
    pub(in crate::fact::collect) fn at(path: &Value, what: T) -> Self {
        Self {
            path: path.as_str().map(str::to_owned),
            what,
        }
    }
}
