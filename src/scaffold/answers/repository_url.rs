//! The value of a `RepoUrlPicker`: `github.com?owner=o&repo=r`.

use serde_json::{Map, Value};
use url::form_urlencoded;

use super::schema::hint;

/// What a `RepoUrlPicker` takes. An empty list takes everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepositoryUrlRule {
    /// Hosts.
    pub hosts: Vec<String>,
    /// Owners: organisations, groups and users.
    pub owners: Vec<String>,
    /// Names of repositories.
    pub repositories: Vec<String>,
    /// Projects, where the host has them.
    pub projects: Vec<String>,
    /// Organisations, where the host has them beside owners.
    pub organizations: Vec<String>,
}

impl RepositoryUrlRule {
    pub(super) fn of(schema: &Map<String, Value>) -> Self {
        let texts = |name| {
            let list = hint(schema, name).and_then(Value::as_array);
            let texts = list.into_iter().flatten().filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        };
        Self {
            hosts: texts("allowedHosts"),
            owners: texts("allowedOwners"),
            repositories: texts("allowedRepos"),
            projects: texts("allowedProjects"),
            organizations: texts("allowedOrganizations"),
        }
    }

    /// What is wrong with a value, as the end of a sentence about it.
    ///
    /// # Errors
    /// The reason.
    pub fn check(&self, value: &str) -> Result<(), String> {
        let form = || "must be like \"github.com?owner=OWNER&repo=NAME\"".to_owned();
        let (host, query) = value.split_once('?').ok_or_else(form)?;
        let is_host = !host.is_empty()
            && host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':'));
        if !is_host {
            return Err(form());
        }
        let parts: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let part = |name: &str| {
            let part = parts.iter().find(|(key, _)| key == name);
            part.map_or("", |(_, value)| value.as_str())
        };
        if part("repo").is_empty() {
            return Err("does not name a repository".to_owned());
        }
        if ["owner", "project", "workspace"]
            .iter()
            .all(|name| part(name).is_empty())
        {
            return Err("does not say whose the repository is".to_owned());
        }
        let rules = [
            ("host", host, &self.hosts),
            ("owner", part("owner"), &self.owners),
            ("repository", part("repo"), &self.repositories),
            ("project", part("project"), &self.projects),
            ("organization", part("organization"), &self.organizations),
        ];
        for (what, found, allowed) in rules {
            // An expression of the template stands for what only a run would know.
            let is_open = allowed.is_empty() || allowed.iter().any(|it| it.contains("${{"));
            if !is_open && !found.is_empty() && !allowed.iter().any(|it| it == found) {
                let allowed = allowed.join(", ");
                return Err(format!("has the {what} \"{found}\", allowed: {allowed}"));
            }
        }
        Ok(())
    }
}

/// A value in the form of Backstage, from that form or from how people name repositories:
/// `github.com/o/r`, `https://github.com/o/r.git`, `git@github.com:o/r`. What is none of these
/// stays as it is.
pub(super) fn repository_url(text: &str) -> String {
    let text = text.trim();
    if text.contains('?') {
        return text.to_owned();
    }
    let plain = ["https://", "http://", "ssh://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .unwrap_or(text);
    let without_user = plain.rsplit_once('@').map_or(plain, |(_, rest)| rest);
    let path = if without_user.len() == text.len() || plain.len() != text.len() {
        without_user.to_owned()
    } else {
        // The short form of SSH: `git@host:path`.
        without_user.replacen(':', "/", 1)
    };
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let Some((host, rest)) = path.split_once('/') else {
        return text.to_owned();
    };
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    let mut query = form_urlencoded::Serializer::new(String::new());
    match parts.as_slice() {
        [organization, project, "_git", name] => {
            query.append_pair("owner", project);
            query.append_pair("repo", name);
            query.append_pair("organization", organization);
        }
        [workspace, name] if host == "bitbucket.org" => {
            query.append_pair("repo", name);
            query.append_pair("workspace", workspace);
        }
        [owner @ .., name] if !owner.is_empty() => {
            query.append_pair("owner", &owner.join("/"));
            query.append_pair("repo", name);
        }
        _ => return text.to_owned(),
    }
    format!("{host}?{}", query.finish())
}

#[cfg(test)]
mod tests {
    use super::{RepositoryUrlRule, repository_url};

    #[test]
    fn how_people_name_repositories_becomes_backstage_s_form() {
        for (text, url) in [
            ("github.com?owner=o&repo=r", "github.com?owner=o&repo=r"),
            ("github.com/o/r", "github.com?owner=o&repo=r"),
            ("https://github.com/o/r.git", "github.com?owner=o&repo=r"),
            ("https://me@github.com/o/r/", "github.com?owner=o&repo=r"),
            ("git@github.com:o/r.git", "github.com?owner=o&repo=r"),
            ("ssh://git@host:22/o/r", "host:22?owner=o&repo=r"),
            ("gitlab.com/a/b/r", "gitlab.com?owner=a%2Fb&repo=r"),
            (
                "https://dev.azure.com/org/project/_git/r",
                "dev.azure.com?owner=project&repo=r&organization=org",
            ),
            ("bitbucket.org/w/r", "bitbucket.org?repo=r&workspace=w"),
            ("orders", "orders"),
            ("o/r", "o/r"),
        ] {
            assert_eq!(repository_url(text), url, "{text}");
        }
    }

    #[test]
    fn a_url_must_name_an_allowed_repository() {
        let rule = RepositoryUrlRule {
            hosts: vec!["github.com".to_owned()],
            owners: vec!["a".to_owned()],
            ..RepositoryUrlRule::default()
        };
        assert_eq!(rule.check("github.com?owner=a&repo=r"), Ok(()));
        for (value, reason) in [
            ("orders", "must be like"),
            ("?owner=a&repo=r", "must be like"),
            ("-o x?owner=a&repo=r", "must be like"),
            ("github.com?owner=a", "does not name a repository"),
            ("github.com?repo=r", "whose"),
            ("gitlab.com?owner=a&repo=r", "has the host \"gitlab.com\""),
            (
                "github.com?owner=b&repo=r",
                "has the owner \"b\", allowed: a",
            ),
        ] {
            let error = rule.check(value).expect_err(value);
            assert!(error.contains(reason), "{value}: {error}");
        }
    }
}
