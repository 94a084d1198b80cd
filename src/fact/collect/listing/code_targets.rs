//! One target for each repository of a forge, for all entities in it.

use std::collections::BTreeMap;

use crate::catalog::Home;
use crate::fact::collect::listing::{self, CodeHomes};
use crate::fact::collect::{CollectError, Connection, Target, TargetRequest};
use crate::model::Entity;

/// A repository, as its forge calls it.
pub(in crate::fact::collect) struct CodeName {
    /// The host, where an annotation or the home of an entity says it.
    pub(in crate::fact::collect) host: Option<String>,
    /// `OWNER/NAME`, or whatever else the forge knows it by.
    pub(in crate::fact::collect) name: String,
}

/// How repositories of a forge are found, and what they are called there.
pub(in crate::fact::collect) struct CodeTargets {
    /// What a repository is called: `project`.
    pub(in crate::fact::collect) noun: &'static str,
    /// The host that is meant where none is known.
    pub(in crate::fact::collect) host: &'static str,
    /// The repository of an entity with that home, by annotation, else by the home.
    pub(in crate::fact::collect) name:
        fn(&TargetRequest<'_>, &Entity, Option<&Home>) -> Option<CodeName>,
    /// The host whose repositories an API has, where its URL tells.
    pub(in crate::fact::collect) served_host: fn(&str) -> Option<String>,
}

impl CodeTargets {
    /// The repositories of the entities that are asked about, in the order of their names. Each
    /// knows the homes of all entities in it, also of those that nobody asks about.
    pub(in crate::fact::collect) fn targets(&self, request: &TargetRequest<'_>) -> Vec<Target> {
        let catalog = request.catalog;
        let mut targets: BTreeMap<String, Target> = BTreeMap::new();
        for entity in request.entities() {
            let home = catalog.home(entity);
            if let Some(code) = (self.name)(request, entity, home.as_ref()) {
                let target = targets.entry(self.identity(&code));
                let target = target.or_insert_with(|| self.target(request, &code));
                target.entities.push(entity.reference().clone());
            }
        }
        let mut homes: BTreeMap<String, CodeHomes> = BTreeMap::new();
        for entity in catalog.entities() {
            let home = catalog.home(entity);
            let code = (self.name)(request, entity, home.as_ref());
            let identity = code.map(|code| self.identity(&code));
            if let Some(identity) = identity.filter(|it| targets.contains_key(it)) {
                let folder = CodeHomes::folder(catalog, entity, home.as_ref(), &identity);
                let homes = homes.entry(identity).or_default();
                homes.insert(folder, entity.reference());
            }
        }
        for (identity, homes) in homes {
            if let Some(target) = targets.get_mut(&identity) {
                target.parameters.extend([homes.parameter()]);
                target.entities.sort();
                target.entities.dedup();
            }
        }
        targets.into_values().collect()
    }

    /// The name of a target, when it is on the host that is asked.
    pub(in crate::fact::collect) fn name_on<'a>(
        &self,
        connection: &Connection,
        target: &'a Target,
    ) -> Result<&'a str, CollectError> {
        let host = target.parameter("host");
        if let Some(served) = (self.served_host)(connection.api())
            && !host.is_empty()
            && !host.eq_ignore_ascii_case(&served)
        {
            let reason = format!("it is on host \"{host}\", and host \"{served}\" is asked");
            return Err(listing::failed(self.noun, &reason));
        }
        Ok(target.parameter(self.noun))
    }

    fn target(&self, request: &TargetRequest<'_>, code: &CodeName) -> Target {
        Target {
            label: format!("{} {}", self.noun, code.name),
            parameters: BTreeMap::from([
                ("host", code.host.clone().unwrap_or_default()),
                (self.noun, code.name.clone()),
                ("environments", request.environments.join("\n")),
            ]),
            entities: Vec::new(),
        }
    }

    /// As repositories are named in the catalog; forges do not look at the case.
    fn identity(&self, code: &CodeName) -> String {
        let host = code.host.as_deref().unwrap_or(self.host);
        format!("{host}/{}", code.name).to_lowercase()
    }
}

/// The environments of the organisation, as a target has them.
pub(in crate::fact::collect) fn environments(target: &Target) -> Vec<&str> {
    target.parameter("environments").lines().collect()
}
