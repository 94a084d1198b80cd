//! Forges: the hosts of repositories, and the URLs by which they show files.

use std::collections::BTreeMap;

/// What runs on a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ForgeKind {
    /// GitHub and GitHub Enterprise.
    GitHub,
    /// GitLab.
    GitLab,
    /// Bitbucket Cloud.
    Bitbucket,
    /// Bitbucket Server and Data Center.
    BitbucketServer,
    /// Azure DevOps.
    Azure,
    /// Gitea and Forgejo.
    Gitea,
    /// Gerrit with Gitiles.
    Gerrit,
}

impl ForgeKind {
    /// The names by which a configuration says them.
    pub const NAMES: [(&'static str, Self); 7] = [
        ("github", Self::GitHub),
        ("gitlab", Self::GitLab),
        ("bitbucket", Self::Bitbucket),
        ("bitbucket-server", Self::BitbucketServer),
        ("azure", Self::Azure),
        ("gitea", Self::Gitea),
        ("gerrit", Self::Gerrit),
    ];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("", |(name, _)| name)
    }
}

/// Which forge each host is.
#[derive(Clone, Debug)]
pub struct Forges(BTreeMap<String, ForgeKind>);

/// A URL that names a repository, and perhaps a file or folder in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryUrl {
    /// The repository, as `host/owner/name`.
    pub identity: String,
    /// The branch, tag or commit that the URL shows.
    pub revision: Option<String>,
    /// The path in the repository; empty for its root.
    pub path: String,
}

impl RepositoryUrl {
    /// Whether the URL is one of the repository of that identity. A repository without a remote
    /// is only known by its folder, so the last part of the name must do.
    #[must_use]
    pub fn is_of(&self, repository: &str) -> bool {
        let last = |text: &str| text.rsplit('/').next().unwrap_or_default().to_lowercase();
        let host = repository.split('/').next().unwrap_or_default();
        if host.contains('.') && host.len() > 1 {
            self.identity.eq_ignore_ascii_case(repository)
        } else {
            last(&self.identity) == last(repository)
        }
    }
}

impl Default for Forges {
    fn default() -> Self {
        let known = [
            ("github.com", ForgeKind::GitHub),
            ("gitlab.com", ForgeKind::GitLab),
            ("bitbucket.org", ForgeKind::Bitbucket),
            ("dev.azure.com", ForgeKind::Azure),
            ("gitea.com", ForgeKind::Gitea),
            ("codeberg.org", ForgeKind::Gitea),
        ];
        Self(
            known
                .into_iter()
                .map(|(host, kind)| (host.to_owned(), kind))
                .collect(),
        )
    }
}

impl Forges {
    /// Says what a host is.
    pub fn insert(&mut self, host: &str, kind: ForgeKind) {
        self.0.insert(host.to_lowercase(), kind);
    }

    /// What a host is: as configured, else by its name, else like GitHub.
    #[must_use]
    pub fn kind(&self, host: &str) -> ForgeKind {
        self.known(host).unwrap_or(ForgeKind::GitHub)
    }

    /// What a host is: as configured, else by its name; `None` when neither says it.
    #[must_use]
    pub fn known(&self, host: &str) -> Option<ForgeKind> {
        let host = host.to_lowercase();
        let by_name = || match &host {
            host if host.contains("gitlab") => Some(ForgeKind::GitLab),
            host if host.contains("bitbucket") => Some(ForgeKind::BitbucketServer),
            host if host.contains("gitea") || host.contains("forgejo") => Some(ForgeKind::Gitea),
            host if host.contains("gerrit") => Some(ForgeKind::Gerrit),
            host if host.contains("github") => Some(ForgeKind::GitHub),
            _ => None,
        };
        self.0.get(&host).copied().or_else(by_name)
    }

    /// Understands the URL of a repository, or of a file or folder in one.
    #[must_use]
    pub fn parse(&self, url: &str) -> Option<RepositoryUrl> {
        let url = url.trim();
        let rest = url
            .strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"))?;
        let rest = rest.split('#').next().unwrap_or(rest);
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/')?;
        let host = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host)
            .to_lowercase();
        let host = host.split(':').next().unwrap_or(&host);
        let parts: Vec<String> = path
            .split('/')
            .filter(|part| !part.is_empty())
            .map(decode)
            .collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let (repository, file) = match self.kind(host) {
            ForgeKind::GitHub => {
                split_after_two(&parts, &["blob", "tree", "raw", "edit", "blame"])?
            }
            ForgeKind::Bitbucket => split_after_two(&parts, &["src", "raw"])?,
            ForgeKind::Gitea => split_gitea(&parts)?,
            ForgeKind::GitLab => split_gitlab(&parts)?,
            ForgeKind::BitbucketServer => split_bitbucket_server(&parts, query)?,
            ForgeKind::Azure => split_azure(&parts, query)?,
            ForgeKind::Gerrit => split_gerrit(&parts),
        };
        let repository = repository
            .strip_suffix(".git")
            .unwrap_or(&repository)
            .to_owned();
        let (revision, path) = file.map_or((None, String::new()), |(revision, path)| {
            (Some(revision), path)
        });
        Some(RepositoryUrl {
            identity: format!("{host}/{repository}"),
            revision,
            path,
        })
    }
}

type File = Option<(String, String)>;

/// `OWNER/NAME[/VERB/REVISION/PATH]`
fn split_after_two(parts: &[&str], verbs: &[&str]) -> Option<(String, File)> {
    let (owner, name) = (parts.first()?, parts.get(1)?);
    let file = parts
        .get(2)
        .filter(|verb| verbs.contains(verb))
        .and_then(|_| file_at(parts, 3));
    Some((format!("{owner}/{}", name.trim_end_matches(".git")), file))
}

/// `OWNER/NAME[/src/(branch|tag|commit)/REVISION/PATH]`
fn split_gitea(parts: &[&str]) -> Option<(String, File)> {
    let (owner, name) = (parts.first()?, parts.get(1)?);
    let file = parts
        .get(2)
        .filter(|verb| matches!(**verb, "src" | "raw" | "media"))
        .and_then(|_| file_at(parts, 4));
    Some((format!("{owner}/{name}"), file))
}

/// `GROUP/…/NAME[/-/VERB/REVISION/PATH]`
fn split_gitlab(parts: &[&str]) -> Option<(String, File)> {
    let end = parts
        .iter()
        .position(|part| *part == "-")
        .unwrap_or(parts.len());
    (end >= 2).then(|| (parts[..end].join("/"), file_at(parts, end + 2)))
}

/// `projects/KEY/repos/NAME[/browse/PATH][?at=REVISION]`
fn split_bitbucket_server(parts: &[&str], query: &str) -> Option<(String, File)> {
    let start = parts
        .iter()
        .position(|part| matches!(*part, "projects" | "users"))?;
    let (key, name) = (parts.get(start + 1)?, parts.get(start + 3)?);
    let revision = value(query, "at").unwrap_or_default();
    let file = parts
        .get(start + 4)
        .map(|_| (revision, parts[start + 5..].join("/")));
    Some((format!("{}/{name}", key.to_lowercase()), file))
}

/// `ORGANISATION/PROJECT/_git/NAME[?path=/PATH&version=GBBRANCH]`
fn split_azure(parts: &[&str], query: &str) -> Option<(String, File)> {
    let git = parts.iter().position(|part| *part == "_git")?;
    let name = parts.get(git + 1)?;
    let revision = value(query, "version").map(|text| text.trim_start_matches("GB").to_owned());
    let file = value(query, "path").map(|path| {
        (
            revision.unwrap_or_default(),
            path.trim_matches('/').to_owned(),
        )
    });
    Some((format!("{}/_git/{name}", parts[..git].join("/")), file))
}

/// `plugins/gitiles/NAME[/+/refs/heads/REVISION/PATH]`
fn split_gerrit(parts: &[&str]) -> (String, File) {
    let start = if parts.first() == Some(&"plugins") {
        2
    } else {
        0
    };
    let plus = parts
        .iter()
        .position(|part| *part == "+")
        .unwrap_or(parts.len());
    let name = parts.get(start..plus).unwrap_or_default().join("/");
    let heads = parts.get(plus + 1..plus + 3) == Some(&["refs", "heads"]);
    (name, file_at(parts, plus + if heads { 3 } else { 1 }))
}

/// A revision and the path behind it.
fn file_at(parts: &[&str], revision: usize) -> File {
    let path = parts.get(revision + 1..).unwrap_or_default().join("/");
    parts
        .get(revision)
        .map(|revision| ((*revision).to_owned(), path))
}

fn value(query: &str, key: &str) -> Option<String> {
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))
        .map(decode)
}

/// Undoes percent-encoding.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = (*first == b'%')
            .then(|| tail.get(..2).and_then(hexadecimal))
            .flatten();
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_every_forge_name_repository_revision_and_path() {
        let mut forges = Forges::default();
        forges.insert("git.acme.io", ForgeKind::BitbucketServer);
        for (url, identity, revision, path) in [
            (
                "https://github.com/acme/shop",
                "github.com/acme/shop",
                None,
                "",
            ),
            (
                "https://github.com/acme/shop/blob/main/a/b.yaml",
                "github.com/acme/shop",
                Some("main"),
                "a/b.yaml",
            ),
            (
                "https://github.com/acme/shop/tree/main/a%20b/",
                "github.com/acme/shop",
                Some("main"),
                "a b",
            ),
            (
                "https://gitlab.com/acme/web/shop/-/blob/main/x.yaml",
                "gitlab.com/acme/web/shop",
                Some("main"),
                "x.yaml",
            ),
            (
                "https://bitbucket.org/acme/shop/src/main/x.yaml",
                "bitbucket.org/acme/shop",
                Some("main"),
                "x.yaml",
            ),
            (
                "https://codeberg.org/acme/shop/src/branch/main/x",
                "codeberg.org/acme/shop",
                Some("main"),
                "x",
            ),
            (
                "https://git.acme.io/projects/WEB/repos/shop/browse/x?at=main",
                "git.acme.io/web/shop",
                Some("main"),
                "x",
            ),
            (
                "https://dev.azure.com/acme/web/_git/shop?path=/x",
                "dev.azure.com/acme/web/_git/shop",
                Some(""),
                "x",
            ),
        ] {
            let expected = RepositoryUrl {
                identity: identity.into(),
                revision: revision.map(Into::into),
                path: path.into(),
            };
            assert_eq!(forges.parse(url), Some(expected), "{url}");
        }
        assert_eq!(forges.parse("ftp://github.com/acme/shop"), None);
    }
}
