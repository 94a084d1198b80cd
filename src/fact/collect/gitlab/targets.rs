//! Which projects there are to ask for.

use std::collections::BTreeMap;

use url::Url;

use crate::catalog::Home;
use crate::fact::collect::listing::{self, CodeHomes, is_name};
use crate::fact::collect::{CollectError, Connection, Target, TargetRequest, encoded};
use crate::model::{Entity, ForgeKind};

const SLUG: &str = "gitlab.com/project-slug";
const NUMBER: &str = "gitlab.com/project-id";
const INSTANCE: &str = "gitlab.com/instance";
const HOST: &str = "gitlab.com";

/// A project on GitLab.
struct Named {
    /// The host, where an annotation or the home of an entity says it.
    host: Option<String>,
    /// `GROUP/NAME`, with more groups perhaps, or a number.
    name: String,
}

/// The projects of entities, by annotation, else by their home; in the order of their names.
pub(super) fn targets(request: &TargetRequest<'_>) -> Vec<Target> {
    let catalog = request.catalog;
    let mut targets: BTreeMap<String, Target> = BTreeMap::new();
    for entity in request.entities() {
        let home = catalog.home(entity);
        let Some(named) = named(request, entity, home.as_ref()) else {
            continue;
        };
        let new = || Target {
            label: format!("project {}", named.name),
            parameters: BTreeMap::from([
                ("host", named.host.clone().unwrap_or_default()),
                ("project", named.name.clone()),
                ("environments", request.environments.join("\n")),
            ]),
            entities: Vec::new(),
        };
        let target = targets.entry(named.identity()).or_insert_with(new);
        target.entities.push(entity.reference().clone());
    }
    let mut homes: BTreeMap<String, CodeHomes> = BTreeMap::new();
    for entity in catalog.entities() {
        let home = catalog.home(entity);
        let named = named(request, entity, home.as_ref());
        let Some(identity) = named.map(|named| named.identity()) else {
            continue;
        };
        if targets.contains_key(&identity) {
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

/// The project of an entity.
fn named(request: &TargetRequest<'_>, entity: &Entity, home: Option<&Home>) -> Option<Named> {
    let home = home.and_then(|home| home.repository.split_once('/'));
    let instance = entity.annotation(INSTANCE).map(str::trim);
    let instance = instance.filter(|host| !host.is_empty());
    let slug = entity
        .annotation(SLUG)
        .map(|slug| slug.trim().trim_matches('/'));
    if let Some(name) = slug.filter(|slug| !slug.is_empty()) {
        let host = home.filter(|(_, path)| path.eq_ignore_ascii_case(name));
        return Named::new(instance.or(host.map(|(host, _)| host)), name);
    }
    if let Some(number) = entity.annotation(NUMBER) {
        return Named::new(instance, number.trim());
    }
    let (host, name) = home.filter(|_| request.catalog.has_code(entity))?;
    let kind = request.catalog.forges().known(host);
    (kind == Some(ForgeKind::GitLab)).then_some(())?;
    Named::new(Some(host), name)
}

impl Named {
    fn new(host: Option<&str>, name: &str) -> Option<Self> {
        is_project(name).then(|| Self {
            host: host.map(str::to_owned),
            name: name.to_owned(),
        })
    }

    /// As repositories are named; GitLab does not look at the case.
    fn identity(&self) -> String {
        let host = self.host.as_deref().unwrap_or(HOST);
        format!("{host}/{}", self.name).to_lowercase()
    }
}

/// `/projects/ID`, when the project is on the host that is asked.
pub(super) fn path(connection: &Connection, target: &Target) -> Result<String, CollectError> {
    let (name, host) = (target.parameter("project"), target.parameter("host"));
    if let Some(served) = served_host(connection.api())
        && !host.is_empty()
        && !host.eq_ignore_ascii_case(&served)
    {
        let reason = format!("it is on host \"{host}\", and host \"{served}\" is asked");
        return Err(listing::failed("project", &reason));
    }
    if is_project(name) {
        Ok(format!("/projects/{}", encoded(name)))
    } else {
        Err(listing::failed(
            "project",
            "the name is not GROUP/NAME or a number",
        ))
    }
}

/// The host whose projects an API has. Without encryption it is this machine, which may stand for
/// any.
fn served_host(api: &str) -> Option<String> {
    let url = Url::parse(api).ok()?;
    let host = url.host_str().filter(|_| url.scheme() == "https");
    host.map(str::to_owned)
}

fn is_project(name: &str) -> bool {
    let is_number = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    is_number || (name.contains('/') && is_name(name))
}

/// The environments of the organisation.
pub(super) fn environments(target: &Target) -> Vec<&str> {
    target.parameter("environments").lines().collect()
}
