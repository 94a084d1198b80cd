//! Which repositories there are to ask for.

use url::Url;

use crate::catalog::Home;
use crate::fact::collect::listing::{self, CodeName, CodeTargets, is_name};
use crate::fact::collect::{CollectError, Connection, Target, TargetRequest, encoded};
use crate::model::{Entity, ForgeKind};

const SLUG: &str = "github.com/project-slug";

/// Repositories on GitHub.
const REPOSITORIES: CodeTargets = CodeTargets {
    noun: "repository",
    host: "github.com",
    name,
    served_host,
};

/// The repositories of entities, by annotation, else by their home.
pub(super) fn targets(request: &TargetRequest<'_>) -> Vec<Target> {
    REPOSITORIES.targets(request)
}

/// The repository of an entity. The annotation has no host, so that is the one of the home where
/// that is the same repository.
fn name(request: &TargetRequest<'_>, entity: &Entity, home: Option<&Home>) -> Option<CodeName> {
    let home = home.and_then(|home| home.repository.split_once('/'));
    if let Some(name) = entity.annotation(SLUG) {
        let name = name.trim().trim_matches('/');
        let host = home.filter(|(_, path)| path.eq_ignore_ascii_case(name));
        return owner_and_name(host.map(|(host, _)| host), name);
    }
    let (host, name) = home.filter(|_| request.catalog.has_code(entity))?;
    let kind = request.catalog.forges().known(host);
    (kind == Some(ForgeKind::GitHub)).then_some(())?;
    owner_and_name(Some(host), name)
}

fn owner_and_name(host: Option<&str>, name: &str) -> Option<CodeName> {
    let has_owner = name.split('/').count() == 2;
    (has_owner && is_name(name)).then(|| CodeName {
        host: host.map(str::to_owned),
        name: name.to_owned(),
    })
}

/// `/repos/OWNER/NAME`, when the repository is on the host that is asked.
pub(super) fn path(connection: &Connection, target: &Target) -> Result<String, CollectError> {
    let name = REPOSITORIES.name_on(connection, target)?;
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
