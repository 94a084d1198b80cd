//! Repositories on a forge, as `repoUrl` of a step names them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::StepError;
use crate::model::ForgeKind;

/// A repository on a forge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteRepository {
    /// What runs on the host.
    pub forge: ForgeKind,
    /// The host.
    pub host: String,
    /// Whose it is: organisation, group, workspace and project, as the forge has them, with `/`.
    pub owner: String,
    /// Its name.
    pub name: String,
}

impl RemoteRepository {
    /// Reads `HOST?owner=OWNER&repo=NAME`, the form of Backstage's `RepoUrlPicker`.
    ///
    /// # Errors
    /// When something that this forge needs is missing, or would lead elsewhere.
    pub fn of_repo_url(repo_url: &str, forge: ForgeKind) -> Result<Self, StepError> {
        let (host, query) = repo_url.split_once('?').unwrap_or((repo_url, ""));
        let host = host.trim_start_matches("https://").trim_end_matches('/');
        let pairs: BTreeMap<Cow<'_, str>, Cow<'_, str>> =
            url::form_urlencoded::parse(query.as_bytes()).collect();
        let get = |name: &str| {
            let value = pairs.get(name).map(|value| value.trim().to_owned());
            value.filter(|value| !value.is_empty()).ok_or_else(|| {
                StepError::new(format!("repoUrl \"{repo_url}\" has no \"{name}\""))
                    .help("it looks like github.com?owner=OWNER&repo=NAME")
            })
        };
        let name = get("repo")?;
        let owner = match forge {
            ForgeKind::GitHub => get("owner")?,
            ForgeKind::GitLab => get("owner").or_else(|_| get("project"))?,
            ForgeKind::Bitbucket => get("workspace").or_else(|_| get("owner"))?,
            ForgeKind::BitbucketServer => get("project").or_else(|_| get("owner"))?,
            ForgeKind::Azure => {
                // Older templates write the project as `owner`, beside the organisation.
                let (organization, project) = match get("organization") {
                    Ok(organization) => (organization, get("project").or_else(|_| get("owner"))?),
                    Err(_) => (get("owner")?, get("project")?),
                };
                format!("{organization}/{project}")
            }
            ForgeKind::Gitea | ForgeKind::Gerrit => get("owner").unwrap_or_default(),
        };
        let repository = Self {
            forge,
            host: host.to_lowercase(),
            owner,
            name,
        };
        repository.refuse_strange_parts(repo_url)?;
        Ok(repository)
    }

    /// Its identity: `host/owner/name`.
    #[must_use]
    pub fn identity(&self) -> String {
        let parts = [&self.host, &self.owner, &self.name];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.cloned().collect::<Vec<_>>().join("/").to_lowercase()
    }

    /// The URL that Git clones it by.
    #[must_use]
    pub fn clone_url(&self) -> String {
        let Self {
            host, owner, name, ..
        } = self;
        match self.forge {
            ForgeKind::Azure => format!("https://{host}/{owner}/_git/{name}"),
            ForgeKind::BitbucketServer => format!("https://{host}/scm/{owner}/{name}.git"),
            ForgeKind::Gerrit => format!("https://{host}/a/{name}"),
            _ => format!("https://{host}/{owner}/{name}.git"),
        }
    }

    /// The page that shows its files on a branch.
    #[must_use]
    pub fn contents_url(&self, branch: &str) -> String {
        let Self {
            host, owner, name, ..
        } = self;
        match self.forge {
            ForgeKind::GitHub => format!("https://{host}/{owner}/{name}/blob/{branch}"),
            ForgeKind::GitLab => format!("https://{host}/{owner}/{name}/-/blob/{branch}"),
            ForgeKind::Bitbucket => format!("https://{host}/{owner}/{name}/src/{branch}"),
            ForgeKind::BitbucketServer => {
                format!("https://{host}/projects/{owner}/repos/{name}/browse")
            }
            ForgeKind::Azure => format!("https://{host}/{owner}/_git/{name}?version=GB{branch}"),
            ForgeKind::Gitea => format!("https://{host}/{owner}/{name}/src/branch/{branch}"),
            ForgeKind::Gerrit => format!("https://{host}/{name}/+/refs/heads/{branch}"),
        }
    }

    /// The page that offers to merge a branch into another, or into the default branch.
    #[must_use]
    pub fn compare_url(&self, base: Option<&str>, branch: &str) -> String {
        let Self {
            host, owner, name, ..
        } = self;
        let encoded = |text: &str| -> String {
            url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
        };
        let from = encoded(branch);
        let to = |parameter: &str| {
            base.map(|base| format!("&{parameter}={}", encoded(base)))
                .unwrap_or_default()
        };
        let range = base.map_or_else(|| branch.to_owned(), |base| format!("{base}...{branch}"));
        match self.forge {
            ForgeKind::GitHub => {
                format!("https://{host}/{owner}/{name}/compare/{range}?expand=1")
            }
            ForgeKind::GitLab => format!(
                "https://{host}/{owner}/{name}/-/merge_requests/new?merge_request%5Bsource_branch%5D={from}{}",
                to("merge_request%5Btarget_branch%5D")
            ),
            ForgeKind::Bitbucket => format!(
                "https://{host}/{owner}/{name}/pull-requests/new?source={from}{}",
                to("dest")
            ),
            ForgeKind::BitbucketServer => format!(
                "https://{host}/projects/{owner}/repos/{name}/pull-requests?create&sourceBranch={from}{}",
                to("targetBranch")
            ),
            ForgeKind::Azure => format!(
                "https://{host}/{owner}/_git/{name}/pullrequestcreate?sourceRef={from}{}",
                to("targetRef")
            ),
            ForgeKind::Gitea => format!("https://{host}/{owner}/{name}/compare/{range}"),
            ForgeKind::Gerrit => format!("https://{host}/q/project:{name}+status:open"),
        }
    }

    /// The repository of an identity, `host/owner/name`; `None` for what has none on a forge.
    #[must_use]
    pub fn of_identity(identity: &str, forge: ForgeKind) -> Option<Self> {
        let (host, path) = identity.split_once('/')?;
        let (owner, name) = path.rsplit_once('/')?;
        let owner = match forge {
            ForgeKind::Azure => owner.strip_suffix("/_git").unwrap_or(owner),
            ForgeKind::BitbucketServer => owner.strip_prefix("scm/").unwrap_or(owner),
            _ => owner,
        };
        let repository = Self {
            forge,
            host: host.to_owned(),
            owner: owner.to_owned(),
            name: name.to_owned(),
        };
        let is_host = host.contains('.') && repository.refuse_strange_parts(identity).is_ok();
        is_host.then_some(repository)
    }

    /// What becomes part of a URL and of a folder's name is made of ordinary characters.
    fn refuse_strange_parts(&self, repo_url: &str) -> Result<(), StepError> {
        let is_ordinary = |part: &str| {
            !part.is_empty()
                && !part.starts_with(['-', '.'])
                && part.chars().all(|c| {
                    c.is_alphanumeric()
                        || matches!(c, '-' | '_' | '.' | '~')
                        || c == ' ' && self.forge == ForgeKind::Azure
                })
        };
        let (host, port) = self.host.split_once(':').unwrap_or((&self.host, "0"));
        let is_port = !port.is_empty() && port.chars().all(|c| c.is_ascii_digit());
        let is_fine = is_ordinary(host)
            && is_port
            && is_ordinary(&self.name)
            && (self.owner.is_empty() || self.owner.split('/').all(is_ordinary));
        if is_fine {
            return Ok(());
        }
        Err(StepError::new(format!(
            "repoUrl \"{repo_url}\" names no repository"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::RemoteRepository;
    use crate::model::ForgeKind;

    #[test]
    fn every_forge_has_its_form() {
        let read = |url, forge| RemoteRepository::of_repo_url(url, forge).expect(url);
        let github = read("github.com?owner=acme&repo=orders", ForgeKind::GitHub);
        assert_eq!(github.clone_url(), "https://github.com/acme/orders.git");
        assert_eq!(github.identity(), "github.com/acme/orders");
        let azure = read(
            "dev.azure.com?organization=acme&project=shop&repo=orders",
            ForgeKind::Azure,
        );
        assert_eq!(
            azure.clone_url(),
            "https://dev.azure.com/acme/shop/_git/orders"
        );
        let older = "dev.azure.com?organization=acme&owner=shop&repo=orders";
        assert_eq!(read(older, ForgeKind::Azure), azure);
        let gitlab = read(
            "gitlab.com?owner=acme%2Fshop&repo=orders",
            ForgeKind::GitLab,
        );
        assert_eq!(
            gitlab.clone_url(),
            "https://gitlab.com/acme/shop/orders.git"
        );
    }

    #[test]
    fn the_page_that_offers_to_merge_leaves_out_what_is_not_known() {
        for (forge, with_base, without) in [
            (
                ForgeKind::GitHub,
                "main...add?expand=1",
                "compare/add?expand=1",
            ),
            (
                ForgeKind::Bitbucket,
                "source=add&dest=main",
                "new?source=add",
            ),
            (
                ForgeKind::Azure,
                "sourceRef=add&targetRef=main",
                "sourceRef=add",
            ),
            (ForgeKind::Gitea, "compare/main...add", "compare/add"),
        ] {
            let repository = RemoteRepository::of_identity("git.example.com/acme/orders", forge);
            let repository = repository.expect("a repository");
            assert!(
                repository
                    .compare_url(Some("main"), "add")
                    .ends_with(with_base)
            );
            assert!(repository.compare_url(None, "add").ends_with(without));
        }
        for identity in ["orders", "shop/orders", "./orders", "git.example.com/-x/y"] {
            let found = RemoteRepository::of_identity(identity, ForgeKind::GitHub);
            assert_eq!(found, None, "{identity}");
        }
    }

    #[test]
    fn what_names_no_repository_is_refused() {
        for url in [
            "github.com",
            "github.com?owner=a",
            "github.com?owner=a&repo=..",
            "github.com?owner=-x&repo=y",
            "--upload-pack=x?owner=a&repo=b",
            "github.com?owner=a&repo=b%0Ac",
            "github.com@evil.example?owner=a&repo=b",
            "github.com:@evil.example?owner=a&repo=b",
            "github.com:80/../x?owner=a&repo=b",
            "github.com/x?owner=a&repo=b",
        ] {
            assert!(
                RemoteRepository::of_repo_url(url, ForgeKind::GitHub).is_err(),
                "{url}"
            );
        }
    }
}
