//! Which repositories there are to ask for.

use std::collections::BTreeMap;

use url::Url;

use crate::catalog::Home;
use crate::fact::collect::listing::{self, CodeHomes, is_name};
use crate::fact::collect::{CollectError, Connection, Target, TargetRequest, encoded};
use crate::model::{Entity, ForgeKind};

const SLUG: &str = "github.com/project-slug";
const HOST: &str = "github.com";

/// A repository on GitHub.
struct Slug {
    /// The host, where the home of an entity says it.
    host: Option<String>,
    /// `OWNER/NAME`.
    name: String,
}

/// The repositories of entities, by annotation, else by their home; in the order of their names.
pub(super) fn targets(request: &TargetRequest<'_>) -> Vec<Target> {
    let catalog = request.catalog;
    let mut targets: BTreeMap<String, Target> = BTreeMap::new();
    for entity in request.entities() {
        let home = catalog.home(entity);
        let Some(slug) = slug(request, entity, home.as_ref()) else {
            continue;
        };
        let new = || Target {
            label: format!("repository {}", slug.name),
            parameters: BTreeMap::from([
                ("host", slug.host.clone().unwrap_or_default()),
                ("repository", slug.name.clone()),
                ("environments", request.environments.join("\n")),
            ]),
            entities: Vec::new(),
        };
        let target = targets.entry(slug.identity()).or_insert_with(new);
        target.entities.push(entity.reference().clone());
    }
    let homes = homes(request, &targets);
    for (identity, homes) in homes {
        if let Some(target) = targets.get_mut(&identity) {
            target.parameters.extend([homes.parameter()]);
            target.entities.sort();
            target.entities.dedup();
        }
    }
    targets.into_values().collect()
}

/// Who lives where in these repositories, whether asked about or not.
fn homes(
    request: &TargetRequest<'_>,
    targets: &BTreeMap<String, Target>,
) -> BTreeMap<String, CodeHomes> {
    let catalog = request.catalog;
    let mut homes: BTreeMap<String, CodeHomes> = BTreeMap::new();
    for entity in catalog.entities() {
        let home = catalog.home(entity);
        let Some(slug) = slug(request, entity, home.as_ref()) else {
            continue;
        };
        let identity = slug.identity();
        if targets.contains_key(&identity) {
            let folder = CodeHomes::folder(catalog, entity, home.as_ref(), &identity);
            let homes = homes.entry(identity).or_default();
            homes.insert(folder, entity.reference());
        }
    }
    homes
}

/// The repository of an entity. The annotation has no host, so that is the one of the home where
/// that is the same repository.
fn slug(request: &TargetRequest<'_>, entity: &Entity, home: Option<&Home>) -> Option<Slug> {
    let home = home.and_then(|home| home.repository.split_once('/'));
    if let Some(name) = entity.annotation(SLUG) {
        let name = name.trim().trim_matches('/');
        let host = home.filter(|(_, path)| path.eq_ignore_ascii_case(name));
        return Slug::new(host.map(|(host, _)| host), name);
    }
    let (host, name) = home.filter(|_| request.catalog.has_code(entity))?;
    let kind = request.catalog.forges().known(host);
    (kind == Some(ForgeKind::GitHub)).then_some(())?;
    Slug::new(Some(host), name)
}

impl Slug {
    fn new(host: Option<&str>, name: &str) -> Option<Self> {
        let has_owner = name.split('/').count() == 2;
        (has_owner && is_name(name)).then(|| Self {
            host: host.map(str::to_owned),
            name: name.to_owned(),
        })
    }

    /// As repositories are named; GitHub does not look at the case.
    fn identity(&self) -> String {
        let host = self.host.as_deref().unwrap_or(HOST);
        format!("{host}/{}", self.name).to_lowercase()
    }
}

/// `/repos/OWNER/NAME`, when the repository is on the host that is asked.
pub(super) fn path(connection: &Connection, target: &Target) -> Result<String, CollectError> {
    let (name, host) = (target.parameter("repository"), target.parameter("host"));
    if let Some(served) = served_host(connection.api())
        && !host.is_empty()
        && !host.eq_ignore_ascii_case(&served)
    {
        let reason = format!("it is on host \"{host}\", and host \"{served}\" is asked");
        return Err(listing::failed("repository", &reason));
    }
    match name.split_once('/').filter(|_| is_name(name)) {
        Some((owner, name)) if !name.contains('/') => {
            Ok(format!("/repos/{}/{}", encoded(owner), encoded(name)))
        }
        _ => Err(listing::failed("repository", "the name is not OWNER/NAME")),
    }
}

/// The host whose repositories an API has: `https://api.HOST` or `https://HOST/api/v3`. Where the
/// URL has another shape, the user knows what it is.
fn served_host(api: &str) -> Option<String> {
    let url = Url::parse(api).ok()?;
    let host = url.host_str()?;
    let own = host.strip_prefix("api.");
    let own = own.or_else(|| Some(host).filter(|_| url.path().trim_end_matches('/') == "/api/v3"));
    own.map(str::to_owned)
}

/// The environments of the organisation.
pub(super) fn environments(target: &Target) -> Vec<&str> {
    target.parameter("environments").lines().collect()
}
