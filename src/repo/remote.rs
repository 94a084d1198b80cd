//! Identities of repositories, from the URLs of their remotes.

use std::collections::BTreeMap;
use std::path::Path;

use super::git_config::settings;
use super::layout::read_small;

/// The folder in which a remote lies, told by its spellings' common core: `host/owner/name`.
///
/// `https://github.com/acme/shop.git`, `git@github.com:acme/shop` and
/// `ssh://git@github.com:22/acme/shop/` are one repository. User names, passwords, ports and the
/// case of the host do not count.
#[must_use]
pub fn normalize_remote(url: &str) -> Option<String> {
    let url = url.trim();
    if url.is_empty() || url.chars().any(char::is_control) {
        return None;
    }
    let (host, path) = match url.split_once("://") {
        Some(("file", _)) => return None,
        Some((_, rest)) => {
            let (authority, path) = rest.split_once('/')?;
            (
                authority
                    .rsplit_once('@')
                    .map_or(authority, |(_, host)| host),
                path,
            )
        }
        None => {
            let (authority, path) = url.split_once(':')?;
            if authority.contains('/') {
                return None;
            }
            (
                authority
                    .rsplit_once('@')
                    .map_or(authority, |(_, host)| host),
                path,
            )
        }
    };
    let host = host.split(':').next().unwrap_or(host).to_lowercase();
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    (!host.is_empty() && host != "." && !path.is_empty()).then(|| format!("{host}/{path}"))
}

/// `user.email` of the user's own Git configuration.
#[must_use]
pub fn user_email() -> Option<String> {
    let config = git2::Config::open_default().ok()?;
    let email = config.get_string("user.email").ok()?;
    (!email.is_empty()).then_some(email)
}

/// `url.BASE.insteadOf` of the user's own Git configuration: prefix → base.
#[derive(Clone, Debug, Default)]
pub struct InsteadOf(BTreeMap<String, String>);

impl InsteadOf {
    /// Reads the user's and the system's configuration; none when they cannot be read.
    #[must_use]
    pub fn of_user() -> Self {
        let mut rewrites = BTreeMap::new();
        let Ok(config) = git2::Config::open_default() else {
            return Self(rewrites);
        };
        let Ok(mut entries) = config.entries(Some(r"^url\..*\.insteadof$")) else {
            return Self(rewrites);
        };
        while let Some(Ok(entry)) = entries.next() {
            if let (Ok(name), Ok(prefix)) = (entry.name(), entry.value()) {
                let base = name
                    .strip_prefix("url.")
                    .and_then(|name| name.strip_suffix(".insteadof"));
                rewrites.insert(prefix.to_owned(), base.unwrap_or_default().to_owned());
            }
        }
        Self(rewrites)
    }

    /// The URL that Git would use.
    #[must_use]
    pub fn apply(&self, url: &str) -> String {
        let longest = self
            .0
            .iter()
            .filter(|(prefix, _)| url.starts_with(*prefix))
            .max_by_key(|(prefix, _)| prefix.len());
        longest.map_or_else(
            || url.to_owned(),
            |(prefix, base)| format!("{base}{}", &url[prefix.len()..]),
        )
    }
}

/// The identity that a repository's remotes give it: `upstream` before `origin` before the
/// others in order.
pub(super) fn identity(common: &Path, instead_of: &InsteadOf) -> Option<String> {
    let remotes = remotes(&read_small(&common.join("config"))?);
    let preferred = ["upstream", "origin"]
        .into_iter()
        .filter_map(|name| remotes.get(name));
    preferred
        .chain(remotes.values())
        .find_map(|url| normalize_remote(&instead_of.apply(url)))
}

/// The first URL of each remote, of the text of a repository's own configuration.
fn remotes(text: &str) -> BTreeMap<String, String> {
    let mut remotes = BTreeMap::new();
    for setting in settings(text).filter(|setting| setting.has_key("url")) {
        if let Some(remote) = setting.subsection("remote") {
            let url = || setting.value.to_owned();
            remotes.entry(remote.to_owned()).or_insert_with(url);
        }
    }
    remotes
}

#[cfg(test)]
mod tests {
    use super::{normalize_remote, remotes};

    #[test]
    fn spellings_of_one_repository_have_one_identity() {
        for url in [
            "https://github.com/acme/shop.git",
            "https://user:secret@GitHub.com/acme/shop",
            "git@github.com:acme/shop.git",
            "ssh://git@github.com:22/acme/shop/",
            "git://github.com/acme/shop.git/",
        ] {
            assert_eq!(
                normalize_remote(url).as_deref(),
                Some("github.com/acme/shop"),
                "{url}"
            );
        }
    }

    #[test]
    fn paths_and_hostile_urls_have_none() {
        for url in [
            "/srv/git/shop.git",
            "../shop",
            "file:///srv/shop",
            "",
            "https://github.com",
            "a\rb:c",
        ] {
            assert_eq!(normalize_remote(url), None, "{url}");
        }
    }

    #[test]
    fn remotes_are_read_and_includes_are_not_followed() {
        let text = "[core]\n\turl = no\n[remote \"origin\"]\n\turl = git@h:a/b\n\tfetch = x\n\turl = second\n[include]\n\tpath = /etc/passwd\n";
        let found: Vec<_> = remotes(text).into_iter().collect();
        assert_eq!(found, [("origin".to_owned(), "git@h:a/b".to_owned())]);
    }
}
