//! Which projects there are to ask for.

use url::Url;

use crate::catalog::Home;
use crate::fact::collect::listing::{self, CodeName, CodeTargets, is_name};
use crate::fact::collect::{CollectError, Connection, Target, TargetRequest, encoded};
use crate::model::{Entity, ForgeKind};

const SLUG: &str = "gitlab.com/project-slug";
const NUMBER: &str = "gitlab.com/project-id";
const INSTANCE: &str = "gitlab.com/instance";

/// Projects on GitLab.
const PROJECTS: CodeTargets = CodeTargets {
    noun: "project",
    host: "gitlab.com",
    name,
    served_host,
};

/// The projects of entities, by annotation, else by their home.
pub(super) fn targets(request: &TargetRequest<'_>) -> Vec<Target> {
    PROJECTS.targets(request)
}

/// The project of an entity: `GROUP/NAME`, with more groups perhaps, or a number.
fn name(request: &TargetRequest<'_>, entity: &Entity, home: Option<&Home>) -> Option<CodeName> {
    let home = home.and_then(|home| home.repository.split_once('/'));
    let instance = entity.annotation(INSTANCE).map(str::trim);
    let instance = instance.filter(|host| !host.is_empty());
    let slug = entity
        .annotation(SLUG)
        .map(|slug| slug.trim().trim_matches('/'));
    if let Some(name) = slug.filter(|slug| !slug.is_empty()) {
        let host = home.filter(|(_, path)| path.eq_ignore_ascii_case(name));
        return project(instance.or(host.map(|(host, _)| host)), name);
    }
    if let Some(number) = entity.annotation(NUMBER) {
        return project(instance, number.trim());
    }
    let (host, name) = home.filter(|_| request.catalog.has_code(entity))?;
    let kind = request.catalog.forges().known(host);
    (kind == Some(ForgeKind::GitLab)).then_some(())?;
    project(Some(host), name)
}

fn project(host: Option<&str>, name: &str) -> Option<CodeName> {
    is_project(name).then(|| CodeName {
        host: host.map(str::to_owned),
        name: name.to_owned(),
    })
}

/// `/projects/ID`, when the project is on the host that is asked.
pub(super) fn path(connection: &Connection, target: &Target) -> Result<String, CollectError> {
    let name = PROJECTS.name_on(connection, target)?;
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
